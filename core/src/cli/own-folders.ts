/** Where the host of a command line keeps its state, and which keys it trusts: by the words, the config file, the custom. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CommandSurroundings } from "./command-context.js";
import { assertOwn } from "./foreign-owner.js";

/** What the config file says of the folders. @internal */
export interface FolderSettings {
  readonly stateFolder?: string;
  readonly keys?: string;
  /** Where its relative paths begin. */
  readonly base: string;
}

type Asking = Pick<CommandSurroundings, "io" | "options">;

/** Where the host keeps its state. @throws InputError `CONFIG_FOREIGN` @internal */
export function stateFolderOf({ io, options }: Asking, settings?: FolderSettings): string {
  if (options.state !== undefined) return resolve(io.cwd, options.state);
  if (settings?.stateFolder !== undefined) return resolve(settings.base, settings.stateFolder);
  const usual = join(io.cwd, ".plugboard");
  assertOwn(usual, "--state");
  assertOwn(join(usual, "host.sock"), "--state");
  return usual;
}

/** Where trusted keys lie, or would: a folder, or one key's file. @internal */
export function keysFolderOf(asking: Asking, settings?: FolderSettings): string {
  if (settings?.keys !== undefined) return resolve(settings.base, settings.keys);
  return join(stateFolderOf(asking, settings), "keys");
}

/** The trusted keys that the host uses; undefined if nobody named any and none lie in the usual place. @internal */
export function trustedKeysOf(asking: Asking, settings?: FolderSettings): string | undefined {
  const keys = keysFolderOf(asking, settings);
  return settings?.keys !== undefined || existsSync(keys) ? keys : undefined;
}
