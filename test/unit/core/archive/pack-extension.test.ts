import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { digestOfFiles, fileListText } from "../../../../core/src/archive/file-list.js";
import { extractArchive } from "../../../../core/src/archive/extract-archive.js";
import { listFolder } from "../../../../core/src/archive/folder-files.js";
import { packExtension } from "../../../../core/src/archive/pack-extension.js";
import { readArchive } from "../../../../core/src/archive/read-archive.js";
import { scratchFolder } from "./crafted-archive.js";

const manifest = '{ manifestVersion: 1, id: "acme.packed", version: "1.2.3", main: "./extension.js" }\n';

async function extensionFolder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await scratchFolder();
  await write(folder, { "plugin.json5": manifest, "extension.js": "export {};\n", ...files });
  return folder;
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

async function packedPaths(folder: string): Promise<readonly string[]> {
  const { files } = await packExtension(folder, { outFolder: await scratchFolder() });
  return files.map(({ path }) => path);
}

test("an archive is named by id and version, and holds what the report says", async () => {
  const outFolder = join(await scratchFolder(), "made");
  const folder = await extensionFolder({ "lib/a.js": "1", "README.md": "# Packed\n" });
  const packed = await packExtension(folder, { outFolder });
  expect(packed).toMatchObject({
    id: "acme.packed",
    version: "1.2.3",
    archive: join(outFolder, "acme.packed-1.2.3.tgz"),
    archiveSize: (await readFile(packed.archive)).length,
    digest: digestOfFiles(packed.files),
  });
  expect(await readdir(outFolder)).toEqual(["acme.packed-1.2.3.tgz"]);
  expect(packed.files.map(({ path }) => path)).toEqual([
    "README.md",
    "extension.js",
    "lib/a.js",
    "plugin.json5",
  ]);
  expect(await readArchive(packed.archive)).toEqual(packed.files);
});

test("files that can't be compressed are packed and unpacked, whatever their size", async () => {
  const folder = await extensionFolder();
  for (const size of [65_535, 200_000, 409_600])
    await writeFile(join(folder, String(size)), randomBytes(size));
  const packed = await packExtension(folder, { outFolder: await scratchFolder() });
  const target = join(await scratchFolder(), "unpacked");
  expect(await extractArchive(packed.archive, target)).toEqual(packed.files);
  expect(digestOfFiles(await listFolder(target))).toBe(packed.digest);
});

test("what is unpacked has the digest of what was packed", async () => {
  const folder = await extensionFolder({
    "bin/run.sh": "#!/bin/sh\n",
    [`${"deep/".repeat(30)}file.txt`]: "x",
  });
  await write(folder, { "words/grüße.txt": "hallo" });
  await chmod(join(folder, "bin/run.sh"), 0o755);
  const packed = await packExtension(folder, { outFolder: await scratchFolder() });
  const target = await scratchFolder();
  await extractArchive(packed.archive, target);
  const listed = await listFolder(target);
  expect(listed).toEqual(packed.files);
  expect(digestOfFiles(listed)).toBe(packed.digest);
  expect(listed.find(({ path }) => path === "bin/run.sh")).toMatchObject({ isExecutable: true });
});

test("the same files give the same bytes, whatever their times, owners' masks and order", async () => {
  const files = { "b.js": "b", "a.js": "a", "A.txt": "A", "lib/z.js": "z", "a/b.js": "c" };
  const one = await extensionFolder(files);
  const other = await extensionFolder(Object.fromEntries(Object.entries(files).reverse()));
  await utimes(join(other, "b.js"), 1, 1);
  await chmod(join(other, "b.js"), 0o600);
  const archives = await Promise.all(
    [one, other].map(async (folder) => {
      const { archive } = await packExtension(folder, { outFolder: await scratchFolder() });
      return readFile(archive);
    }),
  );
  expect(archives[0]?.equals(archives[1] ?? Buffer.alloc(0))).toBe(true);
  // Neither time nor system nor effort.
  expect(archives[0]?.subarray(0, 10)).toEqual(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]));
});

test("the tar inside and the digest are what they have always been", async () => {
  const packed = await packExtension(await extensionFolder(), { outFolder: await scratchFolder() });
  expect(fileListText(packed.files)).toMatchInlineSnapshot(`
    "plugboard files 1
    8e609bb71c20b858c77f0e9f90bb1319db8477b13f9f965f1a1e18524bf50881 11 - extension.js
    b7942dae74a560a0242e48144f0fb0a9abf639fa43e429407127e0282952647a 84 - plugin.json5
    "
  `);
  expect(packed.digest).toMatchInlineSnapshot(
    `"sha256:f13cb2c7f1c4d64656cabad8c7e3f1d9b23bca70e3d3291d98effc502245c9d3"`,
  );
  const tar = gunzipSync(await readFile(packed.archive));
  expect(createHash("sha256").update(tar).digest("hex")).toMatchInlineSnapshot(
    `"ee7da9b28655c2afbcbd1cb400b6f5ad7f065605ffed53c8120a271ab4516358"`,
  );
});

test("the program tar reads an archive", async () => {
  const folder = await extensionFolder({ [`${"long/".repeat(40)}grüße.txt`]: "x" });
  const { archive, files } = await packExtension(folder, { outFolder: await scratchFolder() });
  const listed = execFileSync("tar", ["--quoting-style=literal", "-tzf", archive], { encoding: "utf8" });
  expect(listed.trim().split("\n")).toEqual(files.map(({ path }) => `package/${path}`));
});

test("a file differs by content, name and executable bit, not by anything else", async () => {
  const folder = await extensionFolder();
  const digest = async () => digestOfFiles(await listFolder(folder));
  const before = await digest();
  await chmod(join(folder, "extension.js"), 0o600);
  expect(await digest()).toBe(before);
  await chmod(join(folder, "extension.js"), 0o700);
  const executable = await digest();
  await write(folder, { "extension.js": "export { };\n" });
  const changed = await digest();
  await write(folder, { "plugin.signature.json": "{}" });
  expect(await digest()).toBe(changed);
  await write(folder, { "new.js": "" });
  const added = await digest();
  expect(new Set([before, executable, changed, added]).size).toBe(4);
});

test("secrets, tests, tools and version control stay behind", async () => {
  const folder = await extensionFolder({
    ".env": "TOKEN=1",
    ".env.local": "TOKEN=1",
    ".npmrc": "token",
    "signing.pem": "key",
    "lib/server.key": "key",
    ".git/config": "",
    ".gitignore": "",
    "test/a.js": "",
    "lib/a.test.js": "",
    "coverage/index.html": "",
    "package-lock.json": "{}",
    "tsconfig.json": "{}",
    "old-1.0.0.tgz": "",
    ".plugboard/index.json": "{}",
    "node_modules/stray/index.js": "",
    "plugin.signature.json": "{}",
    "lib/a.js": "",
    "lib/test/fixture.js": "",
  });
  expect(await packedPaths(folder)).toEqual([
    "extension.js",
    "lib/a.js",
    "lib/test/fixture.js",
    "plugin.json5",
  ]);
});

test("the ignore file names what stays behind and takes back what would", async () => {
  const folder = await extensionFolder({
    ".plugboardignore": "# not needed\n*.md\n!keep.md\n/docs/\n!/test\n",
    "README.md": "",
    "keep.md": "",
    "docs/a.txt": "",
    "lib/docs/b.txt": "",
    "test/data.json": "{}",
  });
  expect(await packedPaths(folder)).toEqual([
    "extension.js",
    "keep.md",
    "lib/docs/b.txt",
    "plugin.json5",
    "test/data.json",
  ]);
});

const packageFile = (name: string, more: object = {}) => JSON.stringify({ name, version: "1.0.0", ...more });

test("dependencies go along with theirs, development dependencies and strays don't", async () => {
  const folder = await extensionFolder({
    "package.json": packageFile("packed", {
      dependencies: { one: "1", "@scope/two": "1", inversify: "8" },
      devDependencies: { tool: "1" },
      optionalDependencies: { absent: "1" },
    }),
    "node_modules/one/package.json": packageFile("one", { dependencies: { shared: "1" } }),
    "node_modules/one/index.js": "",
    "node_modules/one/test/a.test.js": "",
    "node_modules/one/node_modules/shared/package.json": packageFile("shared", {
      dependencies: { deep: "1" },
    }),
    "node_modules/@scope/two/package.json": packageFile("@scope/two", { dependencies: { one: "1" } }),
    "node_modules/@scope/three/package.json": packageFile("@scope/three"),
    "node_modules/deep/package.json": packageFile("deep"),
    "node_modules/shared/package.json": packageFile("shared"),
    "node_modules/tool/package.json": packageFile("tool"),
    "node_modules/inversify/package.json": packageFile("inversify"),
    "node_modules/.package-lock.json": "{}",
    "node_modules/.bin/tool": "",
  });
  expect(await packedPaths(folder)).toEqual([
    "extension.js",
    "node_modules/@scope/two/package.json",
    "node_modules/deep/package.json",
    "node_modules/one/index.js",
    "node_modules/one/node_modules/shared/package.json",
    "node_modules/one/package.json",
    "node_modules/one/test/a.test.js",
    "package.json",
    "plugin.json5",
  ]);
});

async function refusal(folder: string) {
  const outFolder = await scratchFolder();
  const failure: unknown = await packExtension(folder, { outFolder }).catch((error: unknown) => error);
  return { code: (failure as { code?: string }).code, left: await readdir(outFolder) };
}

test("a dependency that is not installed in the folder is named", async () => {
  const folder = await extensionFolder({
    "package.json": packageFile("packed", { dependencies: { gone: "1" } }),
  });
  expect(await refusal(folder)).toEqual({ code: "ARCHIVE_DEPENDENCY_MISSING", left: [] });
});

test("a dependency that is linked into the folder is refused", async () => {
  const folder = await extensionFolder({
    "package.json": packageFile("packed", { dependencies: { far: "1" } }),
  });
  const far = await scratchFolder();
  await write(far, { "package.json": packageFile("far") });
  await mkdir(join(folder, "node_modules"));
  await symlink(far, join(folder, "node_modules/far"));
  expect(await refusal(folder)).toEqual({ code: "ARCHIVE_LINK", left: [] });
});

test("a link among the files is refused, unless it stays behind", async () => {
  const folder = await extensionFolder();
  await symlink("extension.js", join(folder, "again.js"));
  expect(await refusal(folder)).toEqual({ code: "ARCHIVE_LINK", left: [] });
  await write(folder, { ".plugboardignore": "again.js\n" });
  expect(await packedPaths(folder)).toEqual(["extension.js", "plugin.json5"]);
});

test("a pipe among the files is refused without waiting for it", async () => {
  const folder = await extensionFolder();
  execFileSync("mkfifo", [join(folder, "pipe")]);
  expect(await refusal(folder)).toEqual({ code: "ARCHIVE_SPECIAL_FILE", left: [] });
});

test.each([
  ["a name that Windows can't have", { "what?.js": "" }, "ARCHIVE_NAME"],
  ["names that differ by case", { "a.js": "", "A.js": "" }, "ARCHIVE_CASE_CLASH"],
  ["an ignored main file", { ".plugboardignore": "*.js\n" }, "ARCHIVE_FILE_MISSING"],
  ["an ignored manifest", { ".plugboardignore": "*.json5\n" }, "ARCHIVE_FILE_MISSING"],
  ["a package.json that can't be read", { "package.json": "{" }, "ARCHIVE_UNREADABLE"],
  ["a manifest without a version", { "plugin.json5": '{ id: "acme.packed" }' }, "MANIFEST_INVALID"],
  [
    "a manifest with a path for an id",
    { "plugin.json5": '{ id: "../up", version: "1.0.0" }' },
    "MANIFEST_INVALID",
  ],
  ["a manifest that is no JSON5", { "plugin.json5": "{" }, "MANIFEST_SYNTAX"],
])("a folder with %s is not packed", async (_what, files, code) => {
  expect(await refusal(await extensionFolder(files))).toEqual({ code, left: [] });
});

test("what would be refused as a bomb is not packed", async () => {
  const folder = await extensionFolder({ "zeros.bin": "\0".repeat(4 * 2 ** 20) });
  expect(await refusal(folder)).toEqual({ code: "ARCHIVE_RATIO", left: [] });
});

test("a folder without a manifest is not packed", async () => {
  const folder = await extensionFolder();
  await rm(join(folder, "plugin.json5"));
  expect(await refusal(folder)).toEqual({ code: "MANIFEST_MISSING", left: [] });
});

test("packing tells how far it is and stops when the signal says so", async () => {
  const folder = await extensionFolder({ "a.js": "1234" });
  const outFolder = await scratchFolder();
  const reason = new Error("enough");
  const stop = new AbortController();
  const seen: unknown[] = [];
  const packing = packExtension(folder, {
    outFolder,
    signal: stop.signal,
    onProgress: (progress) => {
      seen.push(progress);
      stop.abort(reason);
    },
  });
  await expect(packing).rejects.toBe(reason);
  expect(seen).toEqual([{ files: 1, totalFiles: 3, bytes: 4 }]);
  expect(await readdir(outFolder)).toEqual([]);
});
