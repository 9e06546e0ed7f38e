/**
 * What a command says, and where: results on standard output, everything else on standard error; with
 * `--json` standard output holds JSON and nothing but.
 */
import type { Problem } from "../../index.js";
import type { CommandIo, OutputStream } from "../command-io.js";
import { errorDocument, errorLines } from "./error-text.js";
import { foldedLines } from "./folded-lines.js";
import { problemLines } from "./problem-text.js";
import { harmless, harmlessJson, styleFor, type Style } from "./style.js";

/** What output needs of the world. @internal */
export type OutputIo = Pick<CommandIo, "stdout" | "stderr" | "env" | "cwd">;

/** The two streams of a command. @internal */
export class Output {
  /** Whether the caller is a program. */
  readonly isJson: boolean;
  /** The style of standard output. */
  readonly style: Style;
  /** The style of standard error. */
  readonly errorStyle: Style;
  readonly #io: OutputIo;
  #isMute = false;

  constructor(io: OutputIo, options: { readonly json: boolean }) {
    this.#io = io;
    this.isJson = options.json;
    this.style = styleFor(io.stdout, io.env);
    this.errorStyle = styleFor(io.stderr, io.env);
  }

  /** The width of the terminal; none where nobody looks. */
  get columns(): number | undefined {
    return widthOf(this.#io.stdout);
  }

  /** From now on nothing is said: the command was told to stop, and nobody waits for what it still does. */
  mute(): void {
    this.#isMute = true;
  }

  /** A line of the result, for people: whatever an extension says in it, it steers no terminal and breaks between words. */
  line(text: string): void {
    this.#writeFolded(this.#io.stdout, text);
  }

  /** What an extension returned: as it is, except where it would steer a terminal. */
  result(text: string): void {
    if (this.#io.stdout.isTTY === true) this.#write(this.#io.stdout, text);
    else if (!this.#isMute) this.#io.stdout.write(`${text}\n`);
  }

  /** The result, for programs. */
  json(value: unknown): void {
    this.jsonLine(JSON.stringify(value));
  }

  /** The result, as JSON already. */
  jsonLine(json: string): void {
    if (!this.#isMute) this.#io.stdout.write(`${harmlessJson(json)}\n`);
  }

  /** Resolves when the reader has caught up, at once if it is not behind. */
  async drained(): Promise<void> {
    const { stdout } = this.#io;
    if (stdout.writableNeedDrain === true)
      await new Promise<void>((resolve) => stdout.once("drain", resolve));
  }

  /** A line beside the result. */
  note(text: string): void {
    this.#writeFolded(this.#io.stderr, text);
  }

  /** A finding beside the result. */
  problem(problem: Problem): void {
    for (const line of problemLines(problem, this.#io.cwd, this.errorStyle)) this.note(line);
  }

  /** A failure beside the result. */
  error(error: unknown): void {
    for (const line of errorLines(error, this.errorStyle)) this.note(line);
  }

  /** The failure that is the result: a document for programs, lines for people. */
  failure(error: unknown): void {
    if (this.isJson) this.json({ error: errorDocument(error) });
    else this.error(error);
  }

  #writeFolded(stream: OutputStream, text: string): void {
    const width = widthOf(stream);
    const lines = width === undefined ? [text] : text.split("\n").flatMap((line) => foldedLines(line, width));
    this.#write(stream, lines.join("\n"));
  }

  #write(stream: OutputStream, text: string): void {
    const keepsColours = stream.isTTY === true;
    if (!this.#isMute) stream.write(`${harmless(text, { keepsColours })}\n`);
  }
}

/** Undefined where nobody looks; a terminal that nobody told its size says 0. */
function widthOf(stream: OutputStream): number | undefined {
  return stream.isTTY === true ? stream.columns || undefined : undefined;
}
