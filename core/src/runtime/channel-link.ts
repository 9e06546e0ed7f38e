/**
 * The host's end of a channel: leads frames to the sessions that share it, finds out whether the other end still
 * answers, and closes the channel when the last session has left. What comes from a guest is not trusted.
 */
import {
  type Channel,
  type ExitReason,
  type Frame,
  type SessionHealth,
  type Unresponsive,
} from "@plugboard/extension-api";
import { frameFault } from "@plugboard/schemas";
import { EventEmitter } from "../common/event-emitter.js";
import { Outbox } from "../protocol/outbox.js";
import type { SharedOutput } from "./shared-output.js";
import { ChannelSession, type ChannelSessionOptions } from "./channel-session.js";

/** How patient the host is with a guest, in milliseconds. @internal */
export interface Patience {
  /** How long something has to be outstanding before the guest is asked for a sign of life. */
  readonly pingAfterMs: number;
  /** How long it may take to give one. */
  readonly unresponsiveMs: number;
}

/** A channel with the sessions on it. @internal */
export class ChannelLink {
  readonly outbox: Outbox;
  readonly health: LinkHealth;
  readonly #channel: Channel;
  readonly #sessions = new Map<number, ChannelSession>();
  readonly #pulse: Pulse;
  readonly #output: SharedOutput;
  readonly #onClose: () => void;
  #lastNumber = 0;
  #end: ExitReason | undefined;

  /** @param options.onClose - is told once that nothing runs here any more */
  constructor(
    channel: Channel,
    options: {
      readonly output: SharedOutput;
      readonly patience: Patience;
      readonly report: (error: unknown) => void;
      readonly onClose: () => void;
    },
  ) {
    this.#channel = channel;
    this.#output = options.output;
    this.#onClose = options.onClose;
    this.health = new LinkHealth(channel, options.report);
    this.outbox = new Outbox(channel, (frame, error) => {
      this.#sessions.get(frame.session)?.refuse(frame, error);
    });
    this.#pulse = new Pulse({
      patience: options.patience,
      outstanding: () => [...this.#sessions.values()].reduce((sum, session) => sum + session.outstanding, 0),
      ping: () => {
        this.outbox.add({ type: "emit", session: 0, event: "ping", args: [] });
      },
      health: this.health,
    });
    channel.receive((frames) => {
      this.#receive(frames);
    });
    void channel.closed.then((reason) => {
      this.#finish(reason);
    });
  }

  /** Whether sessions can be opened. */
  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** Opens a session; one that is over at once if the channel is. */
  open(options: Omit<ChannelSessionOptions, "link" | "number">): ChannelSession {
    const session = new ChannelSession({ ...options, link: this, number: ++this.#lastNumber });
    this.#sessions.set(session.number, session);
    this.#output.add(options.request, session.exited);
    if (this.#end !== undefined) session.end(this.#end);
    return session;
  }

  /** A session has left. */
  release(session: ChannelSession): void {
    this.#sessions.delete(session.number);
    if (this.#sessions.size === 0) this.close();
  }

  /** Ends the channel and what runs at its other end. */
  close(): void {
    if (this.#end !== undefined) return;
    this.#finish({ kind: "disposed", message: "The channel was closed." });
    this.#channel.close();
  }

  /** The host waits for something that is no call; the guest is to give signs of life until it is done. */
  begin(): () => void {
    return this.#pulse.begin();
  }

  /** The host waits for the answer to a call. */
  expectAnswer(): void {
    this.#pulse.start();
  }

  #receive(frames: readonly Frame[]): void {
    if (this.#end !== undefined) return;
    this.#pulse.heard();
    for (const frame of frames) {
      const fault = frameFault(frame);
      if (fault !== undefined) {
        this.#finish({ kind: "crashed", message: `It broke the protocol: ${fault}.` });
        this.#channel.close();
        return;
      }
      this.#sessions.get(frame.session)?.receive(frame);
    }
  }

  #finish(reason: ExitReason): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    this.#pulse.stop();
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of sessions) session.end(reason);
    this.#onClose();
  }
}

interface PulseOptions {
  readonly patience: Patience;
  /** How many calls wait for an answer. */
  readonly outstanding: () => number;
  readonly ping: () => void;
  readonly health: LinkHealth;
}

/** Asks for signs of life while something is outstanding, with one coarse timer that rests when nothing is. */
class Pulse {
  readonly #options: PulseOptions;
  #timer: NodeJS.Timeout | undefined;
  #begun = 0;
  #busySince: number | undefined;
  #askedAt: number | undefined;
  #lastTickAt = 0;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  begin(): () => void {
    this.#begun++;
    this.start();
    let isDone = false;
    return () => {
      if (!isDone) this.#begun--;
      isDone = true;
    };
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#lastTickAt = performance.now();
    this.#busySince = this.#lastTickAt;
    this.#timer = setInterval(() => {
      this.#tick();
    }, tickMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#askedAt = undefined;
  }

  /** Anything that comes is a sign of life. */
  heard(): void {
    if (this.#timer === undefined) return;
    this.#askedAt = undefined;
    this.#busySince = undefined;
    this.#options.health.becomeResponsive();
  }

  #tick(): void {
    const now = performance.now();
    const wasAsleep = now - this.#lastTickAt > 3 * tickMs;
    this.#lastTickAt = now;
    if (this.#begun === 0 && this.#options.outstanding() === 0) {
      if (this.#options.health.unresponsive === undefined) this.stop();
      return;
    }
    const { pingAfterMs, unresponsiveMs } = this.#options.patience;
    this.#busySince ??= now;
    // While the host itself was busy or suspended, nothing could be heard: that is no fault of the guest.
    if (wasAsleep && this.#askedAt !== undefined) this.#askedAt = now;
    if (this.#askedAt === undefined) {
      if (now - this.#busySince < pingAfterMs) return;
      this.#askedAt = now;
      this.#options.ping();
    } else if (now - this.#askedAt >= unresponsiveMs) {
      this.#options.health.becomeUnresponsive(now - this.#askedAt);
    }
  }
}

const tickMs = 250;

/** How the other end of a channel is doing. @internal */
export class LinkHealth implements SessionHealth {
  readonly onDidChange: SessionHealth["onDidChange"];
  readonly processId: number | undefined;
  readonly #channel: Channel;
  readonly #report: (error: unknown) => void;
  readonly #changed: EventEmitter<void>;
  #unresponsive: Unresponsive | undefined;
  #since = 0;

  constructor(channel: Channel, report: (error: unknown) => void) {
    this.#channel = channel;
    this.#report = report;
    this.processId = channel.processId;
    this.#changed = new EventEmitter(report);
    this.onDidChange = this.#changed.event;
  }

  get unresponsive(): Unresponsive | undefined {
    if (this.#unresponsive === undefined) return undefined;
    return { ...this.#unresponsive, forMs: performance.now() - this.#since };
  }

  memory(): Promise<number | undefined> {
    return this.#channel.memory();
  }

  /** It has not answered for so long; the place is looked for once. */
  becomeUnresponsive(forMs: number): void {
    if (this.#unresponsive !== undefined) return;
    this.#since = performance.now() - forMs;
    const mark: Unresponsive = { forMs, place: undefined };
    this.#unresponsive = mark;
    this.#changed.fire();
    this.#channel.busyPlace().then(
      (place) => {
        if (place === undefined || this.#unresponsive !== mark) return;
        this.#unresponsive = { forMs, place };
        this.#changed.fire();
      },
      (error: unknown) => {
        this.#report(error);
      },
    );
  }

  /** It has given a sign of life. */
  becomeResponsive(): void {
    if (this.#unresponsive === undefined) return;
    this.#unresponsive = undefined;
    this.#changed.fire();
  }
}
