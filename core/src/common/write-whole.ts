/**
 * Writes files aside and puts them in place by a rename. Invariant: whoever reads the file finds it as it was or as it
 * is to be, wherever the writer is stopped and whatever the disk refuses; what is left aside names its writer.
 */
import * as realDisk from "node:fs/promises";
import { dirname, join } from "node:path";
import { nodeCrypto } from "./late-builtins.js";
import { lifeOf, markPattern, ownMark } from "./process-mark.js";

/** The functions of a disk that writing needs. @internal */
export type Disk = Pick<typeof realDisk, "mkdir" | "open" | "rename" | "rm">;

/** Options of writing a file. @internal */
export interface WriteWholeOptions {
  /** Who may do what with it. */
  readonly mode: number;
  /** The disk; the machine's own unless given. */
  readonly disk?: Disk | undefined;
}

/** Longer than anybody takes to write a file; counts where nothing else can be said of a writer. */
const longestWriteMs = 600_000;

/** Writes the file, its folder too if that is not there. Rejects as the disk does; nothing is left aside then. @internal */
export async function writeWhole(
  file: string,
  content: string | Uint8Array,
  { mode, disk = realDisk }: WriteWholeOptions,
): Promise<void> {
  await disk.mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = asideOf(file);
  try {
    const handle = await disk.open(aside, "wx", mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await disk.rename(aside, file);
  } catch (error) {
    await disk.rm(aside, { force: true }).catch(() => undefined);
    throw error;
  }
  await flushFolder(dirname(file), disk);
}

/** A name beside the file, of its writer's own. @internal */
export function asideOf(file: string): string {
  return `${file}.${ownMark()}~${nodeCrypto().randomBytes(4).toString("hex")}.new`;
}

/** Removes what writers left in the folder who are gone. Never rejects: it is in nobody's way. @internal */
export async function removeLeftAside(folder: string): Promise<void> {
  const pattern = new RegExp(String.raw`\.(${markPattern})~[0-9a-f]{8}\.new$`);
  const names = await realDisk.readdir(folder).catch(() => []);
  for (const name of names) {
    const [, mark] = pattern.exec(name) ?? [];
    if (mark === undefined) continue;
    const file = join(folder, name);
    const life = lifeOf(mark);
    if (life === "gone" || (life === "elsewhere" && (await isOld(file))))
      await realDisk.rm(file, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Brings the names in a folder to the disk. @internal */
export async function flushFolder(folder: string, disk: Pick<Disk, "open"> = realDisk): Promise<void> {
  // Windows opens no folders.
  if (process.platform !== "win32") await flush(folder, disk);
}

/** Brings what is in a file to the disk. @internal */
export async function flush(path: string, disk: Pick<Disk, "open"> = realDisk): Promise<void> {
  const handle = await disk.open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isOld(file: string): Promise<boolean> {
  try {
    return Date.now() - (await realDisk.stat(file)).mtimeMs > longestWriteMs;
  } catch {
    // In place by now.
    return false;
  }
}
