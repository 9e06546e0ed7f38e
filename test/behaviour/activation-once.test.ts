/** Activation happens once, however many ask for it, and a failure is not for ever. */
import { createTestHost, anExtension, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";
import { gate, journal, shared } from "../support/shared.js";

test("calls and events at the same moment activate an extension once", async () => {
  const log = journal();
  const door = gate();
  await using kit = await createTestHost({
    extensions: [
      aGreeter({
        id: "acme.english",
        activationEvents: ["onOrder:paid"],
        activate: `${log.says("activate")} await ${door.code};`,
      }),
    ],
  });

  const asked = [
    ...Array.from({ length: 50 }, (_, i) => greet(kit.host, "english", String(i))),
    kit.host.activateByEvent("onOrder:paid"),
    kit.host.activate("acme.english"),
  ];
  await eventually(() => expect(log.lines).toEqual(["activate"]));
  door.open();
  await Promise.all(asked);

  expect(log.lines).toEqual(["activate"]);
  expect(info(kit.host, "acme.english").generation).toBe(1);
});

test("calls that wait for an activation are delivered in the order they were made", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      aGreeter({
        id: "acme.english",
        supplies: { greeters: { english: `{ greet(name) { ${log.tells("name")} return name; } }` } },
      }),
    ],
  });

  const names = Array.from({ length: 20 }, (_, i) => String(i));
  expect(await Promise.all(names.map((name) => greet(kit.host, "english", name)))).toEqual(names);
  expect(log.lines).toEqual(names);
});

test("a failed activation is tried again by a later call and takes the next generation", async () => {
  const broken = shared({ is: true });
  await using kit = await createTestHost({
    extensions: [
      aGreeter({
        id: "acme.english",
        activate: `if (${broken.code}.is) throw new Error("no ink");`,
      }),
    ],
  });

  expect(await rejection(greet(kit.host, "english"))).toMatchObject({
    code: "ACTIVATION_FAILED",
    extensionId: "acme.english",
  });
  expect(info(kit.host, "acme.english").state).toBe("failed");
  broken.value.is = false;
  expect(await eventually(() => greet(kit.host, "english"))).toBe("english 1.0.0: World");
  expect(info(kit.host, "acme.english").generation).toBeGreaterThan(1);
});

test("a failed extension is tried at most once per retry period by calls", async () => {
  const log = journal();
  await using kit = await createTestHost({
    limits: { retryMs: 60_000 },
    extensions: [
      aGreeter({ id: "acme.english", activate: `${log.says("tried")} throw new Error("no ink");` }),
    ],
  });

  for (let i = 0; i < 5; i++) {
    expect(await rejection(greet(kit.host, "english"))).toMatchObject({ code: "ACTIVATION_FAILED" });
  }
  expect(log.lines).toEqual(["tried"]);
});

test("retry tries a failed extension at once", async () => {
  const broken = shared({ is: true });
  await using kit = await createTestHost({
    limits: { retryMs: 60_000 },
    extensions: [
      anExtension({
        id: "acme.english",
        activationEvents: ["onStartup"],
        activate: `if (${broken.code}.is) throw new Error("no ink");`,
      }),
    ],
  });
  expect(info(kit.host, "acme.english").state).toBe("failed");

  broken.value.is = false;
  await kit.host.retry("acme.english");
  expect(info(kit.host, "acme.english")).toMatchObject({ state: "active", generation: 2 });
});

test("the reason of a failure names its root cause", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.english",
        activationEvents: ["onStartup"],
        activate: `throw new Error("wrapper", { cause: new Error("the printer is on fire") });`,
      }),
    ],
  });

  expect(info(kit.host, "acme.english").reason).toMatchObject({ code: "ACTIVATION_FAILED" });
  expect(kit.report.failed[0]?.reason?.message).toContain("the printer is on fire");
});

test("independent extensions activate in parallel", async () => {
  const started = journal();
  const door = gate();
  await using kit = await createTestHost({
    start: "manual",
    extensions: ["one", "two", "three"].map((name) =>
      anExtension({
        id: `acme.${name}`,
        activationEvents: ["onStartup"],
        activate: `${started.says(name)} await ${door.code};`,
      }),
    ),
  });

  const start = kit.host.start();
  await eventually(() => expect([...started.lines].sort()).toEqual(["one", "three", "two"]));
  door.open();
  expect((await start).failed).toEqual([]);
});
