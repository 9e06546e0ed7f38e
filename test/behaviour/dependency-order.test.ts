/** Dependencies run before their dependents and end after them. */
import { createTestHost, anExtension, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, states } from "../support/extensions.js";
import { gate, journal } from "../support/shared.js";

test("dependencies are active before a dependent's activate begins", async () => {
  const log = journal();
  const logged = (id: string, dependsOn: readonly string[]) =>
    anExtension({
      id,
      dependsOn,
      activationEvents: id === "acme.top" ? ["onStartup"] : [],
      activate: `${log.says(`${id} begins`)} await null; ${log.says(`${id} ends`)}`,
    });
  await using kit = await createTestHost({
    extensions: [
      logged("acme.top", ["acme.middle"]),
      logged("acme.middle", ["acme.base"]),
      logged("acme.base", []),
    ],
  });

  expect(log.lines).toEqual([
    "acme.base begins",
    "acme.base ends",
    "acme.middle begins",
    "acme.middle ends",
    "acme.top begins",
    "acme.top ends",
  ]);
  expect(kit.report.outcomes.find(({ id }) => id === "acme.base")?.requiredBy).toContain("acme.middle");
});

test("a dependency that several extensions share activates once", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.base", activate: log.says("base") }),
      anExtension({ id: "acme.left", dependsOn: ["acme.base"] }),
      anExtension({ id: "acme.right", dependsOn: ["acme.base"] }),
      anExtension({
        id: "acme.top",
        dependsOn: ["acme.left", "acme.right"],
        activationEvents: ["onStartup"],
      }),
    ],
  });

  expect(log.lines).toEqual(["base"]);
  expect(new Set(Object.values(states(kit.host)))).toEqual(new Set(["active"]));
});

test("independent dependencies of one extension activate in parallel", async () => {
  const log = journal();
  const door = gate();
  const waits = (id: string) => anExtension({ id, activate: `${log.says(id)} await ${door.code};` });
  await using kit = await createTestHost({
    start: "manual",
    extensions: [
      waits("acme.left"),
      waits("acme.right"),
      anExtension({
        id: "acme.top",
        dependsOn: ["acme.left", "acme.right"],
        activationEvents: ["onStartup"],
      }),
    ],
  });

  const start = kit.host.start();
  await eventually(() => expect([...log.lines].sort()).toEqual(["acme.left", "acme.right"]));
  door.open();
  await start;
  expect(info(kit.host, "acme.top").state).toBe("active");
});

test("a dependency's exports arrive as promise-returning functions and copies", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.base",
        activate: `return { add: (a, b) => a + b, table: { rows: [1, 2] } };`,
      }),
      anExtension({
        id: "acme.top",
        dependsOn: ["acme.base"],
        activationEvents: ["onStartup"],
        activate: `
          const base = context.dependency("acme.base");
          const sum = base.add(1, 2);
          ${log.tells(`typeof sum.then`)}
          ${log.tells(`await sum`)}
          ${log.tells(`JSON.stringify(base.table)`)}`,
      }),
    ],
  });

  expect(kit.report.failed).toEqual([]);
  expect(log.lines).toEqual(["function", "3", `{"rows":[1,2]}`]);
});

test("asking for an extension that the manifest does not list is CAPABILITY_DENIED", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.base" }),
      anExtension({
        id: "acme.top",
        activationEvents: ["onStartup"],
        activate: `context.dependency("acme.base");`,
      }),
    ],
  });

  const { reason } = info(kit.host, "acme.top");
  expect(reason?.message).toContain("acme.base");
  expect(JSON.stringify([reason?.code, codes(reason?.cause)])).toContain("CAPABILITY_DENIED");
});

test("a failed dependency keeps its dependent from running, and the reason names the root cause", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.base", activate: `throw new Error("the cellar is flooded");` }),
      anExtension({ id: "acme.middle", dependsOn: ["acme.base"] }),
      anExtension({ id: "acme.top", dependsOn: ["acme.middle"], activationEvents: ["onStartup"] }),
      anExtension({ id: "acme.other", activationEvents: ["onStartup"] }),
    ],
  });

  expect(info(kit.host, "acme.other").state).toBe("active");
  expect(info(kit.host, "acme.top")).toMatchObject({
    state: "blocked",
    reason: { code: "DEPENDENCY_FAILED" },
  });
  expect(info(kit.host, "acme.top").reason?.message).toContain("acme.base");
  expect(kit.report.failed.find(({ id }) => id === "acme.top")?.reason?.message).toContain(
    "the cellar is flooded",
  );
});

test("dependents are deactivated before what they depend on", async () => {
  const log = journal();
  const logged = (id: string, dependsOn: readonly string[]) =>
    aGreeter({ id, dependsOn, deactivate: `await null; ${log.says(id)}` });
  await using kit = await createTestHost({
    extensions: [
      logged("acme.base", []),
      logged("acme.middle", ["acme.base"]),
      logged("acme.top", ["acme.middle"]),
    ],
  });
  await greet(kit.host, "top");

  await kit.host.deactivate("acme.base");
  expect(log.lines).toEqual(["acme.top", "acme.middle", "acme.base"]);
});

function codes(error: unknown): readonly unknown[] {
  if (!(error instanceof Error)) return [];
  return ["code" in error ? error.code : error.name, ...codes(error.cause)];
}
