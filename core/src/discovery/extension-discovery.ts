/**
 * Knows what lies in the extension folders, and says what changed. Scan, watch and rescan all feed one reconcile:
 * events only name a folder, and the folder is read again.
 * Invariant: what is told is the disk as it was last read; no event and no order of events is relied on.
 */
import type { Dirent } from "node:fs";
import { basename, resolve, sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Disposable, Problem } from "@plugboard/extension-api";
import { errorCode, lookAt, isFolder, isLink, lookBehind, lookInto, type Look } from "../common/look-at.js";
import { realFolderOf, type ExtensionDescription, type FolderPlace } from "./extension-description.js";
import { placeOf, type FolderEntry, type ManifestParser } from "./folder-entry.js";
import { readIndex, writeIndex, type IndexedExtension, type RememberedFolder } from "./discovery-index.js";
import { FollowedFiles, type FollowOptions } from "./followed-files.js";
import { FolderReader, type FolderFinding, type NameKind } from "./folder-reader.js";
import { KnownExtensions, type Reconciliation, type ShadowedExtension } from "./known-extensions.js";
import { sameStamp, type ManifestStamp } from "./manifest-file.js";
import { RootWatcher, type RootObserver, type WatchDirectory, type WatchRoot } from "./root-watcher.js";
import { manifestName } from "../manifest/identity.js";

/** Options of discovery: how folders are found and followed. @internal */
export interface DiscoveryOptions {
  /** Folders whose children are extensions, first by precedence first. Need not exist. */
  readonly folders: readonly string[];
  /** Folders that are one extension each; they come before all others. */
  readonly developmentFolders?: readonly string[];
  /** Reads a manifest's text. */
  readonly parse: ManifestParser;
  /** File that remembers what manifests said, for the next start. */
  readonly indexFile?: string;
  /** Whatever decides how a manifest is read; an index of another version is not used. */
  readonly parserVersion?: string;
  /** Milliseconds without events after which a folder is read again; 8 unless given. */
  readonly quietMs?: number;
  /** Milliseconds after the first event by which a folder is read even if events go on; 100 unless given. */
  readonly maxQuietMs?: number;
  /** Looks at everything this often instead of watching, for disks that tell no events. */
  readonly pollingMs?: number;
  /** Hears of the host's own mistakes, and of listeners that throw. */
  readonly onInternalError?: (error: unknown) => void;
  /** The time by which files are stamped; for tests that make them old. */
  readonly now?: () => number;
  /** Watches one directory; for tests that inject faults. */
  readonly watchDirectory?: WatchDirectory;
  /** Watches an extension folder; for tests that inject faults. */
  readonly watchRoot?: WatchRoot;
}

/** The result of a scan, a rescan or a burst of events. @internal */
export interface DiscoveryChange extends Reconciliation {
  /** Folders that had any event, of their manifest or of a followed file, whether or not anything differs. */
  readonly touched: ReadonlySet<string>;
  /** All findings about the extension folders themselves, if they are others than before. */
  readonly problems: readonly Problem[] | undefined;
}

interface Root {
  readonly path: string;
  /** What the paths of all children share, in memory too. */
  readonly prefix: string;
  readonly rank: number;
  readonly isSingle: boolean;
  /** The path after symbolic links, as of the last listing. */
  real: string;
  readonly names: Set<string>;
  /** Names that are not what they fold to, by that. Of two names that clash one at least is among them. */
  readonly oddNames: Map<string, Set<string>>;
  /** Names to look at again from time to time, because nothing may tell when they change. */
  readonly suspects: Set<string>;
  /** By subject. */
  readonly problems: Map<string, Problem>;
  /** Whether it could not be seen when it was last looked at, so that nothing may tell when it can. */
  isUnlisted: boolean;
  watcher: RootWatcher | undefined;
}

type Batch = Map<string, FolderEntry | undefined>;

const sliceSize = 250;
/** Leaves the first second to those who wait for the start. */
const indexDelayMs = 1_000;
/** Disks keep times as coarse as two seconds; a file read sooner after its change may change again unnoticed. */
const racyMs = 2_000;

/** Finds extensions in folders, at once and from then on. @internal */
export class ExtensionDiscovery {
  /** Resolves once every watched folder's events are trusted; never, while {@link watch} was not called. */
  readonly ready: Promise<void>;
  readonly #options: DiscoveryOptions;
  readonly #known = new KnownExtensions();
  readonly #reader: FolderReader;
  readonly #followed: FollowedFiles;
  /** Manifests behind links, which the watcher of the extension folder does not see. */
  readonly #linked: FollowedFiles;
  readonly #linkFollows = new Map<string, Disposable>();
  readonly #roots: readonly Root[];
  readonly #rootPaths: ReadonlySet<string>;
  /** Of manifests that were read so late after their last change that a later one can't leave the stamp as it is. */
  readonly #stamps = new Map<string, ManifestStamp>();
  /** Which folder each path led to when a whole manifest was last seen in it. */
  readonly #wholeIn = new Map<string, string>();
  readonly #listeners = new Set<(change: DiscoveryChange) => void>();
  readonly #lastEvents = new Map<string, number>();
  readonly #dirty = new Map<Root, Set<string>>();
  readonly #touched = new Set<string>();
  /** Roots that went, or were replaced by others; a swap of two folders takes a moment. */
  readonly #moved = new Set<Root>();
  readonly #setReady: () => void;
  /** Batches of rescans that are under way; what is read meanwhile is newer and leaves them. */
  readonly #openBatches = new Set<Batch>();
  #timer: NodeJS.Timeout | undefined;
  #firstEventAt = 0;
  #problemsChanged = false;
  /** By directory; of directories that can't be watched there may be thousands. */
  readonly #followFaults = new Map<string, Problem>();
  #indexProblem: Problem | undefined;
  #indexTimer: NodeJS.Timeout | undefined;
  #indexWriting: Promise<void> | undefined;
  /** Whether anything was read that the index does not hold as it is. */
  #isIndexStale = false;
  #isClosed = false;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#reader = new FolderReader(options.parse, (error) => this.#onInternalError(error));
    const common = {
      pollingMs: options.pollingMs,
      watchDirectory: options.watchDirectory,
      onFault: (directory: string, fault: { readonly cause: unknown } | undefined) => {
        if (fault) this.#followFaults.set(directory, watchProblem(directory, fault.cause));
        else this.#followFaults.delete(directory);
        this.#problemsChanged = true;
        this.#schedule();
      },
    };
    this.#followed = new FollowedFiles({ ...common, onTouch: (folder) => this.#touch(folder) });
    this.#linked = new FollowedFiles({ ...common, onTouch: (folder) => this.#onLinkTouched(folder) });
    const development = new Set((options.developmentFolders ?? []).map((folder) => resolve(folder)));
    const parents = new Set(options.folders.map((folder) => resolve(folder)));
    this.#rootPaths = new Set([...development, ...parents]);
    this.#roots = [
      ...[...development].map((path) => ({ path, isSingle: true })),
      ...[...parents].map((path) => ({ path, isSingle: false })),
    ].map(({ path, isSingle }, rank) => ({
      path,
      prefix: path + sep,
      rank,
      isSingle,
      real: path,
      names: new Set(),
      oddNames: new Map(),
      suspects: new Set(),
      problems: new Map(),
      isUnlisted: false,
      watcher: undefined,
    }));
    const { promise, resolve: setReady } = Promise.withResolvers<void>();
    this.ready = promise;
    this.#setReady = setReady;
  }

  /** Reads every folder at once and answers what is there; nothing is sent to the listeners. */
  scan(): DiscoveryChange {
    const { indexFile, parserVersion = "" } = this.#options;
    const index = indexFile === undefined ? undefined : readIndex(indexFile, parserVersion);
    const batch: Batch = new Map();
    for (const root of this.#roots) {
      const listing = this.#list(root);
      if (!listing) continue;
      const remembered = index?.get(root.path);
      for (const [name, kind] of listing) {
        if (kind === "folder" && remembered && this.#recall(root, name, remembered, batch)) continue;
        this.#observe(root, name, kind, batch);
      }
    }
    if (this.#isIndexStale && indexFile !== undefined) {
      this.#indexTimer = setTimeout(() => {
        this.#indexWriting = this.#writeIndex();
      }, indexDelayMs);
      this.#indexTimer.unref();
    }
    return this.#apply(batch, new Set());
  }

  /** Follows the folders in the background until {@link close}; keeps the process alive meanwhile. */
  watch(): void {
    if (this.#isClosed) return;
    const ready: Promise<void>[] = [];
    for (const root of this.#roots) {
      if (root.watcher) continue;
      root.watcher = new RootWatcher(
        {
          path: root.path,
          isSingle: root.isSingle,
          pollingMs: this.#options.pollingMs,
          watchDirectory: this.#options.watchDirectory,
          watchRoot: this.#options.watchRoot,
        },
        this.#observerOf(root),
      );
      root.watcher.start();
      ready.push(root.watcher.ready);
    }
    void Promise.all(ready).then(this.#setReady);
  }

  /** Calls the listener with every change, in order, until disposed. */
  readonly onDidChange = (listener: (change: DiscoveryChange) => void): Disposable => {
    const own = (change: DiscoveryChange): void => listener(change);
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  };

  /** Looks at everything again; resolves when the listeners have heard what is new. */
  async rescan(): Promise<void> {
    await Promise.all(this.#roots.map((root) => this.#rescanRoot(root)));
  }

  /**
   * Counts the files as part of the folder: any event on them marks it as touched. They need not exist, and may lie
   * elsewhere.
   */
  follow(folder: string, files: Iterable<string>, options: FollowOptions = {}): Disposable {
    return this.#followed.follow(folder, files, options);
  }

  /** Whether the manifest of the description is still what it was when it was read. */
  isAsDescribed(description: ExtensionDescription): boolean {
    const { folder, fingerprint } = description;
    const entry = this.#known.entry(folder);
    const stamp = entry && placeOf(entry).fingerprint === fingerprint ? this.#stamps.get(folder) : undefined;
    if (stamp !== undefined && sameStamp(stamp, this.#reader.stamp(realFolderOf(description)))) return true;
    return this.#reader.isAsDescribed(description);
  }

  /** Looks at the folder again after a few quiet milliseconds, as if it had an event. */
  lookAgain(folder: string): void {
    this.#onLinkTouched(folder);
  }

  /** When the folder last had an event, by `performance.now()`. */
  lastEventAt(folder: string): number | undefined {
    return this.#lastEvents.get(folder);
  }

  /** How many folders are known. */
  get size(): number {
    return this.#known.size;
  }

  /** Every known folder. */
  entries(): Iterable<FolderEntry> {
    return this.#known.entries();
  }

  /** What the folder holds, if it is known. */
  entry(folder: string): FolderEntry | undefined {
    return this.#known.entry(folder);
  }

  /** Extensions that are not used because another folder provides their id. */
  shadowed(): Iterable<ShadowedExtension> {
    return this.#known.shadowed();
  }

  /** Why the folder's extension is not used, if another folder provides its id. */
  shadow(folder: string): ShadowedExtension | undefined {
    return this.#known.shadow(folder);
  }

  /** All findings about the extension folders themselves. */
  problems(): readonly Problem[] {
    const problems = this.#roots.flatMap((root) => [...root.problems.values()]);
    const [followFault] = this.#followFaults.values();
    for (const problem of [followFault, this.#indexProblem]) if (problem) problems.push(problem);
    return problems;
  }

  /** Stops everything; nothing is told any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#indexTimer);
    this.#listeners.clear();
    await this.#indexWriting;
    await this.#writeIndex();
    this.#followed.close();
    this.#linked.close();
    await Promise.all(this.#roots.map(async (root) => root.watcher?.close()));
    this.#setReady();
  }

  #observerOf(root: Root): RootObserver {
    return {
      onName: (name) => this.#markDirty(root, name),
      onInside: (name) => {
        if (root.names.has(name)) this.#lastEvents.set(placeIn(root, name).folder, performance.now());
      },
      onWhole: () => this.#rescanRoot(root),
      onMoved: () => {
        this.#moved.add(root);
        for (const name of root.names) {
          this.#followed.doubt(placeIn(root, name).folder);
          this.#linked.doubt(placeIn(root, name).folder);
        }
        this.#schedule();
      },
      onBeat: () => {
        if (root.isUnlisted) root.watcher?.lookAgain();
        for (const name of root.suspects) this.#enqueue(root, name);
      },
      onFault: (fault) => {
        const problem = fault && watchProblem(root.path, fault.cause);
        this.#setProblem(root, "watch", problem);
        this.#schedule();
      },
    };
  }

  #isIgnored(root: Root, name: string): boolean {
    if (root.isSingle) return false;
    return name.startsWith(".") || name === "node_modules" || this.#rootPaths.has(root.path + sep + name);
  }

  /** The names that may be extensions; `undefined` when the folder can't be listed and what is known stands. */
  #list(root: Root): Map<string, NameKind> | undefined {
    const real = lookBehind(root.path);
    if (real.found === undefined) return this.#onListingFault(root, real.code);
    root.real = real.found;
    const { found, code } = root.isSingle ? onlyItself(root) : lookInto(root.path);
    if (found === undefined) return this.#onListingFault(root, code);
    const names = new Map<string, NameKind>();
    if (root.isSingle) names.set(basename(root.path), "folder");
    else {
      found.sort((left, right) => (left.name < right.name ? -1 : 1));
      for (const child of found) {
        if (this.#isIgnored(root, child.name)) continue;
        if (child.isDirectory()) names.set(child.name, "folder");
        else if (child.isSymbolicLink()) names.set(child.name, "link");
        else if (!child.isFile()) names.set(child.name, "unknown");
      }
    }
    root.isUnlisted = false;
    this.#setProblem(root, "", undefined);
    return names;
  }

  #onListingFault(root: Root, code: string): Map<string, NameKind> | undefined {
    root.isUnlisted = true;
    if (code === "ENOENT") {
      const message = `${root.path} does not exist; the host waits for it.`;
      this.#setProblem(root, "", {
        code: "DISCOVERY_FOLDER_MISSING",
        severity: "info",
        file: root.path,
        message,
      });
      return new Map();
    }
    const what = code === "ENOTDIR" ? "is not a folder" : `can't be read: ${code}`;
    const message = `${root.path} ${what}.`;
    this.#setProblem(root, "", { code: "DISCOVERY_UNREADABLE", severity: "error", file: root.path, message });
    return code === "ENOTDIR" ? new Map() : undefined;
  }

  /** Takes what the index remembers of a name into the batch, if its manifest is unchanged. */
  #recall(root: Root, name: string, remembered: RememberedFolder, batch: Batch): boolean {
    const place = placeIn(root, name);
    const stamp = this.#reader.stamp(place.folder);
    const description = stamp && remembered.describe(place, root.real, stamp);
    if (!description) return false;
    this.#stamps.set(place.folder, stamp);
    this.#addName(root, name, batch);
    batch.set(place.folder, { kind: "extension", description });
    return true;
  }

  /** Looks at one name and puts what it holds into the batch. */
  #observe(root: Root, name: string, kind: NameKind, batch: Batch): void {
    const place = placeIn(root, name);
    const known = this.#known.entry(place.folder);
    const identity = root.watcher?.attend(name);
    if (root.watcher) this.#attendManifest(place.folder);
    const finding = this.#compareFolders(
      this.#reader.readFolder(place, root.real, { kind, known }),
      place.folder,
      identity,
    );
    for (const open of this.#openBatches) if (open !== batch) open.delete(place.folder);

    this.#setProblem(root, name, finding.kind === "link" ? finding.problem : undefined);
    const isSuspect =
      finding.kind === "link" ? finding.isDangling : finding.kind === "folder" && finding.isSuspect;
    if (isSuspect) root.suspects.add(name);
    else root.suspects.delete(name);

    const stamp = finding.kind === "folder" ? finding.stamp : undefined;
    if (stamp && this.#isSettled(stamp)) this.#stamps.set(place.folder, stamp);
    else this.#stamps.delete(place.folder);
    if (stamp) this.#isIndexStale = true;
    if (root.watcher) {
      const isLink = finding.kind === "folder" && isLinked(root, name, finding.entry);
      root.watcher.setLink(name, { isLink });
    }

    if (finding.kind === "folder") {
      if (!root.names.has(name)) this.#addName(root, name, batch);
      if (finding.entry !== known || batch.has(place.folder)) batch.set(place.folder, finding.entry);
    } else {
      if (root.names.has(name)) this.#removeName(root, name);
      // The folder around it may be away for a moment, with all that is in it.
      if (known && !isFolder(root.path)) root.isUnlisted = true;
      if (known || batch.has(place.folder)) batch.set(place.folder, undefined);
    }
  }

  /** Remembers in which folder a manifest was whole, and marks one that is broken in another folder than that. */
  #compareFolders(finding: FolderFinding, folder: string, identity: string | undefined): FolderFinding {
    if (finding.kind !== "folder") {
      this.#wholeIn.delete(folder);
      return finding;
    }
    const { entry } = finding;
    if (entry.kind === "extension") {
      if (identity !== undefined) this.#wholeIn.set(folder, identity);
      return finding;
    }
    const before = this.#wholeIn.get(folder);
    const isReplacement = before !== undefined && identity !== undefined && before !== identity;
    if (isReplacement === (entry.broken.isReplacement ?? false)) return finding;
    return { ...finding, entry: { kind: "broken", broken: { ...entry.broken, isReplacement } } };
  }

  /** Follows where the manifest leads if it is a link itself, since no event of its folder tells of that. */
  #attendManifest(folder: string): void {
    const before = this.#linkFollows.get(folder);
    this.#linkFollows.delete(folder);
    const file = folder + sep + manifestName;
    if (isLink(file)) this.#linkFollows.set(folder, this.#linked.follow(folder, [file]));
    // After that, so that what both watch goes on being watched.
    before?.dispose();
  }

  #onLinkTouched(folder: string): void {
    const entry = this.#known.entry(folder);
    const root = entry && this.#roots.find(({ path }) => path === placeOf(entry).root);
    if (root) this.#markDirty(root, placeOf(entry).name);
  }

  #addName(root: Root, name: string, batch: Batch): void {
    root.names.add(name);
    const key = foldName(name);
    if (name !== key) {
      const odd = root.oddNames.get(key);
      if (odd) odd.add(name);
      else root.oddNames.set(key, new Set([name]));
    } else if (!root.oddNames.has(key)) {
      return;
    }
    const others = namesOfFold(root, key).filter((other) => other !== name);
    if (others.length === 0) return;
    // On a disk that ignores case both names answer, also right after a rename; the listing tells which is there.
    const listed = new Set(lookInto(root.path).found?.map((entry) => entry.name) ?? others);
    for (const other of others) {
      if (listed.has(other)) continue;
      this.#removeName(root, other);
      batch.set(placeIn(root, other).folder, undefined);
    }
    this.#reportClash(root, key);
  }

  #removeName(root: Root, name: string): void {
    root.names.delete(name);
    const key = foldName(name);
    const odd = root.oddNames.get(key);
    if (!odd) return;
    odd.delete(name);
    if (odd.size === 0) root.oddNames.delete(key);
    this.#reportClash(root, key);
  }

  #reportClash(root: Root, key: string): void {
    const folders = namesOfFold(root, key).map((name) => placeIn(root, name).folder);
    const [file] = folders;
    const message = `${folders.join(" and ")} differ only in case.`;
    const problem: Problem | undefined =
      file === undefined || folders.length < 2
        ? undefined
        : { code: "DISCOVERY_CASE_CLASH", severity: "warning", file, message };
    this.#setProblem(root, `case ${key}`, problem);
  }

  #setProblem(root: Root, subject: string, problem: Problem | undefined): void {
    const known = root.problems.get(subject);
    if (known?.message === problem?.message && known?.code === problem?.code) return;
    if (problem) root.problems.set(subject, problem);
    else root.problems.delete(subject);
    this.#problemsChanged = true;
  }

  #markDirty(root: Root, name: string): void {
    if (this.#isIgnored(root, name)) return;
    const { folder } = placeIn(root, name);
    this.#touch(folder);
    this.#followed.doubt(folder);
    this.#linked.doubt(folder);
    this.#enqueue(root, name);
    for (const suspect of root.suspects) this.#enqueue(root, suspect);
  }

  #touch(folder: string): void {
    this.#touched.add(folder);
    this.#lastEvents.set(folder, performance.now());
    this.#schedule();
  }

  #enqueue(root: Root, name: string): void {
    const names = this.#dirty.get(root);
    if (names) names.add(name);
    else this.#dirty.set(root, new Set([name]));
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isClosed) return;
    const { quietMs = 8, maxQuietMs = 100 } = this.#options;
    const now = performance.now();
    if (!this.#timer) this.#firstEventAt = now;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#flush(),
      Math.max(0, Math.min(quietMs, this.#firstEventAt + maxQuietMs - now)),
    );
    this.#timer.unref();
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#isClosed) return;
    // First, so that what happens after the listeners have looked at the disk is told again.
    this.#followed.settle();
    this.#linked.settle();
    const batch: Batch = new Map();
    for (const [root, names] of this.#dirty) {
      if (this.#moved.has(root)) continue;
      for (const name of [...names].sort()) this.#observe(root, name, "unknown", batch);
    }
    this.#dirty.clear();
    const touched = new Set<string>();
    for (const folder of this.#touched) {
      if (batch.has(folder) || this.#known.entry(folder)) touched.add(folder);
      if (!this.#known.entry(folder) && !batch.get(folder)) this.#lastEvents.delete(folder);
    }
    this.#touched.clear();
    this.#emit(this.#apply(batch, touched));
    for (const root of this.#moved) void this.#rescanRoot(root, { hasMoved: true });
    this.#moved.clear();
  }

  /** Reads in slices, so that a large folder never holds up calls; reconciles all of it at once. */
  async #rescanRoot(root: Root, { hasMoved = false } = {}): Promise<void> {
    if (this.#hasEnded()) return;
    const batch: Batch = new Map();
    this.#openBatches.add(batch);
    try {
      const listing = this.#list(root);
      if (listing) {
        for (const name of root.names) if (!listing.has(name)) listing.set(name, "unknown");
        let count = 0;
        for (const [name, kind] of listing) {
          if (kind !== "folder" || !this.#isUnchanged(root, name)) this.#observe(root, name, kind, batch);
          if (++count % sliceSize === 0) await nextTurn();
          if (this.#hasEnded()) return;
        }
      }
    } finally {
      this.#openBatches.delete(batch);
    }
    // Whoever looked while nothing was there has to look again, though everything is as it was.
    const touched = hasMoved ? [...root.names].map((name) => placeIn(root, name).folder) : [];
    this.#emit(this.#apply(batch, new Set(touched)));
  }

  /** A call, since closing happens while others wait. */
  #hasEnded(): boolean {
    return this.#isClosed;
  }

  #isUnchanged(root: Root, name: string): boolean {
    const identity = root.watcher?.attend(name);
    const place = placeIn(root, name);
    const known = this.#stamps.get(place.folder);
    if (known === undefined || !sameStamp(known, this.#reader.stamp(place.folder))) return false;
    // What a link led to may have been moved to where the link was.
    const entry = this.#known.entry(place.folder);
    if (entry === undefined || isLinked(root, name, entry)) return false;
    if (entry.kind === "extension" && identity !== undefined) this.#wholeIn.set(place.folder, identity);
    return true;
  }

  #isSettled(stamp: ManifestStamp): boolean {
    const now = this.#options.now?.() ?? Date.now();
    return now - Math.max(stamp.mtimeMs, stamp.ctimeMs) > racyMs;
  }

  async #writeIndex(): Promise<void> {
    const { indexFile, parserVersion = "" } = this.#options;
    if (indexFile === undefined || !this.#isIndexStale) return;
    this.#isIndexStale = false;
    const roots = this.#roots
      .filter((root) => !root.isSingle)
      .map((root) => ({ path: root.path, real: root.real, extensions: this.#indexable(root) }));
    try {
      await writeIndex(indexFile, parserVersion, roots);
      if (this.#indexProblem) this.#problemsChanged = true;
      this.#indexProblem = undefined;
    } catch (error) {
      const message = `${indexFile} can't be written: ${errorCode(error)}.`;
      this.#indexProblem = { code: "STATE_UNWRITABLE", severity: "warning", file: indexFile, message };
      this.#problemsChanged = true;
    }
    if (this.#problemsChanged) this.#schedule();
  }

  #indexable(root: Root): IndexedExtension[] {
    const extensions: IndexedExtension[] = [];
    for (const name of root.names) {
      const { folder } = placeIn(root, name);
      const entry = this.#known.entry(folder);
      const stamp = this.#stamps.get(folder);
      if (entry?.kind !== "extension" || !stamp) continue;
      // A link may lead elsewhere tomorrow, to a manifest with the same stamp.
      if (isLinked(root, name, entry)) continue;
      extensions.push({ description: entry.description, stamp });
    }
    return extensions;
  }

  #apply(batch: Batch, touched: ReadonlySet<string>): DiscoveryChange {
    const problems = this.#problemsChanged ? this.problems() : undefined;
    this.#problemsChanged = false;
    return { ...this.#known.reconcile(batch), touched, problems };
  }

  #emit(change: DiscoveryChange): void {
    const isEmpty = change.folders.length === 0 && change.touched.size === 0 && change.problems === undefined;
    if (isEmpty || this.#isClosed) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        this.#onInternalError(error);
      }
    }
  }

  #onInternalError(error: unknown): void {
    this.#options.onInternalError?.(error);
  }
}

function placeIn(root: Root, name: string): FolderPlace {
  const folder = root.isSingle ? root.path : root.prefix + name;
  return { folder, root: root.path, rank: root.rank, name };
}

/** The entries of a root that is one extension itself: there is none that concerns us. */
function onlyItself(root: Root): Look<Dirent[]> {
  const { found, code } = lookAt(root.real);
  if (found === undefined) return { code };
  return found.isDirectory() ? { found: [] } : { code: "ENOTDIR" };
}

function foldName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function isLinked(root: Root, name: string, entry: FolderEntry): boolean {
  const real = root.isSingle ? root.real : root.real + sep + name;
  return !placeOf(entry).fingerprint.endsWith(` ${real}`);
}

/** The names that are one folder on a disk that ignores case, in order. */
function namesOfFold(root: Root, key: string): string[] {
  const names = [...(root.oddNames.get(key) ?? [])];
  if (root.names.has(key)) names.push(key);
  return names.sort();
}

function watchProblem(path: string, cause: unknown): Problem {
  const code = errorCode(cause);
  const limit = usedUp(code);
  return {
    code: limit === undefined ? "DISCOVERY_WATCH_FAILED" : "DISCOVERY_WATCH_LIMIT",
    severity: "warning",
    file: path,
    message: `${path} can't be watched (${code}${limit ?? ""}); it is looked at every second instead.`,
  };
}

/** Which limit is met, if it is one; Linux says EMFILE of two of them. */
function usedUp(code: string): string | undefined {
  if (code === "ENFILE") return ": all files that the system may open";
  if (code === "ENOSPC") return ": all of fs.inotify.max_user_watches";
  if (code !== "EMFILE") return undefined;
  const files = "all files that the process may open, see ulimit -n";
  return process.platform === "linux" ? `: all of fs.inotify.max_user_instances, or ${files}` : `: ${files}`;
}
