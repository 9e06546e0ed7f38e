/**
 * Watches one directory and says to which name in it something happened. Where it can't be watched it is looked at
 * from time to time instead, until it can be.
 * Invariant: from the moment it is made, no change is missed; after a change of means everything is said to be concerned.
 */
import { watch as watchPlainly, type FSWatcher } from "node:fs";
import { sep } from "node:path";
import { EventLoopYielder } from "../common/event-loop-yielder.js";
import { folderIdentity } from "../common/folder-identity.js";
import { errorCode, lookAt, lookThrough, saysMissing } from "../common/look-at.js";
import type { WatchDirectory } from "./root-watcher.js";

/** Options of watching a directory. @internal */
export interface WatchedDirectoryOptions {
  /** The names that matter in it, or that all do. */
  readonly names: () => Iterable<string> | "all";
  /** Something happened to the name, or to anything. */
  readonly onEvent: (name: string | undefined) => void;
  /** It can't be watched, and is looked at instead; `undefined` once it is watched again, or by nobody any more. */
  readonly onFault: (fault: { readonly cause: unknown } | undefined) => void;
  /** Looks this often instead of watching. */
  readonly pollingMs?: number | undefined;
  /** Watches a directory; for tests that inject faults. */
  readonly watchDirectory?: WatchDirectory | undefined;
}

const fallBackPollMs = 1_000;
const retryWatchMs = 60_000;

/** A directory that is watched until it is closed. @internal */
export class WatchedDirectory {
  readonly path: string;
  /** Which directory it is: another one may have the path by now. */
  readonly identity: string | undefined;
  readonly #options: WatchedDirectoryOptions;
  readonly #yielder = new EventLoopYielder();
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isFaulty = false;
  #isClosed = false;

  constructor(path: string, options: WatchedDirectoryOptions) {
    this.path = path;
    this.#options = options;
    this.identity = folderIdentity(path);
    if (options.pollingMs === undefined) this.#watch();
    else this.#pollEvery(options.pollingMs);
  }

  /** Whether another directory, or none, has the path now. */
  get hasMoved(): boolean {
    return folderIdentity(this.path) !== this.identity;
  }

  /** Watches no longer; nothing is said any more. */
  close(): void {
    this.#isClosed = true;
    this.#watcher?.close();
    clearInterval(this.#poll);
    clearTimeout(this.#retry);
    this.#endFault();
  }

  #watch(): void {
    const { watchDirectory = watchPlainly } = this.#options;
    try {
      const watcher = watchDirectory(this.path, { persistent: false });
      this.#watcher = watcher;
      watcher.on("change", (_event, name) => this.#tell(typeof name === "string" ? name : undefined));
      watcher.on("error", (error) => {
        // Windows says EPERM of a directory that is deleted while it is watched.
        if (this.hasMoved) this.#tell(undefined);
        else this.#fallBack(error);
      });
      clearInterval(this.#poll);
      this.#endFault();
    } catch (error) {
      // A directory that went meanwhile leaves its parent to be watched. One that was only looked at goes on being so.
      if (!saysMissing(errorCode(error))) this.#fallBack(error);
      else if (this.#isFaulty) this.#retryLater();
      else this.#tellSoon();
    }
  }

  #fallBack(cause: unknown): void {
    if (this.#isClosed) return;
    this.#watcher?.close();
    this.#watcher = undefined;
    if (!this.#isFaulty) {
      this.#isFaulty = true;
      this.#options.onFault({ cause });
      this.#pollEvery(fallBackPollMs);
      this.#tellSoon();
    }
    this.#retryLater();
  }

  #retryLater(): void {
    this.#retry = setTimeout(() => {
      this.#watch();
      this.#tellSoon();
    }, retryWatchMs).unref();
  }

  #endFault(): void {
    if (!this.#isFaulty) return;
    this.#isFaulty = false;
    this.#options.onFault(undefined);
  }

  #tell(name: string | undefined): void {
    if (!this.#isClosed) this.#options.onEvent(name);
  }

  /** Whoever makes this has not told yet what matters in it. */
  #tellSoon(): void {
    queueMicrotask(() => this.#tell(undefined));
  }

  #pollEvery(intervalMs: number): void {
    const known = new Map<string, string>();
    let isFirst = true;
    const look = (): void => {
      if (this.#isLooking) return;
      this.#isLooking = true;
      const end = (): void => {
        this.#isLooking = false;
      };
      this.#compareEntries(known, { isFirst }).then(end, (cause: unknown) => {
        end();
        this.#options.onFault({ cause });
      });
      isFirst = false;
    };
    // What matters is filled in after this returns, within the same turn.
    queueMicrotask(look);
    clearInterval(this.#poll);
    this.#poll = setInterval(look, intervalMs).unref();
  }

  async #compareEntries(
    known: Map<string, string>,
    { isFirst }: { readonly isFirst: boolean },
  ): Promise<void> {
    if (this.hasMoved) this.#tell(undefined);
    const gone = new Set(known.keys());
    for (const name of this.#namesToLookAt()) {
      gone.delete(name);
      const { found, code } = lookAt(this.path + sep + name);
      const state = found ? `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino}` : code;
      const before = known.get(name);
      known.set(name, state);
      // A name that begins to matter is known from now on; where all matter, one more has come.
      const isNew = before === undefined && (isFirst || this.#options.names() !== "all");
      if (before !== state && !isNew) this.#tell(name);
      const due = this.#yielder.due();
      if (due) await due;
      if (this.#isClosed) return;
    }
    for (const name of gone) {
      known.delete(name);
      this.#tell(name);
    }
  }

  *#namesToLookAt(): Generator<string, void> {
    const names = this.#options.names();
    if (names === "all") for (const { name } of lookThrough(this.path)) yield name;
    else yield* [...names];
  }
}
