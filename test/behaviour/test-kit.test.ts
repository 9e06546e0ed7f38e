/** What the test kit promises to authors of extensions. */
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { greeters } from "@plugboard/core";
import { anExtension, createTestHost, eventually, recordEvents } from "@plugboard/core/testing";
import { expect, test } from "vitest";

const english = anExtension({
  id: "acme.english",
  contributes: { greeters: [{ id: "english", lang: "English" }] },
});

async function emptyFolder() {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-kit-"));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

test("a sketch becomes a manifest and a main file, written whole", async () => {
  await using place = await emptyFolder();
  const path = await english.writeTo(place.folder);

  expect(path).toBe(join(place.folder, "acme.english"));
  expect((await readdir(place.folder)).sort()).toEqual(["acme.english"]);
  expect(JSON.parse(await readFile(join(path, "plugin.json5"), "utf8"))).toEqual({
    manifestVersion: 1,
    id: "acme.english",
    version: "1.0.0",
    engines: { plugboard: "^1.0.0" },
    main: "./extension.js",
    contributes: { greeters: [{ id: "english", lang: "English" }] },
  });
});

test("writing over an older extension replaces what differs and removes what is gone", async () => {
  await using place = await emptyFolder();
  await english.with({ files: { "lib/old.js": "old" } }).writeTo(place.folder);
  const path = await english.with({ version: "2.0.0", files: { "lib/new.js": "new" } }).writeTo(place.folder);

  expect((await readdir(path, { recursive: true })).sort()).toEqual([
    "extension.js",
    "lib",
    "lib/new.js",
    "plugin.json5",
  ]);
  expect(await readFile(join(path, "plugin.json5"), "utf8")).toContain(`"2.0.0"`);
  expect((await readdir(place.folder)).sort()).toEqual(["acme.english"]);
});

test("a copied file comes with a new folder, and stays as it is when the rest is written over", async () => {
  await using place = await emptyFolder();
  await using elsewhere = await emptyFolder();
  const program = join(elsewhere.folder, "program");
  await writeFile(program, "one", { mode: 0o755 });
  const extension = anExtension({ id: "acme.copy", copies: { "bin/program": program } });
  const path = await extension.writeTo(place.folder);
  expect(await readFile(join(path, "bin/program"), "utf8")).toBe("one");
  expect((await stat(join(path, "bin/program"))).mode & 0o100).toBe(0o100);

  await extension.with({ version: "2.0.0" }).writeTo(place.folder);
  expect(await readFile(join(path, "plugin.json5"), "utf8")).toContain("2.0.0");
  expect(await readFile(join(path, "bin/program"), "utf8")).toBe("one");
  await extension.with({ copies: {} }).writeTo(place.folder);
  expect(await readdir(join(path, "bin"))).toEqual([]);
});

test("a slow write shows halves on the way and the whole at the end", async () => {
  await using place = await emptyFolder();
  const file = join(place.folder, "acme.english/plugin.json5");
  const writing = english.writeSlowly(place.folder, { pauseMs: 50, pieces: 2 });

  const half = await eventually(async () => {
    const text = await readFile(file, "utf8");
    expect(text.length).toBeGreaterThan(0);
    return text;
  });
  await writing;
  expect(half.length).toBeLessThan((await readFile(file, "utf8")).length);
  expect(await readFile(file, "utf8")).toBe(english.files["plugin.json5"]);
});

test("eventually resolves with the first result and rejects with the last error", async () => {
  let tries = 0;
  const result = await eventually(() => {
    if (++tries < 3) throw new Error("not yet");
    return tries;
  });

  expect(result).toBe(3);
  await expect(
    eventually(() => Promise.reject(new Error("never")), { timeoutMs: 20, intervalMs: 1 }),
  ).rejects.toThrow("never");
});

test("a test host is started, serves its extensions and is gone afterwards", async () => {
  const kit = await createTestHost({ extensions: [english] });
  expect(await kit.host.contributions(greeters).get("english")?.greet("World")).toBe("english 1.0.0: World");
  expect(kit.report.listed).toBe(1);
  expect(kit.record.kinds("acme.english")).toEqual(["added", "activating", "activated"]);

  await kit.dispose();
  expect(existsSync(kit.temporaryFolder)).toBe(false);
  await expect(kit.host.activate("acme.english")).rejects.toMatchObject({ code: "HOST_STOPPED" });
});

test("a test host that is started by hand has no report", async () => {
  await using kit = await createTestHost({ start: "manual", extensions: [english] });

  expect(() => kit.report).toThrow(TypeError);
  expect((await kit.host.start()).listed).toBe(1);
});

test("a record keeps deltas until it is disposed", async () => {
  await using kit = await createTestHost();
  const record = recordEvents(kit.host);
  await kit.write(english);
  await kit.host.rescan();
  record.dispose();
  await kit.remove(english);
  await kit.host.rescan();

  expect(record.changes).toEqual([{ point: "greeters", added: ["english"], changed: [], removed: [] }]);
});
