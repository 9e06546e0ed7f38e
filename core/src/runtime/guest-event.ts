/**
 * Judges what a guest tells unasked. The frame schema leaves the arguments of an event open; here stands what the
 * host relies on before it acts on one.
 */
import type { EmitFrame } from "@plugboard/schemas";
import { isAbsolute } from "node:path";

/** Longer than the path of any file. */
const longestPath = 32_768;

/** Tells what keeps the host from acting on the event; undefined for a sound one and for one that it does not know. @internal */
export function guestEventFault({ event, args }: EmitFrame): string | undefined {
  if (event !== "file") return undefined;
  const [path, stamp] = args;
  if (typeof path !== "string" || !isAbsolute(path) || path.length > longestPath || path.includes("\0"))
    return "/args/0 has to be the absolute path of a file";
  return isStamp(stamp) ? undefined : "/args/1 has to be the stamp of a file";
}

function isStamp(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { hash, mtimeMs, ctimeMs, size } = value as Readonly<Record<string, unknown>>;
  return (
    (hash === undefined || typeof hash === "string") &&
    [mtimeMs, ctimeMs, size].every((number) => typeof number === "number")
  );
}
