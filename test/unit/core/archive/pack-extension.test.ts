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
import { installExtension } from "../../../../core/src/install/install-extension.js";
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

test("settings of a machine, tests, tools and version control stay behind", async () => {
  const folder = await extensionFolder({
    ".env": "TOKEN=1",
    ".env.local": "TOKEN=1",
    ".npmrc": "token",
    ".yarnrc.yml": "npmAuthToken: token",
    ".git/config": "",
    ".gitignore": "",
    "test/a.js": "",
    "lib/a.test.js": "",
    "coverage/index.html": "",
    "package-lock.json": "{}",
    "tsconfig.json": "{}",
    "old-1.0.0.tgz": "",
    ".plugboard/index.json": "{}",
    "dist/acme.packed-1.0.0.tgz": "",
    "dist/acme.packed-1.2.3.tgz.1~x.new": "",
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
    ".plugboardignore",
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

test("packages are found from every package.json in the folder, and from where they lie without one", async () => {
  const folder = await extensionFolder({
    "package.json": packageFile("packed", { dependencies: { one: "1" }, devDependencies: { tool: "1" } }),
    // A part with a package.json of its own, such as a server beside its client.
    "server/package.json": packageFile("server", {
      dependencies: { near: "1", far: "1", absent: "1" },
      devDependencies: { tool: "1" },
    }),
    "server/node_modules/near/package.json": packageFile("near"),
    "server/node_modules/tool/package.json": packageFile("tool"),
    "node_modules/far/package.json": packageFile("far"),
    "node_modules/tool/package.json": packageFile("tool"),
    // A bundler that keeps modules apart writes such a folder; a bare type says nothing of packages.
    "dist/package.json": '{"type":"module"}',
    "dist/node_modules/kept/index.js": "",
    "dist/node_modules/.cache/x": "",
    // The same inside a package, and what its fixtures name does not count.
    "node_modules/one/package.json": packageFile("one"),
    "node_modules/one/esm/node_modules/inner/index.js": "",
    "node_modules/one/test/package.json": packageFile("fixture", { dependencies: { tool: "1" } }),
    "node_modules/one/test/broken/package.json": "{",
    "templates/package.json": "{{ not json }}",
  });
  expect(await packedPaths(folder)).toEqual([
    "dist/node_modules/kept/index.js",
    "dist/package.json",
    "extension.js",
    "node_modules/far/package.json",
    "node_modules/one/esm/node_modules/inner/index.js",
    "node_modules/one/package.json",
    "node_modules/one/test/broken/package.json",
    "node_modules/one/test/package.json",
    "package.json",
    "plugin.json5",
    "server/node_modules/near/package.json",
    "server/package.json",
    "templates/package.json",
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

test.each([
  ["itself", "node_modules/@acme/far"],
  ["with all of its scope", "node_modules/@acme"],
  ["with all packages", "node_modules"],
])(
  "a dependency that is linked into the folder, %s, is refused, unless it is left out",
  async (_how, way) => {
    const folder = await extensionFolder({
      "package.json": packageFile("packed", { dependencies: { "@acme/far": "1" } }),
    });
    const far = await scratchFolder();
    const files = { "package.json": packageFile("@acme/far") };
    await write(join(far, "node_modules/@acme/far"), files);
    await mkdir(dirname(join(folder, way)), { recursive: true });
    await symlink(join(far, way), join(folder, way));
    expect(await refusal(folder)).toEqual({ code: "ARCHIVE_LINKED_PACKAGE", left: [] });
    for (const line of ["node_modules", "/node_modules/**", way]) {
      await write(folder, { ".plugboardignore": `${line}\n` });
      const { archive, files } = await packExtension(folder, { outFolder: await scratchFolder() });
      expect(files.map(({ path }) => path)).toEqual([
        ".plugboardignore",
        "extension.js",
        "package.json",
        "plugin.json5",
      ]);
      // Who installs it is told by the same line.
      const installedInto = await scratchFolder();
      await expect(installExtension(archive, { extensionFolder: installedInto })).resolves.toMatchObject({
        id: "acme.packed",
      });
    }
  },
);

test("a dependency that a pattern leaves behind is named, for nobody could install the archive", async () => {
  const folder = await extensionFolder({
    ".plugboardignore": "node_modules/o*\n",
    "package.json": packageFile("packed", { dependencies: { one: "1" } }),
    "node_modules/one/package.json": packageFile("one"),
  });
  await expect(packExtension(folder, { outFolder: await scratchFolder() })).rejects.toMatchObject({
    code: "ARCHIVE_DEPENDENCY_MISSING",
    message: expect.stringContaining("name node_modules/one there") as string,
  });
});

test("a version with build metadata is packed and installed", async () => {
  const folder = await extensionFolder({
    "plugin.json5": manifest.replace("1.2.3", "1.2.3-beta.1+build.5"),
  });
  const { archive, version } = await packExtension(folder, { outFolder: await scratchFolder() });
  expect(version).toBe("1.2.3-beta.1+build.5");
  const installedInto = await scratchFolder();
  const installed = await installExtension(archive, { extensionFolder: installedInto });
  expect(installed.version).toBe(version);
});

test("a link among the files is refused, unless it stays behind", async () => {
  const folder = await extensionFolder();
  await symlink("extension.js", join(folder, "again.js"));
  expect(await refusal(folder)).toEqual({ code: "ARCHIVE_LINK", left: [] });
  await write(folder, { ".plugboardignore": "again.js\n" });
  expect(await packedPaths(folder)).toEqual([".plugboardignore", "extension.js", "plugin.json5"]);
});

test("packed again into a folder of its own, an extension is the same", async () => {
  const folder = await extensionFolder({ ".plugboardignore": "!*.md\n" });
  const outFolder = join(folder, "out");
  const first = await packExtension(folder, { outFolder });
  const second = await packExtension(folder, { outFolder });
  expect(second.files).toEqual(first.files);
  await write(folder, { ".plugboardignore": "!/out/acme.packed-1.2.3.tgz\n" });
  expect(await packedPaths(folder)).toContain("out/acme.packed-1.2.3.tgz");
});

const pem = (kind: string) =>
  `-----BEGIN ${kind}-----\n${randomBytes(48).toString("base64")}\n-----END ${kind}-----\n`;

test.each([
  ["a key under any name", { signing: pem("PRIVATE KEY") }],
  ["a key beneath text", { "lib/a.txt": `Mine:\n${pem("EC PRIVATE KEY")}` }],
  ["a key that asks for a password", { a: "-----BEGIN RSA PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\n" }],
  ["a key of OpenSSH", { a: pem("OPENSSH PRIVATE KEY") }],
  ["a key of PGP", { "a.asc": "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" + "A".repeat(64) }],
  ["a key in JSON", { "account.json": JSON.stringify({ private_key: pem("PRIVATE KEY") }) }],
  ["a key in code", { "lib/key.js": `export const key = \`${pem("PRIVATE KEY")}\`;` }],
  ["a key of SSH by its name", { "keys/id_rsa": "encrypted" }],
  ["a store of keys", { "store.p12": "\0" }],
  ["passwords of servers", { ".netrc": "machine a" }],
  ["a key that says no more than its name", { "secrets.key": "\0" }],
  ["a folder of keys", { ".ssh/config": "" }],
])("%s is not packed, and said so; a line of the ignore file decides", async (_what, files) => {
  const folder = await extensionFolder(files);
  const [path = ""] = Object.keys(files);
  const outFolder = await scratchFolder();
  const failure: unknown = await packExtension(folder, { outFolder }).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "ARCHIVE_SECRET",
    message: expect.stringContaining(`${path} looks like`) as string,
    details: { entry: path },
  });
  expect(String(failure)).not.toMatch(/[A-Za-z0-9+/]{40}/);
  expect(await readdir(outFolder)).toEqual([]);
  await write(folder, { ".plugboardignore": `/${path}\n` });
  expect(await packedPaths(folder)).not.toContain(path);
  await write(folder, { ".plugboardignore": `!/${path}\n` });
  expect(await packedPaths(folder)).toContain(path);
});

test("what only speaks of keys, what is public and what a package brings is packed", async () => {
  const files = {
    "authority.pem": pem("CERTIFICATE"),
    "public.pem": pem("PUBLIC KEY"),
    "lib/keys.js": 'if (text.startsWith("-----BEGIN PRIVATE KEY-----")) throw new Error("a secret key");',
    "node_modules/agent/test/key.pem": pem("RSA PRIVATE KEY"),
  };
  expect(await packedPaths(await extensionFolder(files))).toEqual([
    "authority.pem",
    "extension.js",
    "lib/keys.js",
    "node_modules/agent/test/key.pem",
    "plugin.json5",
    "public.pem",
  ]);
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
