/**
 * How often an extension may crash before it is left alone, and how long to wait before each restart.
 * Pure: no timer, no clock of its own. One budget per extension; it belongs to what its folder holds.
 */

/** The policy for crashes of one extension, nothing left open. @internal */
export interface RestartPolicy {
  readonly delaysMs: readonly number[];
  readonly budget: number;
  readonly windowMs: number;
  readonly unresponsiveMs: number;
}

/** Counts the crashes of one extension. @internal */
export class CrashBudget {
  /** Times of the crashes that may still count, oldest first. */
  #crashes: number[] = [];
  /** Restarts since there was last a whole window without a crash: each of them waits longer. */
  #restarts = 0;

  /**
   * Counts a crash. Returns the milliseconds to wait before a restart, or undefined if there were too many.
   *
   * @param now - milliseconds on any clock that does not jump
   */
  consume(now: number, { delaysMs, budget, windowMs }: RestartPolicy): number | undefined {
    this.#crashes = [...this.#crashes.filter((time) => now - time < windowMs), now];
    if (this.#crashes.length === 1) this.#restarts = 0;
    if (this.#crashes.length >= budget) return undefined;
    const delay = delaysMs[Math.min(this.#restarts, delaysMs.length - 1)];
    this.#restarts++;
    return delay ?? 0;
  }

  /** How many crashes count at this moment of the same clock. */
  count(now: number, { windowMs }: RestartPolicy): number {
    return this.#crashes.filter((time) => now - time < windowMs).length;
  }

  /** Forgets the crashes: what runs next is something else, or somebody wants it. */
  reset(): void {
    this.#crashes = [];
    this.#restarts = 0;
  }
}
