/** Files beyond the manifest that count as part of an extension, on a real disk. */
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DiscoveryOptions } from "../../../../core/src/discovery/extension-discovery.js";
import type { FollowOptions } from "../../../../core/src/discovery/followed-files.js";
import {
  DiscoveryHarness,
  saveByRename,
  temporaryFolder,
  until,
  write,
  writeExtension,
} from "./discovery-harness.js";

interface Followed {
  readonly folder: string;
  readonly harness: DiscoveryHarness;
  /** Does something and waits until the folder was touched by it. */
  readonly touchedBy: (action: () => void) => Promise<void>;
}

async function following(
  files: readonly string[],
  options: Partial<DiscoveryOptions> & { readonly follow?: FollowOptions } = {},
): Promise<Followed> {
  const root = temporaryFolder();
  const folder = join(root, "english");
  writeExtension(folder, "acme.english");
  write(join(folder, "extension.js"), "one");
  write(join(folder, "lib", "deep", "part.js"), "one");
  const { follow, ...rest } = options;
  const harness = await DiscoveryHarness.watching({ folders: [root], ...rest });
  harness.discovery.follow(
    folder,
    files.map((file) => join(folder, file)),
    follow,
  );
  const touches = (): number => harness.changes.filter((change) => change.touched.has(folder)).length;
  return {
    folder,
    harness,
    touchedBy: async (action) => {
      const before = touches();

      action();
      await until(() => touches() > before);
      // Lets trailing events of the same action pass, so that the next one is told by its own.
      let last = -1;
      await until(() => {
        const at = harness.discovery.lastEventAt(folder) ?? 0;
        const isQuiet = at === last && performance.now() - at > 60;
        last = at;
        return isQuiet;
      });
    },
  };
}

test("an edit of a followed file touches its folder and changes nothing else", async () => {
  const { folder, harness, touchedBy } = await following(["extension.js"]);
  const count = harness.changes.length;
  await touchedBy(() => writeFileSync(join(folder, "extension.js"), "two"));
  await touchedBy(() => saveByRename(join(folder, "extension.js"), "three"));
  expect(harness.deltasSince(count)).toEqual([]);
});

test("a followed file that does not exist yet touches its folder when it appears", async () => {
  const { folder, touchedBy } = await following(["later.js", "new/levels/part.js"]);
  await touchedBy(() => writeFileSync(join(folder, "later.js"), ""));
  await touchedBy(() => write(join(folder, "new", "levels", "part.js"), ""));
  await touchedBy(() => writeFileSync(join(folder, "new", "levels", "part.js"), "two"));
});

test("a followed file is followed on after its directory was removed, renamed or replaced", async () => {
  const { folder, touchedBy } = await following(["lib/deep/part.js"]);
  const lib = join(folder, "lib");
  await touchedBy(() => rmSync(lib, { recursive: true }));
  await touchedBy(() => write(join(lib, "deep", "part.js"), "two"));
  await touchedBy(() => renameSync(lib, join(folder, "moved")));
  await touchedBy(() => renameSync(join(folder, "moved"), lib));
  await touchedBy(() => {
    rmSync(lib, { recursive: true });
    write(join(lib, "deep", "part.js"), "three");
  });
  await touchedBy(() => writeFileSync(join(lib, "deep", "part.js"), "four"));
});

test("a followed file is followed on after its extension's folder was replaced", async () => {
  const { folder, touchedBy } = await following(["extension.js"]);
  await touchedBy(() => {
    cpSync(folder, `${folder}-copy`, { recursive: true });
    renameSync(folder, join(folder, "..", ".old"));
    renameSync(`${folder}-copy`, folder);
  });
  await touchedBy(() => writeFileSync(join(folder, "extension.js"), "two"));
});

test("a followed file outside the folder touches it", async () => {
  const shared = temporaryFolder();
  const { touchedBy } = await following([
    join("..", "..", shared.slice(shared.lastIndexOf("/") + 1), "shared.js"),
  ]);
  await touchedBy(() => writeFileSync(join(shared, "shared.js"), "one"));
});

test("a file that nobody follows touches nothing", async () => {
  const { folder, harness, touchedBy } = await following(["extension.js"]);
  const count = harness.changes.length;
  writeFileSync(join(folder, "README.md"), "");
  write(join(folder, "logs", "today.log"), "");
  await touchedBy(() => writeFileSync(join(folder, "extension.js"), "two"));
  const touches = harness.changes.slice(count).filter((change) => change.touched.size > 0);
  expect(touches).toHaveLength(1);
});

test("files that fit a glob touch the folder when they come, change and go", async () => {
  const { folder, harness, touchedBy } = await following([], { follow: { globs: ["templates/**/*.html"] } });
  const page = join(folder, "templates", "pages", "one.html");
  const count = harness.changes.length;
  mkdirSync(join(folder, "templates", "pages"), { recursive: true });
  writeFileSync(join(folder, "templates", "notes.txt"), "");
  await touchedBy(() => writeFileSync(page, "one"));
  await touchedBy(() => writeFileSync(page, "two"));
  await touchedBy(() => rmSync(page));
  expect(harness.deltasSince(count)).toEqual([]);
});

test.each([
  ["names a folder", "conf", "conf/deep/a.txt"],
  ["names a folder by a slash", "conf/", "conf/a.txt"],
  ["fits names that begin with a dot", "conf/*", "conf/.hidden"],
])("a glob that %s is followed", async (_what, glob, file) => {
  const { folder, touchedBy } = await following([], { follow: { globs: [glob] } });
  const path = join(folder, file);
  await touchedBy(() => write(path, "one"));
  await touchedBy(() => writeFileSync(path, "two"));
  await touchedBy(() => rmSync(join(folder, "conf"), { recursive: true }));
  writeFileSync(join(folder, "conf"), "a file in its place");
  rmSync(join(folder, "conf"));
  await touchedBy(() => write(path, "three"));
});

test("folders that links join in a ring are followed, each change once", async () => {
  const { folder, harness, touchedBy } = await following([], { follow: { globs: ["conf/**"] } });
  await touchedBy(() => {
    write(join(folder, "conf", "a", "file"), "one");
    write(join(folder, "conf", "b", "file"), "one");
    symlinkSync(join("..", "b"), join(folder, "conf", "a", "on"));
    symlinkSync(join("..", "a"), join(folder, "conf", "b", "on"));
    symlinkSync("itself", join(folder, "conf", "itself"));
    symlinkSync(join("..", ".."), join(folder, "conf", "up"));
  });
  await touchedBy(() => writeFileSync(join(folder, "conf", "b", "file"), "two"));
  expect(harness.errors).toEqual([]);
});

test("a file is followed through the links on its way", async () => {
  const { folder, touchedBy } = await following(["x.js"], { follow: { globs: ["conf/*"] } });
  await touchedBy(() => {
    for (const version of ["1", "2"]) write(join(folder, version, "x.js"), version);
    symlinkSync("1", join(folder, "current"));
    symlinkSync(join("current", "x.js"), join(folder, "x.js"));
  });
  const lead = (link: string, target: string) => {
    symlinkSync(target, `${link}.new`);
    renameSync(`${link}.new`, link);
  };
  await touchedBy(() => lead(join(folder, "current"), "2"));
  await touchedBy(() => writeFileSync(join(folder, "2", "x.js"), "three"));
  await touchedBy(() => write(join(folder, "conf", "none"), ""));
  await touchedBy(() => symlinkSync(join("..", "current", "x.js"), join(folder, "conf", "linked")));
  await touchedBy(() => lead(join(folder, "current"), "1"));
});

test("a file is followed while a folder is in its place, and when it is a file again", async () => {
  const { folder, touchedBy } = await following(["lib/deep/part.js"]);
  const path = join(folder, "lib", "deep", "part.js");
  await touchedBy(() => {
    rmSync(path);
    mkdirSync(path);
  });
  await touchedBy(() => {
    rmSync(path, { recursive: true });
    writeFileSync(path, "a file again");
  });
  await touchedBy(() => {
    rmSync(join(folder, "lib"), { recursive: true });
    writeFileSync(join(folder, "lib"), "a file in a folder's place");
  });
  await touchedBy(() => {
    rmSync(join(folder, "lib"));
    write(path, "two");
  });
});

test("a file that changed between loading and following touches its folder at once", async () => {
  const { harness, folder } = await following([]);
  const since = Date.now() - 60_000;
  harness.discovery.follow(folder, [join(folder, "extension.js")], { since });
  await until(() => harness.changes.some((change) => change.touched.has(folder)));
});

test("a file is followed by looking at it where directories can't be watched", async () => {
  const { folder, harness, touchedBy } = await following(["extension.js"], {
    watchDirectory: () => {
      throw Object.assign(new Error("no watches left"), { code: "ENOSPC" });
    },
  });
  await touchedBy(() => writeFileSync(join(folder, "extension.js"), "a longer text"));
  expect([...new Set(harness.problemCodes)]).toEqual(["DISCOVERY_WATCH_LIMIT"]);
});

test("following ends when it is disposed", async () => {
  const { folder, harness } = await following([]);
  const first = harness.discovery.follow(folder, [join(folder, "extension.js")]);
  first.dispose();
  first.dispose();
  harness.discovery.follow(folder, [join(folder, "other.js")]);
  const count = harness.changes.length;
  writeFileSync(join(folder, "extension.js"), "two");
  writeFileSync(join(folder, "other.js"), "");
  await until(() => harness.changes.length > count);
  expect(harness.changes.length - count).toBe(1);
});
