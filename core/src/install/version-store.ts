/**
 * Where installed versions lie, and which of them counts. In a folder of extensions:
 *
 *     acme.english -> .plugboard/versions/acme.english/1.2.0-3f9a…/extension
 *     .plugboard/versions/acme.english/1.2.0-3f9a…/{extension/, previous, source.json}
 *
 * The link is the only thing that counts, and it is replaced by a rename; so a kill at any point leaves the
 * old version or the new one. What a version replaced is written into it before, and changes with the link.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { claimantsOf, workAlone, type Claimant } from "../common/exclusive-work.js";
import { flush, flushFolder, writeWhole } from "../common/write-whole.js";
import { readRecord, recordText, type SourceRecord } from "../source/source-record.js";
import { installError } from "./install-error.js";

/** Where what installs keeps its own, in a folder of extensions; hosts don't look there. @internal */
export const ownFolder = ".plugboard";

const unfinished = ".new";
/** Names the version that a version replaced. */
const previousFile = "previous";
/** Says where a version came from. */
const sourceFile = "source.json";
/** Two short ones follow each other; nobody waits for a long one. */
const longestWaitMs = 1_000;

/** A version that lies in the store. @internal */
export interface StoredVersion {
  /** Its name in the store. */
  readonly name: string;
  /** Its files. */
  readonly folder: string;
}

/** A version that is being written. @internal */
export interface DraftVersion extends StoredVersion {
  /** Takes what was written for good; nothing else refers to it yet. */
  keep(previous: StoredVersion | undefined, source: SourceRecord): Promise<StoredVersion>;
}

/** The versions of one extension in one folder of extensions. @internal */
export class VersionStore {
  /** Where the host sees the extension. */
  readonly link: string;
  readonly #extensions: string;
  readonly #versions: string;

  constructor(extensions: string, id: string) {
    this.#extensions = extensions;
    this.link = join(extensions, id);
    this.#versions = join(extensions, ownFolder, "versions", id);
  }

  /** The version that counts; undefined if none is installed, `"foreign"` if something else is in its place. */
  async current(): Promise<StoredVersion | "foreign" | undefined> {
    let target: string;
    try {
      target = await readlink(this.link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return undefined;
      if (code === "EINVAL" || code === "UNKNOWN") return "foreign";
      throw error;
    }
    const way = relative(this.#versions, join(this.#extensions, target)).split(sep);
    const [name = "", inside] = way;
    const isOurs = way.length === 2 && inside === "extension" && name !== "..";
    return isOurs ? this.stored(name) : "foreign";
  }

  /** The version that this one replaced, if it is still kept. */
  async previous(version: StoredVersion): Promise<StoredVersion | undefined> {
    try {
      const name = (await readFile(join(this.#versions, version.name, previousFile), "utf8")).trim();
      const names = await readdir(this.#versions);
      return names.includes(name) ? this.stored(name) : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** A version that was kept under this name. */
  stored(name: string): StoredVersion {
    return { name, folder: join(this.#versions, name, "extension") };
  }

  /**
   * Where the version came from; undefined if that was not written down.
   *
   * @throws ExtensionError `SOURCE_INVALID`
   */
  async source({ name }: StoredVersion): Promise<SourceRecord | undefined> {
    try {
      return readRecord(await readFile(join(this.#versions, name, sourceFile), "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Writes down that the version came from somewhere else as well; updates are looked for there from now on. */
  async setSource({ name }: StoredVersion, source: SourceRecord): Promise<void> {
    await writeWhole(join(this.#versions, name, sourceFile), recordText(source), { mode: 0o600 });
  }

  /** Makes room for a version; it counts for nothing until it is kept and chosen. */
  async draft(version: string): Promise<DraftVersion> {
    // The name only tells people apart what they see; a disk takes so much of it.
    const name = `${version.slice(0, 100)}-${randomBytes(6).toString("hex")}`;
    const aside = join(this.#versions, `${name}${unfinished}`);
    const folder = join(aside, "extension");
    await mkdir(folder, { recursive: true });
    return {
      name,
      folder,
      keep: async (previous, source) => {
        if (previous !== undefined) await writeFile(join(aside, previousFile), `${previous.name}\n`);
        await writeFile(join(aside, sourceFile), recordText(source), { mode: 0o600 });
        await syncTree(aside);
        await rename(aside, join(this.#versions, name));
        await flushFolder(this.#versions);
        return this.stored(name);
      },
    };
  }

  /** From here on this version counts. */
  async choose({ folder }: StoredVersion): Promise<void> {
    const aside = join(this.#extensions, ownFolder, `link-${randomBytes(6).toString("hex")}${unfinished}`);
    // Relative to where it will lie, so that the folder of extensions can be moved.
    const target = relative(this.#extensions, folder);
    if (process.platform === "win32") {
      // A junction can't be replaced in one step there; the host waits for a folder that is gone for a moment.
      await symlink(folder, aside, "junction");
      await rm(this.link, { force: true });
    } else {
      await symlink(target, aside);
    }
    await rename(aside, this.link);
    await flushFolder(this.#extensions);
  }

  /** From here on no version counts. */
  async chooseNone(): Promise<void> {
    await rm(this.link, { force: true });
    await flushFolder(this.#extensions);
  }

  /** Removes what an interrupted run has left, and every version but those. */
  async removeOthers(kept: readonly StoredVersion[]): Promise<void> {
    const names = new Set(kept.map(({ name }) => name));
    for (const name of await namesIn(this.#versions)) {
      if (!names.has(name)) await rm(join(this.#versions, name), { recursive: true, force: true });
    }
    if (names.size === 0) await rm(this.#versions, { recursive: true, force: true });
    const own = join(this.#extensions, ownFolder);
    for (const name of await namesIn(own)) {
      if (name.endsWith(unfinished)) await rm(join(own, name), { force: true });
    }
  }
}

/**
 * Keeps two runs from working on one folder of extensions. Whoever was killed while it worked does not keep
 * the next one out.
 *
 * @throws ExtensionError `INSTALL_BUSY`
 * @internal
 */
export async function withInstallLock<T>(extensions: string, work: () => Promise<T>): Promise<T> {
  const busy = (processId: number) =>
    installError("INSTALL_BUSY", `Another process (${String(processId)}) installs into ${extensions}.`);
  return workAlone({ ...installingInto(extensions), waitMs: longestWaitMs, busy }, work);
}

/** Who works on a folder of extensions, or was killed while doing so. @internal */
export async function installers(extensions: string): Promise<readonly Claimant[]> {
  return claimantsOf(installingInto(extensions));
}

function installingInto(extensions: string): { readonly folder: string; readonly name: string } {
  return { folder: join(extensions, ownFolder, "claims"), name: "install" };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Brings a tree to the disk, files before the folders that name them. */
async function syncTree(folder: string): Promise<void> {
  const children = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    children.map((child) => {
      const path = join(folder, child.name);
      return child.isDirectory() ? syncTree(path) : flush(path);
    }),
  );
  await flushFolder(folder);
}
