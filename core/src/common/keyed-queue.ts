/**
 * Tasks that need keys for themselves. A task runs when none of its keys is held and no task that came
 * earlier waits for one of them: in order per key, in parallel across keys, and free of deadlock as long
 * as a task does not wait for another that needs one of its keys.
 */

interface Waiting {
  readonly keys: readonly string[];
  readonly start: () => void;
}

/** Runs tasks one after the other per key. @internal */
export class KeyedQueue {
  readonly #held = new Set<string>();
  #waiting: Waiting[] = [];

  /** Runs the task as soon as all keys are free, in this turn if they are; settles as the task does. */
  async run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    if (this.#isFree(keys)) for (const key of keys) this.#held.add(key);
    else await new Promise<void>((start) => this.#waiting.push({ keys, start }));
    try {
      return await task();
    } finally {
      for (const key of keys) this.#held.delete(key);
      this.#startWaiting();
    }
  }

  #isFree(keys: readonly string[]): boolean {
    return !keys.some(
      (key) => this.#held.has(key) || this.#waiting.some((waiting) => waiting.keys.includes(key)),
    );
  }

  #startWaiting(): void {
    if (this.#waiting.length === 0) return;
    const claimed = new Set<string>();
    const remaining: Waiting[] = [];
    for (const waiting of this.#waiting) {
      const { keys, start } = waiting;
      if (keys.some((key) => this.#held.has(key) || claimed.has(key))) {
        remaining.push(waiting);
        for (const key of keys) claimed.add(key);
      } else {
        for (const key of keys) this.#held.add(key);
        start();
      }
    }
    this.#waiting = remaining;
  }
}
