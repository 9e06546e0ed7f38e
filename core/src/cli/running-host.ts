/** Acts on the host that keeps its state here, which has to run. */
import { ExtensionError } from "@plugboard/extension-api";
import { attachHost, type AttachedControl } from "../control.js";
import type { CommandSurroundings } from "./command-context.js";
import { findConfig } from "./config-file.js";
import { stateFolderOf } from "./own-folders.js";
import { folderText } from "./output/path-text.js";
import { unlessStopped } from "./unless-stopped.js";

/**
 * Does the action with the host that runs and gives its exit code.
 *
 * @throws ExtensionError `CONTROL_MISSING` if none runs, and what attaching throws
 * @internal
 */
export async function withRunningHost(
  surroundings: CommandSurroundings,
  action: (control: AttachedControl) => Promise<number>,
): Promise<number> {
  const { io } = surroundings;
  const stateFolder = await stateFolderHere(surroundings);
  const control = await unlessStopped(attachHost(stateFolder), io);
  if (control === undefined) {
    const message = `No host runs that keeps its state in ${folderText(stateFolder, io.cwd)}.`;
    throw new ExtensionError("CONTROL_MISSING", message);
  }
  try {
    return await unlessStopped(action(control), io);
  } finally {
    control.dispose();
  }
}

/** Where the host that runs here keeps its state; the config file is read only where nothing else names the folder. @internal */
export async function stateFolderHere(surroundings: CommandSurroundings): Promise<string> {
  const settings = surroundings.options.state === undefined ? await findConfig(surroundings) : undefined;
  return stateFolderOf(surroundings, settings);
}
