/**
 * How much a session may log. Kept at both ends: where the messages are made, so that they take no memory while
 * nobody can read them, and at the host, which believes no guest.
 * Invariant: a message is told or counted, and whoever reads the log is told the count.
 */

/** Limits of what is told. Bursts are told whole; only what goes on and on is counted instead. @internal */
export interface LogLimits {
  /** Messages at once, and in a second for as long as it lasts. */
  readonly burstMessages: number;
  readonly messagesPerSecond: number;
  /** The same for bytes of texts and fields. */
  readonly burstBytes: number;
  readonly bytesPerSecond: number;
}

/** Limits of a session's log. @internal */
export const sessionLogLimits: LogLimits = Object.freeze({
  burstMessages: 100_000,
  messagesPerSecond: 10_000,
  burstBytes: 64 * 1024 * 1024,
  bytesPerSecond: 8 * 1024 * 1024,
});

/** One session's allowance. @internal */
export class LogAllowance {
  readonly #limits: LogLimits;
  readonly #tellDropped: (text: string) => void;
  #messages: number;
  #bytes: number;
  #filledAt = performance.now();
  #dropped = 0;
  /** Runs while nothing is told. */
  #second: NodeJS.Timeout | undefined;

  /** @param tellDropped - writes the line that says how many messages were left out */
  constructor(limits: LogLimits, tellDropped: (text: string) => void) {
    this.#limits = limits;
    this.#tellDropped = tellDropped;
    this.#messages = limits.burstMessages;
    this.#bytes = limits.burstBytes;
  }

  /** Whether messages are counted now, however small they are. */
  get isSpent(): boolean {
    return this.#second !== undefined;
  }

  /** Whether a message may be told; if not it is counted. */
  take(bytes: number): boolean {
    if (this.#second !== undefined || !this.#hasRoomFor(bytes)) {
      this.drop();
      return false;
    }
    this.#messages -= 1;
    this.#bytes -= bytes;
    return true;
  }

  /** Counts a message. For the rest of a second all are: it is easier to see what is left out in one piece. */
  drop(): void {
    this.#dropped += 1;
    this.#second ??= setTimeout(() => this.end(), 1_000).unref();
  }

  /** Tells now what was counted: nothing more may come. */
  end(): void {
    clearTimeout(this.#second);
    this.#second = undefined;
    if (this.#dropped === 0) return;
    const count = this.#dropped;
    this.#dropped = 0;
    this.#tellDropped(`(${count.toLocaleString("en")} more messages were logged and left out)`);
  }

  #hasRoomFor(bytes: number): boolean {
    if (this.#messages >= 1 && this.#bytes >= bytes) return true;
    const { burstMessages, messagesPerSecond, burstBytes, bytesPerSecond } = this.#limits;
    const now = performance.now();
    const seconds = (now - this.#filledAt) / 1_000;
    this.#filledAt = now;
    this.#messages = Math.min(burstMessages, this.#messages + seconds * messagesPerSecond);
    this.#bytes = Math.min(burstBytes, this.#bytes + seconds * bytesPerSecond);
    return this.#messages >= 1 && this.#bytes >= bytes;
  }
}
