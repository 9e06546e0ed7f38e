/**
 * Remembers what a file was when it was read, and tells later whether it is still the same.
 * The bytes and the times come from one open descriptor, so a stamp never vouches for text that nobody read.
 */
import { fstatSync, openSync, readFileSync } from "node:fs";
import type { FileStamp } from "@plugboard/extension-api";
import { EventLoopYielder } from "../../common/event-loop-yielder.js";
import { lookAt, lookBehind } from "../../common/look-at.js";
import {
  assertRegular,
  closeRead,
  nonBlockingRead,
  readRegularBytesLater,
} from "../../common/read-regular-file.js";
import { contentHash } from "./content-hash.js";

/** The bytes of a file with the stamp that belongs to exactly these bytes. @internal */
export interface StampedBytes {
  readonly bytes: Buffer;
  readonly stamp: FileStamp & { readonly hash: string };
}

/** The stamp of a file that was looked for and was not there. @internal */
export const absent: FileStamp = Object.freeze({ hash: undefined, mtimeMs: 0, ctimeMs: 0, size: 0 });

/** Two writes within one tick of the disk's clock carry one time; FAT has the slowest clock, 2 s. */
const slowestClockMs = 2_000;

/** Files that a comparer has open at once. */
const mostOpen = 16;

/** Reads a file once and stamps it. @throws what the file system throws, or for what is no regular file. @internal */
export function readStamped(file: string): StampedBytes {
  // Whoever asks has seen a file; a pipe may have taken its place since, and would keep its reader waiting.
  const descriptor = openSync(file, nonBlockingRead);
  try {
    const stats = fstatSync(descriptor);
    assertRegular(file, stats);
    const bytes = readFileSync(descriptor);
    const fresh = Date.now() - stats.ctimeMs < slowestClockMs;
    return {
      bytes,
      stamp: {
        hash: contentHash(bytes),
        mtimeMs: stats.mtimeMs,
        ctimeMs: fresh ? Number.NaN : stats.ctimeMs,
        size: stats.size,
        ino: stats.ino,
      },
    };
  } finally {
    closeRead(descriptor);
  }
}

/**
 * Compares files with their stamps. However many it is asked about, it has only a few open at once.
 *
 * @internal
 */
export class FileComparer {
  #open = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #yielder = new EventLoopYielder();

  /**
   * Lists the files that are no longer what their stamp says: other content, removed, appeared, or not to be seen now.
   * A file is read only when its times or its length differ.
   */
  async changedFiles(files: ReadonlyMap<string, FileStamp>): Promise<readonly string[]> {
    const stamped = [...files];
    const differing: Promise<boolean>[] = [];
    for (const [file, stamp] of stamped) {
      // Most have not changed, and a look is sooner done than handed to another thread.
      const verdict = verdictOn(file, stamp);
      differing.push(
        verdict === "read" ? this.#readsOtherwise(file, stamp) : Promise.resolve(verdict === "changed"),
      );
      const due = this.#yielder.due();
      if (due) await due;
    }
    const changes = await Promise.all(differing);
    return stamped.flatMap(([file], index) => (changes[index] === true ? [file] : []));
  }

  /** Never rejects. */
  async #readsOtherwise(file: string, { hash }: FileStamp): Promise<boolean> {
    if (this.#open < mostOpen) this.#open++;
    else await new Promise<void>((take) => this.#waiting.push(take));
    try {
      return contentHash(await readRegularBytesLater(file, largestCompared)) !== hash;
    } catch {
      // Whatever keeps it from being read, it is no longer known to be the same.
      return true;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#open--;
      else next();
    }
  }
}

/**
 * Larger files are not read again to be compared, but count as changed when anything about them is: stamps may come from
 * a guest, and files of its own making must not fill the host's memory.
 */
const largestCompared = 64 * 2 ** 20;

function verdictOn(file: string, stamp: FileStamp): "same" | "changed" | "read" {
  // A link that leads elsewhere is another file, though both may read the same.
  if (stamp.target !== undefined && lookBehind(file).found !== stamp.target) return "changed";
  const { found: stats } = lookAt(file);
  if (stamp.hash === undefined) return stats === undefined ? "same" : "changed";
  if (stats === undefined || !stats.isFile() || stats.size !== stamp.size) return "changed";
  // There is nothing to read; and what only claims to be empty, as files of the system do, may keep its reader waiting.
  if (stats.size === 0) return "same";
  // Another file may have its length and times: two that were written together and swap their names.
  const isUntouched =
    (stamp.ino === undefined || stats.ino === stamp.ino) &&
    stats.mtimeMs === stamp.mtimeMs &&
    stats.ctimeMs === stamp.ctimeMs;
  if (isUntouched) return "same";
  return stats.size > largestCompared ? "changed" : "read";
}
