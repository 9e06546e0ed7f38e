/** Tells whether the files of a folder are still those that were read, without reading them again. */
import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { allFiles } from "./folder-files.js";

/** Two changes of a file within a tick of the kernel's clock, which is some milliseconds, look like one. */
const freshMs = 50;

/**
 * Names what the system says of the folder's files; undefined while one of them is so fresh that its next change
 * could go unnoticed.
 *
 * @throws ExtensionError with an `ARCHIVE_*` code for what no archive brings
 * @internal
 */
export async function folderStamp(folder: string, now = Date.now()): Promise<string | undefined> {
  const hash = createHash("sha256");
  for (const { path } of await allFiles(folder)) {
    const { ino, size, mode, mtimeNs, ctimeNs } = lstatSync(join(folder, path), { bigint: true });
    if (Number(ctimeNs / 1_000_000n) > now - freshMs) return undefined;
    hash.update(`${ino} ${size} ${mode} ${mtimeNs} ${ctimeNs} ${path}\n`);
  }
  return hash.digest("hex");
}
