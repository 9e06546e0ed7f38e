import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isExtensionError } from "@plugboard/extension-api";
import { expect, onTestFinished, test } from "vitest";
import { ownMark } from "../../../../core/src/common/process-mark.js";
import { StateFiles, type StateValues } from "../../../../core/src/common/state-files.js";
import { diskFull, faultyDisk } from "./dying-disk.js";

async function stateFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-state-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const name = "storage/acme.one.json";
const before = { kept: "before" };
const after = { kept: "before", added: "after" };
const add = (values: StateValues): StateValues => ({ ...values, added: "after" });
const length = JSON.stringify(after, undefined, 2).length + 1;
const killed = new Error("killed");

/** Every step of a write, and every byte of the one that writes. */
const stops = [
  ...Array.from({ length: 12 }, (_, index) => ({ step: index + 1 })),
  ...Array.from({ length: length + 1 }, (_, bytes) => ({ step: 3, bytes })),
];

async function folderWith(values: StateValues): Promise<string> {
  const folder = await stateFolder();
  await new StateFiles(folder).change(name, () => values);
  return folder;
}

test("a process that is killed at any byte leaves what was or what is to be, and the next one goes on", async () => {
  const folder = await folderWith(before);
  const outcomes = new Set<string>();
  let mostSteps = 0;
  for (const stop of stops) {
    await new StateFiles(folder).change(name, () => before);
    const { disk, steps } = faultyDisk({ ...stop, error: killed, isKill: true });
    await new StateFiles(folder, { disk })
      .change(name, add)
      .catch((error: unknown) => expect(error).toBe(killed));
    mostSteps = Math.max(mostSteps, steps());
    const found = new StateFiles(folder).read(name);
    expect([before, after]).toContainEqual(found);
    outcomes.add(JSON.stringify(found));
    await new StateFiles(folder).change(name, add);
    expect(new StateFiles(folder).read(name)).toEqual(after);
  }
  expect(outcomes.size).toBe(2);
  // Otherwise the steps above would not be all of them.
  expect(mostSteps).toBeLessThan(12);
});

test("a disk that is full at any byte is told of, keeps what was, and takes the change when it has room", async () => {
  const folder = await folderWith(before);
  for (const stop of [...stops.slice(0, 6), ...stops.slice(12)]) {
    const files = new StateFiles(folder, faultyDisk({ ...stop, error: diskFull(), isKill: false }));
    const refused = await files.change(name, add).catch((error: unknown) => error);
    if (refused !== undefined) {
      expect(isExtensionError(refused, "STATE_UNWRITABLE")).toBe(true);
      expect((refused as Error).message).toBe(`${join(folder, name)} can't be written: the disk is full.`);
    }
    expect(files.read(name)).toEqual(refused === undefined ? after : before);
    expect(await readdir(join(folder, "storage"))).toEqual(["acme.one.json"]);
    await files.change(name, add);
    expect(files.read(name)).toEqual(after);
    await new StateFiles(folder).change(name, () => before);
  }
});

test("what killed processes left beside the files is swept, what others write now is not", async () => {
  const folder = await folderWith(before);
  const [, start, machine] = ownMark().split(".") as [string, string, string];
  const left = [
    `extensions.json.99999999.${start}.${machine}~00000000.new`,
    `storage/acme.one.json.99999999.${start}.${machine}~00000000.new`,
  ];
  const written = `storage/acme.one.json.${ownMark()}~00000000.new`;
  for (const file of [...left, written]) await writeFile(join(folder, file), "{");
  await new StateFiles(folder).sweep();
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(
    ["claims", "storage", "storage/acme.one.json", written].sort(),
  );
});

test("changes of many at once are all kept, whoever makes them", async () => {
  const folder = await stateFolder();
  const many = Array.from({ length: 8 }, () => new StateFiles(folder));
  await Promise.all(
    many.map((files, index) => files.change(name, (values) => ({ ...values, [`key${index}`]: index }))),
  );
  const kept = Object.fromEntries(many.map((_, index) => [`key${index}`, index]));
  for (const files of many) expect(files.read(name)).toEqual(kept);
});

test("what another host wrote is seen by the next look", async () => {
  const folder = await folderWith(before);
  const files = new StateFiles(folder);
  expect(files.read(name)).toEqual(before);
  await new StateFiles(folder).change(name, add);
  expect(files.read(name)).toEqual(after);
  await rm(join(folder, name));
  expect(files.read(name)).toEqual({});
});

test("whoever is kept waiting too long is told by whom", async () => {
  const folder = await stateFolder();
  const begun = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<void>();
  const first = new StateFiles(folder).change(name, async (values) => {
    begun.resolve();
    await slow.promise;
    return values;
  });
  await begun.promise;
  const second = new StateFiles(folder, { waitMs: 20 }).change(name, add);
  await expect(second).rejects.toMatchObject({ code: "STATE_BUSY", details: { processId: process.pid } });
  slow.resolve();
  await first;
});

test.for([
  ["is no JSON", "{ broken: canary"],
  ["holds something else than an object", "[1]"],
])("a file that %s is an error that quotes nothing of it, and is left as it is", async ([, text = ""]) => {
  const folder = await stateFolder();
  await mkdir(join(folder, "storage"));
  await writeFile(join(folder, name), text);
  const files = new StateFiles(folder);
  const error = await files.change(name, add).catch((refused: unknown) => refused);
  expect(isExtensionError(error, "STATE_UNREADABLE")).toBe(true);
  expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain("canary");
  expect(await readFile(join(folder, name), "utf8")).toBe(text);
});
