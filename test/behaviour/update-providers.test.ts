/** What an update brings along may need extensions that in turn run on what is being updated. */
import { setTimeout as sleep } from "node:timers/promises";
import { anExtension, createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";
import { gate, shared } from "../support/shared.js";

const base = anExtension({
  id: "acme.base",
  activate: `return { version: () => context.extension.version };`,
});

/** Runs on the base, and passes on which version of it that is. */
const between = anExtension({
  id: "acme.between",
  dependsOn: ["acme.base"],
  activate: `const base = context.dependency("acme.base"); return { version: () => base.version() };`,
});

const top = aGreeter({
  id: "acme.top",
  dependsOn: ["acme.base"],
  head: `let base, between;`,
  supplies: {
    greeters: {
      top: "{ greet: async () => [await base.version(), await (between.current ?? between).version?.()].join() }",
    },
  },
  activate: `base = context.dependency("acme.base"); between = context.dependency("acme.between") ?? {};`,
});

test("a saved provider takes along a dependent that could use an extension which does not run", async () => {
  const able = top.with({ dependsOn: ["acme.base"], optionallyDependsOn: ["acme.between"] });
  await using kit = await createTestHost({ extensions: [base, between, able] });
  expect(await greet(kit.host, "top")).toBe("1.0.0,1.0.0");
  await kit.host.deactivate("acme.between");

  await kit.write(base.with({ version: "1.1.0" }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("1.1.0,1.1.0"));
  expect(info(kit.host, "acme.between").state).toBe("active");
});

test("two due at once, of which one newly needs what runs on the other, swap together", async () => {
  const before = top.with({ activate: `base = context.dependency("acme.base"); between = {};` });
  await using kit = await createTestHost({ extensions: [base, between, before] });
  expect(await greet(kit.host, "top")).toBe("1.0.0,");

  await kit.write(base.with({ version: "1.1.0" }));
  await kit.write(top.with({ version: "1.1.0", dependsOn: ["acme.base", "acme.between"] }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("1.1.0,1.1.0"));
  for (const id of ["acme.base", "acme.between", "acme.top"])
    expect(info(kit.host, id), id).toMatchObject({ state: "active", problems: [] });
});

test("one that newly needs what fails on the base keeps its old generation, with the reason", async () => {
  const before = top.with({ activate: `base = context.dependency("acme.base"); between = {};` });
  const failing = between.with({ activate: `throw new Error("not today");` });
  await using kit = await createTestHost({ extensions: [base, failing, before] });
  await greet(kit.host, "top");

  await kit.write(base.with({ version: "1.1.0" }));
  await kit.write(top.with({ version: "1.1.0", dependsOn: ["acme.base", "acme.between"] }));
  await kit.host.rescan();
  await eventually(() =>
    expect(info(kit.host, "acme.top").candidate?.reason).toMatchObject({
      code: "DEPENDENCY_FAILED",
      message: expect.stringContaining("not today") as string,
    }),
  );
  expect(await greet(kit.host, "top")).toBe("1.0.0,");
});

test("members that replace each other and could use one another come up again", async () => {
  const second = between.with({ id: "acme.second" });
  const first = top.with({
    dependsOn: ["acme.base"],
    optionallyDependsOn: ["acme.second"],
    activate: `base = context.dependency("acme.base"); between = context.dependency("acme.second");`,
  });
  const replaced = base.with({ manifest: { update: "replace" } });
  await using kit = await createTestHost({ extensions: [replaced, second, first] });
  expect(await greet(kit.host, "top")).toBe("1.0.0,1.0.0");

  await kit.write(replaced.with({ version: "1.1.0" }));
  await kit.write(first.with({ version: "1.1.0" }));
  await kit.write(second.with({ version: "1.1.0" }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("1.1.0,1.1.0"));
  expect(info(kit.host, "acme.top").version).toBe("1.1.0");
});

test("taking out the base and what runs on it ends an update that waits for the latter", async () => {
  const before = top.with({ activate: `base = context.dependency("acme.base"); between = {};` });
  const slow = between.with({
    dependsOn: [],
    activate: `await new Promise((go) => setTimeout(go, 300)); return {};`,
  });
  await using kit = await createTestHost({ extensions: [base, slow, before] });
  await greet(kit.host, "top");

  await kit.write(top.with({ version: "1.1.0", dependsOn: ["acme.base", "acme.between"] }));
  const updating = kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.between").state).toBe("activating"));
  await Promise.all([kit.remove(base), kit.remove(slow)]);
  await Promise.all([updating, kit.host.rescan()]);
  await eventually(() => expect(kit.host.extensions.get("acme.between")).toBeUndefined());
  await kit.write(base);
  await kit.write(between);
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("1.0.0,1.0.0"));
});

test("what is needed newly and runs on the updated comes up first, however much of it there is", async () => {
  const many = ["one", "two", "three", "four"].map((name) => between.with({ id: `acme.${name}` }));
  const before = top.with({ activate: `base = context.dependency("acme.base"); between = {};` });
  await using kit = await createTestHost({ extensions: [base, between, ...many, before] });
  expect(await greet(kit.host, "top")).toBe("1.0.0,");

  const needed = ["acme.base", "acme.between", ...many.map(({ sketch }) => sketch.id)];
  await kit.write(base.with({ version: "1.1.0" }));
  await kit.write(top.with({ version: "1.1.0", dependsOn: needed }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("1.1.0,1.1.0"));
  expect(kit.record.kinds("acme.top")).not.toContain("failed");
});

test("an update that waits for what it needs keeps nobody else from being updated, however often it is saved", async () => {
  const door = gate();
  const slow = anExtension({ id: "acme.slow", activate: `await ${door.code}; return {};` });
  const both = between.with({ dependsOn: ["acme.base", "acme.slow"] });
  const before = top.with({ activate: `base = context.dependency("acme.base"); between = {};` });
  await using kit = await createTestHost({ extensions: [base, slow, both, before] });
  await greet(kit.host, "top");

  const scans: Promise<void>[] = [];
  for (let patch = 0; patch < 6; patch++) {
    await kit.write(top.with({ version: `1.1.${patch}`, dependsOn: ["acme.base", "acme.between"] }));
    scans.push(kit.host.rescan());
    await sleep(20);
  }
  await kit.write(base.with({ version: "1.2.0" }));
  scans.push(kit.host.rescan());
  await sleep(20);
  door.open();
  await Promise.all(scans);
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("1.2.0,1.2.0"));
  expect(info(kit.host, "acme.top").version).toBe("1.1.5");
});

test("an update that came to nothing for want of an extension happens when that one runs", async () => {
  const mood = shared({ isGood: false });
  const moody = between.with({
    dependsOn: [],
    activate: `if (!${mood.code}.isGood) throw new Error("not today"); return { version: () => "good" };`,
  });
  const before = top.with({ activate: `base = context.dependency("acme.base"); between = {};` });
  await using kit = await createTestHost({ extensions: [base, moody, before] });
  await greet(kit.host, "top");
  await kit.write(top.with({ version: "1.1.0", dependsOn: ["acme.base", "acme.between"] }));
  await kit.host.rescan();
  await eventually(() =>
    expect(info(kit.host, "acme.top").candidate?.reason?.code).toBe("DEPENDENCY_FAILED"),
  );

  mood.value.isGood = true;
  await kit.host.retry("acme.between");
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("1.0.0,good"));
});

test("what is replaced together with one that runs on it through a third starts once", async () => {
  const replaced = base.with({ manifest: { update: "replace" } });
  const last = top.with({ dependsOn: ["acme.base", "acme.between"] });
  await using kit = await createTestHost({ extensions: [replaced, between, last] });
  await greet(kit.host, "top");

  await kit.write(replaced.with({ version: "1.1.0" }));
  await kit.write(last.with({ version: "1.1.0" }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "top")).toBe("1.1.0,1.1.0"));
  expect(info(kit.host, "acme.top").version).toBe("1.1.0");
  expect(kit.record.kinds("acme.base").filter((kind) => kind === "activated")).toHaveLength(2);
  expect(kit.record.kinds("acme.top")).not.toContain("failed");
});
