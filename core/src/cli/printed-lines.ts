/**
 * Cuts what extensions write to the shared standard streams into lines, each owner's apart from the others'.
 * Invariant: holds at most one unfinished line of bounded length for each of those that wrote last.
 */
import { StringDecoder } from "node:string_decoder";
import type { CodeOwner } from "./command-io.js";

/** A line, and who wrote it to what. @internal */
export interface PrintedLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  readonly owner: CodeOwner | undefined;
}

/** UTF-16 units after which a line is told in pieces. */
const longestLine = 64 * 1024;
const endOfLine = 10;
/** Unfinished lines that are kept; generations come and go. */
const mostUnfinished = 64;

interface UnfinishedLine {
  readonly owner: CodeOwner | undefined;
  readonly stream: PrintedLine["stream"];
  readonly decoder: StringDecoder;
  text: string;
}

/** Tells whole lines. @internal */
export class PrintedLines {
  readonly #tell: (line: PrintedLine) => void;
  readonly #unfinished = new Map<string, UnfinishedLine>();

  constructor(tell: (line: PrintedLine) => void) {
    this.#tell = tell;
  }

  add(stream: PrintedLine["stream"], data: Uint8Array, owner: CodeOwner | undefined): void {
    const key = JSON.stringify([stream, owner?.id, owner?.generation]);
    const line = this.#unfinished.get(key) ?? { owner, stream, decoder: new StringDecoder("utf8"), text: "" };
    // The last that wrote stands last.
    this.#unfinished.delete(key);
    this.#unfinished.set(key, line);
    if (this.#unfinished.size > mostUnfinished) this.#finishOldest();
    const [first = "", ...more] = line.decoder.write(Buffer.from(data)).split("\n");
    line.text += first;
    for (const next of more) {
      this.#finish(line);
      line.text = next;
    }
    if (line.text.length > longestLine) this.#finish(line);
    // Anything else may end inside a character.
    if (data.at(-1) === endOfLine) this.#unfinished.delete(key);
  }

  /** Tells what no end of line has followed. */
  end(): void {
    while (this.#unfinished.size > 0) this.#finishOldest();
  }

  #finishOldest(): void {
    for (const [key, line] of this.#unfinished) {
      this.#unfinished.delete(key);
      line.text += line.decoder.end();
      if (line.text !== "") this.#finish(line);
      return;
    }
  }

  #finish(line: UnfinishedLine): void {
    const { stream, owner, text } = line;
    line.text = "";
    this.#tell({ stream, owner, text: text.endsWith("\r") ? text.slice(0, -1) : text });
  }
}
