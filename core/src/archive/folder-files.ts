/**
 * Finds the files of an extension's folder: those that are packed, or all that lie there.
 * Follows no links. Invariant: what it gives can go into an archive as it is.
 */
import { createHash, hash } from "node:crypto";
import { open, readdir } from "node:fs/promises";
import { lstatSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { nonBlockingRead, readRegularBytes } from "../common/read-regular-file.js";
import { archiveError } from "./archive-error.js";
import { defaultArchiveLimits } from "./archive-limits.js";
import { EntryPaths, faultOfEntryPath } from "./entry-path.js";
import { inListOrder, signatureName, type ListedFile } from "./file-list.js";
import { readIgnoreRules } from "./ignore-rules.js";
import { neededPackages } from "./needed-packages.js";
import { secretFiles, secretRefused } from "./secret-files.js";
import type { ArchiveProgress } from "./read-archive.js";
import type { FileToPack } from "./write-archive.js";

/** Files that are read side by side. */
const atOnce = 16;
/** Bytes that are read at once: most files are smaller, and a stream for each takes many times as long. */
const smallFile = 128 * 1024;

/** Decides whether a path is looked at; that of a folder ends with a slash. */
type Filter = (path: string) => boolean;

/**
 * The files of an extension's folder that are packed: neither ignored nor of a package that is not needed.
 *
 * @throws ExtensionError with an `ARCHIVE_*` code for what can't be packed; `ARCHIVE_SECRET` for what nobody else
 *   may see
 * @internal
 */
export async function filesToPack(folder: string, id: string): Promise<readonly FileToPack[]> {
  const rules = await readIgnoreRules(folder, id);
  const packages = neededPackages(folder, rules);
  const files = await walk(
    folder,
    (path) => path !== signatureName && !rules.ignores(path) && isNeeded(path, packages),
  );
  const secrets = secretFiles(folder, files).filter(({ path }) => !rules.takesBack(path));
  if (secrets.length > 0) throw secretRefused(secrets);
  return files;
}

/**
 * Every file that lies in the folder, the signature's included: what was signed is handed on as it is.
 *
 * @throws ExtensionError with an `ARCHIVE_*` code for what can't be packed
 * @internal
 */
export async function allFiles(folder: string): Promise<readonly FileToPack[]> {
  return walk(folder, () => true);
}

/**
 * Every file that lies in the folder, hashed: what an installed extension consists of.
 *
 * @throws ExtensionError `ARCHIVE_LINK`, `ARCHIVE_SPECIAL_FILE` and the like: no archive brought those
 * @internal
 */
export async function listFolder(
  folder: string,
  onProgress?: (progress: ArchiveProgress) => void,
): Promise<readonly ListedFile[]> {
  const files = await allFiles(folder);
  const listed: ListedFile[] = [];
  let bytes = 0;
  for (let done = 0; done < files.length; done += atOnce) {
    const hashed = await Promise.all(
      files.slice(done, done + atOnce).map(async ({ path, size, isExecutable }) => ({
        path,
        isExecutable,
        ...(size <= smallFile
          ? hashSmall(join(folder, path), path)
          : await hashFile(join(folder, path), path)),
      })),
    );
    for (const { path, size, sha256, isExecutable } of hashed) {
      listed.push({ path, size, sha256, isExecutable });
      bytes += size;
      onProgress?.({ files: listed.length, totalFiles: files.length, bytes });
    }
  }
  return listed;
}

async function walk(folder: string, filter: Filter): Promise<readonly FileToPack[]> {
  const files: FileToPack[] = [];
  const paths = new EntryPaths();
  const open = [""];
  let bytes = 0;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const child of await childrenOf(folder, place)) {
      const path = place + child.name;
      if (child.isDirectory()) {
        if (filter(`${path}/`)) open.push(`${path}/`);
        continue;
      }
      if (!filter(path)) continue;
      const fault = faultOfEntryPath(path);
      if (fault !== undefined) throw fault;
      if (child.isSymbolicLink()) throw archiveError("ARCHIVE_LINK", `${path} is a link.`, { entry: path });
      if (!child.isFile())
        throw archiveError("ARCHIVE_SPECIAL_FILE", `${path} is not a file.`, { entry: path });
      paths.add(path, "file");
      const { size, mode } = lstatSync(join(folder, path));
      bytes += size;
      files.push({ path, size, isExecutable: (mode & 0o100) !== 0, content: join(folder, path) });
      refuseTooMuch(files.length, bytes);
    }
  }
  return inListOrder(files);
}

async function childrenOf(folder: string, place: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(join(folder, place), { withFileTypes: true });
  } catch (cause) {
    throw archiveError("ARCHIVE_UNREADABLE", `${join(folder, place)} can't be read.`, { cause });
  }
}

/** What the reader would refuse is not written; headers take at most a KB and a half a file. */
function refuseTooMuch(files: number, bytes: number): void {
  const limits = defaultArchiveLimits;
  if (files > limits.entries) {
    throw archiveError("ARCHIVE_TOO_MANY_ENTRIES", `It has more than ${limits.entries} files.`);
  }
  if (bytes + files * 2_048 > limits.bytes) {
    const limit = Math.round(limits.bytes / 2 ** 20);
    throw archiveError("ARCHIVE_TOO_LARGE", `It holds more than ${limit} MB.`);
  }
}

/** Outside node_modules everything; inside it what belongs to a package that is needed, or leads to one. */
function isNeeded(path: string, packages: ReadonlySet<string>): boolean {
  // As a link it is no folder, and leads to the same.
  if (/(?:^|\/)node_modules$/.test(path)) return isNeeded(`${path}/`, packages);
  const modules = path.lastIndexOf("node_modules/");
  if (modules === -1 || (modules > 0 && path[modules - 1] !== "/")) return true;
  const inside = path.slice(modules + "node_modules/".length);
  const [first = "", second = ""] = inside.split("/");
  if (first === "") return [...packages].some((one) => one.startsWith(path));
  const isScope = first.startsWith("@");
  if (isScope && second === "") return [...packages].some((one) => one.startsWith(path));
  return packages.has(path.slice(0, modules) + "node_modules/" + (isScope ? `${first}/${second}` : first));
}

function hashSmall(file: string, path: string): { size: number; sha256: string } {
  try {
    const bytes = readRegularBytes(file, smallFile);
    return { size: bytes.length, sha256: hash("sha256", bytes, "hex") };
  } catch (cause) {
    throw archiveError("ARCHIVE_UNREADABLE", `${path} can't be read.`, { entry: path, cause });
  }
}

async function hashFile(file: string, path: string): Promise<{ size: number; sha256: string }> {
  const digest = createHash("sha256");
  let size = 0;
  try {
    const handle = await open(file, nonBlockingRead);
    try {
      for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
        digest.update(chunk);
        size += chunk.length;
      }
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw archiveError("ARCHIVE_UNREADABLE", `${path} can't be read.`, { entry: path, cause });
  }
  return { size, sha256: digest.digest("hex") };
}
