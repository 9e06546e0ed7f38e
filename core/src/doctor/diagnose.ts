/**
 * Looks at everything that a host depends on and that is not an extension: the machine, the folders and who may get at
 * them. Invariant: it changes nothing and never rejects because of what it finds.
 */
import { tmpdir } from "node:os";
import { thrownText } from "../common/thrown-text.js";
import { checkNamed, type Check } from "./check.js";
import { checkFolders, checkInstallLocks } from "./folder-checks.js";
import { checkInstalled } from "./installed-checks.js";
import { checkNode, checkSandbox, checkTemporaryFolder, checkTypeScript } from "./machine-checks.js";
import { checkKeys, checkState } from "./private-checks.js";
import { checkWatches } from "./watch-checks.js";

/** The folders and files to check. Paths are absolute. @public */
export interface DiagnoseOptions {
  /** Folders of extensions. */
  readonly extensionFolders?: readonly string[];
  /** Folders that are one extension each. */
  readonly developmentFolders?: readonly string[];
  /** Where the host keeps its state. */
  readonly stateFolder?: string;
  /** A folder of trusted keys, or one key's file. */
  readonly keys?: string;
}

/** Looks and says what to do about what is not as it has to be; the checks come in a fixed order. @public */
export async function diagnose(options: DiagnoseOptions = {}): Promise<readonly Check[]> {
  const { extensionFolders = [], developmentFolders = [], stateFolder, keys } = options;
  const folders = [...developmentFolders, ...extensionFolders];
  const checks: readonly (readonly [string, () => readonly Check[] | Promise<readonly Check[]>])[] = [
    ["node", () => checkNode(process.versions.node)],
    ["typescript", checkTypeScript],
    ["sandbox", checkSandbox],
    ["temporary", () => checkTemporaryFolder(tmpdir())],
    ["folders", () => checkFolders(folders)],
    ["watches", () => checkWatches({ extensionFolders, developmentFolders })],
    ["state", () => (stateFolder === undefined ? [] : checkState(stateFolder))],
    ["locks", () => checkInstallLocks(extensionFolders)],
    ["installed", () => checkInstalled(extensionFolders, keys)],
    ["keys", () => (keys === undefined ? [] : checkKeys(keys))],
  ];
  return (await Promise.all(checks.map(([name, look]) => outcomeOf(name, look)))).flat();
}

/** What can't even be looked at is a finding as well. */
async function outcomeOf(
  name: string,
  look: () => readonly Check[] | Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    const message = `This could not be looked at: ${thrownText(error)}`;
    return [checkNamed(name).problem(message, "Run it as the user that runs the host.")];
  }
}
