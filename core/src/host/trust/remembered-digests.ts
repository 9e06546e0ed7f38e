/**
 * Remembers between starts what folders consist of, so that unchanged ones need not be hashed anew. A cache: what is
 * missing, foreign or corrupt in it is read from the disk instead. It vouches for what is listed; code that is to run
 * is always read and hashed. Whoever can write to the state folder decides what runs anyway.
 */
import { isRecord } from "../../common/is-record.js";
import { readRegularFile } from "../../common/read-regular-file.js";
import { writeWhole } from "../../common/write-whole.js";

/** The digests of a folder, good for as long as the system says the same of its files. @internal */
export interface RememberedDigest {
  /** What the system said of the files: sizes, times, inodes. */
  readonly stamp: string;
  /** Names the manifest. */
  readonly fingerprint: string;
  /** Names the content. */
  readonly digest: string;
  readonly isSigned: boolean;
}

const format = 1;
/** Ten thousand folders take some three million. */
const largestFile = 256 * 2 ** 20;

/** Digests by folder. @internal */
export class RememberedDigests {
  readonly #file: string | undefined;
  #digests: Map<string, RememberedDigest> | undefined;
  #isChanged = false;
  #saving = Promise.resolve();

  /** @param file - where they are kept; only in memory if undefined */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** What was remembered of the folder. */
  get(folder: string): RememberedDigest | undefined {
    return this.#all().get(folder);
  }

  /** Remembers what was found; undefined forgets. */
  set(folder: string, digest: RememberedDigest | undefined): void {
    const all = this.#all();
    if (digest === undefined) {
      this.#isChanged = all.delete(folder) || this.#isChanged;
      return;
    }
    all.set(folder, digest);
    this.#isChanged = true;
  }

  /** Writes them if any has changed since, and settles when they are written. Rejects as the disk does. */
  save(): Promise<void> {
    this.#saving = this.#saving.catch(() => undefined).then(() => this.#write());
    return this.#saving;
  }

  async #write(): Promise<void> {
    if (this.#file === undefined || !this.#isChanged) return;
    this.#isChanged = false;
    const folders = Object.fromEntries(this.#all());
    await writeWhole(this.#file, JSON.stringify({ format, folders }), { mode: 0o600 });
  }

  #all(): Map<string, RememberedDigest> {
    return (this.#digests ??=
      this.#file === undefined ? new Map<string, RememberedDigest>() : readDigests(this.#file));
  }
}

function readDigests(file: string): Map<string, RememberedDigest> {
  try {
    const { format: found, folders } = JSON.parse(readRegularFile(file, largestFile)) as {
      readonly format?: unknown;
      readonly folders?: object;
    };
    const entries = found === format ? Object.entries(folders ?? {}) : [];
    return new Map(entries.filter((entry): entry is [string, RememberedDigest] => isDigest(entry[1])));
  } catch {
    // None yet, or half of one: every folder is read.
    return new Map();
  }
}

function isDigest(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { stamp, fingerprint, digest, isSigned } = value;
  return (
    [stamp, fingerprint, digest].every((text) => typeof text === "string") && typeof isSigned === "boolean"
  );
}
