/**
 * Gathers what is sent in one tick into one write; of much, a write a portion, so that the other end can begin
 * while this one goes on. Keeps the order of frames whatever they are.
 * Invariant: a frame is handed to the channel, or its sender is told that it can't be.
 */
import type { Frame } from "@plugboard/extension-api";

/** The sending half of a channel. @internal */
export interface FrameSender {
  /** Sends the frames as one write; throws if one of them can't be cloned. */
  send(frames: readonly Frame[], transfer: readonly ArrayBuffer[]): void;
}

/**
 * Frames of a portion. With 64 calls in flight between two processors, one write a tick lets each end wait for the
 * other (350,000 calls/s), portions of 24 keep both busy (750,000); on one processor smaller ones only cost more.
 */
const portionFrames = 24;

/** Gathers frames. @internal */
export class Outbox {
  readonly #channel: FrameSender;
  readonly #refuse: (frame: Frame, error: unknown) => void;
  #frames: Frame[] = [];
  #transfer: ArrayBuffer[] = [];

  /** @param refuse - is told of a frame that the channel would not take */
  constructor(channel: FrameSender, refuse: (frame: Frame, error: unknown) => void) {
    this.#channel = channel;
    this.#refuse = refuse;
  }

  /** Sends the frame at the end of this tick, or with the portion that it completes. */
  enqueue(frame: Frame, transfer?: readonly ArrayBuffer[]): void {
    // Frames made by the answers to one batch leave together as well, since ticks come after promises.
    if (this.#frames.length === 0) process.nextTick(this.flush);
    this.#frames.push(frame);
    if (transfer !== undefined) this.#transfer.push(...transfer);
    if (this.#frames.length === portionFrames) this.flush();
  }

  /** Sends what is there now. */
  readonly flush = (): void => {
    if (this.#frames.length === 0) return;
    const frames = this.#frames;
    const transfer = this.#transfer;
    this.#frames = [];
    this.#transfer = [];
    try {
      this.#channel.send(frames, transfer);
    } catch {
      this.#sendEach(frames, transfer);
    }
  };

  /** One bad frame must not take its neighbours along. */
  #sendEach(frames: readonly Frame[], transfer: readonly ArrayBuffer[]): void {
    for (const frame of frames) {
      try {
        this.#channel.send([frame], holdsAny(frame, transfer) ? transfer : []);
      } catch (error) {
        this.#refuse(frame, error);
      }
    }
  }
}

/** Whether buffers may be meant for the frame; a buffer that is listed and not part of the message is moved all the same. */
function holdsAny(frame: Frame, transfer: readonly ArrayBuffer[]): boolean {
  return transfer.length > 0 && (frame.type === "call" || frame.type === "ok");
}
