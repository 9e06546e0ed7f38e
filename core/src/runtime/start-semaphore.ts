/**
 * Lets only so many workers and processes start at once: each start takes a processor for some tenths of a second, and
 * more of them at a time would not be ready earlier, but all of them late. First come, first served.
 * Invariant: a permit that was acquired is released, at the latest when its session is over.
 */
import type { RuntimeSession } from "@plugboard/extension-api";
import { ChannelSession } from "./channel-session.js";

/** Leave to start, or a place in the queue for it. @internal */
export interface StartPermit {
  /** Settles when it is this one's turn; undefined if it was at once. */
  readonly acquired: Promise<void> | undefined;
  /** Gives it to the next, or leaves the queue. Later calls do nothing. */
  release(): void;
  /** Gives it to the next when the session has its code loaded: what `activate` waits for takes no processor. */
  releaseOnceLoaded(session: RuntimeSession): void;
}

/** The permits of one host. @internal */
export class StartSemaphore {
  readonly #waiting = new Set<Permit>();
  #free: number;

  /** @param count - how many may start at once */
  constructor(count: number) {
    this.#free = count;
  }

  /** Acquires a permit, or queues for one. */
  acquire(): StartPermit {
    const permit: Permit = new Permit(() => {
      this.#release(permit);
    });
    if (this.#free > 0) this.#free--;
    else this.#waiting.add(permit.queue());
    return permit;
  }

  #release(permit: Permit): void {
    if (this.#waiting.delete(permit)) return;
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next.grant();
  }
}

class Permit implements StartPermit {
  acquired: Promise<void> | undefined;
  readonly #onRelease: () => void;
  #begin: (() => void) | undefined;
  #isReleased = false;

  constructor(onRelease: () => void) {
    this.#onRelease = onRelease;
  }

  queue(): this {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.acquired = promise;
    this.#begin = resolve;
    return this;
  }

  grant(): void {
    this.#begin?.();
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#onRelease();
  }

  releaseOnceLoaded(session: RuntimeSession): void {
    if (!(session instanceof ChannelSession)) {
      this.release();
      return;
    }
    void session.loaded.then(() => {
      this.release();
    });
  }
}
