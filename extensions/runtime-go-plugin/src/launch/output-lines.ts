/**
 * Cuts what a process prints into lines. Owns the limits: a longer line is told in pieces, and what is printed faster
 * than anybody can read is counted instead of told.
 * Invariant: holds at most one piece of a line, and never makes the writer wait.
 */
import { StringDecoder } from "node:string_decoder";

/** A line, or a piece of one. @internal */
export interface TextLine {
  /** Without its end. */
  readonly text: string;
  /** Whether it is only a piece of a line that is too long. */
  readonly isCut: boolean;
}

/** UTF-16 units of a piece, and what is told in a second: lines, and units of them. */
const longestPiece = 64 * 1024;
const linesPerSecond = 10_000;
const unitsPerSecond = 16 * 1024 * 1024;

/** Tells lines as pieces of them arrive. @internal */
export class OutputLines {
  readonly #tell: (line: TextLine) => void;
  readonly #decoder = new StringDecoder("utf8");
  #held = "";
  /** Whether the beginning of the line that is held has been told already. */
  #isContinued = false;
  #second = 0;
  #told = 0;
  #toldUnits = 0;
  #dropped = 0;
  /** Runs while lines are left out that nobody was told of: the next line may be long in coming. */
  #untold: NodeJS.Timeout | undefined;

  constructor(tell: (line: TextLine) => void) {
    this.#tell = tell;
  }

  push(chunk: Uint8Array): void {
    const text = this.#decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      this.#add(text.slice(from, end));
      this.#finish();
      from = end + 1;
    }
    if (from < text.length) this.#add(text.slice(from));
  }

  /** Nothing more comes: tells what is held. */
  end(): void {
    this.#add(this.#decoder.end());
    if (this.#held !== "") this.#finish();
    this.#tellDropped();
  }

  #add(text: string): void {
    this.#held += text;
    while (this.#held.length > longestPiece) {
      this.#pass({ text: this.#held.slice(0, longestPiece), isCut: true });
      this.#held = this.#held.slice(longestPiece);
      this.#isContinued = true;
    }
  }

  #finish(): void {
    const text = this.#held.endsWith("\r") ? this.#held.slice(0, -1) : this.#held;
    const isCut = this.#isContinued;
    this.#held = "";
    this.#isContinued = false;
    this.#pass({ text, isCut });
  }

  #pass(line: TextLine): void {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#told = 0;
      this.#toldUnits = 0;
      this.#tellDropped();
    }
    if (this.#told >= linesPerSecond || this.#toldUnits >= unitsPerSecond) {
      this.#dropped++;
      this.#untold ??= setTimeout(() => this.#tellDropped(), 1_000).unref();
      return;
    }
    this.#told++;
    this.#toldUnits += line.text.length;
    this.#tell(line);
  }

  #tellDropped(): void {
    clearTimeout(this.#untold);
    this.#untold = undefined;
    if (this.#dropped === 0) return;
    const text = `(${this.#dropped.toLocaleString("en")} more lines were printed and left out)`;
    this.#dropped = 0;
    this.#tell({ text, isCut: false });
  }
}
