/** Waiting with a bound. No wait in the host is without one. */
import type { CallContext } from "@plugboard/extension-api";

/** Settles as the promise does, or as `expire` says when the time is up first. 0 waits without limit. @internal */
export function within<T>(milliseconds: number, promise: PromiseLike<T>, expire: () => T): Promise<T> {
  if (milliseconds === 0) return Promise.resolve(promise);
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(expire());
      } catch (error) {
        reject(error as Error);
      }
    }, milliseconds);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error as Error);
      },
    );
  });
}

/** The bound that ends at the time, in milliseconds from now: at least 1, and 0 for no end. @internal */
export function millisecondsUntil(deadline: number): number {
  return deadline === Infinity ? 0 : Math.max(1, deadline - Date.now());
}

/** What an author learns of a bound on his own code: when it ends, and a signal that says so. 0 has no end. @internal */
export function contextWithin(milliseconds: number): CallContext {
  return new BoundedContext(milliseconds);
}

/** Makes its signal when the author asks for it, which few do. */
class BoundedContext implements CallContext {
  readonly deadline: number;
  #signal: AbortSignal | undefined;

  constructor(milliseconds: number) {
    this.deadline = milliseconds === 0 ? Infinity : Date.now() + milliseconds;
  }

  get signal(): AbortSignal {
    return (this.#signal ??=
      this.deadline === Infinity
        ? new AbortController().signal
        : AbortSignal.timeout(Math.max(0, this.deadline - Date.now())));
  }

  /** Nothing leaves the process: there is nothing to move. */
  transfer(): void {
    return;
  }
}
