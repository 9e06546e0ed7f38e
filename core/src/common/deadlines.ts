/**
 * Bounds waits with one timer for all of them. Nearly every wait is over before the event loop has its next
 * turn, and a timer each, and a listener on a signal, would cost more than all the rest of it.
 * Invariant: the timer keeps the process alive exactly while something waits.
 */

/** Something that may be given up while it is waited for. @internal */
export interface Abortable {
  /** Has the listener told as soon as this is given up, at once if it has been. */
  addAbortListener(listener: AbortListener): void;
  /** Has the listener told no more. */
  removeAbortListener(listener: AbortListener): void;
}

/** Whoever is to know that something is given up. @internal */
export interface AbortListener {
  abort(reason: Error): void;
}

/** Bounds waits. @internal */
export class Deadlines {
  readonly #waits = new Set<Wait>();
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Infinity;

  /**
   * Settles as the promise does; as `expire` says when the time is up first; with the reason as soon as that
   * is given up for which it is done. 0 waits without limit.
   */
  within<T>(
    milliseconds: number,
    promise: PromiseLike<T>,
    expire: () => T | PromiseLike<T>,
    abortable?: Abortable,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const wait: Wait = {
        dueAt: performance.now() + milliseconds,
        expire: () => {
          leave();
          try {
            resolve(expire());
          } catch (error) {
            reject(error as Error);
          }
        },
        abort: (reason) => {
          leave();
          reject(reason);
        },
      };
      const leave = () => {
        if (milliseconds > 0) this.#removeWait(wait);
        abortable?.removeAbortListener(wait);
      };
      if (milliseconds > 0) this.#addWait(wait);
      abortable?.addAbortListener(wait);
      promise.then(
        (value) => {
          leave();
          resolve(value);
        },
        (error: unknown) => {
          leave();
          reject(error as Error);
        },
      );
    });
  }

  #addWait(wait: Wait): void {
    if (this.#waits.size === 0) this.#timer?.ref();
    this.#waits.add(wait);
    if (wait.dueAt < this.#wakesAt) this.#wakeAt(wait.dueAt);
  }

  #removeWait(wait: Wait): void {
    this.#waits.delete(wait);
    if (this.#waits.size === 0) this.#timer?.unref();
  }

  #wakeAt(time: number): void {
    clearTimeout(this.#timer);
    this.#wakesAt = time;
    this.#timer = setTimeout(() => this.#expireDue(), Math.max(1, time - performance.now()));
  }

  #expireDue(): void {
    this.#timer = undefined;
    this.#wakesAt = Infinity;
    const now = performance.now();
    for (const wait of [...this.#waits]) if (wait.dueAt <= now) wait.expire();
    for (const { dueAt } of this.#waits) if (dueAt < this.#wakesAt) this.#wakeAt(dueAt);
  }
}

interface Wait extends AbortListener {
  /** On the host's clock. */
  readonly dueAt: number;
  expire(): void;
}
