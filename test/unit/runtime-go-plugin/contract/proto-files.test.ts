import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isExtensionError, type ExtensionError, type FileStamp } from "@plugboard/extension-api";
import protobuf from "protobufjs";
import { afterEach, expect, test } from "vitest";
import { ProtoFiles } from "../../../../extensions/runtime-go-plugin/src/contract/proto-files.js";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "plugboard-proto-")));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

function read(
  folder: string,
  file: string,
  onFile: (path: string, stamp: FileStamp) => void = () => undefined,
  files = new ProtoFiles(),
) {
  return files.read({ protobuf, extensionId: "acme.kv", folder, file, key: "runtime.proto", onFile });
}

async function failure(promise: Promise<unknown>): Promise<ExtensionError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isExtensionError(error)) return error;
  throw new Error("It did not fail as it should have.", { cause: error });
}

const head = 'syntax = "proto3";\n';

test("a file is read with what it imports, from its folder, the extension's and google's own", async () => {
  const folder = await folderOf({
    "api/kv.proto": `${head}import "parts/key.proto"; import "common/base.proto"; import "google/protobuf/timestamp.proto";
      import public "google/protobuf/descriptor.proto"; import "google/api/annotations.proto"; import "google/protobuf/api.proto";
      message Get { parts.Key key = 1; common.Base base = 2; google.protobuf.Timestamp at = 3; }`,
    "api/parts/key.proto": `${head}package parts; import "other.proto"; message Key { Other other = 1; } `,
    "api/parts/other.proto": `${head}package parts; import "api/kv.proto"; message Other { string text = 1; }`,
    "common/base.proto": `${head}package common; message Base { int32 number = 1; }`,
  });
  const root = await read(folder, "./api/kv.proto");
  expect(root.lookupType("Get").fieldsArray.map((field) => field.resolvedType?.fullName)).toEqual([
    ".parts.Key",
    ".common.Base",
    ".google.protobuf.Timestamp",
  ]);
  expect(root.lookupType("parts.Key").fields.other?.resolvedType?.fullName).toBe(".parts.Other");
});

test("every file that was read or looked for is told, with what it was", async () => {
  const text = `${head}import "b.proto";`;
  const folder = await folderOf({ "x/a.proto": text, "b.proto": head });
  const files = new Map<string, FileStamp>();
  await read(folder, "x/a.proto", (path, stamp) => files.set(path, stamp));
  expect([...files].map(([path, { hash, size }]) => [path, hash, size])).toEqual([
    [join(folder, "x/a.proto"), createHash("sha1").update(text).digest("hex"), text.length],
    [join(folder, "x/b.proto"), undefined, 0],
    [join(folder, "b.proto"), createHash("sha1").update(head).digest("hex"), head.length],
  ]);
});

test("what has not changed is parsed once, and told each time", async () => {
  const folder = await folderOf({ "a.proto": `${head}import "b.proto"; message A { B b = 1; }` });
  await writeFile(join(folder, "b.proto"), `${head}message B { string text = 1; }`);
  const files = new ProtoFiles();
  const told: string[] = [];
  const root = await read(folder, "./a.proto", () => undefined, files);
  expect(await read(folder, "./a.proto", (path) => told.push(path), files)).toBe(root);
  expect(told.sort()).toEqual([join(folder, "a.proto"), join(folder, "b.proto")]);

  await writeFile(join(folder, "b.proto"), `${head}message B { string words = 1; }`);
  const changed = await read(folder, "./a.proto", () => undefined, files);
  expect(Object.keys(changed.lookupType("B").fields)).toEqual(["words"]);
  await rm(join(folder, "b.proto"));
  expect((await failure(read(folder, "./a.proto", () => undefined, files))).code).toBe("MODULE_NOT_FOUND");
});

test("paths that leave the folder are refused, through links as well", async () => {
  const outside = await folderOf({ "secret.proto": head });
  const folder = await folderOf({
    "up.proto": `${head}import "../secret.proto";`,
    "abs.proto": `${head}import "/etc/passwd";`,
  });
  await symlink(join(outside, "secret.proto"), join(folder, "link.proto"));
  for (const file of [
    "../secret.proto",
    join(outside, "secret.proto"),
    "link.proto",
    "up.proto",
    "abs.proto",
  ])
    expect((await failure(read(folder, file))).code).toBe("MANIFEST_PATH");
});

test("a pipe in the place of a file is refused at once", async () => {
  const folder = await folderOf({});
  execFileSync("mkfifo", [join(folder, "pipe.proto")]);
  expect(await failure(read(folder, "pipe.proto"))).toMatchObject({
    code: "MANIFEST_PATH",
    message: "runtime.proto of acme.kv leads to pipe.proto, which is no regular file.",
  });
});

test("what is missing is named with who asks for it", async () => {
  const folder = await folderOf({ "a.proto": `${head}import "gone.proto";` });
  expect((await failure(read(folder, "kv.proto"))).message).toBe(
    "runtime.proto of acme.kv names kv.proto, which is not there.",
  );
  expect(await failure(read(folder, "a.proto"))).toMatchObject({
    code: "MODULE_NOT_FOUND",
    message: 'a.proto imports "gone.proto", which is not in the extension\'s folder.',
  });
});

test("text that can't be parsed is told with its line, and so is a type that is nowhere", async () => {
  const folder = await folderOf({
    "a.proto": `${head}message A {\n  strin g text = 1;\n}`,
    "b.proto": `${head}message B { Gone gone = 1; }`,
  });
  expect(await failure(read(folder, "a.proto"))).toMatchObject({
    code: "MODULE_SYNTAX",
    details: { file: join(folder, "a.proto"), line: 3 },
  });
  const missing = await failure(read(folder, "b.proto"));
  expect(missing.code).toBe("MODULE_SYNTAX");
  expect(missing.message).toContain("Gone");
});
