/** Tells one folder from another that stands, or stood, at the same path. */
import { statSync } from "node:fs";

/**
 * Names the folder behind the path; `undefined` when there is none. The time of birth belongs to it, since a disk
 * gives the number of a deleted folder to the next one made.
 *
 * @internal
 */
export function folderIdentity(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    return stat?.isDirectory() ? `${stat.dev} ${stat.ino} ${stat.birthtimeNs}` : undefined;
  } catch {
    // Not a folder, or not ours to see: either way nothing that could be watched.
    return undefined;
  }
}
