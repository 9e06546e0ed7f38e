/**
 * Fields of a log record, as whoever writes the log may print or copy them.
 * Invariant: nothing here throws, whatever an extension logs, and what comes out is written in bounded time.
 */
import { types } from "node:util";
import { writesMoreThan } from "../common/data-size.js";
import { thrownText } from "../common/thrown-text.js";
import { encodeThrown } from "./thrown.js";

type Fields = Readonly<Record<string, unknown>>;

/** Bytes of one field; a larger one is told in words. */
const largestField = 1024 * 1024;

/** Fields of one record. */
const mostFields = 256;

/** The fields as they are; one that is larger than a field may be, written out, is told in words. @internal */
export function loggedFields(fields: unknown): Fields {
  if (typeof fields !== "object" || fields === null) return {};
  if (types.isProxy(fields)) return { fields: thrownText(fields) };
  const names = Object.keys(fields).slice(0, mostFields);
  return Object.fromEntries(names.map((name) => [name, loggedField(fields as Fields, name)]));
}

function loggedField(fields: Fields, name: string): unknown {
  let value: unknown;
  try {
    value = fields[name];
    if (!writesMoreThan(value, largestField)) return value;
    if (!(value instanceof Error)) return thrownText(value);
    const thrown = encodeThrown(value, { withStack: true });
    return "error" in thrown ? thrown.error : thrown.value;
  } catch {
    return thrownText(value);
  }
}
