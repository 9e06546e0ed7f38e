/**
 * Transforms the rare text that is deep or long in a process that is started for it, and may die of it. The process
 * ends with its one answer. What few need is loaded by those: a guest has to start fast.
 */
import type { SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { isExtensionError } from "@plugboard/extension-api";
import { ownProgram } from "../../common/own-files.js";
import { thrownText } from "../../common/thrown-text.js";
import { moduleError } from "../../guest/loader/module-error.js";
import type { ModuleRecord } from "../../guest/loader/module-record.js";
import {
  tooDeep,
  tooLarge,
  tooSlow,
  transformMs,
  type SeparateTransformer,
  type SourceText,
} from "../../guest/loader/separate-transformer.js";
import { encodeMessage, headLength, TextSplitter } from "./text-pipe.js";
import {
  answeredRecord,
  mostAnswerBytes,
  type TransformAnswer,
  type TransformRequest,
} from "./transform-request.js";

/** The program that answers requests to transform, from standard input to standard output. @internal */
export function transformProgram(): string {
  return ownProgram("transform-main");
}

/** Transforms each text in a process of its own. @internal */
export class ChildTransformer implements SeparateTransformer {
  readonly #program: string;

  /** @param program - see {@link transformProgram} */
  constructor(program: string) {
    this.#program = program;
  }

  transform(source: SourceText): ModuleRecord {
    const ended = process
      .getBuiltinModule("node:child_process")
      .spawnSync(process.execPath, [this.#program], {
        input: requestOf(source),
        // The current folder may be gone.
        cwd: dirname(this.#program),
        env: {},
        stdio: ["pipe", "pipe", "ignore"],
        timeout: transformMs,
        killSignal: "SIGKILL",
        maxBuffer: mostAnswerBytes + headLength,
        windowsHide: true,
      });
    if (hasEndedBy(ended, "ETIMEDOUT")) throw tooSlow(source.file);
    if (hasEndedBy(ended, "ENOBUFS")) throw tooLarge(source.file);
    return recordIn(ended.stdout, source, ended.error);
  }

  async transformLater(source: SourceText, signal: AbortSignal | undefined): Promise<ModuleRecord> {
    const timeout = AbortSignal.timeout(transformMs);
    const child = process.getBuiltinModule("node:child_process").spawn(process.execPath, [this.#program], {
      cwd: dirname(this.#program),
      env: {},
      stdio: ["pipe", "pipe", "ignore"],
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      killSignal: "SIGKILL",
      windowsHide: true,
    });
    let failure: unknown;
    child.on("error", (error) => {
      failure = error;
    });
    // Without a descriptor to spare there are no streams, in spite of what the types say.
    const { stdin, stdout } = child as Partial<typeof child>;
    // It may end before it has read all.
    stdin?.on("error", () => {});
    stdin?.end(requestOf(source));
    const reading =
      stdout === undefined ? once(child, "error").then(() => Buffer.alloc(0)) : bytesOf(stdout, source.file);
    const bytes = await reading.catch((error: unknown) => {
      failure ??= error;
      return Buffer.alloc(0);
    });
    // One that goes on answering is not waited for.
    child.kill("SIGKILL");
    signal?.throwIfAborted();
    if (isExtensionError(failure)) throw failure;
    if (timeout.aborted) throw tooSlow(source.file);
    return recordIn(bytes, source, failure);
  }
}

function requestOf(source: SourceText): Buffer {
  return encodeMessage({ kind: "record", source } satisfies TransformRequest);
}

async function bytesOf(stream: Readable, file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostAnswerBytes + headLength) throw tooLarge(file);
  }
  return Buffer.concat(chunks);
}

function hasEndedBy({ error }: SpawnSyncReturns<Buffer>, code: string): boolean {
  return error !== undefined && "code" in error && error.code === code;
}

/** Nothing in it means that the text has ended the process. */
function recordIn(bytes: Buffer, { file }: SourceText, failure: unknown): ModuleRecord {
  if (failure !== undefined) {
    throw moduleError("MODULE_FAILED", `The code could not be transformed: ${thrownText(failure)}`, {
      file,
      cause: failure,
    });
  }
  const [message] = new TextSplitter(mostAnswerBytes).push(bytes);
  if (message === undefined) throw tooDeep(file);
  return answeredRecord(file, JSON.parse(message.toString("utf8")) as TransformAnswer);
}
