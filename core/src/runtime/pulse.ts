/**
 * Finds out whether a guest answers at all. What it costs does not grow with the calls: one coarse timer looks, and
 * only something that has been outstanding for long is asked about.
 */
import type { LinkHealth } from "./link-health.js";

/** How patient the host is with a guest, in milliseconds. @internal */
export interface Patience {
  /** How long something has to be outstanding before the guest is asked for a sign of life. */
  readonly pingAfterMs: number;
  /** How long it may take to give one. */
  readonly unresponsiveMs: number;
}

/** What a pulse is made of. @internal */
export interface PulseOptions {
  readonly patience: Patience;
  /** How many calls wait for an answer. */
  readonly outstanding: () => number;
  readonly ping: () => void;
  readonly health: Pick<LinkHealth, "unresponsive" | "becomeUnresponsive" | "becomeResponsive">;
}

/** Asks for signs of life while something is outstanding, with one coarse timer that rests when nothing is. @internal */
export class Pulse {
  readonly #options: PulseOptions;
  #timer: NodeJS.Timeout | undefined;
  #begun = 0;
  #busySince: number | undefined;
  #askedAt: number | undefined;
  #lastTickAt = 0;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /** Whether a sign of life was asked for, and nothing has come since. */
  get isAsking(): boolean {
    return this.#askedAt !== undefined;
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
