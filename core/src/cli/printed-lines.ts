/**
 * Cuts what extensions write to the shared standard streams into lines, each owner's apart from the others'.
 * Invariant: holds at most one unfinished line of bounded length for each owner and stream.
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
    this.#unfinished.set(key, line);
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
    for (const line of this.#unfinished.values()) {
      line.text += line.decoder.end();
      if (line.text !== "") this.#finish(line);
    }
    this.#unfinished.clear();
  }

  #finish(line: UnfinishedLine): void {
    const { stream, owner, text } = line;
    line.text = "";
    this.#tell({ stream, owner, text: text.endsWith("\r") ? text.slice(0, -1) : text });
  }
}
