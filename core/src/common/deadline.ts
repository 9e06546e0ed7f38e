/** The bounds of the waits of others: when they end, told in the way that authors and guests read it. */
import type { CallContext } from "@plugboard/extension-api";

/** The bound that ends at the time, in milliseconds from now: at least 1, and 0 for no end. @internal */
export function millisecondsUntil(deadline: number): number {
  return deadline === Infinity ? 0 : Math.max(1, deadline - Date.now());
}

/** The context in which an author's code is bounded: when that ends, and a signal that says so. 0 has no end. @internal */
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
