/**
 * Transforms texts in a process of its own: what crashes the transformer must not crash who asks. Reads requests from
 * standard input until its end, and answers in their order. Whole files are done by a thread with a deep stack.
 */
import { once } from "node:events";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import type { SourceText } from "../../guest/loader/separate-transformer.js";
import { isStackOverflow, tooDeep } from "../../guest/loader/separate-transformer.js";
import { transformSource } from "../../guest/loader/transform-source.js";
import { findTypeScriptTransformer } from "../../guest/loader/transform-typescript.js";
import { encodeMessage, TextSplitter } from "./text-pipe.js";
import {
  mostAnswerBytes,
  sentError,
  sentRecord,
  type TransformAnswer,
  type TransformRequest,
} from "./transform-request.js";

/** Stack and heap of the thread. Only what is used of it is taken; some 500,000 levels fit. */
const threadLimits = { stackSizeMb: 256, maxOldGenerationSizeMb: 2_048 };

const outOfMemory: TransformAnswer = { ended: "deep" };
const tooLarge: TransformAnswer = { ended: "large" };

if (isMainThread) serveRequests();
else serveThread();

function serveRequests(): void {
  const transformer = findTypeScriptTransformer();
  const reader = new TextSplitter(Infinity);
  let thread: Worker | undefined;
  let last = Promise.resolve();

  const answer = async (bytes: Buffer): Promise<TransformAnswer> => {
    const request = JSON.parse(bytes.toString("utf8")) as TransformRequest;
    if (request.kind === "erase") return { erased: transformer.transform(request.file, request.source) };
    if (request.kind === "record") {
      thread ??= new Worker(new URL(import.meta.url), { resourceLimits: threadLimits });
      thread.postMessage(request.source);
      return answerOf(thread, () => (thread = undefined));
    }
    return { traits: { name: transformer.name, isComplete: transformer.isComplete } };
  };

  const answerOf = async (worker: Worker, drop: () => void): Promise<TransformAnswer> => {
    try {
      const [answered] = (await once(worker, "message")) as [TransformAnswer];
      return answered;
    } catch {
      drop();
      return outOfMemory;
    }
  };

  process.stdin.on("data", (chunk: Buffer) => {
    for (const bytes of reader.push(chunk)) {
      last = last
        .then(() => answer(bytes))
        .catch((error: unknown): TransformAnswer => ({ error: sentError(error) }))
        .then((message) => {
          const bytes = encodeMessage(message);
          process.stdout.write(bytes.length > mostAnswerBytes ? encodeMessage(tooLarge) : bytes);
        });
    }
  });
  // A thread that waits for work would keep the process alive.
  process.stdin.on("end", () => {
    void last.then(() => thread?.terminate());
  });
}

function serveThread(): void {
  parentPort?.on("message", (source: SourceText) => {
    parentPort?.postMessage(record(source));
  });
}

function record(source: SourceText): TransformAnswer {
  try {
    return { record: sentRecord(transformSource({ ...source, typescript: findTypeScriptTransformer })) };
  } catch (error) {
    return { error: sentError(isStackOverflow(error) ? tooDeep(source.file, error) : error) };
  }
}
