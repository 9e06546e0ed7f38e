/** Where trusted keys lie unless the command line says otherwise. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CommandIo } from "./command-io.js";

/** The path given, or `.plugboard/keys` if that is there. @internal */
export function keysFolder({ cwd }: CommandIo, given: string | undefined): string | undefined {
  if (given !== undefined) return resolve(cwd, given);
  const usual = join(cwd, ".plugboard", "keys");
  return existsSync(usual) ? usual : undefined;
}
