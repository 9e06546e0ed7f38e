/** Lets a program drive the host by JSON lines on standard input, and answers by lines on standard output. */
import { ControlSession } from "../../control.js";
import type { ExplanationRecord, ExtensionListing, ExtensionRecord, HostControl } from "../../control.js";
import { explanationDocument } from "../output/explanation-document.js";
import { recordDocument } from "../output/extension-document.js";
import type { Output } from "../output/output.js";

/** What {@link JsonDriver} works with. @internal */
export interface JsonDriverOptions {
  readonly control: HostControl;
  readonly output: Output;
  readonly cwd: string;
  /** Resolves when the host answers calls; commands wait for it, except `info` and `stop`. */
  readonly ready: Promise<unknown>;
  /** Asked for by `stop`. */
  stop(this: void): void;
}

const longestSettlingMs = 1_000;

/** Reads commands until its input ends or it is closed. @internal */
export class JsonDriver {
  readonly #session: ControlSession;

  constructor({ control, output, cwd, ready, stop }: JsonDriverOptions) {
    this.#session = new ControlSession({
      control,
      ready,
      sink: { write: (line) => output.jsonLine(line), drained: () => output.drained() },
      stop: async () => stop(),
      present: (command, result) => present(command, result, cwd),
    });
  }

  /** Resolves when the input has ended and every command of it has been answered. */
  async readCommands(input: NodeJS.ReadableStream): Promise<void> {
    input.setEncoding("utf8");
    for await (const piece of input as AsyncIterable<string>) await this.#session.take(piece);
    this.#session.end();
    await this.#session.answered();
  }

  /** Resolves when every command read has been answered; a stopped host rejects its calls. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestSettlingMs);
    });
    await Promise.race([this.#session.answered(), late]);
    clearTimeout(timer);
    this.#session.close();
  }
}

/** As documents of commands have them: with paths that a person can read. */
function present(command: string, result: unknown, cwd: string): unknown {
  if (command === "explain") return explanationDocument(result as ExplanationRecord, cwd);
  if (command === "reload" && result !== null) return recordDocument(result as ExtensionRecord, cwd);
  if (command !== "list") return result;
  return { extensions: (result as ExtensionListing).extensions.map((record) => recordDocument(record, cwd)) };
}
