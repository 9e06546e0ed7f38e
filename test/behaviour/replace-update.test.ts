/** With `update: "replace"` the old generation ends before the new one begins, and is restored if that fails. */
import {
  createTestHost,
  eventually,
  type ExtensionFixture,
  type ExtensionSketch,
} from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";
import { FragileRuntime } from "../support/fragile-runtime.js";
import { gate, journal, shared } from "../support/shared.js";

function holderOfAPort() {
  const port = shared<{ holder: string | undefined }>({ holder: undefined });
  const log = journal();
  const extension = aGreeter({
    id: "acme.server",
    manifest: { update: "replace" },
    activate: `
      if (${port.code}.holder !== undefined) throw new Error("EADDRINUSE: held by " + ${port.code}.holder);
      ${port.code}.holder = context.extension.version;
      context.subscriptions.push(() => { ${port.code}.holder = undefined; });
      ${log.tells("'begin ' + context.extension.version")}`,
    deactivate: `await null; ${log.says("end")}`,
  });
  return { port: port.value, log, extension };
}

test("the old generation gives up its resource before the new one takes it", async () => {
  const { port, log, extension } = holderOfAPort();
  await using kit = await createTestHost({ extensions: [extension] });
  await greet(kit.host, "server");

  await kit.write(extension.with({ version: "2.0.0" }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "server")).toBe("server 2.0.0: World"));
  expect(port.holder).toBe("2.0.0");
  expect(log.lines).toEqual(["begin 1.0.0", "end", "begin 2.0.0"]);
});

test("calls made during a replacement wait and are answered by the new generation", async () => {
  const { extension } = holderOfAPort();
  await using kit = await createTestHost({ watch: true, extensions: [extension] });
  await greet(kit.host, "server");

  await kit.write(extension.with({ version: "2.0.0" }));
  const answers = new Set<string>();
  await eventually(async () => {
    answers.add(await greet(kit.host, "server"));
    expect(answers).toContain("server 2.0.0: World");
  });
  expect([...answers].sort()).toEqual(expect.arrayContaining(["server 2.0.0: World"]) as string[]);
  expect([...answers].every((answer) => /^server [12]\.0\.0: World$/.test(answer))).toBe(true);
});

test("the old generation is restored when the new one fails, and its code is the old one", async () => {
  const { port, log, extension } = holderOfAPort();
  await using kit = await createTestHost({ extensions: [extension] });
  await greet(kit.host, "server");

  await kit.write(
    extension.with({ version: "2.0.0", activate: `${log.says("try")} throw new Error("no luck");` }),
  );
  await kit.host.rescan();
  await eventually(() =>
    expect(info(kit.host, "acme.server").candidate).toMatchObject({
      state: "failed",
      reason: { code: "ACTIVATION_FAILED" },
    }),
  );
  expect(await greet(kit.host, "server")).toBe("server 1.0.0: World");
  expect(port.holder).toBe("1.0.0");
  expect(log.lines).toEqual(["begin 1.0.0", "end", "try", "begin 1.0.0"]);
  expect(info(kit.host, "acme.server")).toMatchObject({ state: "active", version: "1.0.0" });
});

test("what has been replaced is started again when it crashes", async () => {
  const runtime = new FragileRuntime();
  const fragile = aGreeter({
    id: "acme.fragile",
    manifest: { runtime: "fragile", update: "replace" },
  });
  await using kit = await createTestHost({
    extensions: [fragile],
    runtimes: [runtime],
    restart: { delaysMs: [1] },
  });
  await greet(kit.host, "fragile");
  await kit.write(fragile.with({ version: "2.0.0" }));
  await kit.host.rescan();
  expect(info(kit.host, "acme.fragile")).toMatchObject({ version: "2.0.0", generation: 2 });

  runtime.session("acme.fragile").crash();
  await eventually(() => expect(kit.record.kinds("acme.fragile")).toContain("restarting"));
  await eventually(async () => expect(await greet(kit.host, "fragile")).toBe("fragile 3: World"));
});

test("a contribution point that a replacement opens is open", async () => {
  const { extension } = holderOfAPort();
  await using kit = await createTestHost({ extensions: [extension] });
  await greet(kit.host, "server");
  const contributes = { ...extension.sketch.contributes, points: [{ id: "panels" }, { id: "doors" }] };
  await kit.write(extension.with({ version: "2.0.0", contributes }));
  await kit.host.rescan();
  expect(info(kit.host, "acme.server").version).toBe("2.0.0");
  expect(kit.host.contributions("panels").entries()).toEqual([]);

  await kit.write(extension.with({ version: "3.0.0", contributes: { points: [{ id: "doors" }] } }));
  await kit.host.rescan();
  expect(info(kit.host, "acme.server").version).toBe("3.0.0");
  expect(() => kit.host.contributions("panels")).toThrow("panels");
});

test("what is saved with a replacement that it runs on through another opens the points of its new manifest", async () => {
  const { extension } = holderOfAPort();
  const client = aGreeter({ id: "acme.client", dependsOn: ["acme.server"] });
  const panel = aGreeter({ id: "acme.panel", dependsOn: ["acme.client"] });
  await using kit = await createTestHost({ extensions: [extension, client, panel] });
  await greet(kit.host, "panel");

  const contributes = { ...panel.sketch.contributes, points: [{ id: "panels" }] };
  await kit.write(extension.with({ version: "2.0.0" }), panel.with({ version: "2.0.0", contributes }));
  await kit.host.rescan();
  await eventually(() =>
    expect(info(kit.host, "acme.panel")).toMatchObject({ version: "2.0.0", state: "active" }),
  );
  expect(kit.host.contributions("panels").entries()).toEqual([]);
});

test("a file that can't be loaded never takes the old generation down", async () => {
  const { log, extension } = holderOfAPort();
  await using kit = await createTestHost({ limits: { incompleteMs: 10 }, extensions: [extension] });
  await greet(kit.host, "server");

  await kit.write(extension.with({ version: "2.0.0", source: "export function activate( {" }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.server").candidate).toBeDefined());
  expect(await greet(kit.host, "server")).toBe("server 1.0.0: World");
  await eventually(() => expect(log.lines.at(-1)).toBe("begin 1.0.0"));
});

test("dependents go down before a replacement and come back after it", async () => {
  const { log, extension } = holderOfAPort();
  await using kit = await createTestHost({
    extensions: [
      extension,
      aGreeter({
        id: "acme.client",
        dependsOn: ["acme.server"],
        activate: log.says("client begins"),
        deactivate: log.says("client ends"),
      }),
    ],
  });
  await greet(kit.host, "client");

  await kit.write(extension.with({ version: "2.0.0" }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.client").generation).toBeGreaterThan(1));
  await eventually(() =>
    expect(log.lines).toEqual([
      "begin 1.0.0",
      "client begins",
      "client ends",
      "end",
      "begin 2.0.0",
      "client begins",
    ]),
  );
  await eventually(() =>
    expect(kit.record.kinds("acme.client").filter((kind) => /activat/.test(kind))).toEqual([
      "activating",
      "activated",
      "deactivated",
      "activating",
      "activated",
    ]),
  );
});

/** Counts its calls and hands the count over; a call named "slow" waits for the door. */
function aCounter(door: string, sketch: Partial<ExtensionSketch> = {}) {
  return aGreeter({
    id: "acme.counter",
    head: `let count = 0;`,
    supplies: {
      greeters: {
        counter: `{ async greet(name) { if (name === "slow") await ${door}; return "first " + ++count; } }`,
      },
    },
    activate: `count = context.state?.value ?? 0;`,
    saveState: `return { version: 1, value: count };`,
    ...sketch,
    manifest: { update: "replace", ...sketch.manifest },
  });
}

const secondBuild = (fixture: ExtensionFixture) =>
  fixture.with({ supplies: { greeters: { counter: `{ greet: () => "second " + ++count }` } } });

test("what is put back while the replacement waits for calls goes on with its state", async () => {
  const door = gate();
  const counter = aCounter(door.code);
  await using kit = await createTestHost({ extensions: [counter], limits: { drainMs: 60_000 } });
  await greet(kit.host, "counter");
  const slow = greet(kit.host, "counter", "slow");
  await eventually(() => expect(info(kit.host, "acme.counter").state).toBe("active"));

  await kit.write(secondBuild(counter));
  void kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.counter").candidate).toBeDefined());
  await kit.write(counter);
  void kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.counter").candidate).toBeUndefined());
  door.open();

  expect(await slow).toBe("first 2");
  expect(await greet(kit.host, "counter")).toBe("first 3");
  expect(info(kit.host, "acme.counter")).toMatchObject({ state: "active", generation: 1 });
  await kit.write(secondBuild(counter));
  await kit.host.rescan();
  expect(await greet(kit.host, "counter")).toBe("second 4");
});

test("a reload that waits for calls is not undone by an event of files that are what they were", async () => {
  const door = gate();
  const counter = aCounter(door.code);
  await using kit = await createTestHost({ extensions: [counter], limits: { drainMs: 60_000 } });
  const slow = greet(kit.host, "counter", "slow");
  await eventually(() => expect(info(kit.host, "acme.counter").state).toBe("active"));

  const reload = kit.host.reload("acme.counter");
  await eventually(() => expect(info(kit.host, "acme.counter").candidate).toBeDefined());
  void kit.host.rescan();
  door.open();
  expect(await slow).toBe("first 1");
  await reload;
  expect(await greet(kit.host, "counter")).toBe("first 2");
  expect(info(kit.host, "acme.counter")).toMatchObject({ state: "active", generation: 2 });
});

test.each(["in-process", "worker", "process"])(
  "after a replacement that failed, the old code goes on with its state: %s",
  async (runtime) => {
    const counter = aCounter("null", { manifest: { runtime } });
    await using kit = await createTestHost({ extensions: [counter], limits: { activateMs: 10_000 } });
    await greet(kit.host, "counter");
    await greet(kit.host, "counter");

    await kit.write(secondBuild(counter).with({ activate: `throw new Error("no luck");` }));
    await kit.host.rescan();
    await eventually(() => expect(info(kit.host, "acme.counter").candidate?.state).toBe("failed"));
    expect(await greet(kit.host, "counter")).toBe("first 3");

    await kit.write(secondBuild(counter));
    await kit.host.rescan();
    expect(await greet(kit.host, "counter")).toBe("second 4");
  },
);

test("a save while the replacement is under way loses no state", async () => {
  const door = gate();
  const counter = aCounter("null");
  await using kit = await createTestHost({ extensions: [counter], limits: { activateMs: 20_000 } });
  await greet(kit.host, "counter");

  const slow = secondBuild(counter).with({
    activate: `await ${door.code}; ${counter.sketch.activate ?? ""}`,
  });
  await kit.write(slow);
  void kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.counter").candidate?.state).toBe("activating"));
  await kit.write(secondBuild(counter).with({ version: "2.0.0" }));
  void kit.host.rescan();
  door.open();
  await eventually(() =>
    expect(info(kit.host, "acme.counter")).toMatchObject({ version: "2.0.0", state: "active" }),
  );
  expect(await greet(kit.host, "counter")).toBe("second 2");
});

test("what neither generation could take over is kept for the one that can", async () => {
  const flag = shared({ isBroken: false });
  const fragile = (fixture: ExtensionFixture) =>
    fixture.with({
      activate: `if (${flag.code}.isBroken) throw new Error("no luck"); ${fixture.sketch.activate ?? ""}`,
    });
  const counter = aCounter("null");
  await using kit = await createTestHost({ extensions: [fragile(counter)] });
  await greet(kit.host, "counter");

  flag.value.isBroken = true;
  await kit.write(fragile(secondBuild(counter)));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.counter").state).toBe("failed"));
  flag.value.isBroken = false;
  await eventually(async () => expect(await greet(kit.host, "counter")).toBe("second 2"));
});
