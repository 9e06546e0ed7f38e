/** What discovery makes of whatever may lie in an extension folder, on a real disk. */
import { execFileSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";

import { watch } from "chokidar";
import { expect, test, vi } from "vitest";
import type { DiscoveryChange } from "../../../../core/src/discovery/extension-discovery.js";
import type { FolderEntry } from "../../../../core/src/discovery/folder-entry.js";
import {
  DiscoveryHarness,
  manifestText,
  parseWithJson5,
  temporaryFolder,
  until,
  write,
  writeExtension,
} from "./discovery-harness.js";

function scan(options: ConstructorParameters<typeof DiscoveryHarness>[0]): DiscoveryHarness {
  const harness = new DiscoveryHarness(options);
  harness.take(harness.discovery.scan());
  return harness;
}

function codesOf(entry: FolderEntry | undefined): string[] {
  if (entry?.kind !== "broken") return [];
  return entry.broken.problems.map(({ code, severity }) => `${severity} ${code}`);
}

test("direct children are extensions, except hidden ones, node_modules and plain files", () => {
  const root = temporaryFolder();
  writeExtension(join(root, "english"), "acme.english");
  writeExtension(join(root, ".hidden"), "acme.hidden");
  writeExtension(join(root, "node_modules"), "acme.packages");
  writeExtension(join(root, "english", "nested"), "acme.nested");
  writeFileSync(join(root, "README.md"), "");
  expect(scan({ folders: [root] }).running).toEqual(["acme.english@1.0.0 english"]);
});

test("a folder without a manifest is listed with a warning", () => {
  const root = temporaryFolder();
  mkdirSync(join(root, "empty"));
  const harness = scan({ folders: [root] });
  expect(codesOf(harness.discovery.entry(join(root, "empty")))).toEqual(["warning MANIFEST_MISSING"]);
});

test("a pipe, a socket and a folder in the manifest's place are refused without waiting", async () => {
  const root = temporaryFolder();
  for (const name of ["pipe", "socket", "folder"]) mkdirSync(join(root, name));
  execFileSync("mkfifo", [join(root, "pipe", "plugin.json5")]);
  mkdirSync(join(root, "folder", "plugin.json5"));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(root, "socket", "plugin.json5"), resolve));
  writeExtension(join(root, "english"), "acme.english");
  const harness = scan({ folders: [root] });
  await new Promise((resolve) => server.close(resolve));
  expect(harness.running).toEqual(["acme.english@1.0.0 english"]);
  for (const name of ["pipe", "socket", "folder"]) {
    expect(codesOf(harness.discovery.entry(join(root, name)))).toEqual(["error MANIFEST_NOT_A_FILE"]);
  }
});

test("a manifest of the largest size is read, a larger one is refused", () => {
  const root = temporaryFolder();
  const padding = (bytes: number): string => manifestText("acme.english").padEnd(bytes, " ");
  write(join(root, "largest", "plugin.json5"), padding(256 * 1024));
  write(join(root, "larger", "plugin.json5"), padding(256 * 1024 + 1));
  const harness = scan({ folders: [root] });
  expect(harness.running).toEqual(["acme.english@1.0.0 largest"]);
  expect(codesOf(harness.discovery.entry(join(root, "larger")))).toEqual(["error MANIFEST_TOO_LARGE"]);
});

test("a manifest that is not UTF-8 is refused, one with a byte order mark is read", () => {
  const root = temporaryFolder();
  mkdirSync(join(root, "latin"));
  writeFileSync(join(root, "latin", "plugin.json5"), Buffer.from("{ id: 'espa\xf1ol' }", "latin1"));
  const texts: string[] = [];
  write(join(root, "marked", "plugin.json5"), `\uFEFF${manifestText("acme.marked")}`);
  const harness = scan({
    folders: [root],
    parse: (source) => {
      texts.push(source.text);
      return parseWithJson5(source);
    },
  });
  expect(codesOf(harness.discovery.entry(join(root, "latin")))).toEqual(["error MANIFEST_ENCODING"]);
  expect(harness.running).toEqual(["acme.marked@1.0.0 marked"]);
  expect(texts).toEqual([manifestText("acme.marked")]);
});

test("a manifest that can't be opened is told, and read once it can", async () => {
  const root = temporaryFolder();
  const folder = join(root, "english");
  // A link that leads to itself refuses root as well, whom permissions don't stop.
  mkdirSync(folder);
  symlinkSync("plugin.json5", join(folder, "plugin.json5"));
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  expect(codesOf(harness.discovery.entry(folder))).toEqual(["error MANIFEST_UNREADABLE"]);
  rmSync(join(folder, "plugin.json5"));
  writeExtension(folder, "acme.english");
  await harness.untilRunning("acme.english@1.0.0 english");
  expect(harness.problemCodes).toEqual([]);
});

test("an extension folder that is a file is told, and used once it is a folder", async () => {
  const root = join(temporaryFolder(), "extensions");
  writeFileSync(root, "");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  expect(harness.problemCodes).toEqual(["DISCOVERY_UNREADABLE"]);
  rmSync(root);
  writeExtension(join(root, "english"), "acme.english");
  await harness.untilRunning("acme.english@1.0.0 english");
  expect(harness.problemCodes).toEqual([]);
});

test("links back to the extension folder or above it are told and not followed", async () => {
  const parent = temporaryFolder();
  const root = join(parent, "extensions");
  writeExtension(join(root, "english"), "acme.english");
  symlinkSync(root, join(root, "itself"));
  symlinkSync(parent, join(root, "above"));
  symlinkSync("ring", join(root, "ring"));
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  expect(harness.running).toEqual(["acme.english@1.0.0 english"]);
  expect(harness.problemCodes).toEqual(Array(3).fill("DISCOVERY_LINK_LOOP"));
  writeExtension(join(root, "english"), "acme.english", "2.0.0");
  await harness.untilRunning("acme.english@2.0.0 english");
  expect(harness.problemCodes).toEqual(Array(3).fill("DISCOVERY_LINK_LOOP"));
});

test("two names that differ only in case are told, and both used", async () => {
  const root = temporaryFolder();
  writeExtension(join(root, "English"), "acme.one");
  writeExtension(join(root, "english"), "acme.two");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  expect(harness.running).toEqual(["acme.one@1.0.0 English", "acme.two@1.0.0 english"]);
  expect(harness.discovery.problems()).toMatchObject([
    {
      code: "DISCOVERY_CASE_CLASH",
      message: `${join(root, "English")} and ${join(root, "english")} differ only in case.`,
    },
  ]);
  rmSync(join(root, "English"), { recursive: true });
  await harness.untilRunning("acme.two@1.0.0 english");
  expect(harness.problemCodes).toEqual([]);
});

test("the earlier folder provides an id, the later one is told why it is not used", async () => {
  const first = temporaryFolder();
  const second = temporaryFolder();
  writeExtension(join(second, "english"), "acme.english", "2.0.0");
  const harness = await DiscoveryHarness.watching({ folders: [first, second] });
  expect(harness.running).toEqual(["acme.english@2.0.0 english"]);
  writeExtension(join(first, "greeter"), "acme.english", "1.0.0");
  await harness.untilRunning("acme.english@1.0.0 greeter");
  expect(harness.discovery.shadow(join(second, "english"))?.by).toBe(join(first, "greeter"));
  rmSync(join(first, "greeter"), { recursive: true });
  await harness.untilRunning("acme.english@2.0.0 english");
  expect(harness.discovery.shadow(join(second, "english"))).toBeUndefined();
});

test("an extension folder inside another is not an extension", () => {
  const root = temporaryFolder();
  writeExtension(join(root, "english"), "acme.english");
  writeExtension(join(root, "more", "spanish"), "acme.spanish");
  const harness = scan({ folders: [root, join(root, "more")] });
  expect([...harness.discovery.entries()].map((entry) => entry.kind)).toEqual(["extension", "extension"]);
});

test("a parser that throws breaks one folder and no other", () => {
  const root = temporaryFolder();
  writeExtension(join(root, "bad"), "acme.bad");
  writeExtension(join(root, "english"), "acme.english");
  const fault = new Error("a fault of the host");
  const harness = scan({
    folders: [root],
    parse: (source) => {
      if (source.file.includes("bad")) throw fault;
      return parseWithJson5(source);
    },
  });
  expect(harness.running).toEqual(["acme.english@1.0.0 english"]);
  expect(codesOf(harness.discovery.entry(join(root, "bad")))).toEqual(["error INTERNAL"]);
  expect(harness.errors).toEqual([fault]);
});

test("without watching, a rescan tells what changed", async () => {
  const root = temporaryFolder();
  writeExtension(join(root, "english"), "acme.english");
  const harness = scan({ folders: [root] });
  rmSync(join(root, "english"), { recursive: true });
  writeExtension(join(root, "spanish"), "acme.spanish");
  await harness.discovery.rescan();
  expect(harness.running).toEqual(["acme.spanish@1.0.0 spanish"]);
});

test("a rescan sees an edit that left size and times as they were", async () => {
  const root = temporaryFolder();
  const file = join(root, "english", "plugin.json5");
  writeExtension(join(root, "english"), "acme.english", "1.0.0");
  const time = new Date(Date.now() - 60_000);
  utimesSync(file, time, time);
  const harness = scan({ folders: [root] });
  writeFileSync(file, manifestText("acme.english", "2.0.0"));
  utimesSync(file, time, time);
  await harness.discovery.rescan();
  expect(harness.running).toEqual(["acme.english@2.0.0 english"]);
});

test("polling sees folders come, change and go", async () => {
  const root = temporaryFolder();
  const harness = await DiscoveryHarness.watching({ folders: [root], pollingMs: 20 });
  writeExtension(join(root, "english"), "acme.english");
  await harness.untilRunning("acme.english@1.0.0 english");
  writeExtension(join(root, "english"), "acme.english", "2.0.0");
  await harness.untilRunning("acme.english@2.0.0 english");
  rmSync(root, { recursive: true });
  await harness.untilRunning();
});

test("where watches have run out for folders, they are looked at instead", async () => {
  const root = temporaryFolder();
  writeExtension(join(root, "english"), "acme.english");
  const harness = await DiscoveryHarness.watching({
    folders: [root],
    watchDirectory: () => {
      throw noWatchesLeft();
    },
  });
  expect(harness.problemCodes).toEqual(["DISCOVERY_WATCH_LIMIT"]);
  writeExtension(join(root, "english"), "acme.english", "2.0.0");
  await harness.untilRunning("acme.english@2.0.0 english");
});

test("where watches have run out for the extension folder, it is looked at instead", async () => {
  const root = temporaryFolder();
  const harness = await DiscoveryHarness.watching({
    folders: [root],
    watchRoot: (path, options) => {
      const watcher = watch(path, options);
      queueMicrotask(() => watcher.emit("error", noWatchesLeft()));
      return watcher;
    },
  });
  expect(harness.problemCodes).toEqual(["DISCOVERY_WATCH_LIMIT"]);
  writeExtension(join(root, "english"), "acme.english");
  await harness.untilRunning("acme.english@1.0.0 english");
});

test("a fault that the watcher gets over leaves the extension folder watched", async () => {
  const root = temporaryFolder();
  let opened = 0;
  const harness = await DiscoveryHarness.watching({
    folders: [root],
    watchRoot: (path, options) => {
      const watcher = watch(path, options);
      if (++opened === 1) queueMicrotask(() => watcher.emit("error", new Error("no folder just now")));
      return watcher;
    },
  });
  expect(opened).toBe(2);
  writeExtension(join(root, "english"), "acme.english");
  await harness.untilRunning("acme.english@1.0.0 english");
  expect(harness.problemCodes).toEqual([]);
});

test("what changes between the scan and the watcher's readiness is not missed", async () => {
  const root = temporaryFolder();
  writeExtension(join(root, "english"), "acme.english");
  const harness = scan({ folders: [root] });
  rmSync(join(root, "english"), { recursive: true });
  writeExtension(join(root, "spanish"), "acme.spanish");
  harness.discovery.watch();
  await harness.discovery.ready;
  await harness.untilRunning("acme.spanish@1.0.0 spanish");
});

test("a listener that throws keeps no other from hearing", async () => {
  const root = temporaryFolder();
  const harness = new DiscoveryHarness({ folders: [root] });
  const heard: DiscoveryChange[] = [];
  harness.discovery.scan();
  harness.discovery.onDidChange(() => {
    throw new Error("a fault of a listener");
  });
  harness.discovery.onDidChange((change) => heard.push(change));
  writeExtension(join(root, "english"), "acme.english");
  await harness.discovery.rescan();
  expect(heard).toHaveLength(1);
  expect(harness.errors).toHaveLength(1);
});

test("nothing is told after discovery was closed", async () => {
  const root = temporaryFolder();
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  writeExtension(join(root, "english"), "acme.english");
  await harness.discovery.close();
  await harness.discovery.rescan();
  expect(harness.running).toEqual([]);
});

/** Starts as if later, so that files just written count as old. */
async function startOnce(
  root: string,
  indexFile: string,
  options: { parserVersion?: string; now?: () => number } = {},
): Promise<{ running: string[]; parsed: number; manifests: unknown[] }> {
  const parse = vi.fn(parseWithJson5);
  const now = (): number => Date.now() + 10_000;
  const harness = scan({ folders: [root], indexFile, parserVersion: "1", now, parse, ...options });
  const manifests = [...harness.discovery.entries()].map((entry) =>
    entry.kind === "extension" ? entry.description.manifest : undefined,
  );
  await harness.discovery.close();
  return { running: harness.running, parsed: parse.mock.calls.length, manifests };
}

test("a second start reads only the manifests that changed", async () => {
  const root = temporaryFolder();
  const indexFile = join(temporaryFolder(), "state", "index.json");
  for (const name of ["english", "french", "spanish"]) writeExtension(join(root, name), `acme.${name}`);
  const first = await startOnce(root, indexFile);
  expect(first.parsed).toBe(3);
  const second = await startOnce(root, indexFile);
  expect(second).toEqual({ ...first, parsed: 0 });
  writeExtension(join(root, "french"), "acme.french", "2.0.0");
  rmSync(join(root, "spanish"), { recursive: true });
  const third = await startOnce(root, indexFile);
  expect([third.parsed, third.running]).toEqual([
    1,
    ["acme.english@1.0.0 english", "acme.french@2.0.0 french"],
  ]);
  expect(readdirSync(dirname(indexFile))).toEqual(["index.json"]);
});

test("a manifest in the index is frozen and part of the description's JSON", async () => {
  const root = temporaryFolder();
  const indexFile = join(temporaryFolder(), "index.json");
  writeExtension(join(root, "english"), "acme.english");
  const [fresh] = (await startOnce(root, indexFile)).manifests;
  const harness = scan({ folders: [root], indexFile, parserVersion: "1", parse: () => ({ problems: [] }) });
  const entry = harness.discovery.entry(join(root, "english"));
  if (entry?.kind !== "extension") throw new Error("the index was not used");
  expect(Object.isFrozen(entry.description.manifest)).toBe(true);
  expect(JSON.parse(JSON.stringify(entry.description))).toMatchObject({
    id: "acme.english",
    manifest: fresh,
  });
});

test("a folder that was swapped for another is read again", async () => {
  const root = temporaryFolder();
  const indexFile = join(temporaryFolder(), "index.json");
  writeExtension(join(root, "english"), "acme.english");
  await startOnce(root, indexFile);
  const before = readFileSync(join(root, "english", "plugin.json5"), "utf8");
  rmSync(join(root, "english"), { recursive: true });
  write(join(root, "spanish.txt"), before.replace("acme.english", "acme.spanish"));
  mkdirSync(join(root, "english"));
  linkSync(join(root, "spanish.txt"), join(root, "english", "plugin.json5"));
  expect((await startOnce(root, indexFile)).running).toEqual(["acme.spanish@1.0.0 english"]);
});

test("a manifest that was just written is not remembered", async () => {
  const root = temporaryFolder();
  const indexFile = join(temporaryFolder(), "index.json");
  writeExtension(join(root, "english"), "acme.english");
  await startOnce(root, indexFile, { now: Date.now });
  expect((await startOnce(root, indexFile)).parsed).toBe(1);
});

test("an index that is corrupt, cut off, of another version or of an older format is not used", async () => {
  const root = temporaryFolder();
  const indexFile = join(temporaryFolder(), "index.json");
  writeExtension(join(root, "english"), "acme.english");
  await startOnce(root, indexFile);
  const whole = readFileSync(indexFile, "utf8");
  const older = whole.replace(/"format":(\d+)/, (_, format) => `"format":${Number(format) - 1}`);
  expect(older).not.toBe(whole);
  for (const text of ["", "{", "[]\n", "null\n", whole.slice(0, -5), `${whole} `, older]) {
    writeFileSync(indexFile, text);
    expect(await startOnce(root, indexFile)).toMatchObject({
      parsed: 1,
      running: ["acme.english@1.0.0 english"],
    });
  }
  expect((await startOnce(root, indexFile, { parserVersion: "2" })).parsed).toBe(1);
});

test("an index that can't be written is told", async () => {
  const root = temporaryFolder();
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  writeExtension(join(root, "english"), "acme.english");
  const harness = scan({ folders: [root], indexFile: join(file, "index.json") });
  await until(() => harness.changes.at(-1)?.problems?.some(({ code }) => code === "STATE_UNWRITABLE"));
  expect(harness.running).toEqual(["acme.english@1.0.0 english"]);
});

function noWatchesLeft(): Error {
  return Object.assign(new Error("no watches left"), { code: "ENOSPC" });
}
