/**
 * Makes folders for sockets and temporary files, with a record beside each of who uses it, so that what a killed host left
 * behind can be told and removed by the next one.
 * Invariant: the folder that holds all of them belongs to this user, and nobody else can look into it.
 */
import { chmod, lstat, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { nodeCrypto } from "../../common/late-builtins.js";
import type { Child, PrivateFolder } from "@plugboard/extension-api";
import { identify, processSpace, type ProcessIdentity } from "./process-identity.js";

/** What is written down of a folder in use. @internal */
export interface FolderRecord {
  readonly space: string;
  readonly host: ProcessIdentity | undefined;
  /** Undefined until it has started, or for what holds no process. */
  readonly child: ProcessIdentity | undefined;
}

/** The ending of a record's name; without it, the name is that of the folder. @internal */
export const recordEnding = ".json";

/** Bytes of a socket's path, as systems hold it in a fixed field. */
const longestSocketPath = process.platform === "linux" ? 107 : 103;

/** What a child adds to the folder, such as `/plugin` and up to ten digits. */
const socketNameBytes = 17;
const folderNameBytes = 7;

/** Makes folders below one that this user owns. @internal */
export class PrivateFolders {
  readonly #parent: string | undefined;
  #root: Promise<string> | undefined;
  #owner: Promise<Pick<FolderRecord, "space" | "host">> | undefined;

  /** @param parent - where they lie; the system's folder for temporary files unless given */
  constructor(parent?: string) {
    this.#parent = parent;
  }

  /** The folder that holds all of them; made if need be. */
  root(): Promise<string> {
    this.#root ??= this.#makeRoot().catch((error: unknown) => {
      this.#root = undefined;
      throw error;
    });
    return this.#root;
  }

  /** Makes a folder of its own. */
  async create(): Promise<PrivateFolder> {
    try {
      return await this.#create();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      // Systems remove old temporary files now and then, and with them the folder that holds all of these.
      this.#root = undefined;
      return this.#create();
    }
  }

  async #create(): Promise<PrivateFolder> {
    const root = await this.root();
    const owner = await (this.#owner ??= this.#describeOwner());
    const name = nodeCrypto()
      .randomBytes(4)
      .readUInt32BE(0)
      .toString(36)
      .padStart(folderNameBytes - 1, "0")
      .slice(-6);
    const path = join(root, name);
    const record = path + recordEnding;
    const note = async (child: ProcessIdentity | undefined): Promise<void> => {
      const text = JSON.stringify({ ...owner, child } satisfies FolderRecord);
      // Whole or not at all: a sweep may read it at any time.
      await writeFile(`${record}~`, text, { mode: 0o600 });
      await rename(`${record}~`, record);
    };
    // The record comes first: a folder without one is taken for garbage.
    await note(undefined);
    await mkdir(path, { mode: 0o700 });
    return {
      path,
      belongsTo: async ({ processId }: Child) => note(await identify(processId)),
      remove: async () => {
        await removeAll(path);
        await removeAll(record);
      },
    };
  }

  async #makeRoot(): Promise<string> {
    const name = `plugboard-${process.platform === "win32" ? userInfo().username : String(process.getuid?.())}`;
    const room = longestSocketPath - socketNameBytes - folderNameBytes - name.length - 1;
    const parent = this.#parent ?? tmpdir();
    const isLong = process.platform !== "win32" && Buffer.byteLength(parent) > room;
    // Long folders for temporary files are usual on macOS, and in builds that have one each.
    const place = isLong ? "/tmp" : parent;
    const path = join(place, name);
    await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    });
    if (await isOwn(path)) return path;
    // Somebody else has made it, perhaps in order to read along: leave it alone. Nothing sweeps the one made here.
    const made = await mkdtemp(join(place, "plugboard-"));
    await chmod(made, 0o700);
    return made;
  }

  async #describeOwner(): Promise<Pick<FolderRecord, "space" | "host">> {
    const [space, host] = await Promise.all([processSpace(), identify(process.pid)]);
    return { space, host };
  }
}

/** Whether it is a folder of this user that nobody else can look into. */
async function isOwn(path: string): Promise<boolean> {
  const stats = await lstat(path);
  if (!stats.isDirectory()) return false;
  if (process.platform === "win32") return true;
  if (stats.uid !== process.getuid?.()) return false;
  if ((stats.mode & 0o077) !== 0) await chmod(path, 0o700);
  return true;
}

/** Removes a file or a folder. What can't be removed now is left to a later sweep. @internal */
export async function removeAll(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 2, retryDelay: 50 }).catch(() => undefined);
}
