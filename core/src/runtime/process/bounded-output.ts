/**
 * Cuts what a child prints into lines and hands them on. Owns the limits: a line is cut at its maximum length, and
 * beyond the limit of a second lines are counted instead of told.
 * Invariant: holds at most one line, whatever the child prints.
 */
import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";
import type { OutputLine } from "@plugboard/extension-api";

/** Where lines go, and how many. @internal */
export interface OutputLimits {
  /** UTF-16 units of a line before it is cut; 64 Ki unless given. */
  readonly lineLength?: number;
  /** Lines told in a second; 10,000 unless given. */
  readonly linesPerSecond?: number;
  /** Bytes read in a second before the child has to wait; 32 MiB unless given. */
  readonly bytesPerSecond?: number;
}

/** What ends a line that was cut. @internal */
export const cutMark = " … (cut)";

/** Follows one stream of a child to its end. @internal */
export class BoundedOutput {
  readonly #stream: Readable;
  readonly #name: OutputLine["stream"];
  readonly #tell: (line: OutputLine) => void;
  readonly #limits: Required<OutputLimits>;
  readonly #decoder = new StringDecoder("utf8");
  #line = "";
  #isCut = false;
  #told = 0;
  #dropped = 0;
  #bytes = 0;
  #second: NodeJS.Timeout | undefined;

  constructor(
    stream: Readable,
    name: OutputLine["stream"],
    tell: (line: OutputLine) => void,
    limits: OutputLimits = {},
  ) {
    this.#stream = stream;
    this.#name = name;
    this.#tell = tell;
    this.#limits = {
      lineLength: limits.lineLength ?? 64 * 1024,
      linesPerSecond: limits.linesPerSecond ?? 10_000,
      bytesPerSecond: limits.bytesPerSecond ?? 32 * 1024 * 1024,
    };
    stream.on("data", (chunk: Buffer) => this.#read(chunk));
    // A child that was killed may leave a broken pipe; its end is told by the process.
    stream.on("error", () => {});
    stream.once("close", () => this.#end());
  }

  #read(chunk: Buffer): void {
    this.#second ??= setTimeout(() => this.#turnSecond(), 1_000).unref();
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.bytesPerSecond) this.#stream.pause();
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

  /** Counts lines that nobody is told of, without making text of them. */
  #skip(chunk: Buffer): void {
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

  #end(): void {
    clearTimeout(this.#second);
    this.#add(this.#decoder.end());
    if (this.#line !== "") this.#finish();
    this.#tellDropped();
  }
}
