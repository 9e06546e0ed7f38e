/**
 * How many watches following folders takes, and how many the system has left for this user. Only Linux counts them;
 * elsewhere there is nothing to run out of.
 */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { isFolder, lookInto } from "../common/look-at.js";

/** Watches: those that the system allows a user, and those that the user's programs hold. @internal */
export interface WatchSupply {
  /** Watches that all programs of the user may hold. */
  readonly watches: number;
  /** Programs, or parts of them, of the user that may watch. */
  readonly instances: number;
  readonly usedWatches: number;
  readonly usedInstances: number;
}

/** A folder and the folder around it, which tells of its end. */
const watchesOfRoot = 2;

/**
 * The watches that following an extension folder takes before anything in it has run: one for each folder in it, or,
 * where it is one extension itself, for each file. Extensions that run add one for each further folder they load from.
 *
 * @internal
 */
export function watchesNeeded(folder: string, { isSingle }: { readonly isSingle: boolean }): number {
  const names = lookInto(folder).found?.map(({ name }) => name);
  // It is waited for, which takes no watch.
  if (names === undefined) return 0;
  const watched = isSingle ? names : names.filter((name) => isFolder(join(folder, name)));
  return watched.length + watchesOfRoot;
}

/** Watches allowed and in use; undefined where the system has no such limit. @internal */
export function watchSupply(proc = "/proc"): WatchSupply | undefined {
  const limit = (name: string) => Number(readFileSync(join(proc, "sys/fs/inotify", name), "utf8"));
  try {
    const [watches, instances] = [limit("max_user_watches"), limit("max_user_instances")];
    return { watches, instances, ...inUse(proc) };
  } catch {
    // Not Linux, or a system that shows nothing of itself.
    return undefined;
  }
}

/** Counts what can be seen: other containers of the same user count too, and are out of sight. */
function inUse(proc: string): Pick<WatchSupply, "usedWatches" | "usedInstances"> {
  const user = process.getuid?.();
  let usedWatches = 0;
  let usedInstances = 0;
  for (const name of readdirSync(proc)) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const program = join(proc, name);
      if (statSync(program).uid !== user) continue;
      for (const descriptor of readdirSync(join(program, "fd"))) {
        if (readlinkSync(join(program, "fd", descriptor)) !== "anon_inode:inotify") continue;
        const facts = readFileSync(join(program, "fdinfo", descriptor), "utf8");
        usedInstances += 1;
        usedWatches += facts.split("\n").filter((line) => line.startsWith("inotify ")).length;
      }
    } catch {
      // A program that has ended meanwhile, or closed what was looked at, holds nothing any more.
    }
  }
  return { usedWatches, usedInstances };
}
