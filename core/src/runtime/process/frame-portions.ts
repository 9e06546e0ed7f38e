/**
 * Hands on what a child sends in portions, one a turn of the event loop: a child that sends a hundred thousand
 * frames at once must not keep the host from everything else. Keeps their order; reads nothing more meanwhile.
 */
import type { Readable } from "node:stream";
import type { Frame } from "@plugboard/extension-api";

/** Frames of a turn: more than calls in flight bring, and handled within milliseconds. */
const mostFrames = 1_000;

/** The frames that wait for their turn: at most those that one chunk of the stream brought. @internal */
export class FramePortions {
  readonly #stream: Readable;
  readonly #listener: (frames: readonly Frame[]) => void;
  readonly #waiting: (readonly Frame[])[] = [];
  /** Where the first batch that waits goes on. */
  #at = 0;
  #isPaused = false;

  constructor(stream: Readable, listener: (frames: readonly Frame[]) => void) {
    this.#stream = stream;
    this.#listener = listener;
  }

  /** Hands the batches on: at once what fits into this turn, the rest in the next ones. */
  add(batches: readonly (readonly Frame[])[]): void {
    this.#waiting.push(...batches);
    if (!this.#isPaused) this.#handOn();
  }

  #handOn(): void {
    let left = mostFrames;
    for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
      if (left === 0) {
        this.#wait();
        return;
      }
      const end = Math.min(batch.length, this.#at + left);
      const portion = this.#at === 0 && end === batch.length ? batch : batch.slice(this.#at, end);
      left -= portion.length;
      this.#at = end;
      if (end === batch.length) {
        this.#waiting.shift();
        this.#at = 0;
      }
      this.#listener(portion);
    }
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#stream.resume();
  }

  #wait(): void {
    this.#isPaused = true;
    this.#stream.pause();
    setImmediate(() => {
      this.#handOn();
    });
  }
}
