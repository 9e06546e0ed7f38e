/**
 * Looks for symbolic links that lead out of an extension's folder. Node's permission model judges the path of
 * a link, never where it leads, so a folder with such a link must not be given to a child.
 * Looks at names only; what is linked by hard links can't be told from ordinary files.
 */
import { ExtensionError } from "@plugboard/extension-api";
import { opendir, readlink, realpath } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { isWithin } from "../../common/is-within.js";

/** What bounds the look at a folder. @internal */
export interface BoundaryOptions {
  readonly signal?: AbortSignal;
  /** The most entries to look at, `node_modules` included; 50,000 unless given. */
  readonly maximumEntries?: number;
}

/**
 * Makes sure that no link in the folder leads out of it, and gives the folder's real path.
 * Looks afresh each time: what was right a moment ago says nothing about now.
 *
 * @throws ExtensionError `RUNTIME_START_FAILED` naming the link, or saying that the folder is too large to be looked
 * at; the reason of the signal when it aborts
 * @internal
 */
export async function checkFolderBoundary(folder: string, options: BoundaryOptions = {}): Promise<string> {
  const { signal, maximumEntries = 50_000 } = options;
  const root = await realpath(folder);
  const folders = [root];
  let entries = 0;
  for (let current = folders.pop(); current !== undefined; current = folders.pop()) {
    signal?.throwIfAborted();
    for await (const entry of await opendir(current, { bufferSize: 256 })) {
      entries += 1;
      if (entries > maximumEntries) throw tooLarge(root, maximumEntries);
      const path = join(current, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isSymbolicLink()) await checkLink(root, path);
    }
  }
  return root;
}

/** A dangling link is judged by its text: what it names may come to be while the extension runs. */
async function checkLink(root: string, link: string): Promise<void> {
  const text = await readlink(link);
  const named = resolve(dirname(link), text);
  if (!isWithin(root, named)) throw leadsOut(root, link, named);
  let target;
  try {
    target = await realpath(link);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ELOOP" || code === "ENOTDIR") return;
    throw error;
  }
  if (!isWithin(root, target)) throw leadsOut(root, link, target);
}

function leadsOut(root: string, link: string, target: string): ExtensionError {
  const name = relative(root, link);
  return new ExtensionError(
    "RUNTIME_START_FAILED",
    `${name} is a link to ${target}, outside the extension's folder, where its process must not read. ` +
      "Put a copy there instead of the link, or run the extension in-process if you trust it",
    { details: { folder: root, link, target } },
  );
}

function tooLarge(root: string, maximumEntries: number): ExtensionError {
  return new ExtensionError(
    "RUNTIME_START_FAILED",
    `The folder has more than ${maximumEntries.toLocaleString("en")} entries, too many to look for links that lead ` +
      "out of it. Bundle the extension's packages, or leave out what it does not need",
    { details: { folder: root, maximumEntries } },
  );
}
