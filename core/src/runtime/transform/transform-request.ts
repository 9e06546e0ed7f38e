/** What is asked of the process that transforms, and what it answers. */
import { ExtensionError, isExtensionError, type ErrorCode } from "@plugboard/extension-api";
import type { EsModuleRecord, ModuleRecord } from "../../guest/loader/module-record.js";
import {
  longestText,
  mostTransformedBytes,
  tooDeep,
  tooLarge,
  tooSlow,
  type SourceText,
} from "../../guest/loader/separate-transformer.js";
import type { ErasedTypeScript, TypeScriptTransformer } from "../../guest/loader/transform-typescript.js";

/** To erase the types of a text, to make a record of a whole file, or to say who erases types. @internal */
export type TransformRequest =
  | { readonly kind: "erase"; readonly file: string; readonly source: string }
  | { readonly kind: "record"; readonly source: SourceText }
  | { readonly kind: "traits" };

/** What was asked for, why there is none, or what the text did to the process. @internal */
export type TransformAnswer =
  | { readonly erased: ErasedTypeScript }
  | { readonly record: SentRecord }
  | { readonly traits: TransformerTraits }
  | { readonly error: SentError }
  | { readonly ended: "deep" | "large" | "slow" };

/** The most bytes of a request. Whoever may be of bad will sends no more: it is kept until all of it has come. @internal */
export const mostRequestBytes = 3 * longestText + 64 * 1024;

/** The most bytes of an answer. @internal */
export const mostAnswerBytes = mostTransformedBytes;

/** What is to be known of who erases types. @internal */
export type TransformerTraits = Pick<TypeScriptTransformer, "name" | "isComplete">;

/** A record as JSON carries it. */
type SentRecord =
  | Exclude<ModuleRecord, EsModuleRecord>
  | (Omit<EsModuleRecord, "exports"> & { readonly exports: readonly (readonly [string, number])[] });

interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A record for an answer. @internal */
export function sentRecord(record: ModuleRecord): SentRecord {
  return record.format === "module" ? { ...record, exports: Array.from(record.exports) } : record;
}

/** An error for an answer. @internal */
export function sentError(error: unknown): SentError {
  if (!isExtensionError(error)) return { code: "MODULE_FAILED", message: String(error), details: {} };
  const { code, message, details } = error;
  return { code, message, details };
}

/** The record of an answer. @throws ExtensionError that was answered instead. @internal */
export function answeredRecord(file: string, answer: TransformAnswer): ModuleRecord {
  if (!("record" in answer)) throw answeredError(file, answer);
  const { record } = answer;
  return record.format === "module" ? { ...record, exports: new Map(record.exports) } : record;
}

/** The error of an answer that is not the one that was asked for. @internal */
export function answeredError(file: string, answer: TransformAnswer): ExtensionError {
  if ("ended" in answer) return endings[answer.ended](file);
  if (!("error" in answer)) return new ExtensionError("INTERNAL", "The answer is not one to this request");
  const { code, message, details } = answer.error;
  return new ExtensionError(code, message, { details });
}

const endings = { deep: tooDeep, large: tooLarge, slow: tooSlow };
