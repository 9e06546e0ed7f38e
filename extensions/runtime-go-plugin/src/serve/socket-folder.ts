/** Where a plugin's socket lies: a folder of its own below the one for temporary files, and short enough for a socket. */
import { tmpdir } from "node:os";

/** How the folder's name begins. @internal */
export const socketFolderPrefix = "plugboard-plugin-";

/** Leaves room for the folder and the socket in what a socket's path may have. */
const maxParentBytes = 70;

/** Where the folder is made. @internal */
export function socketFolderParent(): string {
  return Buffer.byteLength(tmpdir()) > maxParentBytes ? "/tmp" : tmpdir();
}
