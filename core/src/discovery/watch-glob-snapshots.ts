/**
 * Tells whether files that a manifest's `watch` names differ from what they were when a generation began.
 * Keeps sizes and times, not content: these files are the extension's own business.
 * Invariant: however many there are, nobody waits long for a turn of the event loop.
 */
import { EventLoopYielder } from "../common/event-loop-yielder.js";
import { lookAt } from "../common/look-at.js";
import { outlineOf } from "../manifest/manifest-outline.js";
import { WatchGlobs } from "../manifest/watch-globs.js";
import type { ExtensionDescription } from "./extension-description.js";
import { walkTree } from "./watched-tree.js";

/** Whoever runs from a description. @internal */
export interface DescribedOwner {
  readonly description: ExtensionDescription;
}

/** By path, what tells two states of a file apart. */
type States = ReadonlyMap<string, string>;

/** So long the files are looked at without a break: what few they mostly are, they are as of one moment. */
const momentMs = 10;

/** Snapshots of the watched files, one for each owner. @internal */
export class WatchGlobSnapshots {
  readonly #noted = new WeakMap<DescribedOwner, Promise<States>>();
  readonly #yielder = new EventLoopYielder();

  /** Remembers what the files are now. */
  note(owner: DescribedOwner): void {
    const globs = outlineOf(owner.description).watch ?? [];
    if (globs.length > 0) this.#noted.set(owner, this.#states(owner.description.folder, globs));
  }

  /** The files that came, went or changed since they were noted. Never rejects. */
  async changed(owner: DescribedOwner): Promise<readonly string[]> {
    const before = await this.#noted.get(owner);
    if (before === undefined) return [];
    const { folder } = owner.description;
    const now = await this.#states(folder, outlineOf(owner.description).watch ?? []);
    const changed: string[] = [];
    for (const [file, state] of now) {
      if (before.get(file) !== state) changed.push(file);
      const due = this.#yielder.due();
      if (due) await due;
    }
    for (const file of before.keys()) {
      if (!now.has(file)) changed.push(file);
      const due = this.#yielder.due();
      if (due) await due;
    }
    return changed;
  }

  async #states(folder: string, globs: readonly string[]): Promise<States> {
    const begunAt = Date.now();
    const momentEnds = performance.now() + momentMs;
    const states = new Map<string, string>();
    let isOneMoment = true;
    for (const item of walkTree(folder, new WatchGlobs(globs))) {
      if (item?.kind === "file")
        states.set(item.realPath, stateOf(item.path, isOneMoment ? Infinity : begunAt));
      if (performance.now() < momentEnds) continue;
      isOneMoment = false;
      const due = this.#yielder.due();
      if (due) await due;
    }
    return states;
  }
}

/** @param since - when the look began: a file that changed later is equal to nothing, for it is not what it was then */
function stateOf(file: string, since: number): string {
  const { found, code } = lookAt(file);
  if (found === undefined) return code;
  return found.ctimeMs >= since
    ? `changed, seen at ${performance.now()}`
    : `${found.mtimeMs} ${found.size} ${found.ino}`;
}
