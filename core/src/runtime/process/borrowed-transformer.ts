/**
 * Turns TypeScript into JavaScript by asking the host over a pipe: the native transformer can't be loaded under
 * Node's permission model. Sends text, never a path to be read, and waits for the answer, since `require` waits.
 */
import { ExtensionError, type ErrorCode } from "@plugboard/extension-api";
import { readSync, writeSync } from "node:fs";
import type { ErasedTypeScript, TypeScriptTransformer } from "../../guest/loader/transform-typescript.js";
import { encodeMessage, headLength } from "./text-pipe.js";

/** What a child asks: to transform a text, or who would. @internal */
export type TransformRequest =
  { readonly file: string; readonly source: string } | { readonly file?: undefined };

/** What it is answered. @internal */
export type TransformAnswer =
  | ErasedTypeScript
  | Pick<TypeScriptTransformer, "name" | "isComplete">
  | {
      readonly error: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly details: Readonly<Record<string, unknown>>;
      };
    };

/** Asks the host at the other end of a descriptor. @internal */
export class BorrowedTransformer implements TypeScriptTransformer {
  readonly #descriptor: number;
  #traits: Pick<TypeScriptTransformer, "name" | "isComplete"> | undefined;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  get name(): string {
    return this.#known().name;
  }

  get isComplete(): boolean {
    return this.#known().isComplete;
  }

  transform(file: string, source: string): ErasedTypeScript {
    const answer = this.#ask({ file, source });
    if ("code" in answer) return answer;
    if ("error" in answer) {
      const { code, message, details } = answer.error;
      throw new ExtensionError(code, message, { details });
    }
    throw new ExtensionError("INTERNAL", "The host's answer is not one to a text that was to be transformed");
  }

  #known(): Pick<TypeScriptTransformer, "name" | "isComplete"> {
    if (this.#traits === undefined) {
      const answer = this.#ask({});
      this.#traits = "isComplete" in answer ? answer : { name: "none", isComplete: false };
    }
    return this.#traits;
  }

  #ask(request: TransformRequest): TransformAnswer {
    const bytes = encodeMessage(request);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at);
    const length = this.#read(headLength).readUInt32BE();
    return JSON.parse(this.#read(length).toString("utf8")) as TransformAnswer;
  }

  #read(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length;) {
      const count = readSync(this.#descriptor, bytes, at, length - at, null);
      if (count === 0) throw new ExtensionError("INTERNAL", "The host no longer answers");
      at += count;
    }
    return bytes;
  }
}
