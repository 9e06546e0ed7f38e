/** Tells one state of a file from another, where whoever changes it puts a new file in its place. */
import { statSync } from "node:fs";

/** Names the file that is there now; undefined if there is none, or none that can be looked at. @internal */
export function fileIdentity(file: string): string | undefined {
  try {
    const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
    return stat && `${stat.dev} ${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}`;
  } catch {
    // A folder on the way that can't be looked into is told when the file is read.
    return undefined;
  }
}
