/**
 * A block of lines at the end of a terminal that is overwritten in place. Owns the cursor while it is shown.
 * Invariant: the block is never taller than the terminal, because what has scrolled away can't be overwritten.
 */
import type { OutputStream } from "../command-io.js";
import { textWidth } from "../output/text-width.js";

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const clearBelow = "\u001b[J";
/** Terminals that know it show what stands between the two at once; others ignore it. */
const beginUpdate = "\u001b[?2026h";
const endUpdate = "\u001b[?2026l";

/** Draws and redraws one block of lines. @internal */
export class TerminalFrame {
  readonly #stream: OutputStream;
  #shown: readonly string[] = [];

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  /** The width that lines may have. */
  get columns(): number {
    // A terminal that nobody told its size says 0.
    return this.#stream.columns || 80;
  }

  /** How many rows of the terminal the block may take. */
  get height(): number {
    return this.#rows - 1;
  }

  /** How many rows the lines take; those that are wider than the terminal take several. */
  heightOf(lines: readonly string[]): number {
    return lines.reduce((total, line) => total + this.#rowsOf(line), 0);
  }

  /** Replaces the block. Does nothing if it would look the same. */
  draw(lines: readonly string[]): void {
    const next = this.#fitting(lines);
    if (next.length === this.#shown.length && next.every((line, index) => line === this.#shown[index]))
      return;
    this.#stream.write(`${beginUpdate}${hideCursor}${this.#erasing()}${text(next)}${endUpdate}`);
    this.#shown = next;
  }

  /** Writes lines above the block; they scroll away like any output. */
  print(lines: readonly string[]): void {
    this.#stream.write(`${beginUpdate}${this.#erasing()}${text(lines)}${text(this.#shown)}${endUpdate}`);
  }

  /** Leaves the block as it is last, lines beneath it, and gives the cursor back. */
  end(lines: readonly string[]): void {
    this.#stream.write(`${text(lines)}${showCursor}`);
    this.#shown = [];
  }

  /** Moves to the block's first line and clears from there; a terminal made narrower has wrapped lines since. */
  #erasing(): string {
    const rows = this.heightOf(this.#shown);
    return rows === 0 ? "" : `\u001b[${Math.min(rows, this.#rows - 1)}A\r${clearBelow}`;
  }

  #fitting(lines: readonly string[]): readonly string[] {
    const available = this.height;
    if (this.heightOf(lines) <= available) return lines;
    const last = lines.at(-1) ?? "";
    const kept: string[] = [];
    let used = this.#rowsOf(last) + 1;
    for (const line of lines.slice(0, -1)) {
      used += this.#rowsOf(line);
      if (used > available) break;
      kept.push(line);
    }
    const hidden = lines.length - kept.length - 1;
    return [...kept, `… ${hidden} more lines; a taller window shows them, and so does plugboard list`, last];
  }

  get #rows(): number {
    return Math.max(4, this.#stream.rows || 24);
  }

  #rowsOf(line: string): number {
    return Math.max(1, Math.ceil(textWidth(line) / this.columns));
  }
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
