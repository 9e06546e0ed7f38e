/**
 * Reads files that somebody else may have put there. Invariant: the wait is no longer than the disk's own;
 * a pipe or a device in a file's place is refused instead of being waited for.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/**
 * The text of a regular file of no more than `limit` bytes.
 *
 * @throws Error of the file system, or one that says what is in the file's place
 * @internal
 */
export function readRegularFile(file: string, limit: number): string {
  // Opening a pipe for reading would otherwise wait for a writer; where there are none the flag is not there.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error(`${file} is not a regular file`);
    if (stat.size > limit) throw new Error(`${file} has ${stat.size} bytes; at most ${limit} are read`);
    return readFileSync(descriptor, "utf8");
  } finally {
    closeSync(descriptor);
  }
}
