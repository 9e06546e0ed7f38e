/** Nothing an extension does in activate or deactivate keeps the host waiting for ever. */
import { createTestHost, anExtension, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection, states } from "../support/extensions.js";
import { gate, journal, shared } from "../support/shared.js";

test("an activate that never settles fails with ACTIVATION_TIMEOUT and the start goes on", async () => {
  await using kit = await createTestHost({
    limits: { activateMs: 50 },
    extensions: [
      anExtension({
        id: "acme.hangs",
        activationEvents: ["onStartup"],
        activate: `await new Promise(() => {});`,
      }),
      anExtension({ id: "acme.well", activationEvents: ["onStartup"] }),
    ],
  });

  expect(states(kit.host)).toEqual({ "acme.hangs": "failed", "acme.well": "active" });
  expect(info(kit.host, "acme.hangs").reason?.code).toBe("ACTIVATION_TIMEOUT");
});

test("calls that wait for an activation that takes too long get ACTIVATION_TIMEOUT", async () => {
  await using kit = await createTestHost({
    limits: { activateMs: 50 },
    extensions: [aGreeter({ id: "acme.english", activate: `await new Promise(() => {});` })],
  });

  expect(await rejection(greet(kit.host, "english"))).toMatchObject({
    code: "ACTIVATION_TIMEOUT",
    extensionId: "acme.english",
  });
});

test("a timed-out activation finds its signal aborted and its late registrations refused", async () => {
  const door = gate();
  const outcome = shared<{ aborted?: boolean; code?: string; disposed?: boolean }>({});
  await using kit = await createTestHost({
    limits: { activateMs: 50 },
    extensions: [
      anExtension({
        id: "acme.late",
        contributes: { greeters: [{ id: "late", lang: "Late" }] },
        source: `
          export async function activate(context) {
            await ${door.code};
            ${outcome.code}.aborted = context.signal.aborted;
            context.subscriptions.push(() => { ${outcome.code}.disposed = true; });
            try { context.contribute("greeters", "late", { greet: () => "too late" }); }
            catch (error) { ${outcome.code}.code = error.code; }
          }`,
      }),
    ],
  });

  expect(await rejection(greet(kit.host, "late"))).toMatchObject({ code: "ACTIVATION_TIMEOUT" });
  door.open();
  await eventually(() =>
    expect(outcome.value).toEqual({ aborted: true, code: "CONTRIBUTION_LATE", disposed: true }),
  );
  expect(info(kit.host, "acme.late").state).toBe("failed");
});

test("contributing after activate has settled is refused with CONTRIBUTION_LATE", async () => {
  const kept = shared<{ context?: { contribute(point: string, id: string, value: object): void } }>({});
  await using _kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.late",
        activationEvents: ["onStartup"],
        contributes: { greeters: [{ id: "late", lang: "Late" }] },
        activate: `${kept.code}.context = context;`,
      }),
    ],
  });

  expect(() => kept.value.context?.contribute("greeters", "late", { greet: () => "x" })).toThrow(
    expect.objectContaining({ code: "CONTRIBUTION_LATE" }),
  );
});

test("a deactivate that never settles is left behind with a Problem", async () => {
  const log = journal();
  await using kit = await createTestHost({
    limits: { deactivateMs: 50 },
    extensions: [
      anExtension({
        id: "acme.clings",
        activationEvents: ["onStartup"],
        activate: `context.subscriptions.push(() => { ${log.says("disposed")} });`,
        deactivate: `await new Promise(() => {});`,
      }),
    ],
  });

  await kit.host.deactivate("acme.clings");
  expect(log.lines).toEqual(["disposed"]);
  expect(kit.record.events.flatMap(({ problem }) => problem?.code ?? [])).toContain("DEACTIVATION_TIMEOUT");
});

test("a deactivate that throws neither fails the host nor keeps the subscriptions", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.throws",
        activationEvents: ["onStartup"],
        activate: `context.subscriptions.push(
          () => { ${log.says("first")} },
          () => { throw new Error("second"); },
          () => { ${log.says("third")} },
        );`,
        deactivate: `throw new Error("no");`,
      }),
    ],
  });

  await kit.host.deactivate("acme.throws");
  expect(log.lines).toEqual(["third", "first"]);
  expect(kit.record.events.flatMap(({ problem }) => problem?.code ?? [])).toContain("DEACTIVATION_FAILED");
  await kit.host.activate("acme.throws");
  expect(info(kit.host, "acme.throws").state).toBe("active");
});
