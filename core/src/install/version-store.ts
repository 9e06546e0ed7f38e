/**
 * Where installed versions lie, and which of them counts. In a folder of extensions:
 *
 *     acme.english -> .plugboard/versions/acme.english/1.2.0-3f9a…/extension
 *     .plugboard/versions/acme.english/1.2.0-3f9a…/{extension/, previous, source.json, digest, …}
 *
 * The link is the only thing that counts, and it is replaced by a rename; so a kill at any point leaves the
 * old version or the new one. What a version replaced is written into it before, and changes with the link.
 * Everybody may read it but where it came from: the host is often another user than the one who installs.
 */
import { randomBytes } from "node:crypto";
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { lockHoldersOf, withLock, type LockHolder } from "../common/file-lock.js";
import { flush, flushFolder, writeWhole } from "../common/write-whole.js";
import { objectIn, readRecord, recordText, type SourceRecord } from "../source/source-record.js";
import { installError } from "./install-error.js";

/** The folder in which installing keeps its own, within a folder of extensions; hosts don't look there. @internal */
export const ownFolder = ".plugboard";

const unfinished = ".new";
/** Names the version that a version replaced. */
const previousFile = "previous";
/** Says where a version came from. */
const sourceFile = "source.json";
/** Names the content as it was installed. */
const digestFile = "digest";
/** Names a newer version that is too new to be taken. */
const tooNewFile = "too-new.json";
/** An empty file whose name ends with the version from which somebody went back. */
const rolledBackMark = "rolled-back-from~";
/** Longer than any download and what follows it takes. */
const longestWaitMs = 900_000;
/** Whoever runs the host may read what is installed, whatever mask it was installed with. */
const openMode = 0o755;

/** A version that lies in the store. @internal */
export interface StoredVersion {
  /** Its name in the store. */
  readonly name: string;
  /** Its files. */
  readonly folder: string;
  /** The version that it was installed as, for people; cut where it is very long. */
  readonly label: string;
}

/** Notes about a version. @internal */
export interface VersionNotes {
  /** The version that it replaces, to which a rollback leads. */
  readonly previous: StoredVersion | undefined;
  readonly source: SourceRecord;
  /** Names its content. */
  readonly digest: string;
  /** A newer one that was too new. */
  readonly tooNew: HeldVersions["tooNew"];
}

/** Newer versions that an update passes over. @internal */
export interface HeldVersions {
  /** The version from which somebody went back to this one. */
  readonly rolledBack?: string | undefined;
  /** The newest that was too new when an update looked last, and from when on it is not, in ISO 8601. */
  readonly tooNew?: { readonly version: string; readonly until?: string | undefined } | undefined;
}

/** A version that is being written. @internal */
export interface DraftVersion extends StoredVersion {
  /** Takes what was written for good; nothing else refers to it yet. */
  keep(notes: VersionNotes): Promise<StoredVersion>;
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
    const name = (await this.#note(version.name, previousFile))?.trim();
    return name !== undefined && (await namesIn(this.#versions)).includes(name)
      ? this.stored(name)
      : undefined;
  }

  /** A version that was kept under this name. */
  stored(name: string): StoredVersion {
    const label = name.slice(0, name.lastIndexOf("-"));
    return { name, label, folder: join(this.#versions, name, "extension") };
  }

  /**
   * Where the version came from; undefined if that was not written down.
   *
   * @throws ExtensionError `SOURCE_INVALID`
   */
  async source({ name }: StoredVersion): Promise<SourceRecord | undefined> {
    const text = await this.#note(name, sourceFile);
    return text === undefined ? undefined : readRecord(text);
  }

  /** Names the content as it was installed; undefined if that was not written down. */
  async digest({ name }: StoredVersion): Promise<string | undefined> {
    return (await this.#note(name, digestFile))?.trim();
  }

  /** The newer versions that an update passes over while this one is installed. */
  async held({ name }: StoredVersion): Promise<HeldVersions> {
    const names = await namesIn(join(this.#versions, name));
    const mark = names.find((each) => each.startsWith(rolledBackMark));
    const { version, until } = objectIn((await this.#note(name, tooNewFile)) ?? "") ?? {};
    return {
      ...(mark !== undefined && { rolledBack: mark.slice(rolledBackMark.length) }),
      ...(typeof version === "string" && {
        tooNew: { version, ...(typeof until === "string" && { until }) },
      }),
    };
  }

  /** Writes down that somebody went back to this version from another. */
  async setRolledBack({ name }: StoredVersion, from: StoredVersion): Promise<void> {
    const folder = join(this.#versions, name);
    const mark = `${rolledBackMark}${from.label}`;
    // Empty, so that it takes no room: also on a full disk somebody can go back.
    await writeFile(join(folder, mark), "", { mode: 0o644 });
    for (const each of await namesIn(folder))
      if (each.startsWith(rolledBackMark) && each !== mark) await rm(join(folder, each), { force: true });
    await flushFolder(folder);
  }

  /** Writes down that a newer version is too new, or that none is. */
  async setTooNew({ name }: StoredVersion, tooNew: HeldVersions["tooNew"]): Promise<void> {
    const file = join(this.#versions, name, tooNewFile);
    if (tooNew === undefined) await rm(file, { force: true });
    else await writeWhole(file, JSON.stringify(tooNew), { mode: 0o644 });
  }

  /** Lets everybody read a version that was written by a run which let nobody. */
  async open({ name }: StoredVersion): Promise<void> {
    await openTree(join(this.#versions, name));
  }

  /** Whether the files of a version are there. */
  async isThere({ folder }: StoredVersion): Promise<boolean> {
    return stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
  }

  /** A version that is kept although none counts; undefined if one does. */
  async leftover(): Promise<StoredVersion | undefined> {
    if ((await this.current()) !== undefined) return undefined;
    const name = (await namesIn(this.#versions))
      .filter((each) => !each.endsWith(unfinished))
      .sort()
      .at(-1);
    return name === undefined ? undefined : this.stored(name);
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
    for (const way of [dirname(this.#versions), this.#versions]) await makeOpen(way);
    return {
      name,
      label: version,
      folder,
      keep: async ({ previous, source, digest, tooNew }) => {
        if (previous !== undefined) await writeFile(join(aside, previousFile), `${previous.name}\n`);
        await writeFile(join(aside, sourceFile), recordText(source), { mode: 0o600 });
        await writeFile(join(aside, digestFile), `${digest}\n`);
        if (tooNew !== undefined) await writeFile(join(aside, tooNewFile), JSON.stringify(tooNew));
        for (const name of [previousFile, digestFile, tooNewFile])
          await chmod(join(aside, name), 0o644).catch(ignoreMissing);
        await openTree(aside);
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

  /** What is written down beside a version's files; undefined if nothing is. */
  async #note(name: string, file: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.#versions, name, file), "utf8");
    } catch (error) {
      ignoreMissing(error);
      return undefined;
    }
  }
}

/** How somebody waits to be the one who works on a folder of extensions. @internal */
export interface InstallTurn {
  readonly extensions: string;
  /** How long others are waited for; a quarter of an hour unless given. */
  readonly waitMs?: number | undefined;
  /** Told again and again who is waited for. */
  readonly onWait?: ((processId: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Keeps two runs from working on one folder of extensions. Whoever was killed while it worked does not keep
 * the next one out.
 *
 * @throws ExtensionError `INSTALL_BUSY`
 * @internal
 */
export async function withInstallLock<T>(
  { extensions, waitMs = longestWaitMs, onWait, signal }: InstallTurn,
  work: () => Promise<T>,
): Promise<T> {
  const busy = (processId: number) =>
    installError("INSTALL_BUSY", `Another process (${String(processId)}) installs into ${extensions}.`);
  const terms = { ...installingInto(extensions), waitMs, busy, onWait, signal };
  for (const folder of [extensions, join(extensions, ownFolder), terms.folder]) await makeOpen(folder);
  return withLock(terms, work);
}

/** Makes a folder that everybody may read; one that is there and was closed before is opened, as far as it is ours. */
async function makeOpen(folder: string): Promise<void> {
  const isNew = (await mkdir(folder, { recursive: true })) !== undefined;
  const isOwn = folder.includes(`${sep}${ownFolder}`);
  if (!isNew && (!isOwn || ((await stat(folder)).mode & openMode) === openMode)) return;
  await chmod(folder, openMode).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
  });
}

/** All who work on a folder of extensions, or were killed while doing so. @internal */
export async function installers(extensions: string): Promise<readonly LockHolder[]> {
  return lockHoldersOf(installingInto(extensions));
}

function installingInto(extensions: string): { readonly folder: string; readonly name: string } {
  return { folder: join(extensions, ownFolder, "claims"), name: "install" };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    ignoreMissing(error);
    return [];
  }
}

/** What lies below a damaged place is missing as well. */
function ignoreMissing(error: unknown): void {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
}

/** Lets everybody look into the folders of a tree. */
async function openTree(folder: string): Promise<void> {
  await makeOpen(folder);
  for (const child of await readdir(folder, { withFileTypes: true }))
    if (child.isDirectory()) await openTree(join(folder, child.name));
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
