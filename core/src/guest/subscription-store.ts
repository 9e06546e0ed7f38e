/** Subscriptions of a generation, undone at its end: last in, first out, one after the other, whatever throws. */
import type { DisposableLike, Subscriptions } from "@plugboard/extension-api";

/** Keeps what an extension subscribed. @internal */
export class SubscriptionStore implements Subscriptions {
  readonly #report: (error: unknown) => void;
  #items: DisposableLike[] | undefined = [];

  /** @param report - is told what a late newcomer threw, when nobody waits any more */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  push(...items: readonly DisposableLike[]): void {
    if (this.#items !== undefined) {
      this.#items.push(...items);
      return;
    }
    for (const item of items) {
      undo(item).catch(this.#report);
    }
  }

  /** Undoes everything; rejects with all that went wrong, after all of it. Later calls do nothing. */
  async dispose(): Promise<void> {
    const items = this.#items ?? [];
    this.#items = undefined;
    const errors: unknown[] = [];
    for (const item of items.reverse()) {
      try {
        await undo(item);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1)
      throw new AggregateError(errors, `${String(errors.length)} subscriptions failed to dispose.`);
  }
}

async function undo(item: DisposableLike): Promise<void> {
  if (typeof item === "function") await item();
  else if ("dispose" in item) await item.dispose();
  else if (Symbol.asyncDispose in item) await item[Symbol.asyncDispose]();
  else item[Symbol.dispose]();
}
