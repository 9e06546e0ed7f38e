/**
 * Looks at what lies at a path. Invariant: nothing that lies on a disk, whatever its name, its state or its rights,
 * makes a look throw; it answers what is there, or the system's word for why nothing can be seen. Asking Node not to
 * throw where there is no entry does not do that: a name that is too long, links in a ring, a folder that may not be
 * entered and a disk that fails throw all the same.
 */
import {
  lstatSync,
  opendirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  type BigIntStats,
  type Dir,
  type Dirent,
  type Stats,
} from "node:fs";
import { stat } from "node:fs/promises";

/** No system opens a path that is longer. @internal */
export const longestPath = process.platform === "win32" ? 32_768 : 4_096;

/** The result of a look, or the code of the system's answer instead, such as ENOENT. @internal */
export type Look<Found> =
  | { readonly found: Found; readonly code?: undefined }
  | { readonly found?: undefined; readonly code: string };

/** The state of the entry to which the path leads. @internal */
export function lookAt(path: string): Look<Stats> {
  try {
    // Most looks find nothing: an error object for each would cost more than the look.
    return seen(statSync(path, { throwIfNoEntry: false }));
  } catch (error) {
    return { code: errorCode(error) };
  }
}

/** The same to the nanosecond, and with the numbers of disks and files that a float does not hold. @internal */
export function lookExactlyAt(path: string): Look<BigIntStats> {
  try {
    return seen(statSync(path, { throwIfNoEntry: false, bigint: true }));
  } catch (error) {
    return { code: errorCode(error) };
  }
}

/** The entry itself, a link as a link. @internal */
export function lookAtEntry(path: string): Look<Stats> {
  try {
    return seen(lstatSync(path, { throwIfNoEntry: false }));
  } catch (error) {
    return { code: errorCode(error) };
  }
}

/** Does what {@link lookAt} does while others go on. Never rejects. @internal */
export async function lookLaterAt(path: string): Promise<Look<Stats>> {
  try {
    return { found: await stat(path) };
  } catch (error) {
    return { code: errorCode(error) };
  }
}

/** The entries of a folder. @internal */
export function lookInto(folder: string): Look<Dirent[]> {
  try {
    return { found: readdirSync(folder, { withFileTypes: true }) };
  } catch (error) {
    return { code: errorCode(error) };
  }
}

/**
 * The entries of a folder one by one, so that whoever takes them can let others have their turn; of a folder that
 * can't be read, or not to its end, those that could.
 *
 * @internal
 */
export function* lookThrough(folder: string): Generator<Dirent, void> {
  let open: Dir | undefined;
  try {
    open = opendirSync(folder, { bufferSize: 64 });
    for (let entry = open.readSync(); entry !== null; entry = open.readSync()) yield entry;
  } catch {
    // The rest can't be read.
  } finally {
    close(open);
  }
}

/** The target of the link, if the path is one. @internal */
export function lookAtLink(path: string): Look<string> {
  try {
    return { found: readlinkSync(path) };
  } catch (error) {
    return { code: errorCode(error) };
  }
}

/** The path that the system itself would give, without links. @internal */
export function lookBehind(path: string): Look<string> {
  try {
    return { found: realpathSync.native(path) };
  } catch (error) {
    return { code: errorCode(error) };
  }
}

/** Whether a folder is there. @internal */
export function isFolder(path: string): boolean {
  return lookAt(path).found?.isDirectory() === true;
}

/** Whether a link is there. @internal */
export function isLink(path: string): boolean {
  return lookAtEntry(path).found?.isSymbolicLink() === true;
}

/** Whether the code says that nothing is there, rather than that it may not or can't be seen. @internal */
export function saysMissing(code: string | undefined): boolean {
  return code === "ENOENT" || code === "ENOTDIR";
}

/** The system's name of an error, such as ENOENT. @internal */
export function errorCode(error: unknown): string {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return String(error);
}

function seen<Found>(stats: Found | undefined): Look<Found> {
  return stats === undefined ? { code: "ENOENT" } : { found: stats };
}

function close(open: Dir | undefined): void {
  try {
    open?.closeSync();
  } catch {
    // What was read is right, however the disk takes leave.
  }
}
