import { execFileSync } from "node:child_process";
import { rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileStamp } from "@plugboard/extension-api";
import { expect, test } from "vitest";
import { FileComparer, readStamped } from "../../../../../core/src/guest/loader/file-stamp.js";
import { aLoader, anExtensionFolder, failureOf, writeFiles } from "./extension-folder.js";

/** What changed, relative to the folder. */
async function changesIn(folder: string, files: ReadonlyMap<string, FileStamp>): Promise<readonly string[]> {
  const changed = await new FileComparer().changedFiles(files);
  return changed.map((file) => file.replace(`${folder}/`, "")).toSorted();
}

test("every file that was read or looked for within the folder is listed", async () => {
  const folder = await anExtensionFolder({
    "src/main.ts": `import "./lib.js"; import "dep"; import data from "./data.json"; export { data };`,
    "src/lib.ts": `export {};`,
    "src/data.json": `1`,
    "src/unused.ts": ``,
    "node_modules/dep/package.json": `{ "main": "./lib" }`,
    "node_modules/dep/lib.js": ``,
  });
  const loader = aLoader(folder);
  await loader.load("./src/main.ts");
  const listed = (isPresent: boolean): readonly string[] =>
    Array.from(loader.files)
      .filter(([file, stamp]) => file.startsWith(folder) && (stamp.hash !== undefined) === isPresent)
      .map(([file]) => file.replace(`${folder}/`, ""))
      .toSorted();
  expect(listed(true)).toEqual([
    "node_modules/dep/lib.js",
    "node_modules/dep/package.json",
    "src/data.json",
    "src/lib.ts",
    "src/main.ts",
  ]);
  expect(listed(false)).toEqual([
    "node_modules/dep/lib",
    "package.json",
    "src/lib.js",
    "src/node_modules",
    "src/package.json",
  ]);
  expect(await changesIn(folder, loader.files)).toEqual([]);
});

test("an edit, a removal and the arrival of a file that was looked for are changes", async () => {
  const folder = await anExtensionFolder({
    "main.ts": `import "./edited.js"; import "./removed.js";`,
    "edited.ts": `export const a = 1;`,
    "removed.ts": `export {};`,
  });
  const loader = aLoader(folder);
  await loader.load("./main.ts");
  await writeFiles(folder, { "edited.ts": `export const a = 2;`, "package.json": `{}` });
  await rm(join(folder, "removed.ts"));
  expect(await changesIn(folder, loader.files)).toEqual(["edited.ts", "package.json", "removed.ts"]);
});

test("a file saved again with the same text is no change", async () => {
  const folder = await anExtensionFolder({ "main.ts": `export {};` });
  const loader = aLoader(folder);
  await loader.load("./main.ts");
  await writeFiles(folder, { "main.ts": `export {};`, "aside.ts": `export {};` });
  await rename(join(folder, "aside.ts"), join(folder, "main.ts"));
  expect(await changesIn(folder, loader.files)).toEqual([]);
});

test("other text of the same length and time is a change", async () => {
  const folder = await anExtensionFolder({ "main.ts": `export const a = 1;` });
  const file = join(folder, "main.ts");
  const loader = aLoader(folder);
  await loader.load("./main.ts");
  const { atime, mtime } = await stat(file);
  await writeFile(file, `export const a = 2;`);
  await utimes(file, atime, mtime);
  expect(await changesIn(folder, loader.files)).toEqual(["main.ts"]);
});

test("another file of the same length and times is a change", async () => {
  const folder = await anExtensionFolder({
    "main.ts": `export const a = 1;`,
    "next.ts": `export const a = 2;`,
  });
  const [file, next] = [join(folder, "main.ts"), join(folder, "next.ts")];
  const loader = aLoader(folder);
  await loader.load("./main.ts");
  const read = loader.files.get(file)!;
  await rename(next, file);
  // As of two files that were written in one tick of the disk's clock.
  const { mtimeMs, ctimeMs } = await stat(file);
  expect(await changesIn(folder, new Map([[file, { ...read, mtimeMs, ctimeMs }]]))).toEqual(["main.ts"]);
});

test("a link that is led to another folder is a change, though what it leads to reads the same", async () => {
  const main = `export { default } from "./part.ts";`;
  const folder = await anExtensionFolder({
    "one/main.ts": main,
    "one/part.ts": `export default 1;`,
    "two/main.ts": main,
    "two/part.ts": `export default 2;`,
  });
  await symlink("one", join(folder, "current"));
  const loader = aLoader(folder);
  await loader.load("./current/main.ts");
  expect(await changesIn(folder, loader.files)).toEqual([]);
  await symlink("two", join(folder, "next"));
  await rename(join(folder, "next"), join(folder, "current"));
  expect(await changesIn(folder, loader.files)).toEqual(["current/main.ts"]);
});

test("a load that fails lists what it read and what it missed", async () => {
  const folder = await anExtensionFolder({ "main.ts": `import "./part.js"; import "slugify";` });
  const loader = aLoader(folder);
  await failureOf(loader.load("./main.ts"));
  expect(loader.files.get(join(folder, "part.js"))?.hash).toBeUndefined();
  await writeFiles(folder, { "part.ts": `export {};` });
  expect(await changesIn(folder, loader.files)).toEqual(["part.ts"]);

  const second = aLoader(folder);
  await failureOf(second.load("./main.ts"));
  await writeFiles(folder, { "node_modules/slugify/index.js": "" });
  expect(await changesIn(folder, second.files)).toEqual(["node_modules"]);
});

test.skipIf(process.platform === "win32")(
  "a pipe that has taken the place of a file since it was seen is refused and not waited for",
  async () => {
    const folder = await anExtensionFolder({});
    const pipe = join(folder, "main.js");
    execFileSync("mkfifo", [pipe]);

    expect(() => readStamped(pipe)).toThrow(`${pipe} is not a regular file`);
  },
);
