/** Cuts a stream of text into lines, none longer than a limit, whatever is sent. */

/** What {@link LineSplitter} gives: a line, or that one was too long and has been left out. @internal */
export type SplitLine = { readonly text: string } | { readonly tooLong: true };

/** Keeps at most one line, and of one that is too long nothing. @internal */
export class LineSplitter {
  readonly #longest: number;
  #pieces: string[] = [];
  #length = 0;
  #isSkipping = false;

  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that end in the piece; a line that is too long is told once, as soon as it is. */
  *split(piece: string): Iterable<SplitLine> {
    let start = 0;
    for (let end = piece.indexOf("\n"); end !== -1; end = piece.indexOf("\n", start)) {
      yield* this.#take(piece.slice(start, end));
      if (!this.#isSkipping) yield { text: this.#pieces.join("").replace(/\r$/u, "") };
      this.#clear();
      start = end + 1;
    }
    yield* this.#take(piece.slice(start));
  }

  /** What stands after the last line end. */
  rest(): string {
    return this.#pieces.join("");
  }

  *#take(part: string): Iterable<SplitLine> {
    if (this.#isSkipping) return;
    this.#length += part.length;
    if (this.#length <= this.#longest) {
      if (part !== "") this.#pieces.push(part);
      return;
    }
    this.#pieces = [];
    this.#isSkipping = true;
    yield { tooLong: true };
  }

  #clear(): void {
    this.#pieces = [];
    this.#length = 0;
    this.#isSkipping = false;
  }
}
