/**
 * Transforms TypeScript for children that may not load native code, in a process of its own: what crashes the
 * transformer must not crash the host. Reads requests from standard input until its end, answers in their order.
 */
import { isExtensionError } from "@plugboard/extension-api";
import { findTypeScriptTransformer } from "../../guest/loader/transform-typescript.js";
import type { TransformAnswer, TransformRequest } from "./borrowed-transformer.js";
import { encodeMessage, MessageReader } from "./text-pipe.js";

const transformer = findTypeScriptTransformer();
const reader = new MessageReader(Infinity);

process.stdin.on("data", (chunk: Buffer) => {
  for (const bytes of reader.push(chunk)) process.stdout.write(encodeMessage(answer(bytes)));
});

function answer(bytes: Buffer): TransformAnswer {
  try {
    const request = JSON.parse(bytes.toString("utf8")) as TransformRequest;
    if (request.file === undefined) return { name: transformer.name, isComplete: transformer.isComplete };
    return transformer.transform(request.file, request.source);
  } catch (error) {
    if (isExtensionError(error)) {
      const { code, message, details } = error;
      return { error: { code, message, details } };
    }
    return { error: { code: "MODULE_FAILED", message: String(error), details: {} } };
  }
}
