/**
 * Lets only so many workers and processes start at once: each start takes a processor for some tenths of a second, and
 * more of them at a time would not be ready earlier, but all of them late. First come, first served.
 * Invariant: a place that was taken is left, at the latest when its session is over.
 */
import type { RuntimeSession } from "@plugboard/extension-api";
import { ChannelSession } from "./channel-session.js";

/** A place among those that start, or in the queue for one. @internal */
export interface StartPlace {
  /** Settles when it is this one's turn; undefined if it was at once. */
  readonly turn: Promise<void> | undefined;
  /** Gives the place to the next, or leaves the queue. Later calls do nothing. */
  leave(): void;
  /** Gives it to the next when the session has its code loaded: what `activate` waits for takes no processor. */
  leaveOnceLoaded(session: RuntimeSession): void;
}

/** The places of one host. @internal */
export class StartPlaces {
  readonly #waiting = new Set<Place>();
  #free: number;

  /** @param count - how many may start at once */
  constructor(count: number) {
    this.#free = count;
  }

  /** Takes a place, or queues for one. */
  take(): StartPlace {
    const place: Place = new Place(() => {
      this.#leave(place);
    });
    if (this.#free > 0) this.#free--;
    else this.#waiting.add(place.queue());
    return place;
  }

  #leave(place: Place): void {
    if (this.#waiting.delete(place)) return;
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next.beginTurn();
  }
}

class Place implements StartPlace {
  turn: Promise<void> | undefined;
  readonly #onLeave: () => void;
  #begin: (() => void) | undefined;
  #isLeft = false;

  constructor(onLeave: () => void) {
    this.#onLeave = onLeave;
  }

  queue(): this {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.turn = promise;
    this.#begin = resolve;
    return this;
  }

  beginTurn(): void {
    this.#begin?.();
  }

  leave(): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#onLeave();
  }

  leaveOnceLoaded(session: RuntimeSession): void {
    if (!(session instanceof ChannelSession)) {
      this.leave();
      return;
    }
    void session.loaded.then(() => {
      this.leave();
    });
  }
}
