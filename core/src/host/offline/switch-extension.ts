/** Enables and disables extensions where no host is at hand: through the state folder that hosts follow. */
import { resolve } from "node:path";
import type { ExtensionFolders } from "../face/extension-folders.js";
import { listedExtension } from "./listed-extensions.js";
import { StateFolder } from "../state/state-folder.js";

/** Which extension is meant, and how it is to be. @public */
export interface SwitchOptions extends ExtensionFolders {
  /** Whether it may run. */
  readonly isEnabled: boolean;
  /** Where the hosts concerned keep their state. */
  readonly stateFolder: string;
}

/** The result of a switch. @public */
export interface SwitchedExtension {
  /** Which. */
  readonly id: string;
  /** Whether it may run. */
  readonly enabled: boolean;
  /** Whether that is new. */
  readonly changed: boolean;
}

/**
 * Enables or disables an extension for every host that keeps its state in the folder: one that runs and watches obeys
 * within a second, others when they start. To enable one that crashed too often starts it again. Runs no code of
 * extensions.
 *
 * @throws ExtensionError `EXTENSION_UNKNOWN` if no folder holds an extension of this id and none was disabled,
 *   `STATE_UNREADABLE`, `STATE_UNWRITABLE`
 * @public
 */
export async function switchExtension(
  id: string,
  { isEnabled, stateFolder, ...folders }: SwitchOptions,
): Promise<SwitchedExtension> {
  const state = new StateFolder(resolve(stateFolder));
  const wasEnabled = !state.disabled().includes(id);
  // One that was disabled may have been removed since, and may still be enabled.
  if (wasEnabled) await listedExtension(id, folders);
  // One that was enabled and crashed too often is started again by that.
  if (isEnabled || wasEnabled) await state.setDisabled(id, { isDisabled: !isEnabled });
  return { id, enabled: isEnabled, changed: wasEnabled !== isEnabled };
}
