import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { extractArchive } from "../../../../core/src/archive/extract-archive.js";
import { readArchive } from "../../../../core/src/archive/read-archive.js";
import {
  archiveOf,
  fileOf,
  manifest,
  scratchFolder,
  tarEnd,
  tarEntries,
  tarOf,
  type CraftedEntry,
} from "./crafted-archive.js";

/** Extracts into a folder inside a guarded one and tells how it ended and what lies there. */
async function outcomeOf(archive: string) {
  const guard = await scratchFolder();
  await writeFile(join(guard, "bystander"), "untouched");
  const target = join(guard, "target");
  const failure: unknown = await extractArchive(archive, target).then(
    () => undefined,
    (error: unknown) => error,
  );
  return {
    code: (failure as { code?: string } | undefined)?.code,
    written: await readdir(target),
    around: await readdir(guard),
    bystander: await readFile(join(guard, "bystander"), "utf8"),
  };
}

/** Nothing is left in the target and nothing has happened beside it. */
const refusedWith = (code: string) => ({
  code,
  written: [],
  around: ["bystander", "target"],
  bystander: "untouched",
});

test("an archive is unpacked without the folder around its files", async () => {
  const archive = await archiveOf([
    { path: "package", type: "5" },
    manifest,
    { path: "package/bin/run.sh", content: "#!/bin/sh\n", mode: 0o700 },
    { path: "package/empty.txt" },
  ]);
  const folder = join(await scratchFolder(), "new");
  const files = await extractArchive(archive, folder);
  expect(files.map(({ path, size, isExecutable }) => ({ path, size, isExecutable }))).toEqual([
    { path: "bin/run.sh", size: 10, isExecutable: true },
    { path: "empty.txt", size: 0, isExecutable: false },
    { path: "plugin.json5", size: 61, isExecutable: false },
  ]);
  expect(await readFile(join(folder, "plugin.json5"), "utf8")).toBe(manifest.content);
  expect(await readFile(join(folder, "empty.txt"), "utf8")).toBe("");
  expect((await stat(join(folder, "bin/run.sh"))).mode & 0o777).toBe(0o755);
  expect((await stat(join(folder, "plugin.json5"))).mode & 0o777).toBe(0o644);
});

test("a path of an extended header is the entry's path", async () => {
  const path = `package/${"long/".repeat(40)}file.txt`;
  const archive = await archiveOf([manifest, { path: "package/short", content: "x", extended: { path } }]);
  const files = await readArchive(archive);
  expect(files.map((file) => file.path)).toEqual([path.slice("package/".length), "plugin.json5"]);
});

test.each<[string, string, CraftedEntry]>([
  ["an absolute path", "ARCHIVE_PATH", { path: "/bystander", content: "hit" }],
  ["a path that leads out", "ARCHIVE_PATH", { path: "package/../../bystander", content: "hit" }],
  ["a path that starts outside", "ARCHIVE_PATH", { path: "../bystander", content: "hit" }],
  ["a part that is a dot", "ARCHIVE_PATH", { path: "package/./a" }],
  ["a part that is empty", "ARCHIVE_PATH", { path: "package//a" }],
  ["a backslash", "ARCHIVE_PATH", { path: "package\\..\\..\\bystander" }],
  ["a backslash further in", "ARCHIVE_PATH", { path: "package/a\\b" }],
  ["a drive letter", "ARCHIVE_PATH", { path: "C:/bystander" }],
  ["a line break", "ARCHIVE_PATH", { path: "package/a\nb" }],
  ["bytes that are not UTF-8", "ARCHIVE_PATH", { path: "package/a", extended: { path: "package/\ufffd" } }],
  [
    "a path that leads out in an extended header",
    "ARCHIVE_PATH",
    { path: "package/a", extended: { path: "package/../../bystander" } },
  ],
  ["a drive further in", "ARCHIVE_NAME", { path: "package/c:stream" }],
  ["a name that Windows keeps for a device", "ARCHIVE_NAME", { path: "package/aux.js" }],
  ["a name of a device in capitals", "ARCHIVE_NAME", { path: "package/COM1" }],
  ["a folder named as a device", "ARCHIVE_NAME", { path: "package/nul/a.js" }],
  ["a name that ends with a dot", "ARCHIVE_NAME", { path: "package/a." }],
  ["a name that ends with a space", "ARCHIVE_NAME", { path: "package/a /b" }],
  ["a name that is turned around", "ARCHIVE_NAME", { path: "package/a\u202ecod.js" }],
  [
    "a name that is too long",
    "ARCHIVE_NAME",
    { path: "package/a", extended: { path: `package/${"n".repeat(256)}` } },
  ],
  [
    "a path that is too long",
    "ARCHIVE_NAME",
    { path: "package/a", extended: { path: `package/${"deep/".repeat(250)}a` } },
  ],
  ["a symbolic link", "ARCHIVE_LINK", { path: "package/a", type: "2", link: "../bystander" }],
  ["a hard link", "ARCHIVE_LINK", { path: "package/a", type: "1", link: "../bystander" }],
  ["a character device", "ARCHIVE_SPECIAL_FILE", { path: "package/a", type: "3" }],
  ["a block device", "ARCHIVE_SPECIAL_FILE", { path: "package/a", type: "4" }],
  ["a FIFO", "ARCHIVE_SPECIAL_FILE", { path: "package/a", type: "6" }],
  ["an entry of a kind of its own", "ARCHIVE_SPECIAL_FILE", { path: "package/a", type: "Z", content: "x" }],
  ["a header longer than any path", "ARCHIVE_SPECIAL_FILE", { path: "package/a", type: "x", size: 2 ** 20 }],
  ["a file twice", "ARCHIVE_DUPLICATE", { path: "package/plugin.json5", content: "{}" }],
  ["a file inside a file", "ARCHIVE_DUPLICATE", { path: "package/plugin.json5/a" }],
  ["a name that differs by case", "ARCHIVE_CASE_CLASH", { path: "package/Plugin.json5" }],
  ["a name with an invisible character", "ARCHIVE_CASE_CLASH", { path: "package/plugin\u200d.json5" }],
  ["a file beside the folder", "ARCHIVE_LAYOUT", { path: "bystander", content: "hit" }],
  ["a second folder", "ARCHIVE_LAYOUT", { path: "other/a" }],
])("an archive with %s is refused as %s and leaves nothing", async (_what, code, entry) => {
  expect(await outcomeOf(await archiveOf([manifest, entry]))).toEqual(refusedWith(code));
});

test("names that differ by Unicode normalisation are refused", async () => {
  const composed = { path: "package/caf\u00e9.js" };
  const decomposed = { path: "package/cafe\u0301.js" };
  expect(await outcomeOf(await archiveOf([composed, decomposed]))).toEqual(refusedWith("ARCHIVE_CASE_CLASH"));
});

test("folders that differ by case are refused although their files differ", async () => {
  const archive = await archiveOf([{ path: "package/lib/a.js" }, { path: "package/Lib/b.js" }]);
  expect(await outcomeOf(archive)).toEqual(refusedWith("ARCHIVE_CASE_CLASH"));
});

test("a file that becomes a folder is refused", async () => {
  const archive = await archiveOf([{ path: "package/a/b" }, { path: "package/a" }]);
  expect(await outcomeOf(archive)).toEqual(refusedWith("ARCHIVE_DUPLICATE"));
});

test("a link and then a file through it are refused at the link", async () => {
  const archive = await archiveOf([
    { path: "package/way", type: "2", link: ".." },
    { path: "package/way/bystander", content: "hit" },
  ]);
  expect(await outcomeOf(archive)).toEqual(refusedWith("ARCHIVE_LINK"));
});

const tar = tarOf([manifest, { path: "package/data", content: "0123456789".repeat(5_000) }]);

test.each<[string, string, Buffer]>([
  ["nothing", "ARCHIVE_TRUNCATED", Buffer.alloc(0)],
  ["text", "ARCHIVE_DAMAGED", Buffer.from("this is not an archive")],
  ["a tar that is not compressed", "ARCHIVE_DAMAGED", tar],
  ["compressed text", "ARCHIVE_DAMAGED", gzipSync("a".repeat(1024))],
  ["less than a block", "ARCHIVE_TRUNCATED", gzipSync("too short")],
  ["half of its bytes", "ARCHIVE_TRUNCATED", gzipSync(tar).subarray(0, -20)],
  ["no end of the tar", "ARCHIVE_TRUNCATED", gzipSync(tarEntries([manifest]))],
  ["a file cut short", "ARCHIVE_TRUNCATED", gzipSync(tar.subarray(0, 2_048))],
  ["a header with a wrong sum", "ARCHIVE_DAMAGED", gzipSync(withByte(tar, 100, 0x39))],
  ["a checksum that does not fit", "ARCHIVE_DAMAGED", withByte(gzipSync(tar), -6, 0x55)],
  [
    "garbage after the compressed data",
    "ARCHIVE_DAMAGED",
    Buffer.concat([gzipSync(tar), Buffer.from("more")]),
  ],
  ["zeros after the compressed data", "ARCHIVE_TRAILING", Buffer.concat([gzipSync(tar), Buffer.alloc(4)])],
  ["garbage after the tar", "ARCHIVE_TRAILING", gzipSync(Buffer.concat([tar, Buffer.from("more")]))],
  [
    "entries after the end",
    "ARCHIVE_TRAILING",
    gzipSync(Buffer.concat([tar, tarEntries([{ path: "package/late", content: "x" }])])),
  ],
  ["a second archive behind it", "ARCHIVE_TRAILING", Buffer.concat([gzipSync(tar), gzipSync(tar)])],
  [
    "an archive that is compressed twice",
    "ARCHIVE_DAMAGED",
    gzipSync(Buffer.concat([gzipSync(tar), tarEnd])),
  ],
])("a file with %s is refused as %s and leaves nothing", async (_what, code, bytes) => {
  expect(await outcomeOf(await fileOf(bytes))).toEqual(refusedWith(code));
});

test("zeros after the end of the tar are padding", async () => {
  const files = await readArchive(await fileOf(gzipSync(Buffer.concat([tar, Buffer.alloc(10_240)]))));
  expect(files.map(({ path }) => path)).toEqual(["data", "plugin.json5"]);
});

test("more than 10,000 entries are refused", async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({ path: `package/${index}`, type: "0" }));
  const fits = await readArchive(await archiveOf(many));
  expect(fits).toHaveLength(10_000);
  const tooMany = readArchive(await archiveOf([...many, manifest]));
  await expect(tooMany).rejects.toMatchObject({ code: "ARCHIVE_TOO_MANY_ENTRIES" });
});

test("folders count as entries", async () => {
  const folders = Array.from({ length: 10_001 }, (_, index) => ({ path: `package/${index}`, type: "5" }));
  expect(await outcomeOf(await archiveOf(folders))).toEqual(refusedWith("ARCHIVE_TOO_MANY_ENTRIES"));
});

test("a file that announces more than 200 MB is refused before its first byte", async () => {
  const archive = await archiveOf([{ path: "package/big", content: "x", size: 200 * 2 ** 20 + 1 }]);
  expect(await outcomeOf(archive)).toEqual(refusedWith("ARCHIVE_TOO_LARGE"));
});

test("a bomb is refused while it unpacks, in little memory", async () => {
  const archive = await archiveOf([{ path: "package/bomb", content: Buffer.alloc(64 * 2 ** 20) }]);
  expect((await stat(archive)).size).toBeLessThan(100_000);
  let largest = 0;
  const failure = readArchive(archive, {
    onFile: () => ({ write: (bytes) => void (largest += bytes.length), end: () => expect.unreachable() }),
  });
  await expect(failure).rejects.toMatchObject({ code: "ARCHIVE_RATIO" });
  expect(largest).toBeLessThan(8 * 2 ** 20);
  expect(await outcomeOf(archive)).toEqual(refusedWith("ARCHIVE_RATIO"));
});

test("what is larger than the limits of the caller is refused", async () => {
  const archive = await archiveOf([manifest, { path: "package/data", content: "x".repeat(5_000) }]);
  const limits = { entries: 10, bytes: 4_096, ratio: 100 };
  await expect(readArchive(archive, { limits })).rejects.toMatchObject({ code: "ARCHIVE_TOO_LARGE" });
});

test("an archive is unpacked into an empty folder only", async () => {
  const folder = await scratchFolder();
  await writeFile(join(folder, "mine"), "kept");
  const archive = await archiveOf([manifest]);
  await expect(extractArchive(archive, folder)).rejects.toMatchObject({ code: "ARCHIVE_TARGET" });
  await expect(extractArchive(archive, join(folder, "mine"))).rejects.toMatchObject({
    code: "ARCHIVE_TARGET",
  });
  expect(await readdir(folder)).toEqual(["mine"]);
});

test("what is not a file, or not there, is not an archive", async () => {
  const folder = await scratchFolder();
  await mkdir(join(folder, "folder"));
  for (const name of ["folder", "nothing"]) {
    await expect(readArchive(join(folder, name))).rejects.toMatchObject({ code: "ARCHIVE_UNREADABLE" });
  }
});

test("reading stops when the signal says so", async () => {
  const archive = await archiveOf([manifest]);
  const reason = new Error("enough");
  await expect(readArchive(archive, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

function withByte(bytes: Buffer, position: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[position < 0 ? copy.length + position : position] = value;
  return copy;
}
