/** Whether the system has watches enough to follow the folders. */
import { watchesNeeded, watchSupply, type WatchSupply } from "../discovery/watch-needs.js";
import { checkNamed, type Check } from "./check.js";

/** The folders that are to be followed. @internal */
export interface FollowedFolders {
  readonly extensionFolders: readonly string[];
  readonly developmentFolders: readonly string[];
}

/** What becomes of a host that gets no watch. */
const instead = "the host looks at its folders once a second instead";
const sensibleWatches = 524_288;
const sensibleInstances = 512;

/** Compares what following the folders takes with what is left. @internal */
export function checkWatches({ extensionFolders, developmentFolders }: FollowedFolders): readonly Check[] {
  const needed =
    sum(extensionFolders.map((folder) => watchesNeeded(folder, { isSingle: false }))) +
    sum(developmentFolders.map((folder) => watchesNeeded(folder, { isSingle: true })));
  return watchChecks(needed, watchSupply());
}

/** Judges what is left; no supply is one without a limit. @internal */
export function watchChecks(needed: number, supply: WatchSupply | undefined): readonly Check[] {
  const { ok, warning, problem } = checkNamed("watches");
  if (supply === undefined) return [ok("This system does not count watches.")];
  const { watches, instances, usedWatches, usedInstances } = supply;
  const moreWatches = `sysctl -w fs.inotify.max_user_watches=${Math.max(sensibleWatches, 4 * needed)}`;
  const found: Check[] = [];
  if (needed > watches) {
    found.push(
      problem(
        `Following the folders takes ${needed} watches and the limit is ${watches}; ${instead}.`,
        moreWatches,
      ),
    );
  } else if (needed > watches - usedWatches) {
    const left = Math.max(0, watches - usedWatches);
    found.push(
      warning(
        `Following the folders takes ${needed} watches and ${left} of ${watches} are left, unless the host runs already; without them ${instead}.`,
        moreWatches,
      ),
    );
  }
  if (usedInstances >= instances) {
    found.push(
      warning(
        `All ${instances} inotify instances of this user are taken, unless the host runs already; without one ${instead}.`,
        `sysctl -w fs.inotify.max_user_instances=${Math.max(sensibleInstances, 2 * instances)}`,
      ),
    );
  }
  if (found.length > 0) return found;
  return [
    ok(
      `Following the folders takes ${needed} watches of ${watches} (${usedWatches} in use), and an instance of ${instances} (${usedInstances} in use).`,
    ),
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
