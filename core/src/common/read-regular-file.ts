/**
 * Reads files that somebody else may have put there. Invariant: the wait is no longer than the disk's own;
 * a pipe or a device in a file's place is refused instead of being waited for.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";

/**
 * How to open a file without waiting: opening a pipe for reading would otherwise wait for a writer, and the
 * host with it. Windows knows neither the flag nor pipes among files.
 *
 * @internal
 */
export const nonBlockingRead =
  constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0);

/**
 * The text of a regular file of no more than `limit` bytes.
 *
 * @throws Error of the file system, or one that says what is in the file's place
 * @internal
 */
export function readRegularFile(file: string, limit: number): string {
  return readRegularBytes(file, limit).toString("utf8");
}

/**
 * The bytes of a regular file of no more than `limit` bytes.
 *
 * @throws Error of the file system, or one that says what is in the file's place
 * @internal
 */
export function readRegularBytes(file: string, limit: number): Buffer {
  const descriptor = openSync(file, nonBlockingRead);
  try {
    assertRegular(file, fstatSync(descriptor), limit);
    return readFileSync(descriptor);
  } finally {
    closeRead(descriptor);
  }
}

/** Does what {@link readRegularBytes} does while others go on. @internal */
export async function readRegularBytesLater(file: string, limit: number): Promise<Buffer> {
  const handle = await open(file, nonBlockingRead);
  try {
    assertRegular(file, await handle.stat(), limit);
    return await handle.readFile();
  } finally {
    // What came of reading is right, however the disk takes leave.
    await handle.close().catch(() => undefined);
  }
}

/** Closes what was only read: what came of that is right, however the disk takes leave. @internal */
export function closeRead(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // The descriptor is gone either way.
  }
}

/** @throws Error unless it is a regular file of no more than `limit` bytes. @internal */
export function assertRegular(file: string, stats: Stats, limit = Infinity): void {
  if (!stats.isFile()) throw new Error(`${file} is not a regular file`);
  if (stats.size > limit) throw new Error(`${file} has ${stats.size} bytes; at most ${limit} are read`);
}
