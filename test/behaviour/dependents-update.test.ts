/** An update takes the active dependents along, in one step, or changes nothing. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { anExtension, createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, ids, info } from "../support/extensions.js";
import { gate, journal } from "../support/shared.js";

const base = anExtension({
  id: "acme.base",
  activate: `return { word: () => "Hello from " + context.extension.version };`,
});
const top = aGreeter({
  id: "acme.top",
  dependsOn: { "acme.base": "^1.0.0" },
  head: `let base;`,
  supplies: { greeters: { top: "{ greet: () => base.word() }" } },
  activate: `base = context.dependency("acme.base");`,
});

test("an update reaches active dependents, each on the new exports", async () => {
  await using kit = await createTestHost({ extensions: [base, top] });
  expect(await greet(kit.host, "top")).toBe("Hello from 1.0.0");

  await kit.write(base.with({ version: "1.1.0" }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("Hello from 1.1.0"));
  expect(info(kit.host, "acme.top")).toMatchObject({ state: "active", generation: 2 });
});

test("an extension and its dependents swap in one delta", async () => {
  const speaking = aGreeter({ ...base.sketch, contributes: { greeters: [{ id: "base", lang: "B" }] } });
  await using kit = await createTestHost({ extensions: [speaking, top] });
  await greet(kit.host, "top");
  kit.record.clear();

  await kit.write(speaking.with({ version: "1.1.0" }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.top").generation).toBe(2));
  expect(kit.record.changes).toEqual([
    { point: "greeters", added: [], changed: ["base", "top"], removed: [] },
  ]);
});

test("the new generations activate dependencies first, the old ones end dependents first", async () => {
  const log = journal();
  const logged = (id: string, dependsOn: readonly string[]) =>
    aGreeter({
      id,
      dependsOn,
      activate: log.says(`${id} begins`),
      deactivate: `await null; ${log.says(`${id} ends`)}`,
    });
  await using kit = await createTestHost({
    extensions: [logged("acme.a", []), logged("acme.b", ["acme.a"]), logged("acme.c", ["acme.b"])],
  });
  await greet(kit.host, "c");
  log.lines.length = 0;

  await kit.host.reload("acme.a");
  await eventually(() =>
    expect(log.lines).toEqual([
      "acme.a begins",
      "acme.b begins",
      "acme.c begins",
      "acme.c ends",
      "acme.b ends",
      "acme.a ends",
    ]),
  );
});

test("dependents that are not active are left alone by an update", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      base,
      top.with({ activate: `${log.says("activate")} base = context.dependency("acme.base");` }),
    ],
  });
  await kit.host.activate("acme.base");

  await kit.write(base.with({ version: "1.1.0" }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.base").version).toBe("1.1.0"));
  expect(log.lines).toEqual([]);
  expect(info(kit.host, "acme.top").state).toBe("ready");
});

test("a dependent that fails on the new exports keeps everything as it was", async () => {
  await using kit = await createTestHost({
    extensions: [
      base,
      top.with({
        activate: `base = context.dependency("acme.base");
          if ((await base.word()).includes("1.1.0")) throw new Error("not this one");`,
      }),
    ],
  });
  await greet(kit.host, "top");
  kit.record.clear();

  await kit.write(base.with({ version: "1.1.0" }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.base").candidate).toBeDefined());
  await eventually(() =>
    expect(JSON.stringify(info(kit.host, "acme.base").candidate?.reason)).toContain("acme.top"),
  );
  expect(await greet(kit.host, "top")).toBe("Hello from 1.0.0");
  expect(info(kit.host, "acme.base")).toMatchObject({ state: "active", version: "1.0.0", generation: 1 });
  expect(info(kit.host, "acme.top")).toMatchObject({ state: "active", generation: 1 });
  expect(kit.record.changes).toEqual([]);
});

test("a dependent that is saved while the update fails that it takes part in is updated all the same", async () => {
  const door = gate();
  await using kit = await createTestHost({ extensions: [base, top] });
  await greet(kit.host, "top");
  await kit.write(
    base.with({ version: "1.1.0", activate: `await ${door.code}; throw new Error("broken");` }),
  );
  const update = kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.base").candidate?.state).toBe("activating"));

  const file = join(kit.folder, "acme.top", "extension.js");
  await writeFile(file, (await readFile(file, "utf8")).replace("base.word()", `"saved"`));
  await kit.host.rescan();
  door.open();
  await update;
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("saved"));
  expect(info(kit.host, "acme.base")).toMatchObject({ version: "1.0.0", candidate: { state: "failed" } });
});

test("a version outside an active dependent's range waits with its Problem", async () => {
  await using kit = await createTestHost({ extensions: [base, top] });
  await greet(kit.host, "top");

  await kit.write(base.with({ version: "2.0.0" }));
  await kit.host.rescan();
  await eventually(() =>
    expect(info(kit.host, "acme.base").candidate?.problems[0]?.message).toMatch(/acme\.top.*\^1\.0\.0/),
  );
  expect(await greet(kit.host, "top")).toBe("Hello from 1.0.0");
});

test("two extensions updated one after the other settle together", async () => {
  await using kit = await createTestHost({ extensions: [base, top] });
  await greet(kit.host, "top");
  await kit.write(base.with({ version: "2.0.0" }));
  await kit.host.rescan();
  expect(await greet(kit.host, "top")).toBe("Hello from 1.0.0");

  await kit.write(top.with({ version: "2.0.0", dependsOn: { "acme.base": "^2.0.0" } }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("Hello from 2.0.0"));
  expect(info(kit.host, "acme.base").candidate).toBeUndefined();
  expect(info(kit.host, "acme.top")).toMatchObject({ state: "active", version: "2.0.0" });
});

test.each(["swapped", "replaced"])(
  "an extension for which another was too old is activated for its event once that has been %s",
  async (way) => {
    const provider = base.with({ manifest: way === "replaced" ? { update: "replace" } : {} });
    const waiting = top.with({ dependsOn: { "acme.base": "^2.0.0" }, activationEvents: ["onStartup"] });
    await using kit = await createTestHost({ extensions: [provider, waiting] });
    await kit.host.activate("acme.base");
    expect(info(kit.host, "acme.top").reason?.code).toBe("DEPENDENCY_VERSION");

    await kit.write(provider.with({ version: "2.0.0" }));
    await kit.host.rescan();
    await eventually(() => expect(info(kit.host, "acme.base").version).toBe("2.0.0"));
    await eventually(() => expect(info(kit.host, "acme.top").state).toBe("active"));
    expect(await greet(kit.host, "top")).toBe("Hello from 2.0.0");
  },
);

test("the dependent's update may come first and waits for the dependency's", async () => {
  await using kit = await createTestHost({ extensions: [base, top] });
  await greet(kit.host, "top");
  await kit.write(top.with({ version: "2.0.0", dependsOn: { "acme.base": "^2.0.0" } }));
  await kit.host.rescan();
  expect(await greet(kit.host, "top")).toBe("Hello from 1.0.0");
  expect(info(kit.host, "acme.top").candidate?.reason?.code).toBe("DEPENDENCY_VERSION");

  await kit.write(base.with({ version: "2.0.0" }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("Hello from 2.0.0"));
  expect(info(kit.host, "acme.top")).toMatchObject({ state: "active", version: "2.0.0" });
});

test.each(["called", "added"])(
  "a dependent that is %s while its provider is being updated runs on the new exports",
  async (way) => {
    const door = gate();
    await using kit = await createTestHost({
      extensions: way === "added" ? [base] : [base, top],
      limits: { activateMs: 20_000 },
    });
    await kit.host.activate("acme.base");
    await kit.write(
      base.with({ version: "1.1.0", activate: `await ${door.code}; ${base.sketch.activate ?? ""}` }),
    );
    void kit.host.rescan();
    await eventually(() => expect(info(kit.host, "acme.base").candidate?.state).toBe("activating"));

    if (way === "added") {
      await kit.write(top);
      void kit.host.rescan();
      await eventually(() => expect(ids(kit.host, "greeters")).toContain("top"));
    }
    const call = greet(kit.host, "top", "World", { timeoutMs: 20_000 });
    await eventually(() => expect(info(kit.host, "acme.top").state).toBe("activating"));
    door.open();

    expect(await call).toBe("Hello from 1.1.0");
    expect(info(kit.host, "acme.base")).toMatchObject({ state: "active", version: "1.1.0" });
    expect(await greet(kit.host, "top")).toBe("Hello from 1.1.0");
  },
);
