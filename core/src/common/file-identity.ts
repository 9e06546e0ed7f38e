/** Tells one state of a file from another, where whoever changes it puts a new file in its place. */
import { lookExactlyAt } from "./look-at.js";

/**
 * Names the file that is there now; undefined if there is none, or none that can be looked at: a folder on the way that
 * can't be looked into is told when the file is read.
 *
 * @internal
 */
export function fileIdentity(file: string): string | undefined {
  const { found } = lookExactlyAt(file);
  return found && `${found.dev} ${found.ino} ${found.mtimeNs} ${found.ctimeNs} ${found.size}`;
}
