/**
 * Cuts what a thread or process prints into lines and hands them on. Owns the limits: a line is cut at its maximum
 * length, and beyond the limit of a second lines are counted instead of told.
 * Invariant: holds at most one line, whatever is printed.
 */
import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";
import type { LineCutter, OutputLine } from "@plugboard/extension-api";

/** How much is told. @internal */
export interface OutputLimits {
  /** UTF-16 units of a line before it is cut. */
  readonly lineLength: number;
  /** Lines told in a second. */
  readonly linesPerSecond: number;
  /** Bytes read in a second before the writer has to wait. */
  readonly bytesPerSecond: number;
}

const usualLimits: OutputLimits = {
  lineLength: 64 * 1024,
  linesPerSecond: 10_000,
  bytesPerSecond: 32 * 1024 * 1024,
};

/** What ends a line that was cut. */
const cutMark = " … (cut)";

/** Lines that are being told. @internal */
export interface ToldLines {
  /** Whoever printed has ended: nobody has to wait any more, and what is still on its way is read at once. */
  finish(): void;
  /** Nothing more comes: tells what is left, also without an end of line. */
  end(): void;
}

/** Tells every line of the stream until it ends, the last one also without an end of line. @internal */
export function tellLines(
  stream: Readable,
  name: OutputLine["stream"],
  tell: (line: OutputLine) => void,
  limits: Partial<OutputLimits> = {},
): ToldLines {
  const lines = new BoundedLines(stream, name, tell, { ...usualLimits, ...limits });
  stream.on("data", (chunk: Buffer) => lines.push(chunk));
  // Who was killed may leave a broken pipe; that it ended is told elsewhere.
  stream.on("error", () => {});
  stream.once("close", () => lines.end());
  return lines;
}

/** Tells every line of what is pushed; nobody can be made to wait with that. @internal */
export function cutLines(name: OutputLine["stream"], tell: (line: OutputLine) => void): LineCutter {
  return new BoundedLines(unstoppable, name, tell, usualLimits);
}

const unstoppable = { pause: () => undefined, resume: () => undefined };

class BoundedLines implements ToldLines, LineCutter {
  readonly #stream: { pause(): unknown; resume(): unknown };
  readonly #name: OutputLine["stream"];
  readonly #tell: (line: OutputLine) => void;
  readonly #limits: OutputLimits;
  readonly #decoder = new StringDecoder("utf8");
  #line = "";
  #isCut = false;
  #told = 0;
  #dropped = 0;
  #bytes = 0;
  #second: NodeJS.Timeout | undefined;
  #isFinishing = false;

  constructor(
    stream: { pause(): unknown; resume(): unknown },
    name: OutputLine["stream"],
    tell: (line: OutputLine) => void,
    limits: OutputLimits,
  ) {
    this.#stream = stream;
    this.#name = name;
    this.#tell = tell;
    this.#limits = limits;
  }

  push(chunk: Uint8Array): void {
    this.#second ??= setTimeout(() => this.#turnSecond(), 1_000).unref();
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.bytesPerSecond && !this.#isFinishing) this.#stream.pause();
    if (this.#told >= this.#limits.linesPerSecond && this.#line === "" && !this.#isCut) {
      this.#skip(chunk);
      return;
    }
    const text = this.#decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      this.#add(text.slice(from, end));
      this.#finish();
      from = end + 1;
    }
    if (from < text.length) this.#add(text.slice(from));
  }

  finish(): void {
    this.#isFinishing = true;
    this.#stream.resume();
  }

  end(): void {
    clearTimeout(this.#second);
    this.#add(this.#decoder.end());
    if (this.#line !== "") this.#finish();
    this.#tellDropped();
  }

  /** Counts lines that nobody is told of, without making text of them. */
  #skip(chunk: Uint8Array): void {
    const last = chunk.lastIndexOf(10);
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) this.#dropped += 1;
    if (last < chunk.length - 1) this.#add(this.#decoder.write(chunk.subarray(last + 1)));
  }

  #add(text: string): void {
    if (this.#isCut) return;
    const room = this.#limits.lineLength - this.#line.length;
    this.#line += text.length > room ? text.slice(0, room) : text;
    this.#isCut = text.length > room;
  }

  #finish(): void {
    const line = this.#line.endsWith("\r") ? this.#line.slice(0, -1) : this.#line;
    const text = this.#isCut ? line + cutMark : line;
    this.#line = "";
    this.#isCut = false;
    if (this.#told >= this.#limits.linesPerSecond) {
      this.#dropped += 1;
      return;
    }
    this.#told += 1;
    this.#tell({ stream: this.#name, text });
  }

  #turnSecond(): void {
    this.#second = undefined;
    this.#told = 0;
    this.#bytes = 0;
    this.#tellDropped();
    this.#stream.resume();
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const count = this.#dropped;
    this.#dropped = 0;
    this.#tell({
      stream: this.#name,
      text: `(${count.toLocaleString("en")} more lines were printed and left out)`,
    });
  }
}
