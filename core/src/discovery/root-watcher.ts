/**
 * Says when something happened inside one extension folder; never what. chokidar watches the folder: names that come
 * and go, links that change their targets, the folder's own end. Each folder in it, behind links as well, has a plain
 * watch of its own; what chokidar makes of that level costs more and misses some of it.
 * Invariant: a name is watched before it is read, and the whole is reported whenever watching begins or begins again.
 */
import { watch as watchPlainly, type FSWatcher as DirectoryWatcher } from "node:fs";
import { basename, sep } from "node:path";
import type { ChokidarOptions, FSWatcher } from "chokidar";
import { folderIdentity } from "../common/folder-identity.js";
import { errorCode, lookBehind } from "../common/look-at.js";
import { lazyRequire } from "../common/node-module.js";
import { manifestName } from "../manifest/identity.js";

const requirePackage = lazyRequire(import.meta.url);

/** Watches one directory; Node's `watch`, except where a test injects faults. @internal */
export type WatchDirectory = (path: string, options: { readonly persistent: boolean }) => DirectoryWatcher;

/** Watches an extension folder; chokidar's `watch`, except where a test injects faults. @internal */
export type WatchRoot = (path: string, options: ChokidarOptions) => FSWatcher;

/** The listener of a {@link RootWatcher}. @internal */
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

/** Options of watching a root. @internal */
export interface RootWatcherOptions {
  readonly path: string;
  /** Whether the root is one extension itself rather than a folder of them. */
  readonly isSingle: boolean;
  /** Look at the whole root this often instead of watching it. */
  readonly pollingMs?: number | undefined;
  readonly watchDirectory?: WatchDirectory | undefined;
  readonly watchRoot?: WatchRoot | undefined;
}

const shortestWaitMs = 20;
const longestWaitMs = 250;
const beatMs = 500;
/** So many links are looked at on one beat, so that ten thousand of them cost no more. */
const linksPerBeat = 100;
const fallBackPollMs = 1_000;
const retryWatchMs = 60_000;
/** A fault that comes again within this time is there to stay. */
const faultMs = 1_000;
/** Codes of a system that has no watches, or no descriptors, left. */
const exhaustions: ReadonlySet<string> = new Set(["ENOSPC", "EMFILE", "ENFILE"]);

interface Child {
  readonly watcher: DirectoryWatcher;
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
  /** Of the root itself: it stands from the moment it is made, and tells when the root is renamed. */
  #own: DirectoryWatcher | undefined;
  #identity: string | undefined;
  /** Which folder each link leads to, the next one to be looked at first. */
  readonly #links = new Map<string, string | undefined>();
  readonly #closing = new Set<Promise<void>>();
  #faultAt = -Infinity;
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

  /**
   * Watches the folder that bears the name now, if there is one, and tells which folder that is. To be called before
   * the name is read.
   */
  attend(name: string): string | undefined {
    if (this.#options.isSingle) return folderIdentity(this.#options.path);
    const path = this.#options.path + sep + name;
    const identity = folderIdentity(path);
    if (this.#watcher) this.#watchChild(name, path, identity);
    return identity;
  }

  /** Says that the name is a link to a folder, or that it is none: where links lead is looked at from time to time. */
  setLink(name: string, { isLink }: { readonly isLink: boolean }): void {
    if (isLink) this.#links.set(name, folderIdentity(this.#options.path + sep + name));
    else this.#links.delete(name);
  }

  /** The root could not be seen for a moment, of which no event may have told: if it can be by now, begins anew. */
  lookAgain(): void {
    if (this.#watcher && folderIdentity(this.#options.path) !== undefined) this.#reopen();
  }

  /** Stops watching; nothing is reported any more. Resolves when everything is let go. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#beat);
    this.#drop();
    this.#setReady();
    await Promise.all(this.#closing);
  }

  #watchChild(name: string, path: string, identity: string | undefined): void {
    const known = this.#children.get(name);
    if (known && known.identity === identity && !known.isDoubtful) return;
    known?.watcher.close();
    this.#children.delete(name);
    if (identity === undefined) return;
    try {
      const watcher = (this.#options.watchDirectory ?? watchPlainly)(path, { persistent: false });
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

  #open(): void {
    const { path, isSingle, watchRoot = watchByChokidar } = this.#options;
    this.#identity = folderIdentity(path);
    if (this.#identity === undefined) {
      this.#setReady();
      this.#await(shortestWaitMs);
      return;
    }
    const real = lookBehind(path).found;
    if (real === undefined) {
      this.#await(shortestWaitMs);
      return;
    }
    if (!this.#watchItself(real)) return;
    const watcher = watchRoot(real, {
      depth: 0,
      ignoreInitial: true,
      // Links are ours to follow; this tells when one is led elsewhere.
      followSymlinks: false,
      atomic: false,
      ignorePermissionErrors: true,
      ...(isSingle ? {} : { ignored: (_path, stats) => stats?.isFile() === true }),
    });
    // What a closed watcher still says is dropped: its successor reports the whole root anyway.
    const isCurrent = (): boolean => this.#watcher === watcher;
    watcher.on("all", (_event, place) => {
      if (isCurrent()) this.#onRootEvent(nameBelow(real, place));
    });
    watcher.on("raw", (_event, name, details) => {
      if (isCurrent()) this.#onRawEvent(real, name, details);
    });
    watcher.on("error", (error) => {
      if (isCurrent()) this.#onFault(error);
    });
    watcher.on("ready", () => {
      if (isCurrent()) void this.#readWhole();
    });
    this.#watcher = watcher;
  }

  /**
   * Returns whether the folder is watched. chokidar takes its time to watch, and goes on with nothing when the folder
   * is away in that moment, or was renamed and is back; then this tells, and watching begins anew.
   */
  #watchItself(real: string): boolean {
    const { path, watchDirectory = watchPlainly } = this.#options;
    try {
      const own = watchDirectory(real, { persistent: false });
      this.#own = own;
      own.on("change", (event, name) => {
        if (this.#own !== own) return;
        // It bears the folder's own name when it speaks of the folder; an entry of that name may be meant as well.
        if (typeof name !== "string" || (event === "rename" && name === basename(real))) this.#reopen();
        else this.#onRootEvent(name);
      });
      own.on("error", (error) => {
        if (this.#own === own) this.#onFault(error);
      });
    } catch (error) {
      if (exhaustions.has(errorCode(error))) this.#fallBack(error);
      else this.#await(shortestWaitMs);
      return false;
    }
    if (folderIdentity(path) === this.#identity) return true;
    this.#drop();
    this.#await(shortestWaitMs);
    return false;
  }

  /** What chokidar was told, before it looks what that means: names that go and come at once were lost on that way. */
  #onRawEvent(root: string, name: unknown, details: unknown): void {
    const place = isWatchedPlace(details) ? details.watchedPath : root;
    // It watches the folder's parent as well, to see the folder go.
    if (place === root && typeof name === "string") this.#onRootEvent(nameBelow(root, root + sep + name));
    else if (this.#hasMoved()) this.#reopen();
  }

  /** @param name - of the child that the event is about; none when it is about the root itself */
  #onRootEvent(name: string | undefined): void {
    const { path, isSingle } = this.#options;
    if (name === undefined || this.#hasMoved()) this.#reopen();
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
    this.#checkLinks();
    this.#observer.onBeat();
  }

  /** A folder on the way to a link's target may be renamed, or be a link that is led elsewhere; no event tells. */
  #checkLinks(): void {
    for (const [name, before] of [...this.#links].slice(0, linksPerBeat)) {
      const identity = folderIdentity(this.#options.path + sep + name);
      this.#links.delete(name);
      this.#links.set(name, identity);
      if (identity !== before) this.#observer.onName(name);
    }
  }

  #onFault(cause: unknown): void {
    const now = performance.now();
    const isRepeated = now - this.#faultAt < faultMs;
    this.#faultAt = now;
    // A folder that is replaced while it is looked at may be said to be no folder, and the like.
    if (exhaustions.has(errorCode(cause)) || (isRepeated && !this.#hasMoved())) this.#fallBack(cause);
    else this.#reopen();
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
    const closing = this.#watcher?.close();
    this.#watcher = undefined;
    this.#own?.close();
    this.#own = undefined;
    if (closing) {
      this.#closing.add(closing);
      void closing.finally(() => this.#closing.delete(closing));
    }
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
    void this.#readWhole().then(() => {
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

  /** Has the folder read. Never rejects: why that failed is told. */
  async #readWhole(): Promise<void> {
    try {
      await this.#observer.onWhole();
    } catch (cause) {
      this.#observer.onFault({ cause });
    }
    this.#setReady();
  }
}

function isWatchedPlace(details: unknown): details is { readonly watchedPath: string } {
  return (
    typeof details === "object" &&
    details !== null &&
    "watchedPath" in details &&
    typeof details.watchedPath === "string"
  );
}

/** The first name on the way from the folder to the path; none when the path is the folder, or lies outside. */
function nameBelow(folder: string, path: string): string | undefined {
  if (!path.startsWith(folder + sep)) return undefined;
  return path.slice(folder.length + 1).split(sep, 1)[0];
}

/** Loaded when the first folder is watched: who only lists never needs it. */
function watchByChokidar(path: string, options: ChokidarOptions): FSWatcher {
  return (requirePackage("chokidar") as typeof import("chokidar")).watch(path, options);
}
