/** What is followed and what is compared is the same: whoever sees an event finds that something has changed. */
import { EventEmitter } from "node:events";
import type { FSWatcher } from "node:fs";
import { appendFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { ExtensionDescription } from "../../../../core/src/discovery/extension-description.js";
import { FollowedFiles } from "../../../../core/src/discovery/followed-files.js";
import { WatchGlobSnapshots } from "../../../../core/src/discovery/watch-glob-snapshots.js";
import { temporaryFolder, write } from "./discovery-harness.js";

const names = ["a.json", ".a.json", "b.yaml", "[x]", "x", "c😀d", "A.JSON"];
const folders = ["", "conf/", "conf/deep/", ".hidden/", "conf/.hidden/", "node_modules/p/", "conf/.git/"];
const paths = folders.flatMap((folder) => names.map((name) => folder + name));

const patterns: readonly (readonly string[])[] = [
  ["*"],
  ["**"],
  ["."],
  ["*.json"],
  [".*"],
  ["?a*"],
  ["**/*.json"],
  ["**/.*"],
  ["conf"],
  ["conf/"],
  ["./conf/*"],
  ["conf/**/*.yaml"],
  ["*/*.json"],
  [".hidden/**"],
  ["**/.hidden/*"],
  ["[a-c]*"],
  ["[!.]*"],
  ["[[]x]"],
  ["{conf,.hidden}/*.{json,yaml}"],
  ["conf/{deep/,}.a.json"],
  ["node_modules/p/*"],
  ["**/.git/*"],
  ["*.toml"],
  ["*.json", "conf/x"],
  ["a.json", "a.json/*"],
];

test.each(patterns)("for %s, events and comparisons concern the same files", async (...globs) => {
  const folder = temporaryFolder();
  for (const path of paths) write(join(folder, path), "one");
  const compared = new WatchGlobSnapshots();
  const owner = { description: { folder, manifest: { watch: globs } } as unknown as ExtensionDescription };
  compared.note(owner);
  const told = await pathsTold(folder, globs);
  expect(await compared.changed(owner)).toEqual([]);
  for (const path of paths) appendFileSync(join(folder, path), "longer than before");
  const changed = (await compared.changed(owner)).map((file) => file.slice(folder.length + 1));
  expect(changed.sort()).toEqual(told.sort());
  // One that sees nothing, or everything, would agree as well.
  expect(changed.length > 0).toBe(globs[0] !== "*.toml");
  expect(changed.length).toBeLessThan(paths.length);
});

/** The paths of which an event touches the folder. */
async function pathsTold(folder: string, globs: readonly string[]): Promise<string[]> {
  const watchers = new Map<string, EventEmitter>();
  let touches = 0;
  const files = new FollowedFiles({
    onTouch: () => touches++,
    onFault: () => undefined,
    watchDirectory: (path) => {
      const watcher = Object.assign(new EventEmitter(), { close: () => watchers.delete(path) });
      watchers.set(path, watcher);
      return watcher as unknown as FSWatcher;
    },
  });
  onTestFinished(() => files.close());
  files.follow(folder, [], { globs, since: 0 });
  await untilStill(() => watchers.size);
  return paths.filter((path) => {
    const before = touches;
    const file = join(folder, path);
    watchers.get(dirname(file))?.emit("change", "change", basename(file));
    return touches > before;
  });
}

/** The folders are walked in turns of the event loop, which no one is told the end of. */
async function untilStill(value: () => number): Promise<void> {
  for (let last = -1, turns = 0; turns < 10; turns += 1) {
    await nextTurn();
    if (value() !== last) turns = 0;
    last = value();
  }
}
