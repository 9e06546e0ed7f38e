/** Makes host options of the command line, the config file and the defaults. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { greeters, transformers } from "@plugboard/extension-api";
import type { HostOptions } from "../index.js";
import type { CommandSurroundings } from "./command-context.js";
import { findConfig } from "./config-file.js";
import { hasCurrentFolder } from "./current-folder.js";
import { InputError, UsageError } from "./exit-code.js";
import { folderText } from "./output/path-text.js";
import { stateFolderOf, trustedKeysOf } from "./own-folders.js";

/** What a command needs to make its host. @internal */
export interface HostSetup {
  readonly hostOptions: HostOptions;
  /** Absolute paths of all folders in which extensions are looked for. */
  readonly folders: readonly string[];
  /** Those of them that did not exist when the command began. */
  readonly missingFolders: readonly string[];
}

/** What a command brings to its host of its own. @internal */
export interface SetupDefaults {
  /** Folders that are one extension each, before those of the config file; absolute. */
  readonly developmentFolders?: readonly string[];
  /** Folders of extensions where neither the command line nor the config file names any. */
  readonly usualFolders?: readonly string[];
}

/** Reads the config file, if there is one, and puts the command line over it. @internal */
export async function hostSetup(
  context: CommandSurroundings,
  { developmentFolders: given = [], usualFolders = ["./extensions"] }: SetupDefaults = {},
): Promise<HostSetup> {
  const { io, options } = context;
  const config = await findConfig(context);
  const extensionFolders = (options.extensions ?? config.folders ?? usualFolders).map((folder) =>
    resolve(options.extensions === undefined ? config.base : io.cwd, folder),
  );
  const listed = (config.developmentFolders ?? []).map((folder) => resolve(config.base, folder));
  const developmentFolders = [...new Set([...given, ...listed])];
  const folders = [...developmentFolders, ...extensionFolders];
  const keys = trustedKeysOf(context, config);
  const namesState = options.state !== undefined || config.stateFolder !== undefined;
  const exists = await Promise.all(folders.map(isFolder));
  return {
    folders,
    missingFolders: folders.filter((_folder, index) => exists[index] === false),
    hostOptions: {
      extensionFolders,
      developmentFolders,
      points: [greeters, transformers],
      // Where the current directory has been removed and nothing else is named, nothing is remembered.
      ...((namesState || hasCurrentFolder(io)) && { stateFolder: stateFolderOf(context, config) }),
      ...(config.settings && { settings: config.settings }),
      ...(config.enabled && { enabled: config.enabled }),
      ...(config.disabled && { disabled: config.disabled }),
      ...(config.limits && { limits: config.limits }),
      ...(config.restart && { restart: config.restart }),
      ...(config.trust && { trust: config.trust }),
      ...(keys !== undefined && { keys }),
      ...(config.revokedKeys && { revokedKeys: config.revokedKeys }),
      ...(config.lockfile !== undefined && { lockfile: resolve(config.base, config.lockfile) }),
      ...(config.grants && { grants: config.grants }),
      ...(config.runtimePolicy && { runtimePolicy: config.runtimePolicy }),
      ...(config.file !== undefined && { configFile: config.file }),
    },
  };
}

/** Where extensions are installed. @internal */
export interface InstallFolders {
  /** The first folder in which hosts look for them. */
  readonly extensionFolder: string;
  /** The others. */
  readonly otherFolders: readonly string[];
  /** The keys that the host trusts. */
  readonly keys: string | undefined;
}

/** The folders that installing has to do with. @internal */
export async function installFolders(context: CommandSurroundings): Promise<InstallFolders> {
  const { hostOptions } = await hostSetup(context);
  const [extensionFolder, ...otherFolders] = hostOptions.extensionFolders ?? [];
  if (extensionFolder === undefined) {
    throw new UsageError("there is no folder of extensions to install into");
  }
  return { extensionFolder, otherFolders, keys: hostOptions.keys };
}

/** Notes each missing folder; if all are missing, there is nothing to work on. */
export async function reportMissingFolders(
  setup: HostSetup,
  { io, output }: CommandSurroundings,
): Promise<void> {
  if (setup.missingFolders.length === 0) return;
  if (setup.missingFolders.length === setup.folders.length) {
    throw new InputError(
      "DISCOVERY_FOLDER_MISSING",
      missingText(setup.missingFolders, io.cwd),
      missingAdvice,
    );
  }
  for (const folder of setup.missingFolders) output.note(missingText([folder], io.cwd));
}

/** What to do about a missing folder. */
const missingAdvice =
  "Create it and put extension folders into it, or name another folder with --extensions <dir>.";

/** Says which folders are not there. @internal */
export function missingText(folders: readonly string[], cwd: string): string {
  const names = folders.map((folder) => folderText(folder, cwd)).join(", ");
  return folders.length === 1 ? `The folder ${names} does not exist.` : `The folders ${names} do not exist.`;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Whatever keeps it from being looked at, the host names it with the reason.
    return false;
  }
}
