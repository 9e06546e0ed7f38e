/** The twenty traps that the best extension hosts fell into. One test each, by number. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { greeters, offer, serviceToken } from "@plugboard/core";
import { anExtension, createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, ids, info, rejection, states } from "../support/extensions.js";
import { gate, journal, shared } from "../support/shared.js";

const english = aGreeter({ id: "acme.english" });

test("trap 1: the same id with a new version gives a delta", async () => {
  await using kit = await createTestHost({ extensions: [english] });
  const deltas: unknown[] = [];
  kit.host.contributions(greeters).onDidChange(({ added, changed, removed }) => {
    deltas.push([added.length, changed.map(({ id, generation }) => [id, generation]), removed.length]);
  });
  await greet(kit.host, "english");

  await kit.write(english.with({ version: "1.0.1" }));
  await kit.host.rescan();
  await eventually(() => expect(deltas).toEqual([[0, [["english", 2]], 0]]));
});

test("trap 2: a failed activation is not failed for ever", async () => {
  const broken = shared({ is: true });
  await using kit = await createTestHost({
    extensions: [english.with({ activate: `if (${broken.code}.is) throw new Error("no");` })],
  });
  await rejection(greet(kit.host, "english"));

  broken.value.is = false;
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 1.0.0: World"));
});

test("trap 3: activate has a limit, and a timed-out extension registers nothing", async () => {
  const door = gate();
  const log = journal();
  await using kit = await createTestHost({
    limits: { activateMs: 40, retryMs: 60_000 },
    extensions: [
      english.with({
        source: `export async function activate(context) {
          await ${door.code};
          try { context.contribute("greeters", "english", { greet: () => "late" }); ${log.says("registered")} }
          catch (error) { ${log.tells("error.code")} }
        }`,
      }),
    ],
  });

  expect(await rejection(greet(kit.host, "english"))).toMatchObject({ code: "ACTIVATION_TIMEOUT" });
  door.open();
  await eventually(() => expect(log.lines).toEqual(["CONTRIBUTION_LATE"]));
  expect(await rejection(greet(kit.host, "english"))).toMatchObject({ code: "ACTIVATION_TIMEOUT" });
});

test("trap 4: subscriptions are disposed after an asynchronous deactivate has settled", async () => {
  const door = gate();
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      english.with({
        activate: `context.subscriptions.push(() => { ${log.says("disposed")} });`,
        deactivate: `${log.says("begins")} await ${door.code}; ${log.says("ends")}`,
      }),
    ],
  });
  await greet(kit.host, "english");

  const deactivation = kit.host.deactivate("acme.english");
  await eventually(() => expect(log.lines).toEqual(["begins"]));
  door.open();
  await deactivation;
  expect(log.lines).toEqual(["begins", "ends", "disposed"]);
});

test("trap 5: an extension that is added after its event starts", async () => {
  await using kit = await createTestHost({ watch: true });
  await kit.host.activateByEvent("onOrder:paid");

  await kit.write(english.with({ activationEvents: ["onOrder:paid"] }));
  await eventually(() => expect(info(kit.host, "acme.english").state).toBe("active"));
});

test("trap 6: two entries into a dependency cycle do not deadlock", async () => {
  const circle = ["acme.a", "acme.b", "acme.c"];
  await using kit = await createTestHost({
    extensions: circle.map((id, i) =>
      aGreeter({ id, dependsOn: [circle[(i + 1) % circle.length]!], activationEvents: ["onOrder:paid"] }),
    ),
  });

  const outcomes = await Promise.all([
    kit.host.activateByEvent("onOrder:paid").then(({ failed }) => failed.length),
    ...circle.map((id) => rejection(kit.host.activate(id)).then((error) => (error as { code: string }).code)),
  ]);
  expect(outcomes).toEqual([3, "DEPENDENCY_CYCLE", "DEPENDENCY_CYCLE", "DEPENDENCY_CYCLE"]);
  expect(info(kit.host, "acme.a").reason?.message).toMatch(/acme\.a.*acme\.b.*acme\.c.*acme\.a/s);
});

test("trap 7: a stop during start is not lost", async () => {
  const log = journal();
  const door = gate();
  await using kit = await createTestHost({
    start: "manual",
    extensions: [
      english.with({ activationEvents: ["*"], activate: `${log.says("begins")} await ${door.code};` }),
    ],
  });
  const start = Promise.allSettled([kit.host.start()]);
  await eventually(() => expect(log.lines).toEqual(["begins"]));
  const stop = kit.host.stop();
  door.open();

  await stop;
  await start;
  expect(Object.values(states(kit.host))).not.toContain("active");
  expect(await rejection(kit.host.activate("acme.english"))).toMatchObject({ code: "HOST_STOPPED" });
});

test("trap 8: dependents that never ran are not deactivated", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      english,
      aGreeter({ id: "acme.top", dependsOn: ["acme.english"], deactivate: log.says("deactivate") }),
    ],
  });
  await greet(kit.host, "english");

  await kit.remove(english);
  await kit.host.rescan();
  await kit.host.stop();
  expect(log.lines).toEqual([]);
  expect(kit.record.kinds("acme.top")).not.toContain("deactivated");
});

test("trap 9: a stub kept after a removal is dead for ever, also when the id returns", async () => {
  await using kit = await createTestHost({ extensions: [english] });
  const stub = kit.host.contributions(greeters).get("english")!;
  await stub.greet("World");
  await kit.remove(english);
  await kit.host.rescan();
  await kit.write(english);
  await kit.host.rescan();

  expect(await rejection(stub.greet("World"))).toMatchObject({ code: "EXTENSION_GONE" });
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
});

test("trap 10: dependents come back when the provider returns", async () => {
  const top = aGreeter({ id: "acme.top", dependsOn: ["acme.english"] });
  await using kit = await createTestHost({ watch: true, extensions: [english, top] });
  await greet(kit.host, "top");
  await kit.remove(english);
  await eventually(() => expect(info(kit.host, "acme.top").state).toBe("blocked"));

  await kit.write(english);
  await eventually(() => expect(info(kit.host, "acme.top").state).toBe("active"));
});

test("trap 11: an optional provider that vanishes leaves its dependent running", async () => {
  const top = aGreeter({ id: "acme.top", optionallyDependsOn: ["acme.english"] });
  await using kit = await createTestHost({ extensions: [english, top] });
  await greet(kit.host, "top");

  await kit.remove(english);
  await kit.host.rescan();
  expect(info(kit.host, "acme.top")).toMatchObject({ state: "active", generation: 1 });
});

test("trap 12: foo does not own what lies in foo-bar", async () => {
  const longer = aGreeter({ id: "acme.foobar", folder: "foo-bar" });
  const shorter = aGreeter({ id: "acme.foo", folder: "foo" });
  await using kit = await createTestHost({ watch: true, extensions: [shorter, longer] });
  await greet(kit.host, "foo");
  await greet(kit.host, "foobar");

  await kit.write(longer.with({ version: "1.1.0" }));
  await eventually(async () => expect(await greet(kit.host, "foobar")).toBe("foobar 1.1.0: World"));
  expect(info(kit.host, "acme.foo").generation).toBe(1);
  await kit.remove(shorter);
  await eventually(() => expect(ids(kit.host, "greeters")).toEqual(["foobar"]));
  expect(info(kit.host, "acme.foobar")).toMatchObject({ state: "active", generation: 2 });
});

test("trap 13: an edit deep inside a folder is seen", async () => {
  await using kit = await createTestHost({
    watch: true,
    extensions: [
      english.with({
        head: `import { word } from "./a/b/c/word.js";`,
        supplies: { greeters: { english: "{ greet: () => word }" } },
        files: { "a/b/c/word.js": `export const word = "one";` },
      }),
    ],
  });
  expect(await greet(kit.host, "english")).toBe("one");

  await writeFile(join(kit.folder, "acme.english/a/b/c/word.js"), `export const word = "two";`);
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("two"));
});

test("trap 14: a broken manifest does not remove a working extension", async () => {
  await using kit = await createTestHost({
    watch: true,
    limits: { incompleteMs: 20 },
    extensions: [english],
  });
  await greet(kit.host, "english");
  kit.record.clear();

  await writeFile(join(kit.folder, "acme.english/plugin.json5"), "{ id: ");
  await eventually(() => expect(info(kit.host, "acme.english").candidate?.state).toBe("invalid"));
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  expect(kit.record.changes).toEqual([]);
  expect(info(kit.host, "acme.english").candidate?.problems.map(({ code }) => code)).toEqual([
    "MANIFEST_SYNTAX",
  ]);
});

test("trap 15: a change during a reload is not dropped", async () => {
  const door = gate();
  const log = journal();
  await using kit = await createTestHost({ extensions: [english] });
  await greet(kit.host, "english");
  await kit.write(english.with({ version: "2.0.0", activate: `${log.says("two")} await ${door.code};` }));
  const first = kit.host.rescan();
  await eventually(() => expect(log.lines).toContain("two"));

  await kit.write(english.with({ version: "3.0.0" }));
  const second = kit.host.rescan();
  door.open();
  await Promise.all([first, second]);
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 3.0.0: World"));
});

test("trap 16: a half-written folder does not count as broken", async () => {
  await using kit = await createTestHost({ watch: true, limits: { incompleteMs: 2_000 } });
  const startup = english.with({ activationEvents: ["onStartup"] });

  await startup.writeSlowly(kit.folder, { pauseMs: 30, pieces: 3, order: ["plugin.json5", "extension.js"] });
  await eventually(() => expect(info(kit.host, "acme.english").state).toBe("active"));
  expect(kit.record.kinds("acme.english")).not.toContain("failed");
  expect(kit.record.events.filter(({ problem }) => problem?.severity === "error")).toEqual([]);
});

test("trap 17: a failing extension touches itself and its dependents, nothing else", async () => {
  const log = journal();
  const bystander = aGreeter({
    id: "acme.bystander",
    activationEvents: ["onStartup"],
    deactivate: log.says("bystander deactivated"),
  });
  await using kit = await createTestHost({
    extensions: [
      bystander,
      anExtension({ id: "acme.bad", activationEvents: ["onStartup"], activate: `throw new Error("no");` }),
      anExtension({ id: "acme.above", activationEvents: ["onStartup"], dependsOn: ["acme.bad"] }),
    ],
  });
  await rejection(kit.host.retry("acme.bad"));

  expect(states(kit.host)).toEqual({
    "acme.above": "blocked",
    "acme.bad": "failed",
    "acme.bystander": "active",
  });
  expect(info(kit.host, "acme.bystander").generation).toBe(1);
  expect(log.lines).toEqual([]);
});

test("trap 18: a listener that throws on add leaves the registry consistent", async () => {
  await using kit = await createTestHost();
  const collection = kit.host.contributions(greeters);
  collection.onDidChange(() => {
    throw new Error("listener");
  });

  await kit.write(english, aGreeter({ id: "acme.spanish" }));
  await kit.host.rescan();
  expect(collection.entries().map(({ id }) => id)).toEqual(["english", "spanish"]);
  await kit.remove(english);
  await kit.host.rescan();
  expect(collection.entries().map(({ id }) => id)).toEqual(["spanish"]);
  expect(await greet(kit.host, "spanish")).toBe("spanish 1.0.0: World");
});

test("trap 19: a service that the manifest does not list is denied in fact", async () => {
  const Orders = serviceToken<{ find(): string }>("test.trap-orders");
  const log = journal();
  await using kit = await createTestHost({
    services: [offer(Orders, { find: () => "an order" }, { methods: { find: 0 } })],
    extensions: [
      english.with({
        activate: `
          try { ${log.tells(`await context.services.get(Symbol.for("test.trap-orders")).find()`)} }
          catch (error) { ${log.tells("error.code")} }`,
      }),
    ],
  });
  await greet(kit.host, "english");

  expect(log.lines).toEqual(["CAPABILITY_DENIED"]);
});

test("trap 20: no module cache keeps the old version or its dependencies", async () => {
  const version = (number: number) =>
    english.with({
      version: `${number}.0.0`,
      head: `import { word } from "./word.mjs"; import other from "./other.cjs"; import { deep } from "deep";`,
      supplies: { greeters: { english: "{ greet: () => [word, other.word, deep].join(' ') }" } },
      files: {
        "word.mjs": `export const word = "esm${number}";`,
        "other.cjs": `exports.word = "cjs${number}";`,
        "node_modules/deep/index.js": `export { deep } from "./inner.js";`,
        "node_modules/deep/inner.js": `export const deep = "package${number}";`,
        "node_modules/deep/package.json": `{ "name": "deep", "version": "${number}.0.0", "type": "module", "exports": "./index.js" }`,
      },
    });
  await using kit = await createTestHost({ extensions: [version(1)] });
  expect(await greet(kit.host, "english")).toBe("esm1 cjs1 package1");

  await kit.write(version(2));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("esm2 cjs2 package2"));
});
