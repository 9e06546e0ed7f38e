/**
 * Follows files beyond the manifests: those an extension has loaded, or tried to load, and those its `watch` globs
 * name. Says only which folder is concerned. Watches directories, never files, so that a save by rename, a missing
 * file that appears and a directory that goes are all seen.
 * Invariant: after {@link FollowedFiles.settle}, whatever happens to a followed path from then on is told.
 */
import { watch as watchDirectory, type FSWatcher as DirectoryWatcher } from "node:fs";
import { basename, dirname, resolve, sep } from "node:path";
import { watch as watchFiles, type FSWatcher } from "chokidar";
import picomatch from "picomatch";
import type { Disposable } from "@plugboard/extension-api";
import type { WatchDirectory } from "./root-watcher.js";
import { folderIdentity } from "../common/folder-identity.js";
import { errorCode, lookAt, saysMissing } from "../common/look-at.js";

/** What is followed beside the files. @internal */
export interface FollowOptions {
  /** Globs relative to the folder, with `/` between names. */
  readonly globs?: readonly string[] | undefined;
  /**
   * When loading began, by `Date.now()`: a file that changed since then counts at once, because the change may
   * have come after the file was read and before it was followed.
   */
  readonly since?: number | undefined;
}

/** How files are followed. @internal */
export interface FollowedFilesOptions {
  /** Something happened to a file that was followed for this folder. */
  readonly onTouch: (folder: string) => void;
  /** A directory can't be watched, and is looked at from time to time instead. */
  readonly onFault: (directory: string, cause: unknown) => void;
  /** Looks at files this often instead of watching them. */
  readonly pollingMs?: number | undefined;
  /** Watches a directory; for tests that inject faults. */
  readonly watchDirectory?: WatchDirectory | undefined;
}

interface Follow {
  readonly folder: string;
  readonly files: readonly string[];
  readonly options: FollowOptions;
  readonly begunAt: number;
  directories: ReadonlySet<Directory>;
  globs: { readonly watcher: FSWatcher; readonly identity: string | undefined } | undefined;
}

interface Directory {
  readonly path: string;
  readonly identity: string | undefined;
  readonly follows: Map<string, Set<Follow>>;
  /** Whether an event spoke of the directory itself: its watch may be dead. */
  isDoubtful: boolean;
  close(): void;
}

const fallBackPollMs = 1_000;
/** Kernels stamp files by a clock that ticks every few milliseconds, and so lags behind ours. */
const clockLagMs = 4;

/** Follows files for folders. @internal */
export class FollowedFiles {
  readonly #options: FollowedFilesOptions;
  readonly #follows = new Map<string, Set<Follow>>();
  readonly #directories = new Map<string, Directory>();
  readonly #stale = new Set<Follow>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: FollowedFilesOptions) {
    this.#options = options;
  }

  /** Follows the files for the folder until disposed. They need not exist. */
  follow(folder: string, files: Iterable<string>, options: FollowOptions = {}): Disposable {
    const absolute = new Set([...files].map((file) => resolve(folder, file)));
    const follow: Follow = {
      folder,
      files: [...absolute],
      options,
      begunAt: Date.now(),
      directories: new Set(),
      globs: undefined,
    };
    const others = this.#follows.get(folder);
    if (others) others.add(follow);
    else this.#follows.set(folder, new Set([follow]));
    this.#resolve(follow);
    const { since } = options;
    if (since !== undefined && follow.files.some((file) => changedSince(file, since))) {
      this.#options.onTouch(folder);
    }
    return { dispose: () => this.#unfollow(follow) };
  }

  /** The folder itself may be another than before: what is followed in it is looked up again. */
  doubt(folder: string): void {
    for (const follow of this.#follows.get(folder) ?? []) this.#stale.add(follow);
  }

  /** Watches what has come since, and what came in the place of what went. */
  settle(): void {
    const stale = [...this.#stale];
    this.#stale.clear();
    for (const follow of stale) this.#resolve(follow);
  }

  /** Follows nothing any more. */
  async close(): Promise<void> {
    for (const follows of [...this.#follows.values()]) for (const follow of follows) this.#unfollow(follow);
    await Promise.all(this.#closing);
  }

  #unfollow(follow: Follow): void {
    const others = this.#follows.get(follow.folder);
    others?.delete(follow);
    if (others?.size === 0) this.#follows.delete(follow.folder);
    this.#stale.delete(follow);
    this.#release(follow);
    this.#closeGlobs(follow);
  }

  #release(follow: Follow): void {
    for (const directory of follow.directories) {
      for (const [name, follows] of directory.follows) {
        if (follows.delete(follow) && follows.size === 0) directory.follows.delete(name);
      }
      if (directory.follows.size === 0) this.#forget(directory);
    }
    follow.directories = new Set();
  }

  #forget(directory: Directory): void {
    directory.close();
    if (this.#directories.get(directory.path) === directory) this.#directories.delete(directory.path);
  }

  #resolve(follow: Follow): void {
    if (!this.#follows.get(follow.folder)?.has(follow)) return;
    const before = follow.directories;
    const after = new Set<Directory>();
    const wanted = namesToWatch(follow);
    for (const [path, names] of wanted) {
      const directory = this.#directory(path);
      after.add(directory);
      for (const name of names) {
        const follows = directory.follows.get(name);
        if (follows) follows.add(follow);
        else directory.follows.set(name, new Set([follow]));
      }
    }
    follow.directories = new Set([...before].filter((directory) => !after.has(directory)));
    this.#release(follow);
    follow.directories = after;
    this.#resolveGlobs(follow);
  }

  #directory(path: string): Directory {
    const known = this.#directories.get(path);
    if (known) {
      if (!known.isDoubtful && known.identity === folderIdentity(path)) return known;
      // Another directory has come in its place; everyone who watched the old one has to move.
      for (const follows of known.follows.values()) for (const follow of follows) this.#stale.add(follow);
      this.#directories.delete(path);
      known.close();
    }
    const directory = this.#openDirectory(path);
    this.#directories.set(path, directory);
    return directory;
  }

  #openDirectory(path: string): Directory {
    const follows = new Map<string, Set<Follow>>();
    const identity = folderIdentity(path);
    if (this.#options.pollingMs !== undefined) {
      const timer = pollNames(path, follows, this.#options.pollingMs, (name) =>
        this.#onEvent(directory, name),
      );
      const directory: Directory = {
        path,
        identity,
        follows,
        isDoubtful: false,
        close: () => clearInterval(timer),
      };
      return directory;
    }
    let close = (): void => undefined;
    const fallBack = (cause: unknown): void => {
      close();
      this.#options.onFault(path, cause);
      const timer = pollNames(path, follows, fallBackPollMs, (name) => this.#onEvent(directory, name));
      close = () => clearInterval(timer);
    };
    const directory: Directory = { path, identity, follows, isDoubtful: false, close: () => close() };
    try {
      const watcher: DirectoryWatcher = (this.#options.watchDirectory ?? watchDirectory)(path, {
        persistent: false,
      });
      close = () => watcher.close();
      watcher.on("change", (_event, name) =>
        this.#onEvent(directory, typeof name === "string" ? name : undefined),
      );
      watcher.on("error", (error) => {
        // Windows says EPERM of a directory that is deleted while it is watched.
        if (this.#hasMoved(directory)) this.#onEvent(directory, undefined);
        else fallBack(error);
      });
    } catch (error) {
      // A directory that went meanwhile leaves its parent to be watched.
      if (saysMissing(errorCode(error))) queueMicrotask(() => this.#onEvent(directory, undefined));
      else fallBack(error);
    }
    return directory;
  }

  #hasMoved(directory: Directory): boolean {
    return folderIdentity(directory.path) !== directory.identity;
  }

  #onEvent(directory: Directory, name: string | undefined): void {
    if (name === basename(directory.path)) directory.isDoubtful = true;
    const isAll = name === undefined || directory.isDoubtful || this.#hasMoved(directory);
    const concerned = isAll ? [...directory.follows.values()] : [directory.follows.get(name) ?? []];
    for (const follows of concerned) {
      for (const follow of follows) {
        this.#stale.add(follow);
        this.#options.onTouch(follow.folder);
      }
    }
  }

  #resolveGlobs(follow: Follow): void {
    const { globs = [], since = follow.begunAt } = follow.options;
    if (globs.length === 0) return;
    const identity = folderIdentity(follow.folder);
    if (follow.globs?.identity === identity) return;
    const isFirst = follow.globs === undefined;
    this.#closeGlobs(follow);
    if (identity === undefined) return;
    const { folder } = follow;
    const matches = picomatch([...globs]);
    const bases = globs.map((glob) => picomatch.scan(glob).base).map((base) => (base === "." ? "" : base));
    const { pollingMs } = this.#options;
    const watcher = watchFiles(folder, {
      persistent: false,
      atomic: false,
      alwaysStat: true,
      ignorePermissionErrors: true,
      ...(pollingMs === undefined ? {} : { backend: "polling" as const, pollingInterval: pollingMs }),
      ignored: (path) =>
        path.length > folder.length && !leadsTo(slashed(path.slice(folder.length + 1)), bases),
    });
    let isReady = false;
    watcher.on("ready", () => void (isReady = true));
    watcher.on("all", (_event, path, stats) => {
      if (follow.globs?.watcher !== watcher || !matches(slashed(path.slice(folder.length + 1)))) return;
      if (isReady || !isFirst || (stats?.ctimeMs ?? 0) >= since - clockLagMs) this.#options.onTouch(folder);
    });
    watcher.on("error", (error) => this.#options.onFault(folder, error));
    follow.globs = { watcher, identity };
  }

  #closeGlobs(follow: Follow): void {
    const closing = follow.globs?.watcher.close();
    follow.globs = undefined;
    if (!closing) return;
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }
}

/**
 * By directory, the names that matter in it. Inside the folder every directory on the way counts, since one that is
 * renamed takes its files along silently; elsewhere only the nearest one that exists.
 */
function namesToWatch({ folder, files }: Follow): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>();
  const existing = new Map<string, boolean>();
  for (const file of files) {
    for (let path = file; path !== dirname(path); path = dirname(path)) {
      const directory = dirname(path);
      let exists = existing.get(directory);
      if (exists === undefined) existing.set(directory, (exists = folderIdentity(directory) !== undefined));
      if (exists) {
        const names = wanted.get(directory);
        if (names) names.add(basename(path));
        else wanted.set(directory, new Set([basename(path)]));
        if (!directory.startsWith(folder + sep)) break;
      }
    }
  }
  return wanted;
}

function pollNames(
  path: string,
  follows: ReadonlyMap<string, unknown>,
  intervalMs: number,
  onEvent: (name: string) => void,
): NodeJS.Timeout {
  const known = new Map<string, string>();
  const look = (): void => {
    for (const name of follows.keys()) {
      const { found, code } = lookAt(path + sep + name);
      const state = found ? `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino}` : code;
      const before = known.get(name);
      known.set(name, state);
      if (before !== undefined && before !== state) onEvent(name);
    }
  };
  // The names are filled in after this returns, within the same turn.
  queueMicrotask(look);
  return setInterval(look, intervalMs).unref();
}

function changedSince(file: string, since: number): boolean {
  return (lookAt(file).found?.ctimeMs ?? 0) >= since;
}

function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

/** Whether the path lies on the way to one of the bases, or inside one. */
function leadsTo(path: string, bases: readonly string[]): boolean {
  return bases.some(
    (base) => base === "" || path === base || path.startsWith(`${base}/`) || base.startsWith(`${path}/`),
  );
}
