/**
 * Writes files into an archive whose bytes depend on nothing but the files: a tar in gzip, as npm packs
 * packages, everything below `package/`. Decides nothing about which files.
 * Invariant: the target appears whole or not at all, and the reader takes it.
 */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, constants } from "node:zlib";
import { isExtensionError } from "@plugboard/extension-api";
import { diskRefusal } from "../common/disk-refusal.js";
import { nonBlockingRead } from "../common/read-regular-file.js";
import { asideOf, removeLeftAside, flush, flushFolder } from "../common/write-whole.js";
import { archiveError } from "./archive-error.js";
import { digestOfFiles, inListOrder, type ListedFile } from "./file-list.js";
import { readArchive, type ArchiveProgress } from "./read-archive.js";

/** A file to be packed. @internal */
export interface FileToPack {
  /** Its path in the archive. */
  readonly path: string;
  readonly size: number;
  readonly isExecutable: boolean;
  /** Where its bytes are: a file, or the bytes themselves. */
  readonly content: string | Buffer;
}

/** Options of writing an archive. @internal */
export interface WriteArchiveOptions {
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** When every entry was changed last, as npm has it: no archive format has to round or refuse it. */
const fixedTime = new Date("1985-10-26T08:15:00.000Z");
const block = 512;

/**
 * Writes the archive and gives the list of what is in it.
 *
 * The tar inside is the same on every machine. So is the whole file where the same zlib compresses; the
 * digest of the list does not depend on that.
 *
 * @throws ExtensionError `ARCHIVE_CHANGED` when a file changes meanwhile, `ARCHIVE_UNWRITABLE`
 * @internal
 */
export async function writeArchive(
  target: string,
  files: readonly FileToPack[],
  { onProgress, signal }: WriteArchiveOptions = {},
): Promise<readonly ListedFile[]> {
  const { Header, Pax } = await import("tar");
  const listed: ListedFile[] = [];
  const ordered = inListOrder(files);
  let bytes = 0;

  async function* tar(): AsyncGenerator<Buffer> {
    for (const file of ordered) {
      signal?.throwIfAborted();
      const path = `package/${file.path}`;
      const header = new Header({
        path,
        size: file.size,
        mode: file.isExecutable ? 0o755 : 0o644,
        mtime: fixedTime,
        uid: 0,
        gid: 0,
        uname: "",
        gname: "",
        type: "File",
      });
      header.encode();
      if (header.needPax) yield new Pax({ path, size: file.size }).encode();
      yield header.block as Buffer;
      const hash = createHash("sha256");
      for await (const chunk of contentOf(file)) {
        hash.update(chunk);
        yield chunk;
      }
      yield Buffer.alloc((block - (file.size % block)) % block);
      const { content: _content, ...facts } = file;
      listed.push({ ...facts, sha256: hash.digest("hex") });
      bytes += file.size;
      onProgress?.({ files: listed.length, totalFiles: files.length, bytes });
    }
    yield Buffer.alloc(2 * block);
  }

  const aside = asideOf(target);
  try {
    await removeLeftAside(dirname(target));
    const compress = createGzip({ level: constants.Z_BEST_COMPRESSION });
    await pipeline(tar, compress, new SystemlessHeader(), createWriteStream(aside, { mode: 0o644 }));
    // What is too well compressed, say, is found out here and not by whoever installs.
    const read = await readArchive(aside, { signal });
    if (digestOfFiles(read) !== digestOfFiles(listed)) {
      throw archiveError("ARCHIVE_DAMAGED", `${target} does not hold what was written.`);
    }
    await flush(aside);
    await rename(aside, target);
    await flushFolder(dirname(target));
  } catch (error) {
    await rm(aside, { force: true });
    const why = diskRefusal(error);
    if (isExtensionError(error) || why === undefined) throw error;
    throw archiveError("ARCHIVE_UNWRITABLE", `${target} can't be written: ${why}.`, { cause: error });
  }
  return listed;
}

/** A file's bytes, exactly as many as were announced. */
async function* contentOf({ path, size, content }: FileToPack): AsyncGenerator<Buffer> {
  if (typeof content !== "string") {
    yield content;
    return;
  }
  const changed = () =>
    archiveError("ARCHIVE_CHANGED", `${path} changed while it was packed.`, { entry: path });
  let done = 0;
  const handle = await openToPack(content, path);
  try {
    if (!(await handle.stat()).isFile()) throw changed();
    for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      done += chunk.length;
      if (done > size) throw changed();
      yield chunk;
    }
  } finally {
    await handle.close();
  }
  if (done !== size) throw changed();
}

async function openToPack(file: string, path: string) {
  try {
    return await open(file, nonBlockingRead);
  } catch (cause) {
    throw archiveError("ARCHIVE_UNREADABLE", `${path} can't be read.`, { entry: path, cause });
  }
}

/** gzip notes the system it ran on, and how hard it tried; neither is content. */
class SystemlessHeader extends Transform {
  #done = 0;

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error: null, data: Buffer) => void,
  ): void {
    // Time, effort, system: bytes 4 to 9.
    for (
      let position = Math.max(4, this.#done);
      position < Math.min(10, this.#done + chunk.length);
      position++
    ) {
      chunk[position - this.#done] = position === 9 ? 255 : 0;
    }
    this.#done += chunk.length;
    done(null, chunk);
  }
}
