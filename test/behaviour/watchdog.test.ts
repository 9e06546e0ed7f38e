/** Code that runs in-process can't be interrupted; a thread of its own notices and names it. */
import { anExtension, createTestHost, eventually, type TestHostOptions } from "@plugboard/core/testing";
import { commands } from "@plugboard/extension-api";
import { expect, test } from "vitest";

const busy = anExtension({
  id: "acme.busy",
  contributes: { commands: [{ id: "busy.loop" }] },
  supplies: {
    commands: {
      "busy.loop": `{
        execute: function spin(milliseconds) {
          const until = Date.now() + milliseconds;
          while (Date.now() < until);
          return "done";
        },
      }`,
    },
  },
});
const idle = anExtension({ id: "acme.idle", activationEvents: ["onStartup"] });

const host = (options: TestHostOptions = {}) =>
  createTestHost({ extensions: [busy, idle], limits: { unresponsiveMs: 600 }, ...options });

test("an in-process extension that lets nothing else go on is named with its place when the host goes on", async () => {
  await using kit = await host({ watchdog: "record" });
  await kit.host.executeCommand("busy.loop", 1);
  // The thread has to be on its way before it can see anything.
  await eventually(async () => {
    await kit.host.executeCommand("busy.loop", 1_800);
    const [incident] = kit.host.explain("acme.busy").history;
    expect(incident).toMatchObject({ kind: "unresponsive", outcome: { kind: "recovered" } });
    expect(incident?.place?.file).toContain("acme.busy");
    expect(incident?.place?.line).toBeGreaterThan(1);
  });
  expect(kit.record.events.map(({ kind, id }) => `${kind} ${String(id)}`)).toEqual(
    expect.arrayContaining(["unresponsive acme.busy", "responsive acme.busy"]),
  );
  expect(kit.host.explain("acme.idle").history).toEqual([]);
});

test("a host without a watchdog names nobody", async () => {
  await using kit = await host();
  await kit.host.executeCommand("busy.loop", 900);
  expect(kit.host.explain("acme.busy").history).toEqual([]);
  expect(kit.host.contributions(commands).size).toBe(1);
});
