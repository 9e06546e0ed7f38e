/**
 * Lets a program drive the host by JSON lines on standard input, and answers by lines on standard output.
 * A line that can't be understood is answered with an error and does no harm.
 */
import { createInterface } from "node:readline";
import type { ExtensionHost } from "../../index.js";
import { callFailure } from "../call-failure.js";
import { InputError } from "../exit-code.js";
import { errorDocument } from "../output/error-text.js";
import { explanationDocument } from "../output/explanation-document.js";
import { extensionDocument, listDocument, reasonDocument } from "../output/extension-document.js";
import { writableResult } from "../output/result-json.js";
import type { Output } from "../output/output.js";

/** What {@link JsonDriver} works with. @internal */
export interface JsonDriverOptions {
  readonly host: ExtensionHost;
  readonly output: Output;
  readonly cwd: string;
  /** Resolves when the host answers calls; commands wait for it, except `stop`. */
  readonly ready: Promise<unknown>;
  /** Asked for by `stop`. */
  stop(this: void): void;
}

const longestSettlingMs = 1_000;

/** Reads commands until its input ends or it is closed. @internal */
export class JsonDriver {
  readonly #options: JsonDriverOptions;
  readonly #pending = new Set<Promise<void>>();
  #lines: ReturnType<typeof createInterface> | undefined;

  constructor(options: JsonDriverOptions) {
    this.#options = options;
  }

  /** Resolves when the input has ended and every command of it has been answered. */
  async read(input: NodeJS.ReadableStream): Promise<void> {
    this.#lines = createInterface({ input, crlfDelay: Infinity });
    for await (const line of this.#lines) {
      if (line.trim() === "") continue;
      const answer = this.#perform(line).finally(() => this.#pending.delete(answer));
      this.#pending.add(answer);
      // Who does not read answers is not read either; what waits in memory stays bounded.
      await this.#options.output.drained();
    }
    await Promise.allSettled(this.#pending);
  }

  /** Reads no more and resolves when every command read has been answered; a stopped host rejects its calls. */
  async close(): Promise<void> {
    this.#lines?.close();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestSettlingMs);
    });
    await Promise.race([Promise.allSettled(this.#pending), patience]);
    clearTimeout(timer);
  }

  async #perform(line: string): Promise<void> {
    const { output } = this.#options;
    let ref: unknown;
    try {
      const command = parseCommand(line);
      ref = command["ref"];
      const result = await this.#result(command);
      // A bare stop is answered by the stopped event.
      if (ref !== undefined || command["stop"] !== true) output.json({ ref, result: writableResult(result) });
    } catch (error) {
      output.json({ ref, error: errorDocument(error) });
    }
  }

  async #result(command: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { host, cwd, ready, stop } = this.#options;
    const verbs = Object.keys(command).filter((key) => key !== "ref");
    const [verb] = verbs;
    if (verbs.length !== 1 || verb === undefined) throw misunderstood("A command has one key beside ref.");
    const value = command[verb];
    if (verb === "stop" && value === true) {
      stop();
      return null;
    }
    await ready;
    if (verb === "list" && value === true) return listDocument(host, cwd);
    if (verb === "explain" && typeof value === "string") {
      return explanationDocument(host.explain(value), host, cwd);
    }
    if (verb === "fire" && typeof value === "string") {
      const { outcomes, elapsedMs } = await host.activateByEvent(value);
      return {
        outcomes: outcomes.map(({ id, state, reason }) => ({
          id,
          state,
          ...(reason && { reason: reasonDocument(reason) }),
        })),
        elapsedMs,
      };
    }
    if (verb === "reload" && typeof value === "string") {
      await host.reload(value);
      const info = host.extensions.get(value);
      return info === undefined ? null : extensionDocument(info, cwd);
    }
    if (verb === "call") {
      const { point, id, method, args } = callTarget(value);
      return host.call(point, id, method, args).catch((error: unknown) => {
        throw callFailure(error, { id, method });
      });
    }
    throw misunderstood(
      `The command ${JSON.stringify(verb)} is not known, or its value is not of the right kind.`,
    );
  }
}

function parseCommand(line: string): Readonly<Record<string, unknown>> {
  let command: unknown;
  try {
    command = JSON.parse(line);
  } catch (error) {
    throw misunderstood(`The line is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (!isRecord(command)) throw misunderstood("A command is an object.");
  return command;
}

function callTarget(value: unknown): {
  readonly point: string;
  readonly id: string;
  readonly method: string;
  readonly args: readonly unknown[];
} {
  if (!isRecord(value)) throw misunderstood("The value of call is an object.");
  const { point, id, method, args = [] } = value;
  if (typeof point !== "string" || typeof id !== "string" || typeof method !== "string") {
    throw misunderstood("A call names point, id and method as texts.");
  }
  if (!Array.isArray(args)) throw misunderstood("The args of a call are a list.");
  return { point, id, method, args };
}

function misunderstood(message: string): InputError {
  return new InputError(
    "CALL_INVALID",
    message,
    'Send {"call": {"point", "id", "method", "args"}}, {"fire": "event"}, {"list": true}, {"explain": "id"}, {"reload": "id"} or {"stop": true}, each on a line, with a ref to tell the answers apart.',
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
