/** What runs an extension may fall silent: it is marked, its place is named, and a policy may end it. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BusyPlace } from "@plugboard/core";
import { createTestHost, eventually, type TestHostOptions } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";
import { FragileRuntime, type Fragility } from "../support/fragile-runtime.js";

const fragile = aGreeter({ id: "acme.fragile", manifest: { runtime: "fragile" } });
const place: BusyPlace = { file: "/ext/extension.js", line: 12, functionName: "greet", share: 0.98 };

async function silentHost(options: TestHostOptions = {}, fragility: Fragility = {}) {
  const runtime = new FragileRuntime(fragility);
  const kit = await createTestHost({ extensions: [fragile], ...options, runtimes: [runtime] });
  await greet(kit.host, "fragile");
  kit.record.clear();
  return {
    ...kit,
    runtime,
    session: runtime.session("acme.fragile"),
    now: () => info(kit.host, "acme.fragile"),
    history: () => kit.host.explain("acme.fragile").history,
  };
}

test("an extension that falls silent stays active and is marked", async () => {
  await using kit = await silentHost();
  kit.session.fallSilent();

  expect(kit.now()).toMatchObject({ state: "active", unresponsive: { place: undefined } });
  expect(kit.now().problems).toMatchObject([
    {
      code: "EXTENSION_UNRESPONSIVE",
      severity: "warning",
      message: "acme.fragile does not answer.",
      file: join(kit.folder, "acme.fragile"),
    },
  ]);
});

test("the Problem of a silent extension names the place once it is known", async () => {
  await using kit = await silentHost();
  kit.session.fallSilent();
  kit.session.fallSilent({ ...place, file: pathToFileURL(place.file).href });

  expect(kit.now().problems).toEqual([
    {
      code: "EXTENSION_UNRESPONSIVE",
      severity: "warning",
      message: "acme.fragile does not answer: it is busy in greet.",
      file: place.file,
      line: 12,
      extensionId: "acme.fragile",
    },
  ]);
});

test("the host tells when an extension falls silent, when the place is known and when it answers", async () => {
  await using kit = await silentHost();
  kit.session.fallSilent();
  kit.session.fallSilent(place);
  kit.session.fallSilent(place);
  kit.session.recover();

  expect(kit.record.kinds("acme.fragile").filter((kind) => kind !== "problem")).toEqual([
    "unresponsive",
    "unresponsive",
    "responsive",
  ]);
  expect(kit.record.events.filter(({ kind }) => kind === "unresponsive").at(-1)).toMatchObject({
    generation: 1,
    unresponsive: { place },
  });
});

test("the mark and its Problem go when the extension answers again", async () => {
  await using kit = await silentHost();
  kit.session.fallSilent(place);
  kit.session.recover();

  expect(kit.now().unresponsive).toBeUndefined();
  expect(kit.now().problems).toEqual([]);
});

test("the history keeps how long a silence was and where", async () => {
  await using kit = await silentHost();
  kit.session.fallSilent();
  kit.session.fallSilent(place);
  expect(kit.history()).toMatchObject([{ kind: "unresponsive", place, outcome: { kind: "ongoing" } }]);
  kit.session.recover();

  expect(kit.history()).toMatchObject([
    { kind: "unresponsive", generation: 1, place, outcome: { kind: "recovered" } },
  ]);
  expect(kit.history()[0]?.forMs).toBeTypeOf("number");
  expect(kit.host.explain("acme.fragile").format()).toMatch(
    /unresponsive +\S+Z generation 1: acme\.fragile does not answer: it is busy in greet \(\/ext\/extension\.js:12\) for \d+ ms; answered again/,
  );
});

test("a silence without a policy is borne for ever", async () => {
  await using kit = await silentHost();
  kit.session.fallSilent(place);
  kit.session.recover();
  kit.session.fallSilent(place);

  expect(kit.now().state).toBe("active");
  expect(kit.session.exit).toBeUndefined();
  expect(kit.history()).toHaveLength(2);
});

test("a policy ends an extension that is silent for too long, which counts as a crash", async () => {
  await using kit = await silentHost(
    { restart: { unresponsiveMs: 10, delaysMs: [1] } },
    { answer: (_, name) => (name === "hang" ? new Promise(() => undefined) : name) },
  );
  const call = greet(kit.host, "fragile", "hang");
  kit.session.fallSilent(place);

  expect(await rejection(call)).toMatchObject({
    code: "EXTENSION_CRASHED",
    message: "acme.fragile crashed: it did not answer for 10 ms, busy in greet (/ext/extension.js:12)",
    details: { file: place.file, line: 12 },
  });
  await eventually(() => expect(kit.now()).toMatchObject({ state: "active", generation: 2 }));
  expect(kit.session.exit).toEqual({ kind: "disposed", message: "asked for" });
  expect(kit.history()).toMatchObject([
    { kind: "unresponsive", outcome: { kind: "ended" } },
    { kind: "crashed", place, outcome: { kind: "restarted", generation: 2 } },
  ]);
});

test("an answer in time keeps the policy from ending an extension", async () => {
  await using kit = await silentHost({ restart: { unresponsiveMs: 60_000 } });
  kit.session.fallSilent(place);
  kit.session.recover();
  await kit.host.stop();

  expect(kit.record.kinds("acme.fragile")).not.toContain("failed");
});

test("a generation that has been replaced is no longer listened to", async () => {
  await using kit = await silentHost();
  kit.session.fallSilent(place);
  await kit.host.reload("acme.fragile");
  await eventually(() => expect(kit.session.listeners).toBe(0));
  kit.record.clear();
  kit.session.recover();

  expect(kit.now().unresponsive).toBeUndefined();
  expect(kit.record.events).toEqual([]);
  expect(kit.history()).toMatchObject([{ outcome: { kind: "ended" } }]);
});

test("an activation that is not over in time names the place that keeps it busy", async () => {
  const runtime = new FragileRuntime({
    activate: (session) => {
      session.fallSilent(place);
      return new Promise(() => undefined);
    },
  });
  await using kit = await createTestHost({
    extensions: [fragile],
    runtimes: [runtime],
    limits: { activateMs: 20 },
  });

  expect(await rejection(kit.host.activate("acme.fragile"))).toMatchObject({
    code: "ACTIVATION_TIMEOUT",
    details: { file: place.file, line: 12 },
  });
});

test("the memory and the process of what runs an extension are told while it runs", async () => {
  await using kit = await silentHost();
  expect(kit.now().processId).toBe(4_711);
  expect(await kit.host.memory("acme.fragile")).toBe(12_582_912);
  await kit.host.deactivate("acme.fragile");

  expect(kit.now().processId).toBeUndefined();
  expect(await kit.host.memory("acme.fragile")).toBeUndefined();
});

test.each([
  ["never answers", () => new Promise<never>(() => undefined)],
  ["fails", () => Promise.reject(new Error("it is gone"))],
  [
    "throws",
    () => {
      throw new Error("it is gone");
    },
  ],
])("the memory is unknown if asking for it %s", async (_how, memory) => {
  await using kit = await silentHost();
  kit.session.health.memory = memory;

  expect(await kit.host.memory("acme.fragile")).toBeUndefined();
});

test("a runtime that does not say otherwise gives full rights, and the host says so", async () => {
  await using kit = await silentHost({
    extensions: [fragile, aGreeter({ id: "acme.inside" })],
  });
  expect(kit.now().trust).toBe("full rights");
  expect(info(kit.host, "acme.inside").trust).toBe("full rights");
  expect(kit.host.explain("acme.inside").format()).toContain("in-process (trusted: full rights)");
});
