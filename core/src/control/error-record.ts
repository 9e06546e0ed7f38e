/** Carries errors over the wire: what is sent is made, and what was sent is understood, here alone. */
import { errorTable, ExtensionError, isExtensionError, type ErrorCode } from "@plugboard/extension-api";
import { thrownText } from "../common/thrown-text.js";
import { jsonWithin } from "./json-within.js";

/** An error as an answer holds it. @public */
export interface ErrorRecord {
  /** A code of the error table; `INTERNAL` for what has none. */
  readonly code: string;
  /** What happened, with what led to it. */
  readonly message: string;
  /** The extension at fault. */
  readonly extensionId?: string;
  /** Facts for programs; left out where they are large. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What can be done about it. */
  readonly advice?: string;
  /** Where what led to it was thrown, as V8 writes it; cut where it is long. */
  readonly stack?: string;
}

/** Characters of the largest details that go along. */
const largestDetails = 64 * 1024;

const longestStack = 4 * 1024;

/** An error for an answer. @internal */
export function errorRecord(error: unknown): ErrorRecord {
  if (!isExtensionError(error)) return { code: "INTERNAL", message: thrownText(error) };
  const { code, message, extensionId, details, advice } = error;
  return {
    code,
    message: withCause(message, error.cause),
    ...(extensionId !== undefined && { extensionId }),
    ...plainDetails(details),
    advice,
    ...stackOfCause(error.cause),
  };
}

/** The error of an answer. @internal */
export function receivedError(record: ErrorRecord): ExtensionError {
  const { code, message, extensionId, details, stack } = record;
  const isKnown = Object.hasOwn(errorTable, code);
  // The message tells of the cause already; what is missing is the place.
  const cause = stack === undefined ? undefined : Object.assign(new Error(message), { stack });
  return new ExtensionError(isKnown ? (code as ErrorCode) : "INTERNAL", message, {
    extensionId,
    details,
    ...(cause && { cause }),
  });
}

function stackOfCause(cause: unknown): Pick<ErrorRecord, "stack"> {
  try {
    const stack: unknown = cause instanceof Error ? cause.stack : undefined;
    return typeof stack === "string" ? { stack: stack.slice(0, longestStack) } : {};
  } catch {
    // An author may throw what throws when it is looked at.
    return {};
  }
}

function withCause(message: string, cause: unknown): string {
  if (cause === undefined || cause === null) return message;
  const text = thrownText(cause);
  return message.includes(text) ? message : `${message.replace(/\.$/u, "")}: ${text}`;
}

function plainDetails(details: Readonly<Record<string, unknown>>): Pick<ErrorRecord, "details"> {
  const json = jsonWithin(details, largestDetails);
  return json === undefined || json === "{}" ? {} : { details: JSON.parse(json) as Record<string, unknown> };
}
