/**
 * Says when something happened inside one extension folder; never what. Watches the folder and each folder in it by
 * itself: a recursive watcher costs twenty times as much to make ready for ten thousand folders, and lost events of
 * links that share a target, or of names that were a link and then a folder, within milliseconds.
 * Invariant: a name is watched before it is read, and the whole is reported whenever watching begins or begins again.
 */
import { watch, type FSWatcher } from "node:fs";
import { basename, sep } from "node:path";
import { folderIdentity } from "./folder-identity.js";
import { errorCode, manifestName } from "./manifest-file.js";

/** Watches one directory; Node's `watch`, except where a test injects faults. @internal */
export type WatchDirectory = (path: string, options: { readonly persistent: boolean }) => FSWatcher;

/** What a {@link RootWatcher} reports to. @internal */
export interface RootObserver {
  /** Something happened to this child of the root. */
  onName(name: string): void;
  /** Something happened inside this child that is not about its manifest. */
  onInside(name: string): void;
  /** Anything may have happened; the promise settles when the root has been looked at. */
  onWhole(): Promise<void>;
  /** The root itself went, or another has come in its place. */
  onMoved(): void;
  /** Time to look again at what no event would tell. */
  onBeat(): void;
  /** Watching is impossible (or possible again: `undefined`); the root is looked at from time to time instead. */
  onFault(fault: { readonly cause: unknown } | undefined): void;
}

/** How a root is watched. @internal */
export interface RootWatcherOptions {
  readonly path: string;
  /** Whether the root is one extension itself rather than a folder of them. */
  readonly isSingle: boolean;
  /** Look at the whole root this often instead of watching it. */
  readonly pollingMs?: number | undefined;
  readonly watchDirectory?: WatchDirectory | undefined;
}

const shortestWaitMs = 20;
const longestWaitMs = 250;
const beatMs = 500;
const fallBackPollMs = 1_000;
const retryWatchMs = 60_000;
/** What a system says when it has no watches, or no descriptors, left. */
const exhaustions: ReadonlySet<string> = new Set(["ENOSPC", "EMFILE", "ENFILE"]);

interface Child {
  readonly watcher: FSWatcher;
  /** Which folder is watched: another one may bear its name by now. */
  readonly identity: string;
  isDoubtful: boolean;
}

/** Watches one root until it is closed. @internal */
export class RootWatcher {
  /** Resolves once events are trusted, or once the folder is known to be missing and is waited for. */
  readonly ready: Promise<void>;
  readonly #options: RootWatcherOptions;
  readonly #observer: RootObserver;
  #setReady: () => void;
  readonly #children = new Map<string, Child>();
  #watcher: FSWatcher | undefined;
  #identity: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: RootWatcherOptions, observer: RootObserver) {
    this.#options = options;
    this.#observer = observer;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    this.#setReady = resolve;
  }

  /** Begins to watch, and reports the whole root. To be called once. */
  start(): void {
    this.#beat = setInterval(() => this.#onBeat(), beatMs);
    this.#beat.unref();
    if (this.#options.pollingMs === undefined) this.#open();
    else this.#poll(this.#options.pollingMs);
  }

  /** Watches the folder that bears the name now, if there is one. To be called before the name is read. */
  attend(name: string): void {
    if (!this.#watcher || this.#options.isSingle) return;
    const path = this.#options.path + sep + name;
    const identity = folderIdentity(path);
    const known = this.#children.get(name);
    if (known && known.identity === identity && !known.isDoubtful) return;
    known?.watcher.close();
    this.#children.delete(name);
    if (identity === undefined) return;
    try {
      const watcher = this.#watch(path, { persistent: false });
      const child: Child = { watcher, identity, isDoubtful: false };
      watcher.on("change", (_event, file) => this.#onChildEvent(name, child, file));
      // Windows says EPERM of a folder that is deleted while it is watched.
      watcher.on("error", () => this.#onChildEvent(name, child, undefined));
      this.#children.set(name, child);
    } catch (error) {
      // A folder that went, or that is not ours to watch, is told by reading it.
      if (exhaustions.has(errorCode(error))) this.#fallBack(error);
    }
  }

  /** Stops watching; nothing is reported any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#beat);
    this.#drop();
    this.#setReady();
  }

  #watch(path: string, options: { readonly persistent: boolean }): FSWatcher {
    return (this.#options.watchDirectory ?? watch)(path, options);
  }

  #open(): void {
    const { path } = this.#options;
    this.#identity = folderIdentity(path);
    if (this.#identity === undefined) {
      this.#setReady();
      this.#await(shortestWaitMs);
      return;
    }
    try {
      const watcher = this.#watch(path, { persistent: true });
      // What a closed watcher still says is dropped: its successor reports the whole root anyway.
      watcher.on("change", (_event, name) => {
        if (this.#watcher === watcher) this.#onRootEvent(name);
      });
      watcher.on("error", (error) => {
        if (this.#watcher !== watcher) return;
        if (this.#hasMoved()) this.#reopen();
        else this.#fallBack(error);
      });
      this.#watcher = watcher;
    } catch (error) {
      if (this.#hasMoved()) this.#reopen();
      else this.#fallBack(error);
      return;
    }
    void this.#observer.onWhole().then(() => this.#setReady());
  }

  #onRootEvent(name: string | Buffer | null): void {
    const { path, isSingle } = this.#options;
    if (this.#hasMoved()) this.#reopen();
    else if (typeof name !== "string") void this.#observer.onWhole();
    else if (!isSingle) this.#observer.onName(name);
    else if (name === manifestName) this.#observer.onName(basename(path));
    else this.#observer.onInside(basename(path));
  }

  #onChildEvent(name: string, child: Child, file: string | Buffer | null | undefined): void {
    if (this.#children.get(name) !== child) return;
    const path = this.#options.path + sep + name;
    // An event that bears the folder's own name speaks of the folder: its watch may be dead.
    if (typeof file !== "string" || file === name) child.isDoubtful = true;
    if (child.isDoubtful || file === manifestName || folderIdentity(path) !== child.identity) {
      this.#observer.onName(name);
    } else {
      this.#observer.onInside(name);
    }
  }

  #onBeat(): void {
    if (this.#watcher && this.#hasMoved()) this.#reopen();
    this.#observer.onBeat();
  }

  #hasMoved(): boolean {
    return folderIdentity(this.#options.path) !== this.#identity;
  }

  #reopen(): void {
    this.#drop();
    this.#observer.onMoved();
    this.#open();
  }

  #drop(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    for (const child of this.#children.values()) child.watcher.close();
    this.#children.clear();
  }

  /** Holds the process: somebody who watches a folder that is not there yet wants to see it come. */
  #await(delayMs: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (folderIdentity(this.#options.path) === undefined) this.#await(Math.min(delayMs * 2, longestWaitMs));
      else this.#open();
    }, delayMs);
  }

  #fallBack(cause: unknown): void {
    if (this.#isClosed) return;
    this.#drop();
    this.#observer.onFault({ cause });
    this.#poll(fallBackPollMs, performance.now() + retryWatchMs);
  }

  #poll(intervalMs: number, until = Infinity): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    void this.#observer.onWhole().then(() => {
      this.#setReady();
      if (this.#isClosed) return;
      this.#timer = setTimeout(() => {
        if (performance.now() < until) {
          this.#poll(intervalMs, until);
          return;
        }
        this.#observer.onFault(undefined);
        this.#open();
      }, intervalMs);
    });
  }
}
