/**
 * Has texts transformed by asking the host over a pipe: the native transformer can't be loaded under Node's permission
 * model, nor may a process be started. Sends text, never a path to be read, and waits for the answer, since `require`
 * waits.
 */
import { ExtensionError } from "@plugboard/extension-api";
import { readSync, writeSync } from "node:fs";
import type { ModuleRecord } from "../../guest/loader/module-record.js";
import {
  tooLong,
  type SeparateTransformer,
  type SourceText,
} from "../../guest/loader/separate-transformer.js";
import type { ErasedTypeScript, TypeScriptTransformer } from "../../guest/loader/transform-typescript.js";
import { encodeMessage, headLength } from "./text-pipe.js";
import {
  answeredError,
  answeredRecord,
  mostRequestBytes,
  type TransformAnswer,
  type TransformerTraits,
  type TransformRequest,
} from "./transform-request.js";

/** Asks the host at the other end of a descriptor. @internal */
export class BorrowedTransformer {
  readonly #descriptor: number;
  #traits: TransformerTraits | undefined;
  /** Erases types. */
  readonly typescript: TypeScriptTransformer;
  /** Makes records of whole files. */
  readonly separate: SeparateTransformer;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    const traits = (): TransformerTraits => (this.#traits ??= this.#askTraits());
    this.typescript = {
      get name() {
        return traits().name;
      },
      get isComplete() {
        return traits().isComplete;
      },
      transform: (file, source) => this.#erase(file, source),
    };
    this.separate = { transform: (source) => this.#record(source) };
  }

  #erase(file: string, source: string): ErasedTypeScript {
    const answer = this.#ask({ kind: "erase", file, source });
    if ("erased" in answer) return answer.erased;
    throw answeredError(file, answer);
  }

  #record(source: SourceText): ModuleRecord {
    return answeredRecord(source.file, this.#ask({ kind: "record", source }));
  }

  #askTraits(): TransformerTraits {
    const answer = this.#ask({ kind: "traits" });
    return "traits" in answer ? answer.traits : { name: "none", isComplete: false };
  }

  #ask(request: TransformRequest): TransformAnswer {
    const bytes = encodeMessage(request);
    if (bytes.length > mostRequestBytes) {
      throw tooLong(
        request.kind === "record" ? request.source.file : request.kind === "erase" ? request.file : "",
      );
    }
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
