/**
 * Where a version came from, in the form in which it is remembered beside it. Pure. An update asks there again.
 */
import { isRecord } from "../common/is-record.js";
import { sourceError } from "./source-error.js";

/** The origin of a version. @internal */
export type SourceRecord =
  | {
      readonly kind: "path";
      /** Absolute path of a folder or an archive. */
      readonly path: string;
    }
  | {
      readonly kind: "npm";
      /** The package's name. */
      readonly name: string;
      /** The range, version or tag that was asked for. */
      readonly wanted: string;
      /** The registry's address. */
      readonly registry: string;
    }
  | {
      readonly kind: "address";
      readonly address: string;
      /** What the bytes had to be, if whoever installed it said so. */
      readonly integrity?: string | undefined;
    };

/** The record as text. @internal */
export function recordText(record: SourceRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/**
 * Reads a record.
 *
 * @throws ExtensionError `SOURCE_INVALID`
 * @internal
 */
export function readRecord(text: string): SourceRecord {
  const value = objectIn(text);
  const { kind, path, name, wanted, registry, address, integrity } = value ?? {};
  if (kind === "path" && typeof path === "string") return { kind, path };
  if (
    kind === "npm" &&
    typeof name === "string" &&
    typeof wanted === "string" &&
    typeof registry === "string"
  ) {
    return { kind, name, wanted, registry };
  }
  if (kind === "address" && typeof address === "string") {
    return typeof integrity === "string" ? { kind, address, integrity } : { kind, address };
  }
  throw sourceError("SOURCE_INVALID", "What was written down about the source can't be understood.");
}

/** The object that a text of JSON holds; undefined if it holds something else. @internal */
export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The value, if it is an object. @internal */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(value) ? value : undefined;
}
