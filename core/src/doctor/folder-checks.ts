/** The folders in which extensions are looked for: whether they can be read, by whom changed, and who installs into them. */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { lookAt, lookInto, saysMissing } from "../common/look-at.js";
import { installers } from "../install/version-store.js";
import { checkNamed, type Check } from "./check.js";

const everyone = 0o002;
const onlyOwnersRemove = 0o1000;
/** So many are named before the rest is counted. */
const mostNamed = 3;

/** Whether the host can read its folders, and nobody puts code into them who should not. @internal */
export function checkFolders(folders: readonly string[]): readonly Check[] {
  return folders.map(checkFolder);
}

/** Whether somebody installs, or was killed while installing. @internal */
export async function checkInstallLocks(folders: readonly string[]): Promise<readonly Check[]> {
  const { ok, warning } = checkNamed("locks");
  const found = await Promise.all(
    folders.map(async (folder) =>
      (await installers(folder)).map(({ processId, file, isGone }) =>
        isGone
          ? warning(
              `${file} was left by a process that is gone.`,
              "Remove it, or let the next install do so.",
            )
          : warning(`Process ${processId} installs into ${folder}.`, "Wait until it is done."),
      ),
    ),
  );
  const all = found.flat();
  return all.length > 0 ? all : [ok("No installation is under way, and none was left behind.")];
}

function checkFolder(folder: string): Check {
  const { ok, warning, problem } = checkNamed("folders");
  const { found: stat, code } = lookAt(folder);
  if (stat === undefined && saysMissing(code))
    return warning(`${folder} does not exist; a host waits for it.`, "Create it, or name another folder.");
  if (stat?.isDirectory() === false)
    return problem(`${folder} is not a folder.`, "Name a folder of extensions.");
  const { found: entries } = lookInto(folder);
  if (stat === undefined || entries === undefined || !allows(folder, constants.X_OK))
    return problem(`${folder} can't be read.`, "Give the user that runs the host the right to read it.");
  const unreadable = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => join(folder, name))
    .filter((path) => !allows(path, constants.R_OK | constants.X_OK));
  if (unreadable.length > 0)
    return problem(
      `${listed(unreadable)} can't be read.`,
      "Give the user that runs the host the right to read them.",
    );
  const isOpen = process.platform !== "win32" && (stat.mode & everyone) !== 0;
  if (isOpen) {
    const what =
      (stat.mode & onlyOwnersRemove) === 0
        ? "put code into it and replace what is there"
        : "put code into it";
    return warning(`Every user of this machine may ${what}: ${folder}.`, `chmod o-w ${folder}`);
  }
  return ok(
    allows(folder, constants.W_OK)
      ? `${folder} can be read and installed into.`
      : `${folder} can be read; it is read-only, so nothing can be installed into it.`,
  );
}

function allows(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function listed(paths: readonly string[]): string {
  const named = paths.slice(0, mostNamed).join(", ");
  return paths.length > mostNamed ? `${named} and ${paths.length - mostNamed} more` : named;
}
