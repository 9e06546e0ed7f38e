/**
 * Writes a new extension so that it is there whole or not at all: into a folder beside its place that no host looks at,
 * from which it is moved when everything is written.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StopReason } from "../command-io.js";
import { InputError, StoppedError } from "../exit-code.js";
import type { ProjectFiles } from "./render-template.js";

/** A host sees an extension as soon as it sees this. */
const manifestName = "plugin.json5";

/** What stands where a new extension is to be. @internal */
export type Place = "nothing" | "empty folder";

/**
 * Looks whether an extension can be put there.
 *
 * @throws InputError `CREATE_OCCUPIED`
 * @internal
 */
export async function examinePlace(folder: string): Promise<Place> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return "nothing";
    if (code === "ENOTDIR") throw occupied(folder);
    throw unwritable(folder, error);
  }
  if (names.length > 0) throw occupied(folder);
  return "empty folder";
}

/**
 * Writes the files. If that fails, or the signal aborts meanwhile, what was not there before is gone again.
 *
 * @throws InputError `CREATE_OCCUPIED`, `CREATE_UNWRITABLE`; StoppedError
 * @internal
 */
export async function writeProject(folder: string, files: ProjectFiles, signal: AbortSignal): Promise<void> {
  const place = await examinePlace(folder);
  const parent = place === "nothing" ? dirname(folder) : folder;
  const aside = join(parent, `.plugboard-create-${randomUUID()}`);
  let firstMade: string | undefined;
  try {
    firstMade = await mkdir(parent, { recursive: true });
    await writeFiles(aside, files);
    if (signal.aborted) throw new StoppedError(signal.reason as StopReason);
    // Whoever stands in an empty folder would stand nowhere if another took its place.
    if (place === "nothing") await rename(aside, folder);
    else await moveContent(aside, folder);
    firstMade = undefined;
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    // Somebody else was faster.
    if (code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR") throw occupied(folder);
    throw unwritable(folder, error);
  } finally {
    await rm(aside, { recursive: true, force: true });
    if (firstMade !== undefined) await removeEmptyFolders(parent, firstMade);
  }
}

async function writeFiles(folder: string, files: ProjectFiles): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function moveContent(from: string, folder: string): Promise<void> {
  const names = (await readdir(from)).filter((name) => name !== manifestName);
  const moved: string[] = [];
  try {
    for (const name of [...names, manifestName]) {
      await rename(join(from, name), join(folder, name));
      moved.push(join(folder, name));
    }
  } catch (error) {
    for (const path of moved) await rm(path, { recursive: true, force: true });
    throw error;
  }
}

/** From the last up to the first that was made; one that somebody uses meanwhile stays. */
async function removeEmptyFolders(last: string, first: string): Promise<void> {
  try {
    for (let folder = last; ; folder = dirname(folder)) {
      await rmdir(folder);
      if (folder === first) return;
    }
  } catch {
    // What can't be removed holds no half of an extension.
  }
}

function occupied(folder: string): InputError {
  const advice = "Name a folder that does not exist, or one that is empty.";
  return new InputError("CREATE_OCCUPIED", `${folder} is there already, and not an empty folder.`, advice);
}

function unwritable(folder: string, error: unknown): InputError {
  const { message } = error as Error;
  const advice = "Check free space and the folder's permissions.";
  return new InputError("CREATE_UNWRITABLE", `${folder} can't be written: ${message}`, advice);
}
