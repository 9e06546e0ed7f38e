/** Archives made by hand, byte by byte: good ones, and those that no honest program writes. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

const block = 512;

/** An entry of a crafted archive. */
export interface CraftedEntry {
  readonly path: string;
  readonly content?: string | Buffer;
  /** The type flag of tar: 0 file, 1 hard link, 2 symbolic link, 3 and 4 devices, 5 folder, 6 FIFO. */
  readonly type?: string;
  readonly link?: string;
  /** The size that the header tells, if not that of the content. */
  readonly size?: number;
  readonly mode?: number;
  /** Records of an extended header in front of it. */
  readonly extended?: Readonly<Record<string, string>>;
}

/** The manifest of the extension in most crafted archives. */
export const manifest: CraftedEntry = {
  path: "package/plugin.json5",
  content: '{ manifestVersion: 1, id: "acme.crafted", version: "1.0.0" }\n',
};

/** A tar without its end. */
export function tarEntries(entries: readonly CraftedEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const body = Buffer.from(entry.content ?? "");
      const own = [header(entry, body.length), padded(body)];
      if (entry.extended === undefined) return own;
      const records = Object.entries(entry.extended).map(([key, value]) => record(key, value));
      const text = Buffer.from(records.join(""));
      return [header({ path: "PaxHeader", type: "x" }, text.length), padded(text), ...own];
    }),
  );
}

/** What stands at the end of a tar. */
export const tarEnd = Buffer.alloc(2 * block);

/** A whole tar. */
export function tarOf(entries: readonly CraftedEntry[]): Buffer {
  return Buffer.concat([tarEntries(entries), tarEnd]);
}

/** Writes bytes into a file of a folder of its own, gone after the test. */
export async function fileOf(bytes: Buffer, name = "crafted.tgz"): Promise<string> {
  const file = join(await scratchFolder(), name);
  await writeFile(file, bytes);
  return file;
}

/** Writes a tar of the entries, compressed, into a file. */
export function archiveOf(entries: readonly CraftedEntry[]): Promise<string> {
  return fileOf(gzipSync(tarOf(entries)));
}

/** A folder that is gone after the test. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-archive-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function header({ path, type = "0", link = "", mode = 0o644, size }: CraftedEntry, length: number): Buffer {
  const bytes = Buffer.alloc(block);
  bytes.write(path, 0, 100);
  bytes.write(octal(mode, 8), 100);
  bytes.write(octal(0, 8), 108);
  bytes.write(octal(0, 8), 116);
  bytes.write(octal(size ?? length, 12), 124);
  bytes.write(octal(0, 12), 136);
  bytes.fill(" ", 148, 156);
  bytes.write(type, 156);
  bytes.write(link, 157, 100);
  bytes.write("ustar\0" + "00", 257, "latin1");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

function padded(body: Buffer): Buffer {
  return Buffer.concat([body, Buffer.alloc((block - (body.length % block)) % block)]);
}

/** Each record starts with its own length, these digits included. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (length !== Buffer.byteLength(`${length}${rest}`)) length += 1;
  return `${length}${rest}`;
}
