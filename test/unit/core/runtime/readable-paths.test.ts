import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ReadablePaths } from "../../../../core/src/runtime/readable-paths.js";

async function anExtension(readable?: readonly string[] | "everything") {
  const root = await realpath(await mkdtemp(join(tmpdir(), "plugboard-readable-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const name of ["real/lib", "other", "granted"]) await mkdir(join(root, name), { recursive: true });
  await writeFile(join(root, "other", "secret"), "");
  await symlink("real", join(root, "shown"));
  const path = join(root, "shown");
  const capabilities = { fs: { read: [join(root, "granted")], write: [] } } as never;
  const paths = new ReadablePaths(
    { extension: { id: "acme.one", version: "1.0.0", path }, capabilities },
    readable,
  );
  return { root, allows: (name: string) => paths.allow(name === "/" ? name : root + name) };
}

test("an extension may name what is in its folder or granted, by either name, there or not", async () => {
  const { root, allows } = await anExtension();
  for (const name of ["/shown", "/shown/lib", "/real/lib/missing", "/granted", "/granted/a/b"])
    expect([name, allows(name)]).toEqual([name, true]);
  await rename(join(root, "real"), join(root, "moved"));
  expect(allows("/real/lib/missing")).toBe(true);
});

test("it may name nothing else", async () => {
  const { allows } = await anExtension();
  const others = [
    "/",
    "",
    "/other/secret",
    "/other/missing",
    "/real-2",
    "/real/../other/secret",
    "/real/../../x",
  ];
  for (const name of others) expect([name, allows(name)]).toEqual([name, false]);
});

test("a link that it has made leads to nothing else either", async () => {
  const { root, allows } = await anExtension();
  await symlink(join(root, "other"), join(root, "real", "link"));
  await symlink(root, join(root, "real", "up"));
  await symlink("/", join(root, "real", "top"));
  const others = [
    "/real/link",
    "/real/link/secret",
    "/shown/link/missing",
    "/real/up/other/secret",
    "/real/top/x",
  ];
  for (const name of others) expect([name, allows(name)]).toEqual([name, false]);
  expect(allows("/real/up/real/lib")).toBe(true);
});

test("what its channel lets it read counts as well", async () => {
  const { root, allows } = await anExtension("everything");
  expect(allows("/other/secret")).toBe(true);
  const given = await anExtension([join(root, "other")]);
  expect(given.allows("/other/secret")).toBe(false);
  const paths = new ReadablePaths(
    {
      extension: { id: "acme.one", version: "1.0.0", path: join(root, "real") },
      capabilities: { fs: { read: [] } } as never,
    },
    [join(root, "other")],
  );
  expect(paths.allow(join(root, "other", "secret"))).toBe(true);
});
