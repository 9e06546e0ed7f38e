/**
 * Ends children and removes folders that a killed host left behind. Reads records of folders; trusts none of them with
 * more than the id of a process that still is the one it was.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { identify, processSpace, type ProcessIdentity } from "./process-identity.js";
import { recordEnding, removeAll, type FolderRecord } from "./private-folders.js";

/** What a sweep has found. @internal */
export interface Sweep {
  /** Ids of processes that were ended. */
  readonly ended: readonly number[];
  /** Folders that were removed. */
  readonly removed: readonly string[];
}

/** Another host may be between the making of a record and that of its folder. */
const freshMs = 60_000;

/**
 * Sweeps one folder of {@link PrivateFolders}. Never rejects: what can't be read or removed stays.
 *
 * @internal
 */
export async function sweepLeftovers(root: string): Promise<Sweep> {
  const ended: number[] = [];
  const removed: string[] = [];
  const space = await processSpace();
  const names = await readdir(root).catch(() => []);
  const folders = new Set(
    names.map((name) => (name.endsWith(recordEnding) ? name.slice(0, -recordEnding.length) : name)),
  );
  for (const name of folders) {
    const path = join(root, name);
    const record = await readRecord(path + recordEnding);
    if (record === undefined ? await isFresh(path) : await isInUse(record, space)) continue;
    if (record?.child !== undefined && record.space === space && (await endIfSame(record.child))) {
      ended.push(record.child.id);
    }
    await removeAll(path);
    await removeAll(path + recordEnding);
    removed.push(path);
  }
  return { ended, removed };
}

/** What another set of processes uses can't be judged from here, unless the machine has been started anew since. */
async function isInUse({ space, host }: FolderRecord, ownSpace: string): Promise<boolean> {
  if (space !== ownSpace) return bootOf(space) === bootOf(ownSpace);
  // On Windows a process can't be told from a later one: the folder goes when the system cleans up.
  if (host === undefined) return true;
  return isSame(host);
}

function bootOf(space: string): string {
  return space.split(" ")[0] ?? "";
}

async function isSame({ id, started }: ProcessIdentity): Promise<boolean> {
  return (await identify(id))?.started === started;
}

async function endIfSame(child: ProcessIdentity): Promise<boolean> {
  if (!(await isSame(child))) return false;
  try {
    // It was started at the head of a group, which holds what it started itself.
    process.kill(-child.id, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

async function isFresh(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.ctimeMs < freshMs;
}

async function readRecord(file: string): Promise<FolderRecord | undefined> {
  try {
    const value = JSON.parse(await readFile(file, "utf8")) as Partial<Record<keyof FolderRecord, unknown>>;
    if (typeof value.space !== "string") return undefined;
    return { space: value.space, host: asIdentity(value.host), child: asIdentity(value.child) };
  } catch {
    return undefined;
  }
}

function asIdentity(value: unknown): ProcessIdentity | undefined {
  const { id, started } = (value ?? {}) as Partial<Record<keyof ProcessIdentity, unknown>>;
  // An id of 1 or less would stand for every process there is.
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id <= 1 || typeof started !== "string")
    return undefined;
  return { id, started };
}
