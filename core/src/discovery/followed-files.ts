/**
 * Follows files beyond the manifests: those an extension has loaded, or tried to load, and those its `watch` globs
 * name. Says only which folder is concerned. Watches directories, never files, so that a save by rename, a missing
 * file that appears and a directory that goes are all seen.
 * Invariant: after {@link FollowedFiles.settle}, whatever happens to a followed path from then on is told.
 */
import { basename, dirname, resolve, sep } from "node:path";
import type { Disposable } from "@plugboard/extension-api";
import { EventLoopYielder } from "../common/event-loop-yielder.js";
import { folderIdentity } from "../common/folder-identity.js";
import { isFolder, isLink, lookAt } from "../common/look-at.js";
import { WatchGlobs } from "../manifest/watch-globs.js";
import { linksOnTheWay } from "./links-on-the-way.js";
import type { WatchDirectory } from "./root-watcher.js";
import { WatchedDirectory } from "./watched-directory.js";
import { walkTree } from "./watched-tree.js";

/** Options of following files. @internal */
export interface FollowOptions {
  /** Globs relative to the folder, with `/` between names. */
  readonly globs?: readonly string[] | undefined;
  /**
   * When loading began, by `Date.now()`: a file that changed since then counts at once, because the change may
   * have come after the file was read and before it was followed.
   */
  readonly since?: number | undefined;
}

/** The collaborators of {@link FollowedFiles}. @internal */
export interface FollowedFilesOptions {
  /** Something happened to a file that was followed for this folder. */
  readonly onTouch: (folder: string) => void;
  /** A directory can't be watched, and is looked at from time to time instead; `undefined` once that is over. */
  readonly onFault: (directory: string, fault: { readonly cause: unknown } | undefined) => void;
  /** Looks at files this often instead of watching them. */
  readonly pollingMs?: number | undefined;
  /** Watches a directory; for tests that inject faults. */
  readonly watchDirectory?: WatchDirectory | undefined;
}

/** Somebody to whom certain paths matter. */
interface Follow {
  readonly folder: string;
  readonly since: number;
  directories: ReadonlySet<Directory>;
}

interface FilesFollow extends Follow {
  readonly files: readonly string[];
}

interface TreeFollow extends Follow {
  readonly globs: WatchGlobs;
  walking: "not" | "once" | "again";
  hasWalked: boolean;
}

interface Directory {
  readonly watched: WatchedDirectory;
  readonly follows: Map<string, Set<Follow>>;
  /** Those to whom any name may matter, with the place of the directory in their folder. */
  readonly trees: Map<TreeFollow, string>;
  /** Whether an event spoke of the directory itself: its watch may be dead. */
  isDoubtful: boolean;
}

/** Kernels stamp files by a clock that ticks every few milliseconds, and so lags behind ours. */
const clockLagMs = 4;

/** Follows files for folders. @internal */
export class FollowedFiles {
  readonly #options: FollowedFilesOptions;
  readonly #yielder = new EventLoopYielder();
  readonly #follows = new Map<string, Set<FilesFollow | TreeFollow>>();
  readonly #directories = new Map<string, Directory>();
  readonly #stale = new Set<Follow>();

  constructor(options: FollowedFilesOptions) {
    this.#options = options;
  }

  /** Follows the files for the folder until disposed. They need not exist. */
  follow(folder: string, files: Iterable<string>, { globs = [], since }: FollowOptions = {}): Disposable {
    const absolute = [...new Set([...files].map((file) => resolve(folder, file)))];
    const follows: (FilesFollow | TreeFollow)[] = [];
    const common = { folder, since: since ?? Date.now(), directories: new Set<Directory>() };
    if (absolute.length > 0) follows.push({ ...common, files: absolute });
    if (globs.length > 0) {
      follows.push({ ...common, globs: new WatchGlobs(globs), walking: "not", hasWalked: false });
    }
    for (const follow of follows) {
      const others = this.#follows.get(folder);
      if (others) others.add(follow);
      else this.#follows.set(folder, new Set([follow]));
      this.#resolve(follow);
    }
    if (since !== undefined && absolute.some((file) => changedSince(file, since))) {
      this.#options.onTouch(folder);
    }
    return { dispose: () => follows.forEach((follow) => this.#unfollow(follow)) };
  }

  /** The folder itself may be another than before: what is followed in it is looked up again. */
  doubt(folder: string): void {
    for (const follow of this.#follows.get(folder) ?? []) this.#stale.add(follow);
  }

  /** Watches what has come since, and what came in the place of what went. */
  settle(): void {
    // One that moves to another directory may find that others have to as well; they move once each.
    const settled = new Set<Follow>();
    for (const follow of this.#stale) {
      this.#stale.delete(follow);
      if (settled.has(follow)) continue;
      settled.add(follow);
      this.#resolve(follow);
    }
  }

  /** Follows nothing any more. */
  close(): void {
    for (const follows of [...this.#follows.values()]) for (const follow of follows) this.#unfollow(follow);
  }

  #unfollow(follow: FilesFollow | TreeFollow): void {
    const others = this.#follows.get(follow.folder);
    others?.delete(follow);
    if (others?.size === 0) this.#follows.delete(follow.folder);
    this.#stale.delete(follow);
    this.#attend(follow, new Set());
  }

  #isFollowed(follow: Follow): boolean {
    return this.#follows.get(follow.folder)?.has(follow as FilesFollow | TreeFollow) === true;
  }

  #resolve(follow: Follow): void {
    if (!this.#isFollowed(follow)) return;
    if ("globs" in follow) void this.#walk(follow as TreeFollow);
    else this.#attend(follow, this.#watchNames(follow, (follow as FilesFollow).files));
  }

  /** From now on these directories matter to it, and no others. */
  #attend(follow: Follow, directories: ReadonlySet<Directory>): void {
    const before = follow.directories;
    follow.directories = directories;
    for (const directory of before) if (!directories.has(directory)) this.#leave(directory, follow);
  }

  #leave(directory: Directory, follow: Follow): void {
    directory.trees.delete(follow as TreeFollow);
    for (const [name, follows] of directory.follows) {
      if (follows.delete(follow) && follows.size === 0) directory.follows.delete(name);
    }
    if (directory.follows.size > 0 || directory.trees.size > 0) return;
    directory.watched.close();
    const { path } = directory.watched;
    if (this.#directories.get(path) === directory) this.#directories.delete(path);
  }

  /** Watches whatever has to be for the files. Returns the directories. */
  #watchNames(follow: Follow, files: readonly string[]): Set<Directory> {
    const directories = new Set<Directory>();
    for (const [path, names] of namesToWatch(follow.folder, files)) {
      const directory = this.#directory(path);
      directories.add(directory);
      for (const name of names) {
        const follows = directory.follows.get(name);
        if (follows) follows.add(follow);
        else directory.follows.set(name, new Set([follow]));
      }
    }
    return directories;
  }

  /** Walks until nothing has changed meanwhile; one walk at a time. */
  async #walk(follow: TreeFollow): Promise<void> {
    if (follow.walking !== "not") {
      follow.walking = "again";
      return;
    }
    do {
      follow.walking = "once";
      await this.#walkOnce(follow);
    } while (isWalkedAgain(follow) && this.#isFollowed(follow));
    follow.walking = "not";
  }

  async #walkOnce(follow: TreeFollow): Promise<void> {
    const { folder, globs, hasWalked } = follow;
    const since = follow.since - clockLagMs;
    const directories = new Set<Directory>();
    const links: string[] = [];
    let isTouched = false;
    for (const item of walkTree(folder, globs)) {
      if (item?.kind === "folder") {
        const directory = this.#directory(item.path);
        directory.trees.set(follow, item.place);
        directories.add(directory);
        // What has come into a new one before it was watched is told by nothing else.
        if (hasWalked && !follow.directories.has(directory)) isTouched = true;
      }
      if (item?.isLink === true) links.push(item.path);
      if (item !== undefined && !hasWalked) isTouched ||= changedSince(item.path, since);
      const due = this.#yielder.due();
      if (due) await due;
    }
    for (const directory of this.#watchNames(follow, links)) directories.add(directory);
    this.#attend(follow, this.#isFollowed(follow) ? directories : new Set());
    if (!this.#isFollowed(follow)) for (const directory of directories) this.#leave(directory, follow);
    else if (isTouched) this.#options.onTouch(folder);
    follow.hasWalked = true;
    this.settle();
  }

  #directory(path: string): Directory {
    const known = this.#directories.get(path);
    if (known) {
      if (!known.isDoubtful && !known.watched.hasMoved) return known;
      // Another directory has come in its place; everyone who watched the old one has to move.
      for (const follow of followsOf(known)) this.#stale.add(follow);
      known.watched.close();
    }
    const follows = new Map<string, Set<Follow>>();
    const trees = new Map<TreeFollow, string>();
    const watched: WatchedDirectory = new WatchedDirectory(path, {
      names: () => (trees.size > 0 ? "all" : follows.keys()),
      onEvent: (name) => this.#onEvent(directory, name),
      onFault: (fault) => this.#options.onFault(path, fault),
      pollingMs: this.#options.pollingMs,
      watchDirectory: this.#options.watchDirectory,
    });
    const directory: Directory = { watched, follows, trees, isDoubtful: false };
    this.#directories.set(path, directory);
    return directory;
  }

  #onEvent(directory: Directory, name: string | undefined): void {
    const { watched, follows, trees } = directory;
    if (name === basename(watched.path)) directory.isDoubtful = true;
    const isAll = name === undefined || directory.isDoubtful || watched.hasMoved;
    if (isAll) {
      for (const follow of followsOf(directory)) this.#touch(follow);
      return;
    }
    for (const follow of follows.get(name) ?? []) this.#touch(follow);
    for (const [follow, place] of trees) {
      const inFolder = place === "" ? name : `${place}/${name}`;
      const path = watched.path + sep + name;
      const isWalked = follow.globs.leadsInto(inFolder) && (isFolder(path) || this.#directories.has(path));
      if (isWalked || (follow.globs.fits(inFolder) && isLink(path))) this.#touch(follow);
      else if (follow.globs.fits(inFolder)) this.#options.onTouch(follow.folder);
    }
  }

  #touch(follow: Follow): void {
    this.#stale.add(follow);
    this.#options.onTouch(follow.folder);
  }
}

function followsOf({ follows, trees }: Directory): ReadonlySet<Follow> {
  return new Set([...[...follows.values()].flatMap((some) => [...some]), ...trees.keys()]);
}

/** A call, since others ask for it while it is walked. */
function isWalkedAgain({ walking }: TreeFollow): boolean {
  return walking === "again";
}

/**
 * By directory, the names that matter in it. Inside the folder every directory on the way counts, since one that is
 * renamed takes its files along silently; elsewhere only the nearest one that exists. A link counts wherever it is on
 * the way, for it may be led elsewhere.
 */
function namesToWatch(folder: string, files: readonly string[]): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>();
  const existing = new Map<string, boolean>();
  const realFolders = new Map<string, boolean>();
  for (const file of files.flatMap((each) => [each, ...linksOnTheWay(each, realFolders)])) {
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

function changedSince(file: string, since: number): boolean {
  return (lookAt(file).found?.ctimeMs ?? 0) >= since;
}
