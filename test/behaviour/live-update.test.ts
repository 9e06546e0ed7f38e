/** An update is prepared beside the serving generation and swapped in one step, or not at all. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ExtensionError } from "@plugboard/core";
import { anExtension, createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, ids, info, rejection } from "../support/extensions.js";
import { FragileRuntime } from "../support/fragile-runtime.js";
import { gate, journal } from "../support/shared.js";

const english = aGreeter({ id: "acme.english" });

test("a saved file is served by the next generation, as one change", async () => {
  await using kit = await createTestHost({ watch: true, extensions: [english] });
  await greet(kit.host, "english");
  kit.record.clear();

  await kit.write(english.with({ version: "1.1.0" }));
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 1.1.0: World"));
  expect(info(kit.host, "acme.english").version).toBe("1.1.0");
  expect(kit.record.changes.at(-1)).toEqual({
    point: "greeters",
    added: [],
    changed: ["english"],
    removed: [],
  });
  expect(kit.record.changes.flatMap(({ added, removed }) => [...added, ...removed])).toEqual([]);
});

test("a watched file that changes while its extension loads counts", async () => {
  const hasty = english.with({
    files: { "templates/value.txt": "first" },
    manifest: { watch: ["templates/**"] },
    head: `
      import { readFileSync, writeFileSync } from "node:fs";
      const file = new URL("./templates/value.txt", import.meta.url);
      const value = readFileSync(file, "utf8");
      if (value === "first") {
        writeFileSync(file, "second");
        // Long enough for no clock to take the change for one that came later.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      }`,
    supplies: { greeters: { english: `{ greet: (name) => value + " " + name }` } },
  });
  await using kit = await createTestHost({ watch: true, extensions: [hasty] });
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("second World"));
});

test("an active extension that changes is active again without being called", async () => {
  await using kit = await createTestHost({ watch: true, extensions: [english] });
  await greet(kit.host, "english");

  await kit.write(english.with({ version: "1.1.0" }));
  await eventually(() =>
    expect(info(kit.host, "acme.english")).toMatchObject({ state: "active", version: "1.1.0" }),
  );
});

test("an extension that is not active is only read anew", async () => {
  const log = journal();
  const quiet = english.with({ activate: log.says("activate") });
  await using kit = await createTestHost({ extensions: [quiet] });

  await kit.write(quiet.with({ version: "1.1.0" }));
  await kit.host.rescan();
  expect(info(kit.host, "acme.english")).toMatchObject({ state: "ready", version: "1.1.0" });
  expect(log.lines).toEqual([]);
});

test.each([
  ["an activate that throws", { activate: `throw new Error("no");` }],
  ["a file that throws while it loads", { head: `throw new Error("no");` }],
  ["a syntax error", { source: `export function activate( {` }],
  ["a missing import", { head: `import "./nowhere.js";` }],
  ["a manifest that is not JSON5", { manifestText: `{ id: "acme.english", ` }],
  ["a manifest with a wrong value", { manifest: { version: 7 } }],
  ["a missing dependency", { dependsOn: ["acme.nowhere"] }],
  ["a wrong section", { contributes: { greeters: [{ id: "english", lang: 7 }] } }],
])("the last good generation serves on after an update with %s", async (_, change) => {
  await using kit = await createTestHost({ limits: { incompleteMs: 10 }, extensions: [english] });
  await greet(kit.host, "english");
  kit.record.clear();

  await kit.write(english.with({ version: "2.0.0", ...change }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.english").candidate).toBeDefined());

  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  expect(info(kit.host, "acme.english")).toMatchObject({
    state: "active",
    version: "1.0.0",
    generation: 1,
  });
  expect(kit.record.changes).toEqual([]);

  await kit.write(english.with({ version: "3.0.0" }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 3.0.0: World"));
  expect(info(kit.host, "acme.english").candidate).toBeUndefined();
});

test("a candidate that fails shows its state and what is wrong", async () => {
  await using kit = await createTestHost({ extensions: [english] });
  await greet(kit.host, "english");

  await kit.write(english.with({ version: "2.0.0", activate: `throw new Error("out of ink");` }));
  await kit.host.rescan();
  await eventually(() =>
    expect(info(kit.host, "acme.english").candidate).toMatchObject({
      generation: 2,
      state: "failed",
      reason: { code: "ACTIVATION_FAILED", message: expect.stringContaining("out of ink") as string },
    }),
  );
});

test("a generation number is never used twice", async () => {
  await using kit = await createTestHost({ extensions: [english] });
  await greet(kit.host, "english");
  await kit.write(english.with({ activate: `throw new Error("no");` }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.english").candidate?.state).toBe("failed"));

  await kit.write(english.with({ version: "3.0.0" }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.english").version).toBe("3.0.0"));
  const { generation } = info(kit.host, "acme.english");
  expect(generation).toBeGreaterThanOrEqual(3);

  await kit.remove(english);
  await kit.host.rescan();
  await kit.write(english);
  await kit.host.rescan();
  await greet(kit.host, "english");
  expect(info(kit.host, "acme.english").generation).toBeGreaterThan(generation);
});

test("calls in flight finish on the old generation, later ones go to the new", async () => {
  const door = gate();
  const log = journal();
  const slow = aGreeter({
    id: "acme.english",
    supplies: {
      greeters: {
        english: `{ async greet(name) { ${log.says("asked")} await ${door.code}; return "old " + name; } }`,
      },
    },
    deactivate: log.says("deactivate"),
  });
  await using kit = await createTestHost({ extensions: [slow] });
  const call = greet(kit.host, "english");
  await eventually(() => expect(log.lines).toEqual(["asked"]));

  await kit.write(english.with({ version: "2.0.0" }));
  const rescan = kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.english").version).toBe("2.0.0"));
  expect(await greet(kit.host, "english")).toBe("english 2.0.0: World");
  expect(log.lines).toEqual(["asked"]);
  door.open();
  expect(await call).toBe("old World");
  await rescan;
  await eventually(() => expect(log.lines).toEqual(["asked", "deactivate"]));
});

test("the old generation's deactivate is awaited, then its subscriptions end last-in first-out", async () => {
  const log = journal();
  const old = english.with({
    activate: `context.subscriptions.push(
      { dispose() { ${log.says("first")} } },
      { [Symbol.dispose]() { ${log.says("second")} } },
      { async [Symbol.asyncDispose]() { await null; ${log.says("third")} } },
      () => { ${log.says("fourth")} },
    );`,
    deactivate: `await new Promise((done) => setTimeout(done, 5)); ${log.says("deactivate")}`,
  });
  await using kit = await createTestHost({ extensions: [old] });
  await greet(kit.host, "english");

  await kit.host.reload("acme.english");
  await eventually(() => expect(log.lines).toEqual(["deactivate", "fourth", "third", "second", "first"]));
});

test("the new generation is active before the old one is deactivated", async () => {
  const log = journal();
  const logged = english.with({
    activate: log.tells("'activate ' + context.extension.version"),
    deactivate: log.says("deactivate"),
  });
  await using kit = await createTestHost({ extensions: [logged] });
  await greet(kit.host, "english");

  await kit.write(logged.with({ version: "2.0.0" }));
  await kit.host.rescan();
  await eventually(() => expect(log.lines).toEqual(["activate 1.0.0", "activate 2.0.0", "deactivate"]));
});

test("the signal of a generation is aborted at the end of its life", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      english.with({
        activate: `context.signal.addEventListener("abort", () => { ${log.says("aborted")} });`,
      }),
    ],
  });
  await greet(kit.host, "english");
  expect(log.lines).toEqual([]);

  await kit.host.deactivate("acme.english");
  expect(log.lines).toEqual(["aborted"]);
});

test("an update may add and remove contributions in one delta", async () => {
  const before = anExtension({
    id: "acme.many",
    contributes: {
      greeters: [
        { id: "kept", lang: "K" },
        { id: "old", lang: "O" },
      ],
    },
  });
  await using kit = await createTestHost({ extensions: [before] });
  await greet(kit.host, "kept");
  kit.record.clear();

  await kit.write(
    before.with({
      version: "2.0.0",
      contributes: {
        greeters: [
          { id: "kept", lang: "K" },
          { id: "new", lang: "N" },
        ],
      },
    }),
  );
  await kit.host.rescan();
  await eventually(() => expect(ids(kit.host, "greeters")).toEqual(["kept", "new"]));
  expect(kit.record.changes).toEqual([
    { point: "greeters", added: ["new"], changed: ["kept"], removed: ["old"] },
  ]);
});

test("reload rejects with what failed, the old generation serving on", async () => {
  await using kit = await createTestHost({ extensions: [english] });
  await greet(kit.host, "english");
  await writeFile(join(kit.folder, "acme.english", "extension.js"), "export function activate( {");

  expect(await rejection(kit.host.reload("acme.english"))).toMatchObject({ code: "MODULE_SYNTAX" });
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
});

test("what is put back after a failed reload is loaded anew, as was asked", async () => {
  const log = journal();
  const logged = english.with({ head: log.says("load") });
  await using kit = await createTestHost({ extensions: [logged] });
  await greet(kit.host, "english");
  const file = join(kit.folder, "acme.english", "extension.js");
  const code = await readFile(file, "utf8");
  await writeFile(file, "export function activate( {");
  expect(await rejection(kit.host.reload("acme.english"))).toMatchObject({ code: "MODULE_SYNTAX" });

  await writeFile(file, code);
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.english").candidate).toBeUndefined());
  expect(log.lines).toEqual(["load", "load"]);
});

test("a failed reload of code that tells of no files is tried again with the next event of its folder", async () => {
  let isThere = true;
  const load = async () => {
    if (!isThere) throw new ExtensionError("MODULE_NOT_FOUND", "It can't be read");
  };
  const fragile = aGreeter({ id: "acme.fragile", manifest: { runtime: "fragile" } });
  await using kit = await createTestHost({
    extensions: [fragile],
    runtimes: [new FragileRuntime({ load })],
    limits: { incompleteMs: 1 },
  });
  await greet(kit.host, "fragile");
  isThere = false;
  expect(await rejection(kit.host.reload("acme.fragile"))).toMatchObject({ code: "MODULE_NOT_FOUND" });

  isThere = true;
  await writeFile(join(kit.folder, "acme.fragile", "README.md"), "Back again");
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.fragile").candidate).toBeUndefined());
  expect(await greet(kit.host, "fragile")).toBe("fragile 3: World");
});

test("reload of an unchanged extension runs its code anew", async () => {
  const log = journal();
  await using kit = await createTestHost({ extensions: [english.with({ head: log.says("load") })] });
  await greet(kit.host, "english");

  await kit.host.reload("acme.english");
  expect(log.lines).toEqual(["load", "load"]);
  expect(info(kit.host, "acme.english")).toMatchObject({ state: "active", generation: 2 });
});

test("files that are not part of the extension's code are no change", async () => {
  await using kit = await createTestHost({ extensions: [english] });
  await greet(kit.host, "english");
  const folder = join(kit.folder, "acme.english");

  await writeFile(join(folder, "README.md"), "# English");
  await writeFile(join(folder, "output.log"), "a line");
  await kit.host.rescan();
  expect(info(kit.host, "acme.english").generation).toBe(1);
});

test("files that the manifest watches count as a change", async () => {
  const templated = english.with({
    manifest: { watch: ["templates/**"] },
    files: { "templates/deep/hello.txt": "Hello" },
    head: `import { readFileSync } from "node:fs";`,
    supplies: {
      greeters: {
        english: `{ greet: (name) => text + " " + name }`,
      },
    },
    activate: `text = readFileSync(new URL("./templates/deep/hello.txt", import.meta.url), "utf8");`,
  });
  await using kit = await createTestHost({
    watch: true,
    extensions: [templated.with({ head: `${templated.sketch.head ?? ""} let text;` })],
  });
  expect(await greet(kit.host, "english")).toBe("Hello World");

  await writeFile(join(kit.folder, "acme.english", "templates/deep/hello.txt"), "Hi");
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("Hi World"));
});

test("a new version with the same code and a copy of the same bytes are told apart", async () => {
  await using kit = await createTestHost({ extensions: [english.with({ source: constantSource })] });
  await greet(kit.host, "english");

  await kit.write(english.with({ source: constantSource }));
  await kit.host.rescan();
  expect(info(kit.host, "acme.english").generation).toBe(1);
  await kit.write(english.with({ source: constantSource, version: "1.0.1" }));
  await kit.host.rescan();
  await eventually(() =>
    expect(info(kit.host, "acme.english")).toMatchObject({ version: "1.0.1", generation: 2 }),
  );
});

const constantSource = `export function activate(context) {
  context.contribute("greeters", "english", { greet: () => "constant" });
}`;

test("a change while a reload runs is never dropped", async () => {
  const door = gate();
  const log = journal();
  await using kit = await createTestHost({ watch: true, extensions: [english] });
  await greet(kit.host, "english");

  await kit.write(
    english.with({ version: "2.0.0", activate: `${log.says("candidate")} await ${door.code};` }),
  );
  await eventually(() => expect(log.lines).toContain("candidate"));
  await kit.write(english.with({ version: "3.0.0" }));
  door.open();
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 3.0.0: World"));
});

test("one change begins one candidate, however long it takes", async () => {
  const door = gate();
  const log = journal();
  await using kit = await createTestHost({ extensions: [english] });
  await greet(kit.host, "english");

  await kit.write(english.with({ version: "2.0.0", activate: `${log.says("begins")} await ${door.code};` }));
  const rescan = kit.host.rescan();
  await eventually(() => expect(log.lines).not.toEqual([]));
  const again = kit.host.rescan();
  // Long enough for a second look at the same bytes to do its harm.
  await new Promise((next) => setTimeout(next, 50));
  door.open();
  await Promise.all([rescan, again]);
  await eventually(() => expect(info(kit.host, "acme.english").version).toBe("2.0.0"));
  expect(log.lines).toEqual(["begins"]);
});

test("without watch a saved file is served after the next rescan, not before", async () => {
  await using kit = await createTestHost({ extensions: [english] });
  await greet(kit.host, "english");

  await kit.write(english.with({ version: "2.0.0" }));
  // Long enough for a watcher to have seen it.
  await new Promise((next) => setTimeout(next, 200));
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 2.0.0: World"));
});

test("what is wrong with a candidate's manifest is told once, and of the candidate", async () => {
  await using kit = await createTestHost({ limits: { incompleteMs: 10 }, extensions: [english] });
  await greet(kit.host, "english");
  await kit.write(
    english.with({ version: "2.0.0", contributes: { greeters: [{ id: "english", lang: 7 }] } }),
  );
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.english").candidate?.problems).toHaveLength(1));
  expect(info(kit.host, "acme.english").problems).toEqual([]);
});
