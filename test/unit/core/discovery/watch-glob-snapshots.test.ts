import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExtensionDescription } from "../../../../core/src/discovery/extension-description.js";
import { WatchGlobSnapshots } from "../../../../core/src/discovery/watch-glob-snapshots.js";
import { temporaryFolder, write } from "./discovery-harness.js";

function watching(watch: readonly string[]) {
  const folder = temporaryFolder();
  const owner = { description: { folder, manifest: { watch } } as unknown as ExtensionDescription };
  const watched = new WatchGlobSnapshots();
  return {
    folder,
    note: () => watched.note(owner),
    changed: async () => (await watched.changed(owner)).map((file) => file.slice(folder.length + 1)).sort(),
  };
}

test("files that come, go and change are told, and nothing else", async () => {
  const { folder, note, changed } = watching(["conf", "*.txt"]);
  for (const name of ["conf/.gone", "conf/kept", "conf/edited", "a.txt", "b.md"])
    write(join(folder, name), "one");
  note();
  expect(await changed()).toEqual([]);
  rmSync(join(folder, "conf", ".gone"));
  for (const name of ["conf/edited", "conf/new", "b.md"]) write(join(folder, name), "longer than before");
  write(join(folder, "aside"), "two");
  renameSync(join(folder, "aside"), join(folder, "a.txt"));
  expect(await changed()).toEqual(["a.txt", "conf/.gone", "conf/edited", "conf/new"]);
});

test("links that lead in a ring, nowhere or out of the folder end no look", async () => {
  const outside = temporaryFolder();
  write(join(outside, "secret"), "");
  const { folder, note, changed } = watching(["**"]);
  for (const name of ["a", "b", "c", "d"]) {
    write(join(folder, name, "file"), name);
    for (const other of ["a", "b", "c", "d"])
      symlinkSync(join("..", other), join(folder, name, `to-${other}`));
  }
  symlinkSync("itself", join(folder, "itself"));
  symlinkSync("nothing", join(folder, "dangling"));
  symlinkSync(outside, join(folder, "outside"));
  note();
  write(join(outside, "more"), "");
  expect(await changed()).toEqual([]);
  write(join(folder, "b", "file"), "longer than before");
  write(join(folder, "nothing"), "something");
  expect(await changed()).toEqual(["b/file", "dangling", "nothing"]);
});

test("others have their turns while a large folder is looked at", { timeout: 120_000 }, async () => {
  const { folder, note, changed } = watching(["*.html"]);
  for (let index = 0; index < 10_000; index += 1) writeFileSync(join(folder, `${index}.txt`), "");
  note();
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  for (let index = 0; index < 3; index += 1) expect(await changed()).toEqual([]);
  isDone = true;
  expect(turns).toBeGreaterThan(3);
});
