import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkFolderBoundary } from "../../../../../core/src/runtime/process/folder-boundary.js";
import { makeFolder } from "./child-harness.js";

test("a folder without links is sound, and is told by its real path", async () => {
  const parent = await makeFolder({ "real/extension.js": "", "real/node_modules/one/index.js": "" });
  await symlink(join(parent, "real"), join(parent, "link"));
  expect(await checkFolderBoundary(join(parent, "link"))).toBe(join(parent, "real"));
});

test("links from inside to inside are sound, also such that lead nowhere", async () => {
  const folder = await makeFolder({ "a/file": "" });
  await symlink("a", join(folder, "relative"));
  await symlink(join(folder, "a/file"), join(folder, "absolute"));
  await symlink("./missing", join(folder, "dangling"));
  await symlink("..", join(folder, "a/up"));
  expect(await checkFolderBoundary(folder)).toBe(folder);
});

test.each([
  ["an absolute link", (folder: string) => symlink("/etc/passwd", join(folder, "link"))],
  ["a relative link", (folder: string) => symlink("../sibling", join(folder, "link"))],
  ["a dangling link", (folder: string) => symlink("/not/there/yet", join(folder, "link"))],
  [
    "a link deep in a package",
    async (folder: string) => {
      await mkdir(join(folder, "node_modules/one"), { recursive: true });
      await symlink("/etc", join(folder, "node_modules/one/etc"));
    },
  ],
  [
    "a link to a folder whose name starts as its own",
    async (folder: string) => {
      await symlink(`${folder}-other`, join(folder, "link"));
    },
  ],
])("%s that leads out is refused with advice", async (_what, prepare) => {
  const folder = await makeFolder();
  await prepare(folder);
  await expect(checkFolderBoundary(folder)).rejects.toMatchObject({
    code: "RUNTIME_START_FAILED",
    message: expect.stringContaining("outside the extension's folder"),
    details: { folder },
  });
});

test("a folder with more entries than are looked at is refused", async () => {
  const folder = await makeFolder();
  for (const name of ["a", "b", "c"]) await writeFile(join(folder, name), "");
  expect(await checkFolderBoundary(folder, { maximumEntries: 3 })).toBe(folder);
  await expect(checkFolderBoundary(folder, { maximumEntries: 2 })).rejects.toMatchObject({
    code: "RUNTIME_START_FAILED",
    details: { maximumEntries: 2 },
  });
});

test("a look that is no longer wanted ends", async () => {
  const folder = await makeFolder();
  const reason = new Error("no longer wanted");
  await expect(checkFolderBoundary(folder, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
