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

  /** Runs the task as soon as all keys are free; settles as the task does. */
  run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const start = () => {
        for (const key of keys) this.#held.add(key);
        // The task starts in this turn when its keys are free: an activation begins at once.
        const running = new Promise<T>((settle) => {
          settle(task());
        });
        running.then(resolve, reject).finally(() => {
          for (const key of keys) this.#held.delete(key);
          this.#startWaiting();
        });
      };
      this.#waiting.push({ keys, start });
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    if (this.#waiting.length === 0) return;
    const claimed = new Set<string>();
    const remaining: Waiting[] = [];
    const ready: Waiting[] = [];
    for (const task of this.#waiting) {
      if (task.keys.some((key) => this.#held.has(key) || claimed.has(key))) remaining.push(task);
      else ready.push(task);
      for (const key of task.keys) claimed.add(key);
    }
    this.#waiting = remaining;
    for (const task of ready) task.start();
  }
}
