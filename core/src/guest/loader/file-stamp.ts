/**
 * Remembers what a file was when it was read, and tells later whether it is still the same.
 * The bytes and the times come from one open descriptor, so a stamp never vouches for text that nobody read.
 */
import { fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import type { FileStamp } from "@plugboard/extension-api";
import { lookAt, lookBehind, lookLaterAt } from "../../common/look-at.js";
import {
  assertRegular,
  closeRead,
  nonBlockingRead,
  readRegularBytes,
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

  /**
   * Lists the files that are no longer what their stamp says: other content, removed, appeared, or not to be seen now.
   * A file is read only when its times or its length differ.
   */
  async changedFiles(files: ReadonlyMap<string, FileStamp>): Promise<readonly string[]> {
    const verdicts = await Promise.all(
      Array.from(files, async ([file, stamp]) => ((await this.#isChanged(file, stamp)) ? [file] : [])),
    );
    return verdicts.flat();
  }

  async #isChanged(file: string, stamp: FileStamp): Promise<boolean> {
    if (isElsewhere(file, stamp)) return true;
    const verdict = compare(stamp, (await lookLaterAt(file)).found);
    if (verdict !== "read") return verdict === "changed";
    if (this.#open < mostOpen) this.#open++;
    else await new Promise<void>((take) => this.#waiting.push(take));
    try {
      return contentHash(await readRegularBytesLater(file, largestCompared)) !== stamp.hash;
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

/** Does what {@link FileComparer.changedFiles} does, without yielding. @internal */
export function changedFilesSync(files: ReadonlyMap<string, FileStamp>): readonly string[] {
  return Array.from(files)
    .filter(([file, stamp]) => {
      const verdict = isElsewhere(file, stamp) ? "changed" : compare(stamp, lookAt(file).found);
      if (verdict !== "read") return verdict === "changed";
      try {
        return contentHash(readRegularBytes(file, largestCompared)) !== stamp.hash;
      } catch {
        return true;
      }
    })
    .map(([file]) => file);
}

/** A link that leads elsewhere is another file, though both may read the same. */
function isElsewhere(file: string, { target }: FileStamp): boolean {
  return target !== undefined && lookBehind(file).found !== target;
}

/**
 * Larger files are not read again to be compared, but count as changed when anything about them is: stamps may come from
 * a guest, and files of its own making must not fill the host's memory.
 */
const largestCompared = 64 * 2 ** 20;

function compare(stamp: FileStamp, stats: Stats | undefined): "same" | "changed" | "read" {
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
