/** Finds the file with the host's settings. Where there is none, nothing of the host is loaded. */
import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import type { HostConfig } from "../index.js";
import type { CommandSurroundings } from "./command-context.js";
import { InputError, UsageError } from "./exit-code.js";
import { assertOwn } from "./foreign-owner.js";
import { folderText } from "./output/path-text.js";

const configFileName = "plugboard.config.json5";

/** What the config file says, if there is one, and where its relative paths begin. @internal */
export interface FoundConfig extends HostConfig {
  readonly file?: string;
  readonly base: string;
}

/**
 * Reads the config file, and tells what is wrong with it.
 *
 * @throws InputError when it can't be used, UsageError when one was named and is not there
 * @internal
 */
export async function findConfig({ io, options, output }: CommandSurroundings): Promise<FoundConfig> {
  const file = resolve(io.cwd, options.config ?? configFileName);
  if (options.config === undefined) assertOwn(file, "--config");
  const { readHostConfig } = (await isThere(file)) ? await import("../index.js") : {};
  const found = await readHostConfig?.(file);
  if (found === undefined) {
    if (options.config !== undefined) throw new UsageError(`there is no config file ${options.config}`);
    return { base: io.cwd };
  }
  for (const problem of found.problems) output.problem(problem);
  if (found.config === undefined) {
    throw new InputError("CONFIG_INVALID", `The config file ${folderText(file, io.cwd)} can't be used.`);
  }
  return { ...found.config, file, base: resolve(file, "..") };
}

/** What can't be looked at is there, and its reader says why it can't be read. */
function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
  );
}
