import { existsSync } from "node:fs";
import { dirname } from "node:path";

/** The path itself, or the nearest folder above it that is there: what is not there yet may be made in it. @internal */
export function nearestExisting(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestExisting(dirname(path));
}
