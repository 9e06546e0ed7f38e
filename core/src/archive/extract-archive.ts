/**
 * Writes an archive's files into an empty folder. Invariant: nothing is written outside that folder, and when
 * anything is wrong with the archive the folder is as empty as before.
 */
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { isExtensionError } from "@plugboard/extension-api";
import { diskRefusal } from "../common/disk-refusal.js";
import { archiveError } from "./archive-error.js";
import type { ListedFile } from "./file-list.js";
import { readArchive, type FileSink, type FileStart, type ReadArchiveOptions } from "./read-archive.js";

/**
 * Extracts the archive and gives the list of what was written. Creates the folder if it is not there.
 *
 * @throws ExtensionError with an `ARCHIVE_*` code; `ARCHIVE_TARGET` when the folder is not empty
 * @internal
 */
export async function extractArchive(
  archive: string,
  folder: string,
  options: Omit<ReadArchiveOptions, "onFile"> = {},
): Promise<readonly ListedFile[]> {
  prepare(folder);
  const extraction = new Extraction(folder);
  try {
    return await readArchive(archive, { ...options, onFile: (file) => extraction.start(file) });
  } catch (error) {
    extraction.undo();
    const why = diskRefusal(error);
    if (isExtensionError(error) || why === undefined) throw error;
    throw archiveError("ARCHIVE_UNWRITABLE", `${folder} can't be written: ${why}.`, { cause: error });
  }
}

class Extraction {
  readonly #folder: string;
  #descriptor: number | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  start({ path, isExecutable }: FileStart): FileSink {
    const file = join(this.#folder, path);
    mkdirSync(dirname(file), { recursive: true });
    const mode = isExecutable ? 0o755 : 0o644;
    // Exclusively: in a folder that was empty nothing can be in the way, and no link is followed.
    const descriptor = openSync(file, "wx", mode);
    this.#descriptor = descriptor;
    return {
      write: (bytes) => {
        for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
      },
      end: () => {
        this.#close();
        // The process may have been started with a mask.
        chmodSync(file, mode);
      },
    };
  }

  undo(): void {
    this.#close();
    for (const name of readdirSync(this.#folder)) {
      rmSync(join(this.#folder, name), { recursive: true, force: true });
    }
  }

  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function prepare(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length === 0) return;
  } catch (cause) {
    throw archiveError("ARCHIVE_TARGET", `${folder} can't be used.`, { cause });
  }
  throw archiveError("ARCHIVE_TARGET", `${folder} is not empty.`);
}
