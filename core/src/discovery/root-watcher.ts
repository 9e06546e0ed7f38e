/**
 * Says when something happened inside one extension folder; never what. Owns chokidar and the life of the folder
 * itself: chokidar sees nothing more once the folder it was given has gone, so it is closed then and opened anew on
 * what comes in its place. Invariant: whenever watching begins or begins again, the whole folder is reported.
 */
import { basename, relative, sep } from "node:path";
import { watch as watchFiles, type ChokidarOptions, type FSWatcher } from "chokidar";
import { folderIdentity } from "./folder-identity.js";
import { errorCode, manifestName } from "./manifest-file.js";

/** Opens a file watcher; chokidar's `watch`, except where a test injects faults. @internal */
export type OpenWatcher = (path: string, options: ChokidarOptions) => FSWatcher;

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
  /** Tells names that can't be extensions. */
  readonly isIgnored: (name: string) => boolean;
  /** Look at the whole root this often instead of watching it. */
  readonly pollingMs?: number | undefined;
  readonly openWatcher?: OpenWatcher | undefined;
}

const shortestWaitMs = 20;
const longestWaitMs = 250;
const beatMs = 2_000;
const fallBackPollMs = 1_000;
const retryWatchMs = 60_000;
/** What a system says when it has no watches, or no descriptors, left. */
const exhaustions: ReadonlySet<string> = new Set(["ENOSPC", "EMFILE", "ENFILE"]);

/** Watches one root until it is closed. @internal */
export class RootWatcher {
  /** Resolves once events are trusted, or once the folder is known to be missing and is waited for. */
  readonly ready: Promise<void>;
  readonly #options: RootWatcherOptions;
  readonly #observer: RootObserver;
  readonly #closing: Promise<void>[] = [];
  #setReady: () => void;
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
    this.#beat = setInterval(() => this.#onBeat(), beatMs);
    this.#beat.unref();
    if (options.pollingMs === undefined) this.#open();
    else this.#poll(options.pollingMs);
  }

  /** Stops watching; resolves when nothing more will be reported. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#beat);
    this.#drop();
    this.#setReady();
    await Promise.all(this.#closing);
  }

  #open(): void {
    const identity = folderIdentity(this.#options.path);
    this.#identity = identity;
    if (identity === undefined) {
      this.#setReady();
      this.#await(shortestWaitMs);
      return;
    }
    let watcher: FSWatcher;
    try {
      watcher = (this.#options.openWatcher ?? watchFiles)(this.#options.path, this.#chokidarOptions());
    } catch (error) {
      this.#fallBack(error);
      return;
    }
    this.#watcher = watcher;
    // What a closed watcher still says is dropped: its successor reports the whole root anyway.
    const isCurrent = () => this.#watcher === watcher;
    watcher.on("all", (event, path) => {
      if (isCurrent()) this.#onPath(event, path);
    });
    watcher.on("raw", (_event, path, details) => {
      if (isCurrent()) this.#onRaw(path, details);
    });
    watcher.on("error", (error) => {
      if (isCurrent()) this.#onError(error);
    });
    watcher.on("ready", () => {
      if (isCurrent()) void this.#onReady();
    });
  }

  #chokidarOptions(): ChokidarOptions {
    const { path: root, isSingle, isIgnored } = this.#options;
    return {
      ignoreInitial: true,
      persistent: true,
      atomic: false,
      ignorePermissionErrors: true,
      depth: isSingle ? 0 : 1,
      ignored: (path, stats) => {
        if (path.length <= root.length) return false;
        const inside = path.slice(root.length + 1);
        if (isSingle) return inside !== manifestName;
        const slash = inside.indexOf(sep);
        if (slash < 0) return isIgnored(inside) || stats?.isFile() === true;
        return inside.slice(slash + 1) !== manifestName;
      },
    };
  }

  async #onReady(): Promise<void> {
    if (this.#hasMoved()) {
      this.#reopen();
      return;
    }
    await this.#observer.onWhole();
    this.#setReady();
  }

  #onPath(event: string, path: string): void {
    const inside = relative(this.#options.path, path);
    if (inside === "" || inside.startsWith("..")) {
      if (event === "unlinkDir" || this.#hasMoved()) this.#reopen();
      return;
    }
    if (this.#options.isSingle) {
      this.#observer.onName(basename(this.#options.path));
      return;
    }
    const slash = inside.indexOf(sep);
    this.#observer.onName(slash < 0 ? inside : inside.slice(0, slash));
  }

  /** Chokidar keeps dangling links to itself, and its own word on the root may be late; the system's is not. */
  #onRaw(path: string | null, details: unknown): void {
    if (typeof details !== "object" || details === null || !("watchedPath" in details)) return;
    const { watchedPath } = details;
    if (typeof watchedPath !== "string") return;
    const { path: root, isSingle, isIgnored } = this.#options;
    if (watchedPath === root) {
      if (this.#hasMoved()) this.#reopen();
      else if (isSingle) this.#observer.onInside(basename(root));
      else if (path !== null && !isIgnored(path)) this.#observer.onName(path);
    } else if (watchedPath.startsWith(root + sep)) {
      const inside = watchedPath.slice(root.length + 1);
      const slash = inside.indexOf(sep);
      this.#observer.onInside(slash < 0 ? inside : inside.slice(0, slash));
    }
  }

  /** One path that can't be watched is that folder's matter, which reading it tells; all else is the root's. */
  #onError(error: unknown): void {
    const { path: root, isSingle } = this.#options;
    const path = typeof error === "object" && error !== null && "path" in error ? error.path : undefined;
    const isInside = typeof path === "string" && path.startsWith(root + sep);
    if (!isInside || exhaustions.has(errorCode(error))) {
      this.#fallBack(error);
      return;
    }
    this.#observer.onName(isSingle ? basename(root) : (relative(root, path).split(sep)[0] as string));
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
    const watcher = this.#watcher;
    this.#watcher = undefined;
    if (watcher) this.#closing.push(watcher.close());
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
