import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { watchesNeeded, watchSupply } from "../../../../core/src/discovery/watch-needs.js";
import { watchChecks } from "../../../../core/src/doctor/watch-checks.js";

const supply = { watches: 100, instances: 10, usedWatches: 40, usedInstances: 3 };

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-watches-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test.each([
  [60, supply, ["ok"]],
  [61, supply, ["warning"]],
  [101, supply, ["problem"]],
  [1, { ...supply, usedInstances: 10 }, ["warning"]],
  [101, { ...supply, usedInstances: 10 }, ["problem", "warning"]],
  [1_000_000, undefined, ["ok"]],
])("%i watches of %o are %o", (needed, given, outcomes) => {
  expect(watchChecks(needed, given).map(({ outcome }) => outcome)).toEqual(outcomes);
});

test("whoever lacks watches is told the command that gives enough", () => {
  const [check] = watchChecks(400_000, supply);
  expect(check?.advice).toBe("sysctl -w fs.inotify.max_user_watches=1600000");
});

test("each folder of an extension folder takes a watch, and so does the way to it", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "one"));
  await mkdir(join(folder, "two"));
  await symlink(join(folder, "one"), join(folder, "three"));
  await writeFile(join(folder, "readme.txt"), "");
  expect(watchesNeeded(folder, { isSingle: false })).toBe(3 + 2);
  expect(watchesNeeded(folder, { isSingle: true })).toBe(4 + 2);
  expect(watchesNeeded(join(folder, "nowhere"), { isSingle: false })).toBe(0);
});

test("watches in use are counted over all programs of the user", async () => {
  const proc = await temporaryFolder();
  const limits = join(proc, "sys/fs/inotify");
  await mkdir(limits, { recursive: true });
  await writeFile(join(limits, "max_user_watches"), "8192\n");
  await writeFile(join(limits, "max_user_instances"), "128\n");
  for (const program of ["10", "11"]) {
    await mkdir(join(proc, program, "fd"), { recursive: true });
    await mkdir(join(proc, program, "fdinfo"));
    await symlink("anon_inode:inotify", join(proc, program, "fd/5"));
    await symlink("/dev/null", join(proc, program, "fd/6"));
    await writeFile(join(proc, program, "fdinfo/5"), "pos:\t0\ninotify wd:1 ino:2\ninotify wd:2 ino:3\n");
  }
  expect(watchSupply(proc)).toEqual({ watches: 8192, instances: 128, usedWatches: 4, usedInstances: 2 });
});

test("a system without such limits has no supply to run out of", async () => {
  expect(watchSupply(await temporaryFolder())).toBeUndefined();
});
