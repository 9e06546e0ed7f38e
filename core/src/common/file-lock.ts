/**
 * A lock between processes, made of files. Each puts a file of its own, an empty one, into a folder
 * and then looks who else has: whoever finds itself alone may work, the others take theirs back and try again.
 * Invariant: a file is only ever taken away by its owner, or when its owner is gone. No two have the same name, so
 * clearing up after somebody who was killed never takes the place of somebody else.
 */
import { mkdir, open, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { nodeCrypto } from "./late-builtins.js";
import { lifeOf, markPattern, ownMark, processIdOf } from "./process-mark.js";

/** A lock on one piece of work, and how long to wait for it. @internal */
export interface FileLock {
  /** Where everybody who works on it says so; made if it is not there. */
  readonly folder: string;
  /** Names it in that folder. */
  readonly name: string;
  /** How long others may keep it. */
  readonly waitMs: number;
  /** The error to throw when they keep it longer. */
  readonly busy: (processId: number) => Error;
  /** Told before each further look who is waited for. */
  readonly onWait?: ((processId: number) => void) | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** Somebody who holds the lock, waits for it, or was killed while doing so. @internal */
export interface LockHolder {
  /** The process that works, as its own machine counts. */
  readonly processId: number;
  /** The file that says so. */
  readonly file: string;
  readonly isGone: boolean;
}

const beatMs = 2_000;
/** Nothing can be said of a process elsewhere, but that it touches its file while it works. */
const silentMs = 15_000;
const shortestPauseMs = 2;
const longestPauseMs = 40;

/**
 * Does the work while holding the lock: nobody else does it then, whichever process they are in.
 *
 * @throws what `busy` gives if others don't end in time, the signal's reason, the disk's error if the folder can't be
 *   written
 * @internal
 */
export async function withLock<T>(terms: FileLock, work: () => Promise<T>): Promise<T> {
  const own = new LockFile(terms);
  const end = performance.now() + terms.waitMs;
  try {
    for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await own.make();
      const others = await own.others();
      const [first] = others;
      if (first === undefined) break;
      // One of those who wait stays; so the one who worked is followed by somebody.
      if (others.some(({ file }) => file < own.file)) await own.remove();
      if (performance.now() > end) throw terms.busy(first.processId);
      terms.signal?.throwIfAborted();
      terms.onWait?.(first.processId);
      await pause(pauseMs * (0.5 + Math.random()));
    }
    return await work();
  } finally {
    await own.remove();
  }
}

/** All who hold the lock now, wait for it, or were killed while doing so. @internal */
export async function lockHoldersOf({
  folder,
  name,
}: Pick<FileLock, "folder" | "name">): Promise<readonly LockHolder[]> {
  return lockHoldersIn(folder, name, Date.now());
}

/** The file with which one process asks for the lock and holds it. */
class LockFile {
  readonly file: string;
  readonly #terms: FileLock;
  #beat: NodeJS.Timeout | undefined;
  /** What the disk's clock is ahead of this process's own. */
  #clockAheadMs = 0;

  constructor(terms: FileLock) {
    this.#terms = terms;
    this.file = join(
      terms.folder,
      `${terms.name}~${ownMark()}~${nodeCrypto().randomBytes(6).toString("hex")}`,
    );
  }

  async make(): Promise<void> {
    if (this.#beat !== undefined) return;
    await makeEmpty(this.file, this.#terms.folder);
    this.#clockAheadMs = await stat(this.file).then(
      ({ mtimeMs }) => mtimeMs - Date.now(),
      // Gone with its folder already: the next look makes it again.
      () => 0,
    );
    this.#beat = setInterval(() => {
      const now = (Date.now() + this.#clockAheadMs) / 1000;
      // Gone with its folder: the next look makes it again.
      utimes(this.file, now, now).catch(() => undefined);
    }, beatMs).unref();
  }

  /** Who else works or wants to; clears up after those who are gone. */
  async others(): Promise<readonly LockHolder[]> {
    const { folder, name } = this.#terms;
    const all = await lockHoldersIn(folder, name, Date.now() + this.#clockAheadMs);
    for (const { file, isGone } of all) if (isGone) await rm(file, { force: true });
    if (!all.some(({ file }) => file === this.file)) {
      // Somebody has removed the folder meanwhile.
      await this.remove();
      await this.make();
      return this.others();
    }
    return all.filter(({ file, isGone }) => !isGone && file !== this.file);
  }

  /** What the disk does not let go now is taken back later: it would keep everybody away for as long as this process lives. */
  async remove(): Promise<void> {
    clearInterval(this.#beat);
    this.#beat = undefined;
    if (await this.#isRemoved()) return;
    const again = setInterval(() => {
      void this.#isRemoved().then((isRemoved) => {
        if (isRemoved) clearInterval(again);
      });
    }, beatMs).unref();
  }

  #isRemoved(): Promise<boolean> {
    return rm(this.file, { force: true }).then(
      () => true,
      () => false,
    );
  }
}

/** An empty file needs no room for content: also on a full disk somebody can work, to make room. */
async function makeEmpty(file: string, folder: string): Promise<void> {
  try {
    await (await open(file, "wx", 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await (await open(file, "wx", 0o600)).close();
  }
}

async function lockHoldersIn(folder: string, name: string, now: number): Promise<readonly LockHolder[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const pattern = new RegExp(`^(.+)~(${markPattern})~[0-9a-f]+$`);
  const holders: LockHolder[] = [];
  for (const each of names) {
    const [, what, mark = ""] = pattern.exec(each) ?? [];
    if (what !== name) continue;
    const file = join(folder, each);
    const life = lifeOf(mark);
    const isGone = life === "gone" || (life === "elsewhere" && (await isSilent(file, now)));
    holders.push({ processId: processIdOf(mark), file, isGone });
  }
  return holders;
}

async function isSilent(file: string, now: number): Promise<boolean> {
  try {
    return now - (await stat(file)).mtimeMs > silentMs;
  } catch {
    // Taken back meanwhile.
    return true;
  }
}
