/**
 * The files of a state folder: one JSON object each. Several processes may use one folder: a change is read, made and
 * written while nobody else changes the same file, and what others changed is seen by the next look.
 * Invariant: a file is always whole, and a change is made once or, if it is refused, not at all.
 */
import { join } from "node:path";
import { ExtensionError } from "@plugboard/extension-api";
import { isRecord } from "./is-record.js";
import { diskRefusal } from "./disk-refusal.js";
import { withLock } from "./file-lock.js";
import { fileIdentity } from "./file-identity.js";
import { KeyedQueue } from "./keyed-queue.js";
import { readRegularFile } from "./read-regular-file.js";
import { removeLeftAside, writeWhole, type Disk } from "./write-whole.js";

/** The values of a file. @internal */
export type StateValues = Readonly<Record<string, unknown>>;

/** Functions that tests put in the place of the real ones. @internal */
export interface StateFilesOptions {
  /** The disk that is written; the machine's own unless given. */
  readonly disk?: Disk;
  /** How long another process may keep a file from being changed. */
  readonly waitMs?: number;
}

interface Loaded {
  readonly identity: string | undefined;
  readonly values: StateValues;
}

/** Characters of a file that is set in: a value a thousand levels deep is behind two thousand spaces. */
const mostSetIn = 16 * 1024;

/** Longer than it takes until a process that was killed elsewhere is known to be gone. */
const longestWaitMs = 20_000;

/** JSON files by name; without a folder they are kept in memory. @internal */
export class StateFiles {
  readonly #folder: string | undefined;
  readonly #disk: Disk | undefined;
  readonly #waitMs: number;
  readonly #loaded = new Map<string, Loaded>();
  readonly #queue = new KeyedQueue();

  constructor(folder: string | undefined, { disk, waitMs = longestWaitMs }: StateFilesOptions = {}) {
    this.#folder = folder;
    this.#disk = disk;
    this.#waitMs = waitMs;
  }

  /** Where the file is; undefined if everything is kept in memory. */
  path(name: string): string | undefined {
    return this.#folder === undefined ? undefined : join(this.#folder, name);
  }

  /**
   * What the file holds now; nothing if there is none.
   *
   * @throws ExtensionError `STATE_UNREADABLE`
   */
  read(name: string): StateValues {
    const file = this.path(name);
    const loaded = this.#loaded.get(name);
    if (file === undefined) return loaded?.values ?? {};
    // Before it is read: what is written meanwhile is found by the next look.
    const identity = fileIdentity(file);
    if (loaded !== undefined && identity !== undefined && loaded.identity === identity) return loaded.values;
    const values = readValues(file);
    this.#loaded.set(name, { identity, values });
    return values;
  }

  /**
   * Changes what the file holds, once nobody else does.
   *
   * @throws ExtensionError `STATE_UNREADABLE`, `STATE_UNWRITABLE`, `STATE_BUSY`; what `change` throws. The file is as
   *   it was then.
   */
  change(
    name: string,
    change: (values: StateValues) => StateValues | Promise<StateValues>,
    { mode = 0o644 }: { readonly mode?: number } = {},
  ): Promise<void> {
    return this.#queue.run([name], async () => {
      const file = this.path(name);
      if (file === undefined) {
        this.#loaded.set(name, { identity: undefined, values: await change(this.read(name)) });
        return;
      }
      await this.alone(name, async () => {
        const before = this.read(name);
        const values = await change(before);
        if (values === before) return;
        await this.write(name, textOf(values), { mode });
      });
    });
  }

  /** Does the work while no other process changes the file. @throws ExtensionError `STATE_UNWRITABLE`, `STATE_BUSY` */
  async alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { folder, file } = this.#place(name);
    const terms = {
      folder: join(folder, "claims"),
      name: name.replaceAll("/", " "),
      waitMs: this.#waitMs,
      busy: (processId: number) =>
        new ExtensionError(
          "STATE_BUSY",
          `Process ${String(processId)} has been changing ${file} for too long.`,
          {
            details: { file, processId },
          },
        ),
    };
    try {
      return await withLock(terms, work);
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  /** Writes the file, whatever it holds. @throws ExtensionError `STATE_UNWRITABLE` */
  async write(name: string, text: string, { mode }: { readonly mode: number }): Promise<void> {
    const { file } = this.#place(name);
    try {
      await writeWhole(file, text, { mode, disk: this.#disk });
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  /** Removes what processes that were killed have left beside the files. Never rejects. */
  async sweep(): Promise<void> {
    if (this.#folder === undefined) return;
    const folders = ["", "storage", "secrets"].map((name) => join(this.#folder ?? "", name));
    await Promise.all(folders.map((folder) => removeLeftAside(folder)));
  }

  #place(name: string): { readonly folder: string; readonly file: string } {
    const folder = this.#folder;
    if (folder === undefined) throw new TypeError("State in memory has no files.");
    return { folder, file: join(folder, name) };
  }
}

/** Set in for whoever looks at it, unless that could take far more room than the values. */
function textOf(values: StateValues): string {
  const text = JSON.stringify(values);
  return `${text.length > mostSetIn ? text : JSON.stringify(values, undefined, 2)}\n`;
}

function readValues(file: string): StateValues {
  let text: string;
  try {
    text = readRegularFile(file, Infinity);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    const why = diskRefusal(cause);
    const message = `${file} can't be read${why === undefined ? "" : `: ${why}`}.`;
    throw new ExtensionError("STATE_UNREADABLE", message, { details: { file }, cause });
  }
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    // What the parser says quotes the text.
    throw new ExtensionError("STATE_UNREADABLE", `${file} is not JSON.`, { details: { file } });
  }
  if (isRecord(values)) return values;
  throw new ExtensionError("STATE_UNREADABLE", `${file} does not hold an object.`, { details: { file } });
}

/** What the disk refuses, in our words; anything else as it is. */
function unwritable(file: string, cause: unknown): unknown {
  const why = diskRefusal(cause);
  if (why === undefined) return cause;
  return new ExtensionError("STATE_UNWRITABLE", `${file} can't be written: ${why}.`, {
    details: { file },
    cause,
  });
}
