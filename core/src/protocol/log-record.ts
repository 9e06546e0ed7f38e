/**
 * Makes a log record of whatever an author hands to `context.logger`: the same one in every runtime, a copy of
 * bounded size. Invariant: logging never throws, and neither the message nor a field is lost without a word.
 */
import { types } from "node:util";
import type { Logger, LogLevel } from "@plugboard/extension-api";
import { sizeUpTo } from "../common/data-size.js";
import { thrownText } from "../common/thrown-text.js";
import { sendable } from "./sendable.js";
import { encodeThrown } from "./thrown.js";

/** A logged record. @internal */
export interface LoggedRecord {
  readonly message: string;
  /** Plain data; an error is told by its name, message, stack, code and fields. */
  readonly fields?: LogFields;
}

type LogFields = Readonly<Record<string, unknown>>;

/** Bytes of one field; a larger one is told in words. */
const largestField = 1024 * 1024;

/** Bytes of all fields, beside the last of them; the rest is left out. */
const largestRecord = 4 * 1024 * 1024;

/** Fields of one record; further ones are left out. */
const mostFields = 256;

/**
 * The record that is told. An error in the message's place gives its message, and comes along as the field `error`; so
 * does one in the place of the fields. Anything else in their place is the field `value`.
 *
 * @internal
 */
export function logRecord(message: unknown, fields: unknown): LoggedRecord {
  const kept = { ...(isNativeError(message) && errorField(message)), ...keptFields(fields) };
  const text = thrownText(message);
  return Object.keys(kept).length === 0 ? { message: text } : { message: text, fields: kept };
}

/** A logger for an author, which takes anything and hands records to another. @internal */
export function recordingLogger(logger: Logger): Logger {
  const log = (level: LogLevel) => (message: unknown, given?: unknown) => {
    const record = logRecord(message, given);
    logger[level](record.message, record.fields);
  };
  return { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
}

function keptFields(fields: unknown): LogFields {
  if (fields === undefined || fields === null) return {};
  if (isNativeError(fields)) return errorField(fields);
  if (typeof fields !== "object" || Array.isArray(fields)) return { value: keptField({ fields }, "fields") };
  if (types.isProxy(fields)) return { fields: thrownText(fields) };
  const kept: [string, unknown][] = [];
  let left = largestRecord;
  for (const name of Object.keys(fields).slice(0, mostFields)) {
    if (left < 0) break;
    const value = keptField(fields as LogFields, name);
    left -= name.length + sizeUpTo(value, largestField);
    kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}

function errorField(error: unknown): LogFields {
  return { error: keptField({ error }, "error") };
}

/** A copy of the field; what can't be copied is told in words. */
function keptField(fields: LogFields, name: string): unknown {
  try {
    const value = fields[name];
    if (isNativeError(value)) {
      const thrown = encodeThrown(value, { withStack: true });
      return "error" in thrown ? thrown.error : thrown.value;
    }
    const data = sendable(value, { what: "arguments", limitBytes: largestField, extensionId: "" });
    return typeof data === "object" ? structuredClone(data) : data;
  } catch {
    return wordsFor(fields, name);
  }
}

function wordsFor(fields: LogFields, name: string): string {
  try {
    return thrownText(fields[name]);
  } catch (error) {
    // A getter that throws tells at least what it threw.
    return thrownText(error);
  }
}

function isNativeError(value: unknown): boolean {
  try {
    return !types.isProxy(value) && (types.isNativeError(value) || value instanceof Error);
  } catch {
    return false;
  }
}
