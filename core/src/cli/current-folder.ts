/** The current directory, which somebody may have removed since the command's shell went there. */
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { CommandIo } from "./command-io.js";
import { UsageError } from "./exit-code.js";

/** Whether it is still there: what is not, must not be made anew for the sake of a file in it. @internal */
export function hasCurrentFolder({ cwd }: Pick<CommandIo, "cwd">): boolean {
  return existsSync(cwd);
}

/**
 * Lets a command go on that is about to write something there.
 *
 * @param path - what it writes, if it was told so; an absolute path lies elsewhere
 * @throws UsageError if the current directory is gone
 * @internal
 */
export function requireCurrentFolder({ cwd }: Pick<CommandIo, "cwd">, path = "."): void {
  if (!isAbsolute(path) && !existsSync(cwd))
    throw new UsageError(`the current directory ${cwd} has been removed; change to one that is there`);
}
