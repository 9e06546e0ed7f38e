/** What start and explain tell a person. */
import { anExtension, createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";
import { gate } from "../support/shared.js";

test("the start report tells who started, why, for how long, and who failed", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.base" }),
      anExtension({ id: "acme.top", dependsOn: ["acme.base"], activationEvents: ["onStartup"] }),
      anExtension({
        id: "acme.bad",
        activationEvents: ["onStartup"],
        activate: `throw new Error("out of ink");`,
      }),
      aGreeter({ id: "acme.idle" }),
    ],
  });
  const { report } = kit;

  expect(report.listed).toBe(4);
  const outcomes = Object.fromEntries(report.outcomes.map((outcome) => [outcome.id, outcome]));
  expect(Object.keys(outcomes).sort()).toEqual(["acme.bad", "acme.base", "acme.top"]);
  expect(outcomes["acme.top"]).toMatchObject({ state: "active", activatedBy: "onStartup", requiredBy: [] });
  expect(outcomes["acme.base"]).toMatchObject({ state: "active", requiredBy: ["acme.top"] });
  for (const part of ["load", "call", "settle"] as const) {
    expect(outcomes["acme.top"]?.times?.[part]).toBeGreaterThanOrEqual(0);
  }
  expect(report.failed.map(({ id, reason }) => [id, reason?.code])).toEqual([
    ["acme.bad", "ACTIVATION_FAILED"],
  ]);
  expect(report.elapsedMs).toBeGreaterThan(0);
});

test("the report's text is a tree: one line an extension, dependencies under who asked for them", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.base" }),
      anExtension({ id: "acme.top", dependsOn: ["acme.base"], activationEvents: ["onStartup"] }),
      anExtension({
        id: "acme.bad",
        activationEvents: ["onStartup"],
        activate: `throw new Error("out of ink");`,
      }),
    ],
  });
  const lines = kit.report.format().split("\n");
  const line = (id: string) => lines.find((text) => text.includes(id)) ?? "";

  for (const id of ["acme.base", "acme.top", "acme.bad"]) {
    expect(lines.filter((text) => text.includes(id)).length).toBeGreaterThan(0);
  }
  expect(line("acme.top")).toMatch(/ms/);
  expect(kit.report.format()).toContain("onStartup");
  expect(kit.report.format()).toContain("out of ink");
  expect(line("acme.base").search(/acme/)).toBeGreaterThan(line("acme.top").search(/acme/));
});

test("the start report lists everything found wrong on disk, with its place", async () => {
  await using kit = await createTestHost({
    extensions: [anExtension({ id: "acme.broken", manifestText: "{\n  id: 'acme.broken' version\n}" })],
  });

  expect(kit.report.listed).toBe(1);
  expect(kit.report.problems).toMatchObject([{ code: "MANIFEST_SYNTAX", line: 2 }]);
});

test("start never rejects because of an extension", async () => {
  await using kit = await createTestHost({
    limits: { activateMs: 50 },
    extensions: [
      anExtension({ id: "acme.syntax", activationEvents: ["*"], source: "export function (" }),
      anExtension({ id: "acme.throws", activationEvents: ["*"], activate: "throw undefined;" }),
      anExtension({ id: "acme.rejects", activationEvents: ["*"], activate: "return Promise.reject(null);" }),
      anExtension({ id: "acme.hangs", activationEvents: ["*"], activate: "await new Promise(() => {});" }),
      anExtension({ id: "acme.missing", activationEvents: ["*"], dependsOn: ["acme.nobody"] }),
      anExtension({ id: "acme.lost", activationEvents: ["*"], main: false, manifest: { main: "./no.js" } }),
      anExtension({ id: "acme.well", activationEvents: ["*"] }),
    ],
  });

  expect(info(kit.host, "acme.well").state).toBe("active");
  expect([...kit.host.extensions].filter(({ state }) => state === "active")).toHaveLength(1);
});

test("contributions serve before start resolves", async () => {
  const door = gate();
  await using kit = await createTestHost({
    start: "manual",
    extensions: [
      aGreeter({ id: "acme.english" }),
      anExtension({ id: "acme.slow", activationEvents: ["onStartup"], activate: `await ${door.code};` }),
    ],
  });

  const listed = new Promise<void>((resolve) => {
    kit.host.contributions("greeters").onDidChange(() => resolve());
  });
  const start = kit.host.start();
  await listed;
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  door.open();
  await start;
});

test("a failed activation is a problem with the place in the author's file", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.english",
        source: `export function activate() {\n  // the second line\n  throw new Error("out of ink");\n}\n`,
        activationEvents: ["onStartup"],
      }),
    ],
  });
  const [problem] = info(kit.host, "acme.english").problems;
  expect(problem).toMatchObject({ code: "ACTIVATION_FAILED", severity: "error", line: 3, column: 9 });
  expect(problem?.file).toMatch(/acme\.english[\\/]extension\.js$/);
});
