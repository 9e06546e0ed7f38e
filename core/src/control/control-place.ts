/**
 * Where a host can be reached: a socket in its state folder that nobody but its user may use. Windows has no sockets among
 * files: there a pipe of a random name, which a file in the folder tells.
 */
import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { platform, userInfo } from "node:os";
import { join } from "node:path";
import { ExtensionError } from "@plugboard/extension-api";
import { lookAt, lookAtEntry, saysMissing } from "../common/look-at.js";

/** Bytes of a socket's path; Linux takes 107, others less. */
const longestPath = 103;

const onWindows = platform() === "win32";

/** The file that stands for a host in its state folder. @internal */
export function controlFile(stateFolder: string): string {
  return join(stateFolder, onWindows ? "host.pipe" : "host.sock");
}

/**
 * The address to listen at; the folder is made if it is missing.
 *
 * @throws ExtensionError `CONTROL_FOREIGN` if others could use what lies there, or the path is too long for a socket
 * @internal
 */
export async function newAddress(stateFolder: string): Promise<string> {
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  const file = controlFile(stateFolder);
  if (onWindows) {
    const address = `\\\\.\\pipe\\plugboard-${randomUUID()}`;
    await writeFile(file, address, { mode: 0o600 });
    return address;
  }
  const length = Buffer.byteLength(file);
  if (length > longestPath)
    throw foreign(file, `has ${length} bytes; a socket's path may have ${longestPath}`);
  assertPrivate(stateFolder);
  return file;
}

/** Lets nobody but its user connect. @internal */
export async function closeToOthers(address: string): Promise<void> {
  if (!onWindows) await chmod(address, 0o600);
}

/**
 * The address of the host that keeps its state in the folder, or has left one; undefined where none has been.
 *
 * @throws ExtensionError `CONTROL_FOREIGN` for one of another user
 * @internal
 */
export async function knownAddress(stateFolder: string): Promise<string | undefined> {
  const file = controlFile(stateFolder);
  const { found, code } = lookAtEntry(file);
  if (found === undefined) {
    if (saysMissing(code)) return undefined;
    throw foreign(file, `can't be looked at: ${code}`);
  }
  if (onWindows) return readFile(file, "utf8");
  // A link could lead to somebody else's; any other file is nobody's host.
  if (found.isSymbolicLink()) throw foreign(file, "is a link, not a socket");
  if (!found.isSocket()) return undefined;
  if (!isOurs(found.uid)) throw foreign(file, "belongs to another user");
  assertPrivate(stateFolder);
  return file;
}

/** Takes away what a host that was killed has left. @internal */
export async function removeStale(stateFolder: string): Promise<void> {
  await rm(controlFile(stateFolder), { force: true });
}

/** Others who may write the folder could put a socket of theirs in the host's place. */
function assertPrivate(stateFolder: string): void {
  const { found } = lookAt(stateFolder);
  if (found === undefined) return;
  if (!isOurs(found.uid)) throw foreign(stateFolder, "belongs to another user");
  if ((found.mode & 0o022) !== 0)
    throw foreign(stateFolder, "can be written by others: take that right away (chmod go-w)");
}

/** Root may steer the hosts of others, as it may do all else with them. */
function isOurs(owner: number): boolean {
  const { uid } = userInfo();
  return owner === uid || uid === 0;
}

function foreign(path: string, why: string): ExtensionError {
  return new ExtensionError("CONTROL_FOREIGN", `${path} ${why}.`, { details: { path } });
}
