/**
 * Judges what a guest tells unasked. The frame schema leaves the arguments of an event open; here stands what the
 * host relies on before it acts on one.
 */
import type { EmitFrame } from "@plugboard/schemas";
import { isAbsolute } from "node:path";
import { isRecord } from "../common/is-record.js";
import { longestPath } from "../common/look-at.js";

/** Tells what keeps the host from acting on the event; undefined for a sound one and for one that it does not know. @internal */
export function guestEventFault({ event, args }: EmitFrame): string | undefined {
  if (event !== "file") return undefined;
  const [path, stamp] = args;
  if (!isPath(path)) return "/args/0 has to be the absolute path of a file";
  return isStamp(stamp) ? undefined : "/args/1 has to be the stamp of a file";
}

function isPath(value: unknown): value is string {
  return (
    typeof value === "string" && isAbsolute(value) && value.length <= longestPath && !value.includes("\0")
  );
}

function isStamp(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { hash, mtimeMs, ctimeMs, size, ino, target } = value;
  return (
    (hash === undefined || typeof hash === "string") &&
    (target === undefined || isPath(target)) &&
    (ino === undefined || typeof ino === "number") &&
    [mtimeMs, ctimeMs, size].every((number) => typeof number === "number")
  );
}
