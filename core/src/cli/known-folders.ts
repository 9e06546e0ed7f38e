/** The extensions that a folder is likely to be used with, for commands that check it without a host. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CommandSurroundings } from "./command-context.js";
import { hostSetup } from "./host-setup.js";

const packages = join("node_modules", "@plugboard");

/** Folders of extensions that hosts started here look into, and runtimes that are installed for the folder. @internal */
export async function knownFolders(context: CommandSurroundings, folder: string): Promise<readonly string[]> {
  // A config file that can't be used is told by the commands that need it.
  const setup = await hostSetup(context).catch(() => undefined);
  const { extensionFolders = [], developmentFolders = [] } = setup?.hostOptions ?? {};
  return [...developmentFolders, ...extensionFolders, ...installedRuntimes(folder)];
}

/** As Node finds packages: in the nearest folder that has any. */
function installedRuntimes(folder: string): readonly string[] {
  const place = join(folder, packages);
  if (existsSync(place))
    return namesIn(place)
      .filter((name) => name.startsWith("runtime-"))
      .map((name) => join(place, name));
  return folder === dirname(folder) ? [] : installedRuntimes(dirname(folder));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A file in its place, or a folder that may not be read, brings no runtimes; who needs one is told so.
    return [];
  }
}
