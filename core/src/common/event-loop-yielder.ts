/**
 * Sees to it that the event loop has its turn within work that would otherwise go from one settled promise
 * to the next for ever. Taking a turn before every piece would cost more than many a piece.
 */
import { setImmediate as nextTurn } from "node:timers/promises";

/** Work between two visits to the event loop, in milliseconds. */
const sliceMs = 1;

/** Yields to the event loop between pieces of work, as often as it has to. @internal */
export class EventLoopYielder {
  /** When the slice of the present turn is used up; undefined until work begins in it. */
  #endsAt: number | undefined;

  /** Something to wait for if the event loop has waited too long already. */
  due(): Promise<void> | undefined {
    const now = performance.now();
    if (this.#endsAt === undefined) {
      this.#endsAt = now + sliceMs;
      setImmediate(() => {
        this.#endsAt = undefined;
      });
    }
    return now < this.#endsAt ? undefined : nextTurn();
  }
}
