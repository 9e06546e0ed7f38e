import { watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { WatchedDirectory } from "../../../../core/src/discovery/watched-directory.js";
import { temporaryFolder, until } from "./discovery-harness.js";

test("a directory that can't be watched is looked at, and watched again once it can be", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const folder = temporaryFolder();
  const events: (string | undefined)[] = [];
  const faults: unknown[] = [];
  let left = 0;
  const directory = new WatchedDirectory(folder, {
    names: () => "all",
    onEvent: (name) => events.push(name),
    onFault: (fault) => faults.push(fault?.cause),
    watchDirectory: (path, options) => {
      if (left === 0) throw Object.assign(new Error("no watches left"), { code: "ENOSPC" });
      return watch(path, options);
    },
  });
  onTestFinished(() => directory.close());
  expect(faults).toEqual([expect.objectContaining({ code: "ENOSPC" })]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(events).toEqual([undefined]);
  writeFileSync(join(folder, "polled"), "");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(events).toEqual([undefined, "polled"]);

  await vi.advanceTimersByTimeAsync(60_000);
  expect(faults).toHaveLength(1);
  left = 1;
  await vi.advanceTimersByTimeAsync(60_000);
  // What came between the last look and the watch is looked for once more.
  expect(faults.slice(1)).toEqual([undefined]);
  expect(events.at(-1)).toBeUndefined();
  vi.useRealTimers();
  writeFileSync(join(folder, "watched"), "");
  await until(() => events.includes("watched"));
});

test("a directory that is away when its watch is tried again is tried once more later", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const faults: unknown[] = [];
  const answers = ["ENOSPC", "ENOENT"];
  const directory = new WatchedDirectory(temporaryFolder(), {
    names: () => "all",
    onEvent: () => undefined,
    onFault: (fault) => faults.push(fault?.cause),
    watchDirectory: (path, options) => {
      const code = answers.shift();
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      return watch(path, options);
    },
  });
  onTestFinished(() => directory.close());
  await vi.advanceTimersByTimeAsync(60_000);
  expect(faults).toEqual([expect.objectContaining({ code: "ENOSPC" })]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(faults.slice(1)).toEqual([undefined]);
});

test("what a look at a directory throws is told, and the next look follows", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const folder = temporaryFolder();
  const told: unknown[] = [];
  let isBroken = true;
  const directory = new WatchedDirectory(folder, {
    names: () => {
      if (isBroken) throw new Error("no names");
      return "all";
    },
    onEvent: (name) => told.push(name),
    onFault: (fault) => told.push(fault?.cause),
    pollingMs: 10,
  });
  onTestFinished(() => directory.close());
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toContainEqual(expect.objectContaining({ message: "no names" }));
  isBroken = false;
  await vi.advanceTimersByTimeAsync(10);
  writeFileSync(join(folder, "polled"), "");
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toContain("polled");
});
