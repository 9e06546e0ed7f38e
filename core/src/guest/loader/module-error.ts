/**
 * Words the loader's errors and puts the place into message and details.
 * Invariant: every MODULE_* error about text names file:line:column in its message.
 */
import { ExtensionError, type ErrorCode } from "@plugboard/extension-api";
import type { SourcePlace } from "../../common/source-place.js";

/** The subject of an error of the loader. @internal */
export interface ModuleErrorOptions {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** What the reader can do about it, in the words of the case at hand. */
  readonly hint?: string | undefined;
  /** More facts for programs. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Builds an ExtensionError whose message reads `what (file:line:column). hint`. @internal */
export function moduleError(code: ErrorCode, what: string, options: ModuleErrorOptions): ExtensionError {
  const { file, line, column, hint, details, cause } = options;
  const place = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined);
  const message = `${what} (${place.join(":")})${hint === undefined ? "" : `. ${hint}`}`;
  return new ExtensionError(code, message, {
    details: {
      file,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      ...(hint === undefined ? {} : { hint }),
      ...details,
    },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Reads line and column out of the head that V8 puts before a SyntaxError's stack. @internal */
export function placeOfSyntaxError(error: unknown): SourcePlace | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const [head = "", , caret = ""] = stack.split("\n");
  const line = /:(\d+)$/.exec(head)?.[1];
  if (line === undefined) return undefined;
  return { line: Number(line), column: Math.max(caret.indexOf("^"), 0) + 1 };
}
