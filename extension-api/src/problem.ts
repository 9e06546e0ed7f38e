/** A finding about what lies on disk. Problems are data: listed, shown, never thrown. */
import type { ErrorCode } from "./error-table.js";

/** Severity of a {@link Problem}: an error keeps the extension from running, the others don't. @public */
export type ProblemSeverity = "error" | "warning" | "info";

/**
 * A finding about an extension. One mistake is one Problem.
 *
 * Lines and columns count from 1, columns in UTF-16 units; they are absent where there is no text.
 *
 * @public
 */
export interface Problem {
  /** What kind of finding; meaning and advice stand in {@link errorTable}. */
  readonly code: ErrorCode;
  /** How much it matters. */
  readonly severity: ProblemSeverity;
  /** Absolute path of the file or folder it is about. */
  readonly file: string;
  /** Line from 1. */
  readonly line?: number;
  /** Column from 1, in UTF-16 units. */
  readonly column?: number;
  /** JSON Pointer to the value in the manifest; "" is the whole. */
  readonly path?: string;
  /** What is wrong, one sentence. */
  readonly message: string;
  /** What to write instead, e.g. the nearest known key. */
  readonly suggestion?: string;
  /** The extension, where its id could be read. */
  readonly extensionId?: string;
}
