/**
 * Makes ready the very bytes that are executed: reads a program once, checks what was read, and keeps it as a private
 * copy that is run instead. So nothing can come between the check and the run, and the file of a running plugin can be
 * written over, which systems refuse for one that is executed itself.
 * Invariant: a copy is what its checksum and stamp were made of, for as long as it is there.
 */
import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { access, mkdir, open, realpath, rm, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, normalize, sep } from "node:path";
import {
  ExtensionError,
  type ExtensionIdentity,
  type FileStamp,
  type PrivateFolder,
  type StartRequest,
} from "@plugboard/extension-api";
import { manifestFault } from "../settings/manifest-fault.js";
import {
  programFormat,
  thisMachine,
  unfitness,
  type Machine,
  type ProgramFormat,
} from "./program-fitness.js";

/** A program that can be started. @internal */
export interface Program {
  /** What to execute. */
  readonly path: string;
  /** What the manifest names, an absolute path. */
  readonly source: string;
  /** Says that nothing started from it runs any more. Once. */
  release(): void;
}

/** Which program is wanted, and how. @internal */
export interface ProgramRequest {
  readonly extension: ExtensionIdentity;
  /** Relative to the extension's folder. */
  readonly command: string;
  readonly sha256: string | undefined;
  /** The SHA-256 of each file that was trusted, by path from the folder; undefined if any may run. */
  readonly trusted?: ReadonlyMap<string, string> | undefined;
  readonly inPlace: boolean;
  /** A program that was made ready before, to be used again as it was. */
  readonly reuse: Program | undefined;
  readonly onFile: (path: string, stamp: FileStamp) => void;
  /** Makes the folder for copies, which serves all programs. */
  readonly createFolder: StartRequest["createFolder"];
}

/** Copies that nothing runs from: enough for restarts, and for the way back after an update that fails. */
const mostIdleCopies = 8;
const pieceBytes = 1024 * 1024;
/** Two changes within one tick of the disk's clock carry one time; FAT has the slowest clock, 2 s. */
const slowestClockMs = 2_000;

const absent: FileStamp = Object.freeze({ hash: undefined, mtimeMs: 0, ctimeMs: 0, size: 0 });

interface Copy extends Program {
  /** The file as it was when it was copied; undefined when too fresh to be told from a change right after. */
  readonly version: string | undefined;
  readonly stamp: FileStamp;
  /** Undefined if nobody has asked for it. */
  readonly sha256: string | undefined;
  users: number;
}

/** Holds the private copies of one host. @internal */
export class ProgramStore {
  readonly #machine: Machine;
  /** The one used last comes last. */
  readonly #copies = new Set<Copy>();
  #folder: Promise<PrivateFolder> | undefined;
  #made = 0;

  constructor(machine: Machine = thisMachine) {
    this.#machine = machine;
  }

  /**
   * Makes a program ready.
   *
   * @throws ExtensionError `MANIFEST_PATH`, `MODULE_UNFIT`, `MODULE_CHECKSUM` or `TRUST_CHANGED`
   */
  async prepare(request: ProgramRequest): Promise<Program> {
    const again = [...this.#copies].find((copy) => copy === request.reuse);
    if (again !== undefined && (await this.#isThere(again))) {
      request.onFile(again.source, again.stamp);
      return this.#use(again);
    }
    const source = join(request.extension.path, request.command);
    const { file, stats } = await this.#open(source, request);
    try {
      return await this.#prepare(file, stats, source, request);
    } finally {
      await file.close();
    }
  }

  /** Removes all copies. Nothing may run from them any more. */
  async dispose(): Promise<void> {
    this.#copies.clear();
    const folder = await this.#folder?.catch(() => undefined);
    this.#folder = undefined;
    await folder?.remove();
  }

  async #prepare(file: FileHandle, stats: Stats, source: string, request: ProgramRequest): Promise<Program> {
    const { extension, command, sha256, trusted, inPlace, onFile, createFolder } = request;
    const version = versionOf(stats);
    const checks = sha256 !== undefined || trusted !== undefined;
    const isKnown = (copy: Copy): boolean =>
      copy.source === source && copy.version === version && (!checks || copy.sha256 !== undefined);
    const known = version === undefined || inPlace ? undefined : [...this.#copies].find(isKnown);
    if (known !== undefined && (await this.#isThere(known))) {
      onFile(source, known.stamp);
      this.#check(known, request);
      return this.#use(known);
    }
    const format = await programFormat(file).catch((): ProgramFormat => ({ kind: "unknown" }));
    const fault = unfitness(format, this.#machine, stats.size) ?? this.#lackOfRights(stats, command);
    // An interpreter looks for what a script imports beside the script, and loads all of that unchecked.
    const runsWhereItLies = inPlace || (format.kind === "script" && sha256 === undefined);
    if (fault !== undefined || runsWhereItLies) {
      const { stamp, sha256: found } = await readThrough(file, stats, { checks });
      onFile(source, stamp);
      this.#check({ sha256: found }, request);
      if (fault !== undefined) throw unfit(extension, command, fault);
      return { path: source, source, release: () => undefined };
    }
    const copy = await this.#copy(file, stats, source, { version, checks, createFolder });
    onFile(source, copy.stamp);
    try {
      this.#check(copy, request);
    } catch (error) {
      await removeAll(dirname(copy.path));
      throw error;
    }
    this.#copies.add(copy);
    return this.#use(copy);
  }

  /** Opens a regular file of the extension's own. */
  async #open(
    source: string,
    { extension, command, onFile }: ProgramRequest,
  ): Promise<{ readonly file: FileHandle; readonly stats: Stats }> {
    const fault = (what: string, cause?: unknown) =>
      manifestFault(extension.id, "runtime.command", `names ${JSON.stringify(command)}, which ${what}.`, {
        code: "MANIFEST_PATH",
        cause,
      });
    try {
      const [folder, real] = await Promise.all([realpath(extension.path), realpath(source)]);
      if (!real.startsWith(folder + sep)) throw fault(`leads out of the extension's folder, to ${real}`);
      // A pipe in its place must not keep the host waiting.
      const file = await open(
        real,
        process.platform === "win32" ? "r" : constants.O_RDONLY | constants.O_NONBLOCK,
      );
      const stats = await file.stat();
      if (stats.isFile()) return { file, stats };
      await file.close();
      throw fault("is not a file");
    } catch (error) {
      if (error instanceof ExtensionError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR")
        throw fault(`can't be read: ${code ?? String(error)}`, error);
      onFile(source, absent);
      throw fault("does not exist: build it, or name the file that is there");
    }
  }

  #lackOfRights(stats: Stats, command: string): string | undefined {
    if (this.#machine.platform === "win32" || (stats.mode & 0o111) !== 0) return undefined;
    return `It is not executable: run chmod +x ${command} in the extension's folder.`;
  }

  #check(
    { sha256: found }: Pick<Copy, "sha256">,
    { extension, command, sha256, trusted }: ProgramRequest,
  ): void {
    if (trusted !== undefined && trusted.get(normalize(command).split(sep).join("/")) !== found) {
      const what = `The program ${command} of ${extension.id} is not as it was when it was trusted: it was not started.`;
      const file = join(extension.path, command);
      throw new ExtensionError("TRUST_CHANGED", what, { extensionId: extension.id, details: { file } });
    }
    if (sha256 === undefined || sha256 === found) return;
    const message = `The program ${command} of ${extension.id} has the SHA-256 ${found}, and its manifest asks for ${sha256}: it was not started.`;
    throw new ExtensionError("MODULE_CHECKSUM", message, {
      extensionId: extension.id,
      details: { key: "runtime.sha256", found, wanted: sha256 },
    });
  }

  async #copy(
    file: FileHandle,
    stats: Stats,
    source: string,
    {
      version,
      checks,
      createFolder,
    }: { readonly version: string | undefined; readonly checks: boolean } & Pick<
      ProgramRequest,
      "createFolder"
    >,
  ): Promise<Copy> {
    // The name is what a list of processes shows and people kill by, and what a plugin may take for its own.
    const name = basename(source);
    const { path, target } = await this.#target(name, createFolder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      this.#folder = undefined;
      return this.#target(name, createFolder);
    });
    try {
      const { stamp, sha256 } = await readThrough(file, stats, { target, checks });
      const copy: Copy = {
        path,
        source,
        version,
        stamp,
        sha256,
        users: 0,
        release: () => this.#release(copy),
      };
      return copy;
    } catch (error) {
      await removeAll(dirname(path));
      throw error;
    } finally {
      await target.close();
    }
  }

  async #target(
    name: string,
    createFolder: ProgramRequest["createFolder"],
  ): Promise<{ readonly path: string; readonly target: FileHandle }> {
    this.#folder ??= createFolder().catch((error: unknown) => {
      this.#folder = undefined;
      throw error;
    });
    const path = join((await this.#folder).path, String(++this.#made), name);
    await mkdir(dirname(path), { mode: 0o700 });
    return { path, target: await open(path, "wx", 0o700) };
  }

  /** Systems remove old temporary files now and then: such a copy is forgotten. */
  async #isThere(copy: Copy): Promise<boolean> {
    try {
      await access(copy.path, constants.X_OK);
      return true;
    } catch {
      this.#copies.delete(copy);
      return false;
    }
  }

  #use(copy: Copy): Copy {
    copy.users++;
    this.#copies.delete(copy);
    this.#copies.add(copy);
    return copy;
  }

  #release(copy: Copy): void {
    copy.users--;
    const idle = [...this.#copies].filter(({ users }) => users === 0);
    for (const old of idle.slice(0, Math.max(0, idle.length - mostIdleCopies))) {
      this.#copies.delete(old);
      void removeAll(dirname(old.path));
    }
  }
}

/** What the file is now, told without reading it; undefined when a change right after would look the same. */
function versionOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string | undefined {
  if (Date.now() - ctimeMs < slowestClockMs) return undefined;
  return [dev, ino, size, mtimeMs, ctimeMs].join(" ");
}

/** Reads all of the file, once, and writes what was read to the target; `checks` asks for its SHA-256 as well. */
async function readThrough(
  file: FileHandle,
  stats: Stats,
  { target, checks }: { readonly target?: FileHandle; readonly checks: boolean },
): Promise<{ readonly stamp: FileStamp; readonly sha256: string | undefined }> {
  const stamping = createHash("sha1");
  const checking = checks ? createHash("sha256") : undefined;
  const piece = Buffer.allocUnsafe(pieceBytes);
  let size = 0;
  for (;;) {
    const { bytesRead } = await file.read(piece, 0, pieceBytes, size);
    if (bytesRead === 0) break;
    size += bytesRead;
    const read = piece.subarray(0, bytesRead);
    stamping.update(read);
    checking?.update(read);
    for (let written = 0; target !== undefined && written < bytesRead;) {
      written += (await target.write(read, written)).bytesWritten;
    }
  }
  const isFresh = Date.now() - stats.ctimeMs < slowestClockMs;
  return {
    sha256: checking?.digest("hex"),
    stamp: {
      hash: stamping.digest("hex"),
      mtimeMs: stats.mtimeMs,
      ctimeMs: isFresh ? Number.NaN : stats.ctimeMs,
      size,
      ino: stats.ino,
    },
  };
}

function unfit({ id }: ExtensionIdentity, command: string, fault: string): ExtensionError {
  return new ExtensionError("MODULE_UNFIT", `The program ${command} of ${id} can't run here. ${fault}`, {
    extensionId: id,
    details: { key: "runtime.command", hint: fault },
  });
}

/** What can't be removed now goes with the folder that holds it. */
async function removeAll(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 2, retryDelay: 50 }).catch(() => undefined);
}
