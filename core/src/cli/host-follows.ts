/** Waits for the host that runs here: whoever changes what it follows, and asks it next, counts on what was changed. */
import { setTimeout } from "node:timers/promises";
import { isExtensionError } from "@plugboard/extension-api";
import { attachHost, type ExtensionRecord } from "../control.js";
import type { CommandSurroundings } from "./command-context.js";
import { hostSetup } from "./host-setup.js";
import { unlessStopped } from "./unless-stopped.js";

/** How long is waited at most; a host that needs longer, as its extensions do, follows all the same. */
const followMs = 2_000;
const lookAgainMs = 50;

/**
 * Resolves when the list of the host that runs shows the change, or after two seconds; at once if none runs. One that
 * can't be asked is told of.
 *
 * @internal
 */
export async function hostFollows(
  surroundings: CommandSurroundings,
  isShown: (extensions: readonly ExtensionRecord[]) => boolean,
): Promise<void> {
  const { stateFolder } = (await hostSetup(surroundings)).hostOptions;
  if (stateFolder === undefined) return;
  try {
    await unlessStopped(waitForHost(stateFolder, isShown), surroundings.io);
  } catch (error) {
    if (!isExtensionError(error)) throw error;
    surroundings.output.error(error);
  }
}

/** The same for versions that were put in place, by id; one that the host can't use is as good as shown. @internal */
export function hostHasVersions(
  surroundings: CommandSurroundings,
  versions: ReadonlyMap<string, string>,
): Promise<void> {
  return hostFollows(surroundings, (extensions) =>
    Array.from(versions).every(([id, version]) =>
      extensions.some(
        (one) => one.id === id && (one.version === version || one.candidate?.reason !== undefined),
      ),
    ),
  );
}

async function waitForHost(
  stateFolder: string,
  isShown: (extensions: readonly ExtensionRecord[]) => boolean,
): Promise<void> {
  const control = await attachHost(stateFolder);
  if (control === undefined) return;
  try {
    const end = performance.now() + followMs;
    while (performance.now() < end) {
      const { extensions } = await control.list();
      if (isShown(extensions)) return;
      await setTimeout(lookAgainMs);
    }
  } finally {
    control.dispose();
  }
}
