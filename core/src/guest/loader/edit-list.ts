/**
 * Gathers edits of a text. Invariant: at one offset, what closes comes before what opens, inner ones closer to the
 * code they enclose, provided that outer edits are added before inner ones.
 */
import type { TextEdit } from "./retain-lines.js";

/** Edits in the making. @internal */
export class EditList {
  readonly #edits: (TextEdit & { readonly order: number })[] = [];

  /** Puts text in the place of a stretch of code. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text, order: this.#edits.length + 1 });
  }

  /** Puts text before the code that starts here. */
  open(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text, order: this.#edits.length + 1 });
  }

  /** Puts text after the code that ends here. */
  close(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text, order: -this.#edits.length - 1 });
  }

  /** The edits in the order of the text. */
  sorted(): readonly TextEdit[] {
    return this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end || a.order - b.order);
  }
}
