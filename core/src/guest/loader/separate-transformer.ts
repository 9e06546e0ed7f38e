/**
 * What a loader asks to have transformed elsewhere: a text that could end this process, because its parser's stack is
 * not deep enough, or would hold it up for long. Says which texts those are and how a refusal reads.
 */
import type { ExtensionError } from "@plugboard/extension-api";
import { moduleError } from "./module-error.js";
import type { ModuleRecord } from "./module-record.js";

/** The text of a file, with all that decides how it is read. @internal */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** `type` of the package that the file belongs to. */
  readonly packageType: "module" | "commonjs" | undefined;
}

/** Transforms a file where its text harms nobody. @internal */
export interface SeparateTransformer {
  /** Holds up the thread until the record is there. @throws ExtensionError `MODULE_*` */
  transform(source: SourceText): ModuleRecord;
  /** The same while the thread goes on; absent where nothing else would run on it. */
  transformLater?(source: SourceText, signal: AbortSignal | undefined): Promise<ModuleRecord>;
}

/** Characters from which on a text is transformed while the thread goes on, about 100 ms worth. @internal */
export const longText = 512 * 1024;

/** The most characters of a text that has to be parsed. @internal */
export const longestText = 16 * 1024 * 1024;

/** The most bytes of what a text is transformed into: what nests deep becomes far larger, since it is indented. @internal */
export const mostTransformedBytes = 64 * 1024 * 1024;

/** The most that transforming one text may take, in milliseconds. @internal */
export const transformMs = 20_000;

/** Tells whether parsing failed because the text nests deeper than the stack allows. @internal */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

/** The error for a text that no stack is deep enough for, or no memory large enough. @internal */
export function tooDeep(file: string, cause?: unknown): ExtensionError {
  return moduleError("MODULE_UNSUPPORTED", "The code nests too deeply or is too large to be loaded", {
    file,
    hint: "If it is generated, have it generated flatter: as several statements, or as data in a .json file",
    cause,
  });
}

/** The error for a text that takes too long. @internal */
export function tooSlow(file: string): ExtensionError {
  return moduleError(
    "MODULE_UNSUPPORTED",
    `The code takes longer than ${String(transformMs / 1_000)} s to be transformed`,
    { file, hint: splitAdvice },
  );
}

/** The error for a text that becomes more than {@link mostTransformedBytes}. @internal */
export function tooLarge(file: string): ExtensionError {
  return moduleError(
    "MODULE_UNSUPPORTED",
    `The code becomes more than ${String(mostTransformedBytes / 2 ** 20)} MiB when it is transformed`,
    { file, hint: splitAdvice },
  );
}

/** The error for a text that is beyond {@link longestText}. @internal */
export function tooLong(file: string): ExtensionError {
  return moduleError(
    "MODULE_UNSUPPORTED",
    `Code that has to be parsed may have ${String(longestText / 2 ** 20)} million characters at most`,
    { file, hint: splitAdvice },
  );
}

const splitAdvice = "Split it into several files, and keep data in .json files";
