/** Tells one folder from another that stands, or stood, at the same path. */
import { lookExactlyAt } from "./look-at.js";

/**
 * Names the folder behind the path; `undefined` when there is none, or none that is ours to see. The time of birth
 * belongs to it, since a disk gives the number of a deleted folder to the next one made.
 *
 * @internal
 */
export function folderIdentity(path: string): string | undefined {
  const { found } = lookExactlyAt(path);
  return found?.isDirectory() === true ? `${found.dev} ${found.ino} ${found.birthtimeNs}` : undefined;
}
