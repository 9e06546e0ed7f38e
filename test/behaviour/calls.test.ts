/** What a call promises to the one who makes it and to the one who answers. */
import { inspect } from "node:util";
import { greeters, isExtensionError } from "@plugboard/core";
import { anExtension, createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, rejection } from "../support/extensions.js";
import { gate, journal, shared } from "../support/shared.js";

const english = (implementation: string) =>
  aGreeter({ id: "acme.english", supplies: { greeters: { english: implementation } } });

test("the author finds the call's signal and deadline after the arguments", async () => {
  const seen = shared<{ count?: number; deadline?: number; aborted?: boolean }>({});
  await using kit = await createTestHost({
    extensions: [
      english(`{ greet(name, call) {
        Object.assign(${seen.code}, { count: arguments.length, deadline: call.deadline, aborted: call.signal.aborted });
        return name;
      } }`),
    ],
  });

  const before = Date.now();
  await greet(kit.host, "english", "World", { timeoutMs: 5_000 });
  expect(seen.value).toMatchObject({ count: 2, aborted: false });
  expect(seen.value.deadline).toBeGreaterThanOrEqual(before + 4_000);
  await greet(kit.host, "english", "World", { timeoutMs: 0 });
  expect(seen.value.deadline).toBe(Infinity);
});

test("a stub forwards exactly as many arguments as the point says", async () => {
  await using kit = await createTestHost({
    extensions: [english(`{ greet: (...args) => args.length + ":" + String(args[0]) }`)],
  });
  const stub = kit.host.contributions(greeters).get("english")!;

  expect(await stub.greet("World")).toBe("2:World");
  const loose = stub.greet as (...args: unknown[]) => Promise<string>;
  expect(await loose("World", {}, "more", "still more")).toBe("2:World");
  expect(await loose()).toBe("2:undefined");
});

test("a call that takes too long rejects with CALL_TIMEOUT and aborts the author's signal", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      english(`{ greet: (name, call) => new Promise(() => {
        call.signal.addEventListener("abort", () => { ${log.says("aborted")} });
      }) }`),
    ],
  });
  await kit.host.activate("acme.english");

  expect(await rejection(greet(kit.host, "english", "World", { timeoutMs: 30 }))).toMatchObject({
    code: "CALL_TIMEOUT",
    extensionId: "acme.english",
  });
  await eventually(() => expect(log.lines).toEqual(["aborted"]));
});

test("the host's own limit holds for a call without timeoutMs, and 0 lifts it", async () => {
  const door = gate();
  await using kit = await createTestHost({
    limits: { callMs: 40 },
    extensions: [english(`{ greet: async (name) => { await ${door.code}; return name; } }`)],
  });
  await kit.host.activate("acme.english");

  const patient = greet(kit.host, "english", "patient", { timeoutMs: 0 });
  expect(await rejection(greet(kit.host, "english"))).toMatchObject({ code: "CALL_TIMEOUT" });
  door.open();
  expect(await patient).toBe("patient");
});

test("a cancelled call rejects with CALL_CANCELLED and aborts the author's signal", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      english(`{ greet: (name, call) => new Promise(() => {
        call.signal.addEventListener("abort", () => { ${log.says("aborted")} });
        ${log.says("asked")}
      }) }`),
    ],
  });
  const controller = new AbortController();

  const call = rejection(greet(kit.host, "english", "World", { signal: controller.signal }));
  await eventually(() => expect(log.lines).toEqual(["asked"]));
  controller.abort();
  expect(await call).toMatchObject({ code: "CALL_CANCELLED" });
  await eventually(() => expect(log.lines).toEqual(["asked", "aborted"]));
});

test("a call with a signal that is aborted already never reaches the author", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [english(`{ greet(name) { ${log.tells("name")} return name; } }`)],
  });
  await kit.host.activate("acme.english");

  expect(await rejection(greet(kit.host, "english", "never", { signal: AbortSignal.abort() }))).toMatchObject(
    { code: "CALL_CANCELLED" },
  );
  await greet(kit.host, "english", "later");
  expect(log.lines).toEqual(["later"]);
});

test("a call cancelled while its extension starts never reaches the author", async () => {
  const log = journal();
  const door = gate();
  await using kit = await createTestHost({
    extensions: [
      aGreeter({
        id: "acme.english",
        supplies: { greeters: { english: `{ greet(name) { ${log.tells("name")} return name; } }` } },
        activate: `await ${door.code};`,
      }),
    ],
  });
  const controller = new AbortController();

  const cancelled = rejection(greet(kit.host, "english", "never", { signal: controller.signal }));
  const other = greet(kit.host, "english", "other");
  controller.abort();
  expect(await cancelled).toMatchObject({ code: "CALL_CANCELLED" });
  door.open();
  await other;
  expect(log.lines).toEqual(["other"]);
});

test("what an author throws arrives as the cause of CALL_FAILED", async () => {
  await using kit = await createTestHost({
    extensions: [english(`{ greet() { throw new RangeError("too far"); } }`)],
  });

  const error = await rejection(greet(kit.host, "english"));
  expect(isExtensionError(error, "CALL_FAILED") && error.extensionId).toBe("acme.english");
  expect((error as Error).cause).toMatchObject({ message: "too far" });
  expect((error as Error).message).toContain("too far");
});

test("an author's value and an author's promise both arrive as a promise", async () => {
  await using kit = await createTestHost({
    extensions: [english(`{ greet: (name) => (name === "now" ? name : Promise.resolve(name)) }`)],
  });

  expect(await greet(kit.host, "english", "now")).toBe("now");
  expect(await greet(kit.host, "english", "later")).toBe("later");
  expect(kit.host.contributions(greeters).get("english")?.greet("now")).toBeInstanceOf(Promise);
});

test("more calls than may wait get CALL_QUEUE_FULL, the others their answers", async () => {
  const door = gate();
  await using kit = await createTestHost({
    limits: { queuedCalls: 3 },
    extensions: [aGreeter({ id: "acme.english", activate: `await ${door.code};` })],
  });

  const calls = Promise.allSettled(Array.from({ length: 5 }, () => greet(kit.host, "english")));
  door.open();
  const outcomes = (await calls).map((outcome) =>
    outcome.status === "fulfilled" ? "answered" : (outcome.reason as { code?: string }).code,
  );
  expect(outcomes).toEqual(["answered", "answered", "answered", "CALL_QUEUE_FULL", "CALL_QUEUE_FULL"]);
});

test("arguments and results beyond the limit are CALL_TOO_LARGE", async () => {
  const log = journal();
  await using kit = await createTestHost({
    limits: { callBytes: 10_000 },
    extensions: [
      english(`{ greet(name) { ${log.says("called")} return name === "big" ? "x".repeat(20_000) : "ok"; } }`),
    ],
  });
  await kit.host.activate("acme.english");

  expect(await rejection(greet(kit.host, "english", "x".repeat(20_000)))).toMatchObject({
    code: "CALL_TOO_LARGE",
  });
  expect(log.lines).toEqual([]);
  expect(await rejection(greet(kit.host, "english", "big"))).toMatchObject({ code: "CALL_TOO_LARGE" });
  expect(await greet(kit.host, "english", "x".repeat(2_000))).toBe("ok");
});

test("a stub is one object for as long as its contribution is listed", async () => {
  const extension = aGreeter({ id: "acme.english" });
  await using kit = await createTestHost({ extensions: [extension] });
  const collection = kit.host.contributions(greeters);
  const stub = collection.get("english")!;
  const { greet: method } = stub;

  expect([...collection][0]).toBe(stub);
  expect(collection.entries()[0]?.stub).toBe(stub);
  await stub.greet("World");
  await kit.host.reload("acme.english");
  await kit.write(extension.with({ contributes: { greeters: [{ id: "english", lang: "British" }] } }));
  await kit.host.rescan();

  expect(collection.get("english")).toBe(stub);
  expect(stub.lang).toBe("British");
  expect(await method("World")).toBe("english 1.0.0: World");
});

test("a stub is printable, not thenable, and shows its id and fields", async () => {
  await using kit = await createTestHost({ extensions: [aGreeter({ id: "acme.english" })] });
  const stub = kit.host.contributions(greeters).get("english")!;

  expect(JSON.parse(JSON.stringify(stub))).toEqual({ id: "english", lang: "english" });
  expect(inspect(stub)).toContain("english");
  expect("then" in stub).toBe(false);
  expect(await Promise.resolve(stub)).toBe(stub);
  expect((stub as unknown as Record<string, unknown>)["nothing"]).toBeUndefined();
  expect(Object.keys(stub)).toEqual(expect.arrayContaining(["id", "lang"]));
});

test("a stub of a contribution that left rejects with EXTENSION_GONE for ever", async () => {
  const extension = aGreeter({ id: "acme.english" });
  await using kit = await createTestHost({ extensions: [extension] });
  const stub = kit.host.contributions(greeters).get("english")!;
  await stub.greet("World");

  await kit.remove(extension);
  await kit.host.rescan();
  expect(await rejection(stub.greet("World"))).toMatchObject({ code: "EXTENSION_GONE" });

  await kit.write(extension);
  await kit.host.rescan();
  expect(await rejection(stub.greet("World"))).toMatchObject({ code: "EXTENSION_GONE" });
  const next = kit.host.contributions(greeters).get("english");
  expect(next).not.toBe(stub);
  expect(await next?.greet("World")).toBe("english 1.0.0: World");
});

test("host.call refuses unknown targets and wrong numbers of arguments", async () => {
  await using kit = await createTestHost({ extensions: [aGreeter({ id: "acme.english" })] });
  const { host } = kit;

  expect(await host.call("greeters", "english", "greet", ["World"])).toBe("english 1.0.0: World");
  for (const [point, id, method] of [
    ["nothing", "english", "greet"],
    ["greeters", "nothing", "greet"],
    ["greeters", "english", "nothing"],
    ["greeters", "english", "toString"],
    ["greeters", "english", "constructor"],
  ] as const) {
    expect(await rejection(host.call(point, id, method, ["World"]))).toMatchObject({
      code: "CALL_UNKNOWN_TARGET",
    });
  }
  for (const args of [[], ["World", "more"]]) {
    expect(await rejection(host.call("greeters", "english", "greet", args))).toMatchObject({
      code: "CALL_INVALID",
      message: expect.stringContaining("takes 1 argument;") as string,
    });
  }
});

test("calls in flight when their extension leaves finish before it is deactivated", async () => {
  const door = gate();
  const log = journal();
  const extension = aGreeter({
    id: "acme.english",
    supplies: {
      greeters: {
        english: `{ async greet(name) { ${log.says("asked")} await ${door.code}; return name; } }`,
      },
    },
    deactivate: log.says("deactivate"),
  });
  await using kit = await createTestHost({ extensions: [extension] });
  const call = greet(kit.host, "english");
  await eventually(() => expect(log.lines).toEqual(["asked"]));

  await kit.remove(extension);
  const rescan = kit.host.rescan();
  await eventually(() => expect(kit.host.contributions(greeters).size).toBe(0));
  expect(log.lines).toEqual(["asked"]);
  door.open();
  expect(await call).toBe("World");
  await rescan;
  await eventually(() => expect(log.lines).toEqual(["asked", "deactivate"]));
});

test("a method that the author left out is named by a Problem", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.half",
        contributes: { greeters: [{ id: "half", lang: "Half" }] },
        supplies: { greeters: { half: "{}" } },
      }),
    ],
  });

  expect(await rejection(greet(kit.host, "half"))).toMatchObject({ code: "CALL_UNKNOWN_TARGET" });
  expect(kit.host.extensions.get("acme.half")?.problems.map(({ code }) => code)).toEqual([
    "CONTRIBUTION_INCOMPLETE",
  ]);
});
