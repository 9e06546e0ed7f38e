/** What a person does to extension folders while they are watched, on a real disk. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  DiscoveryHarness,
  manifestText,
  saveByRename,
  temporaryFolder,
  until,
  write,
  writeExtension,
} from "./discovery-harness.js";

test("a folder that is written piece by piece is added", async () => {
  const root = temporaryFolder();
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  mkdirSync(join(root, "english"));
  writeFileSync(join(root, "english", "extension.js"), "");
  writeFileSync(join(root, "english", "plugin.json5"), manifestText("acme.english"));
  await harness.untilRunning("acme.english@1.0.0 english");
});

test("a folder that is copied in is added, and removed when it is deleted", async () => {
  const outside = temporaryFolder();
  const root = temporaryFolder();
  writeExtension(join(outside, "english"), "acme.english");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  cpSync(join(outside, "english"), join(root, "english"), { recursive: true });
  await harness.untilRunning("acme.english@1.0.0 english");
  rmSync(join(root, "english"), { recursive: true });
  await harness.untilRunning();
});

test("a folder that is moved in, renamed, edited and moved out is followed", async () => {
  const outside = temporaryFolder();
  const root = temporaryFolder();
  writeExtension(join(outside, "english"), "acme.english");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  renameSync(join(outside, "english"), join(root, "english"));
  await harness.untilRunning("acme.english@1.0.0 english");
  renameSync(join(root, "english"), join(root, "renamed"));
  await harness.untilRunning("acme.english@1.0.0 renamed");
  writeExtension(join(root, "renamed"), "acme.english", "2.0.0");
  await harness.untilRunning("acme.english@2.0.0 renamed");
  renameSync(join(root, "renamed"), join(outside, "english"));
  await harness.untilRunning();
});

test("a renamed folder is one change", async () => {
  const root = temporaryFolder();
  writeExtension(join(root, "english"), "acme.english");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  const count = harness.changes.length;
  renameSync(join(root, "english"), join(root, "renamed"));
  await harness.untilRunning("acme.english@1.0.0 renamed");
  expect(harness.deltasSince(count)).toEqual(["changed acme.english"]);
});

test("two folders that swap their names are two changes", async () => {
  const root = temporaryFolder();
  writeExtension(join(root, "left"), "acme.left");
  writeExtension(join(root, "right"), "acme.right");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  renameSync(join(root, "left"), join(root, ".swap"));
  renameSync(join(root, "right"), join(root, "left"));
  renameSync(join(root, ".swap"), join(root, "right"));
  await harness.untilRunning("acme.left@1.0.0 right", "acme.right@1.0.0 left");
  writeExtension(join(root, "left"), "acme.right", "2.0.0");
  await harness.untilRunning("acme.left@1.0.0 right", "acme.right@2.0.0 left");
});

test("a broken folder that is put in the place of a whole one leaves the id to where that was moved", async () => {
  const root = temporaryFolder();
  writeExtension(join(root, "a"), "acme.english");
  writeExtension(join(root, "b"), "acme.french");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  writeFileSync(join(root, "b", "plugin.json5"), "{");
  await until(() => harness.discovery.entry(join(root, "b"))?.kind === "broken");
  renameSync(join(root, "a"), join(root, ".swap"));
  renameSync(join(root, "b"), join(root, "a"));
  renameSync(join(root, ".swap"), join(root, "b"));
  await harness.untilRunning("acme.english@1.0.0 b");
});

test("a whole folder breaks in its place and keeps its id from a copy that comes after it", async () => {
  const root = temporaryFolder();
  writeExtension(join(root, "a"), "acme.english");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  writeFileSync(join(root, "a", "plugin.json5"), "{");
  await until(() => harness.discovery.entry(join(root, "a"))?.kind === "broken");
  writeExtension(join(root, "b"), "acme.english");
  await until(() => harness.discovery.shadow(join(root, "b")) !== undefined);
  await harness.untilRunning("acme.english@1.0.0 a");
});

test("a folder that is deleted and copied again at once ends as the copy", async () => {
  const outside = temporaryFolder();
  const root = temporaryFolder();
  writeExtension(join(root, "english"), "acme.english");
  writeExtension(join(outside, "english"), "acme.english", "2.0.0");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  rmSync(join(root, "english"), { recursive: true });
  cpSync(join(outside, "english"), join(root, "english"), { recursive: true });
  await harness.untilRunning("acme.english@2.0.0 english");
  writeExtension(join(root, "english"), "acme.english", "3.0.0");
  await harness.untilRunning("acme.english@3.0.0 english");
});

test("two hundred folders dropped and removed at once are all seen", async () => {
  const root = temporaryFolder();
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  const names = Array.from({ length: 200 }, (_, index) => `extension-${index}`);
  for (const name of names) {
    mkdirSync(join(root, name));
    saveByRename(join(root, name, "plugin.json5"), manifestText(`acme.${name}`));
  }
  await harness.untilRunning(...names.map((name) => `acme.${name}@1.0.0 ${name}`));
  for (const name of names) rmSync(join(root, name), { recursive: true });
  await harness.untilRunning();
});

test("a manifest that is saved by rename is changed each time", async () => {
  const root = temporaryFolder();
  const file = join(root, "english", "plugin.json5");
  writeExtension(join(root, "english"), "acme.english");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  saveByRename(file, manifestText("acme.english", "2.0.0"));
  await harness.untilRunning("acme.english@2.0.0 english");
  renameSync(file, `${file}~`);
  writeFileSync(file, manifestText("acme.english", "3.0.0"));
  await harness.untilRunning("acme.english@3.0.0 english");
});

test("a manifest that breaks and is repaired never removes its extension", async () => {
  const root = temporaryFolder();
  const file = join(root, "english", "plugin.json5");
  writeExtension(join(root, "english"), "acme.english");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  const count = harness.changes.length;
  writeFileSync(file, "{ id: 'acme.eng");
  await until(() => harness.deltasSince(count).includes("broken acme.english"));
  expect(harness.running).toEqual(["acme.english@1.0.0 english"]);
  writeFileSync(file, manifestText("acme.english", "2.0.0"));
  await harness.untilRunning("acme.english@2.0.0 english");
  expect(harness.deltasSince(count)).toEqual(["broken acme.english", "changed acme.english"]);
});

test("a manifest that is half written first is added once it is whole", async () => {
  const root = temporaryFolder();
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  const folder = join(root, "english");
  write(join(folder, "plugin.json5"), manifestText("acme.english").slice(0, 20));
  await until(() => harness.discovery.entry(folder)?.kind === "broken");
  expect(harness.discovery.lastEventAt(folder)).toBeGreaterThan(0);
  writeFileSync(join(folder, "plugin.json5"), manifestText("acme.english"));
  await harness.untilRunning("acme.english@1.0.0 english");
});

test("a folder in the place of a manifest or of an extension breaks nothing for good", async () => {
  const root = temporaryFolder();
  const folder = join(root, "english");
  writeExtension(folder, "acme.english");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  const file = join(folder, "plugin.json5");
  const brokenIds = () => [...harness.discovery.entries()].filter(({ kind }) => kind === "broken").length;
  rmSync(file);
  mkdirSync(file);
  await until(() => brokenIds() === 1);
  rmSync(file, { recursive: true });
  writeFileSync(file, manifestText("acme.english", "2.0.0"));
  await harness.untilRunning("acme.english@2.0.0 english");
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "a file in its place");
  await harness.untilRunning();
  rmSync(folder);
  writeExtension(folder, "acme.english", "3.0.0");
  await harness.untilRunning("acme.english@3.0.0 english");
});

test("a checkout of another version is followed", async ({ skip }) => {
  skip(spawnSync("git", ["--version"]).error !== undefined, "there is no git here");
  const root = temporaryFolder();
  const git = (...args: string[]): void => {
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t.invalid", ...args], { cwd: root });
  };
  git("init", "-q");
  writeExtension(join(root, "english"), "acme.english");
  writeExtension(join(root, "old"), "acme.old");
  git("add", ".");
  git("commit", "-qm", "one");
  git("tag", "one");
  writeExtension(join(root, "english"), "acme.english", "2.0.0");
  rmSync(join(root, "old"), { recursive: true });
  writeExtension(join(root, "new"), "acme.new");
  git("add", "-A");
  git("commit", "-qm", "two");
  git("tag", "two");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  git("checkout", "-q", "one");
  await harness.untilRunning("acme.english@1.0.0 english", "acme.old@1.0.0 old");
  git("checkout", "-q", "two");
  await harness.untilRunning("acme.english@2.0.0 english", "acme.new@1.0.0 new");
});

test("a tree that is written under temporary names and renamed is followed", async () => {
  const root = temporaryFolder();
  writeExtension(join(root, "english"), "acme.english");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  for (const name of ["english", "spanish"]) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, ".plugin.json5.Xa31"), manifestText(`acme.${name}`, "2.0.0"));
    renameSync(join(root, name, ".plugin.json5.Xa31"), join(root, name, "plugin.json5"));
  }
  await harness.untilRunning("acme.english@2.0.0 english", "acme.spanish@2.0.0 spanish");
});

test("a linked folder is followed through its target and its next target", async () => {
  const outside = temporaryFolder();
  const root = temporaryFolder();
  writeExtension(join(outside, "one"), "acme.english");
  writeExtension(join(outside, "two"), "acme.english", "2.0.0");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  symlinkSync(join(outside, "one"), join(root, "english"));
  await harness.untilRunning("acme.english@1.0.0 english");
  saveByRename(join(outside, "one", "plugin.json5"), manifestText("acme.english", "1.1.0"));
  await harness.untilRunning("acme.english@1.1.0 english");
  unlinkSync(join(root, "english"));
  symlinkSync(join(outside, "two"), join(root, "english"));
  await harness.untilRunning("acme.english@2.0.0 english");
  writeExtension(join(outside, "two"), "acme.english", "2.1.0");
  await harness.untilRunning("acme.english@2.1.0 english");
  unlinkSync(join(root, "english"));
  await harness.untilRunning();
});

test("two links that share a target are both followed", async () => {
  const outside = temporaryFolder();
  const root = temporaryFolder();
  writeExtension(join(outside, "english"), "acme.english");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  symlinkSync(join(outside, "english"), join(root, "one"));
  symlinkSync(join(outside, "english"), join(root, "two"));
  await harness.untilRunning("acme.english@1.0.0 one");
  unlinkSync(join(root, "one"));
  await harness.untilRunning("acme.english@1.0.0 two");
  writeExtension(join(outside, "english"), "acme.english", "2.0.0");
  await harness.untilRunning("acme.english@2.0.0 two");
});

test("a name that was a link and becomes a folder is followed", async () => {
  const outside = temporaryFolder();
  const root = temporaryFolder();
  writeExtension(join(outside, "linked"), "acme.english");
  writeExtension(join(outside, "moved"), "acme.english", "2.0.0");
  symlinkSync(join(outside, "linked"), join(root, "english"));
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  unlinkSync(join(root, "english"));
  renameSync(join(outside, "moved"), join(root, "english"));
  await harness.untilRunning("acme.english@2.0.0 english");
  writeExtension(join(root, "english"), "acme.english", "3.0.0");
  await harness.untilRunning("acme.english@3.0.0 english");
});

test("a linked folder is followed when a link on the way to it is led elsewhere", async () => {
  const outside = temporaryFolder();
  const root = temporaryFolder();
  writeExtension(join(outside, "one", "english"), "acme.english");
  writeExtension(join(outside, "two", "english"), "acme.english", "2.0.0");
  symlinkSync(join(outside, "one"), join(outside, "current"));
  symlinkSync(join(outside, "current", "english"), join(root, "english"));
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  unlinkSync(join(outside, "current"));
  symlinkSync(join(outside, "two"), join(outside, "current"));
  await harness.untilRunning("acme.english@2.0.0 english");
  writeExtension(join(outside, "two", "english"), "acme.english", "2.1.0");
  await harness.untilRunning("acme.english@2.1.0 english");
});

test("a manifest that is a link itself is followed to its target", async () => {
  const outside = temporaryFolder();
  const root = temporaryFolder();
  writeExtension(outside, "acme.english");
  mkdirSync(join(root, "english"));
  symlinkSync(join(outside, "plugin.json5"), join(root, "english", "plugin.json5"));
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  await harness.untilRunning("acme.english@1.0.0 english");
  saveByRename(join(outside, "plugin.json5"), manifestText("acme.english", "2.0.0"));
  await harness.untilRunning("acme.english@2.0.0 english");
  writeFileSync(join(outside, "plugin.json5"), manifestText("acme.english", "3.0.0"));
  await harness.untilRunning("acme.english@3.0.0 english");
});

test("an extension folder that is a link itself is followed, and its next target", async () => {
  const parent = temporaryFolder();
  const root = join(parent, "current");
  writeExtension(join(parent, "one", "english"), "acme.english");
  writeExtension(join(parent, "two", "english"), "acme.english", "2.0.0");
  symlinkSync(join(parent, "one"), root);
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  writeExtension(join(parent, "one", "english"), "acme.english", "1.1.0");
  await harness.untilRunning("acme.english@1.1.0 english");
  symlinkSync(join(parent, "two"), join(parent, "next"));
  renameSync(join(parent, "next"), root);
  await harness.untilRunning("acme.english@2.0.0 english");
  writeExtension(join(parent, "two", "english"), "acme.english", "2.1.0");
  await harness.untilRunning("acme.english@2.1.0 english");
});

test("a link that leads nowhere is reported, and followed once its target appears", async () => {
  const outside = temporaryFolder();
  const root = temporaryFolder();
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  symlinkSync(join(outside, "english"), join(root, "english"));
  await until(() => harness.problemCodes.includes("DISCOVERY_LINK_DANGLING"));
  writeExtension(join(outside, "english"), "acme.english");
  await harness.untilRunning("acme.english@1.0.0 english");
  expect(harness.problemCodes).toEqual([]);
});

test("an extension folder that is deleted and made again is followed", async () => {
  const root = join(temporaryFolder(), "extensions");
  writeExtension(join(root, "english"), "acme.english");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  rmSync(root, { recursive: true });
  await harness.untilRunning();
  await until(() => harness.problemCodes.includes("DISCOVERY_FOLDER_MISSING"));
  writeExtension(join(root, "english"), "acme.english", "2.0.0");
  await harness.untilRunning("acme.english@2.0.0 english");
  writeExtension(join(root, "english"), "acme.english", "3.0.0");
  await harness.untilRunning("acme.english@3.0.0 english");
  expect(harness.problemCodes).toEqual([]);
});

test("an extension folder that is swapped for another is followed", async () => {
  const parent = temporaryFolder();
  const root = join(parent, "extensions");
  writeExtension(join(root, "english"), "acme.english");
  writeExtension(join(parent, "next", "english"), "acme.english", "2.0.0");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  const count = harness.changes.length;
  renameSync(root, join(parent, "last"));
  renameSync(join(parent, "next"), root);
  await harness.untilRunning("acme.english@2.0.0 english");
  expect(harness.deltasSince(count)).toEqual(["changed acme.english"]);
  writeExtension(join(root, "english"), "acme.english", "3.0.0");
  await harness.untilRunning("acme.english@3.0.0 english");
});

test.each([
  ["itself", 0, { isWaited: true }],
  ["itself", 0, { isWaited: false }],
  ["itself", 300, { isWaited: false }],
  ["with the folder around it", 0, { isWaited: true }],
  ["with the folder around it", 0, { isWaited: false }],
])(
  "an extension folder that is renamed away %s and back within %i ms is followed on (%j)",
  async (what, pauseMs, { isWaited }) => {
    const around = join(temporaryFolder(), "around");
    const root = join(around, "extensions");
    writeExtension(join(root, "english"), "acme.english");
    const harness = await DiscoveryHarness.watching({ folders: [root] });
    const [from, to] = what === "itself" ? [root, `${root}-away`] : [around, `${around}-away`];
    for (const version of ["2.0.0", "3.0.0", "4.0.0"]) {
      renameSync(from, to);
      if (isWaited) await harness.untilRunning();
      if (pauseMs > 0) await delay(pauseMs);
      renameSync(to, from);
      await until(() => harness.running.length === 1);
      writeExtension(join(root, "english"), "acme.english", version);
      await harness.untilRunning(`acme.english@${version} english`);
      writeExtension(join(root, version), "acme.spanish");
      await harness.untilRunning(`acme.english@${version} english`, `acme.spanish@1.0.0 ${version}`);
      rmSync(join(root, version), { recursive: true });
      await harness.untilRunning(`acme.english@${version} english`);
    }
    expect(harness.problemCodes).toEqual([]);
  },
);

test("an extension folder that is missing at first is followed once it appears, two levels deep", async () => {
  const parent = temporaryFolder();
  const root = join(parent, "one", "two");
  const harness = await DiscoveryHarness.watching({ folders: [root] });
  expect(harness.problemCodes).toEqual(["DISCOVERY_FOLDER_MISSING"]);
  writeExtension(join(root, "english"), "acme.english");
  await harness.untilRunning("acme.english@1.0.0 english");
  writeExtension(join(root, "english"), "acme.english", "2.0.0");
  writeExtension(join(root, "spanish"), "acme.spanish");
  await harness.untilRunning("acme.english@2.0.0 english", "acme.spanish@1.0.0 spanish");
  expect(harness.problemCodes).toEqual([]);
});

test("a development folder is one extension, and comes before extension folders", async () => {
  const root = temporaryFolder();
  const parent = temporaryFolder();
  const folder = join(parent, "english");
  writeExtension(join(root, "english"), "acme.english");
  writeExtension(folder, "acme.english", "2.0.0-dev");
  const harness = await DiscoveryHarness.watching({ folders: [root], developmentFolders: [folder] });
  await harness.untilRunning("acme.english@2.0.0-dev english");
  saveByRename(join(folder, "plugin.json5"), manifestText("acme.english", "2.0.1-dev"));
  await harness.untilRunning("acme.english@2.0.1-dev english");
  rmSync(folder, { recursive: true });
  await harness.untilRunning("acme.english@1.0.0 english");
  writeExtension(folder, "acme.english", "3.0.0-dev");
  await harness.untilRunning("acme.english@3.0.0-dev english");
});
