/**
 * Reads an archive once, from front to end, and hands each file's bytes on as they come. Writes nothing.
 * Invariant: whatever the bytes are, memory stays bounded and the work ends at the first thing that is not
 * as it has to be. What was handed on before that is no one's until the reader has come to the end.
 */
import { createHash, type Hash } from "node:crypto";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { isExtensionError } from "@plugboard/extension-api";
import type { Parser, ReadEntry } from "tar";
import { nonBlockingRead } from "../common/read-regular-file.js";
import { thrownText } from "../common/thrown-text.js";
import { archiveError } from "./archive-error.js";
import { bytesFreeOfRatio, defaultArchiveLimits, type ArchiveLimits } from "./archive-limits.js";
import { EntryPaths, faultOfEntryPath } from "./entry-path.js";
import { inListOrder, type ListedFile } from "./file-list.js";

/** Takes one file's bytes. @internal */
export interface FileSink {
  write(bytes: Buffer): void;
  /** All bytes were written. */
  end(): void;
}

/** The beginning of a file of the archive. @internal */
export interface FileStart {
  readonly path: string;
  readonly size: number;
  readonly isExecutable: boolean;
}

/** Progress of the work on an archive. @public */
export interface ArchiveProgress {
  /** Files done. */
  readonly files: number;
  /** How many there are, where that is known. */
  readonly totalFiles?: number | undefined;
  /** Bytes done, unpacked. */
  readonly bytes: number;
}

/** Options of reading an archive. @internal */
export interface ReadArchiveOptions {
  /** Says where a file's bytes go; nowhere if it gives nothing. Called before the first byte. */
  readonly onFile?: ((file: FileStart) => FileSink | undefined) | undefined;
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
  readonly limits?: ArchiveLimits | undefined;
  readonly signal?: AbortSignal | undefined;
}

const block = 512;
const chunkBytes = 64 * 1024;

/**
 * Gives the list of an archive's files, the signature's included, by path.
 *
 * Links, devices and names that mean different things on different disks are refused, as is an archive that
 * is larger than the limits, cut short or followed by something.
 *
 * @throws ExtensionError with an `ARCHIVE_*` code; the reason of the signal when it aborts
 * @internal
 */
export async function readArchive(
  file: string,
  options: ReadArchiveOptions = {},
): Promise<readonly ListedFile[]> {
  const { Parser } = await import("tar");
  const handle = await openArchive(file);
  const reading = new Reading(new Parser({ strict: true, maxMetaEntrySize: chunkBytes }), options);
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  try {
    const source = handle.createReadStream({ highWaterMark: chunkBytes, autoClose: false });
    let compressed = 0;
    source.on("data", (chunk) => {
      compressed += chunk.length;
      reading.compressed = compressed;
    });
    source.on("error", (error) => gunzip.destroy(error));
    source.pipe(gunzip);
    for await (const chunk of gunzip) {
      options.signal?.throwIfAborted();
      reading.take(chunk as Buffer);
    }
    // Node stops without a word where the compressed data ends before the file does.
    if (gunzip.bytesWritten < compressed || !source.readableEnded) throw trailing();
    return reading.finish();
  } catch (error) {
    throw asArchiveError(error, file);
  } finally {
    gunzip.destroy();
    await handle.close();
  }
}

/** One archive under way. All of it happens while a chunk is taken, so that nothing piles up. */
class Reading {
  /** Bytes of the file that have been handed to the decompressor. */
  compressed = 0;
  readonly #parser: Parser;
  readonly #options: ReadArchiveOptions;
  readonly #limits: ArchiveLimits;
  readonly #paths = new EntryPaths();
  readonly #files: ListedFile[] = [];
  #entries = 0;
  #expanded = 0;
  #announced = 0;
  #root: string | undefined;
  #entry: ReadEntry | undefined;
  /** The beginning of a block whose end is still to come. */
  #incomplete = Buffer.alloc(0);
  #isFirst = true;
  #hasEnded = false;
  #failure: Error | undefined;

  constructor(parser: Parser, options: ReadArchiveOptions) {
    this.#parser = parser;
    this.#options = options;
    this.#limits = options.limits ?? defaultArchiveLimits;
    parser.on("error", (error) => this.#fail(archiveError("ARCHIVE_DAMAGED", damagedText(error))));
    parser.on("ignoredEntry", (entry: ReadEntry) => this.#fail(unsupported(entry)));
    parser.on("entry", (entry: ReadEntry) => this.#guarded(() => this.#begin(entry)));
    parser.on("eof", () => {
      this.#hasEnded = true;
    });
  }

  /** Takes the next bytes of the unpacked archive. */
  take(chunk: Buffer): void {
    this.#expanded += chunk.length;
    this.#checkSize(this.#expanded);
    const { ratio } = this.#limits;
    if (this.#expanded > bytesFreeOfRatio && this.#expanded > ratio * this.compressed) {
      throw archiveError("ARCHIVE_RATIO", `More than ${ratio} bytes come out of each that goes in.`);
    }
    const bytes = Buffer.concat([this.#incomplete, chunk]);
    const whole = bytes.length - (bytes.length % block);
    this.#incomplete = bytes.subarray(whole);
    this.#takeBlocks(bytes.subarray(0, whole));
  }

  #takeBlocks(bytes: Buffer): void {
    let position = 0;
    while (position < bytes.length) {
      const rest = bytes.subarray(position);
      if (this.#hasEnded) {
        if (rest.some((byte) => byte !== 0)) throw trailing();
        return;
      }
      position += this.#feed(rest);
      if (this.#failure !== undefined) throw this.#failure;
    }
  }

  /** The list, if the archive came to its end. */
  finish(): readonly ListedFile[] {
    if (!this.#hasEnded) throw truncated();
    if (this.#incomplete.some((byte) => byte !== 0)) throw trailing();
    return inListOrder(this.#files);
  }

  /**
   * Hands blocks to the parser: of a body as many as it still has, otherwise one header. So the parser, which keeps
   * back what is less than a block, keeps nothing back, and the end is known to the byte.
   */
  #feed(bytes: Buffer): number {
    const { blockRemain = 0 } = this.#entry ?? {};
    if (blockRemain > 0) {
      const part = bytes.subarray(0, blockRemain);
      this.#parser.write(part);
      return part.length;
    }
    const header = bytes.subarray(0, block);
    if (this.#isFirst) refuseInnerCompression(header);
    this.#isFirst = false;
    this.#parser.write(header);
    return block;
  }

  #begin(entry: ReadEntry): void {
    this.#entry = entry;
    this.#entries += 1;
    if (this.#entries > this.#limits.entries) {
      throw archiveError("ARCHIVE_TOO_MANY_ENTRIES", `It has more than ${this.#limits.entries} entries.`);
    }
    if (entry.type === "Directory") {
      this.#place(entry.path.replace(/\/$/, ""), "folder");
      entry.resume();
      return;
    }
    if (entry.type !== "File" && entry.type !== "OldFile" && entry.type !== "ContiguousFile") {
      throw unsupported(entry);
    }
    this.#announced += entry.size;
    this.#checkSize(this.#announced);
    const path = this.#place(entry.path, "file");
    if (path === undefined)
      throw archiveError("ARCHIVE_LAYOUT", "A file lies beside the folder of the extension.");
    this.#follow(entry, { path, size: entry.size, isExecutable: ((entry.mode ?? 0) & 0o100) !== 0 });
  }

  #follow(entry: ReadEntry, file: FileStart): void {
    const hash: Hash = createHash("sha256");
    const sink = this.#options.onFile?.(file);
    entry.on("data", (bytes: Buffer) =>
      this.#guarded(() => {
        hash.update(bytes);
        sink?.write(bytes);
      }),
    );
    entry.on("end", () =>
      this.#guarded(() => {
        sink?.end();
        this.#files.push({ ...file, sha256: hash.digest("hex") });
        this.#options.onProgress?.({ files: this.#files.length, bytes: this.#announced });
      }),
    );
  }

  /** The path inside the one folder that holds everything; undefined for that folder itself. */
  #place(full: string, kind: "file" | "folder"): string | undefined {
    const fault = faultOfEntryPath(full);
    if (fault !== undefined) throw fault;
    const slash = full.indexOf("/");
    const root = slash === -1 ? full : full.slice(0, slash);
    this.#root ??= root;
    if (root !== this.#root) {
      const message = `It holds two folders, ${JSON.stringify(this.#root)} and ${JSON.stringify(root)}.`;
      throw archiveError("ARCHIVE_LAYOUT", message, { entry: full });
    }
    if (slash === -1) return undefined;
    const path = full.slice(slash + 1);
    this.#paths.add(path, kind);
    return path;
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.#limits.bytes) return;
    const limit = Math.round(this.#limits.bytes / 2 ** 20);
    throw archiveError("ARCHIVE_TOO_LARGE", `It holds more than ${limit} MB.`);
  }

  /** The parser calls from within its own loop; an error must not unwind that. */
  #guarded(action: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(thrownText(error));
  }
}

async function openArchive(file: string) {
  try {
    const handle = await open(file, nonBlockingRead);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (cause) {
    throw archiveError("ARCHIVE_UNREADABLE", `${file} can't be read.`, { cause });
  }
  throw archiveError("ARCHIVE_UNREADABLE", `${file} is not a regular file.`);
}

/** The parser unpacks what it takes for compressed, without any limit of ours. */
function refuseInnerCompression(header: Buffer): void {
  const isCompressed = header.readUInt16BE(0) === 0x1f8b || header.readUInt32BE(0) === 0x28b52ffd;
  if (isCompressed) throw archiveError("ARCHIVE_DAMAGED", "It holds something compressed once more.");
}

function unsupported(entry: ReadEntry) {
  const { path, type } = entry;
  if (type === "Link" || type === "SymbolicLink") {
    return archiveError("ARCHIVE_LINK", `${JSON.stringify(path)} is a link.`, { entry: path });
  }
  return archiveError("ARCHIVE_SPECIAL_FILE", `${JSON.stringify(path)} is a ${type}, not a file.`, {
    entry: path,
  });
}

function truncated(cause?: unknown) {
  return archiveError("ARCHIVE_TRUNCATED", "The archive ends before its content does.", { cause });
}

function trailing() {
  return archiveError("ARCHIVE_TRAILING", "Something follows the end of the archive.");
}

function damagedText(error: unknown): string {
  return `It is not a sound archive: ${thrownText(error)}.`;
}

/** What the decompressor says in our words, and the archive's name in front. */
function asArchiveError(error: unknown, file: string): unknown {
  if (isExtensionError(error)) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === "Z_BUF_ERROR") return truncated(error);
  if (code?.startsWith("Z_") === true)
    return archiveError("ARCHIVE_DAMAGED", damagedText(error), { cause: error });
  if (syscall === "read")
    return archiveError("ARCHIVE_UNREADABLE", `${file} can't be read.`, { cause: error });
  return error;
}
