/** Order, cancellation, deadlines and waiting: what a call promises, wherever it is answered. */
import { isExtensionError } from "@plugboard/core";
import { eventually } from "@plugboard/core/testing";
import { expect } from "vitest";
import { isOwnProblem, ownProblems, rejection } from "../support/extensions.js";
import { inEachRuntime } from "./conformance-case.js";
import { aSubject, subjects } from "./conformance-host.js";

const collector = aSubject({
  id: "acme.collector",
  head: "const seen = [];",
  run: `(input) => { if (input === "seen") return seen; seen.push(input); return input * 2; }`,
});

/** Waits for ever on "hang"; tells of the abort of its signal. */
const patient = aSubject({
  id: "acme.patient",
  run: `(input, call) => {
    if (input !== "hang") return input;
    call.signal.addEventListener("abort", () => { write("aborted"); });
    write("asked");
    return new Promise(() => {});
  }`,
});

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

inEachRuntime("calls arrive in the order they were made", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [collector] });
  await kit.host.activate("acme.collector");

  const answers = await Promise.all(upTo(100).map((index) => kit.run("collector", index)));
  expect(answers).toEqual(upTo(100).map((index) => index * 2));
  expect(await kit.run("collector", "seen")).toEqual(upTo(100));
});

inEachRuntime("calls made before the extension is ready are all answered, in order", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [collector] });

  const answers = await Promise.all(upTo(10).map((index) => kit.run("collector", index)));
  expect(answers).toEqual(upTo(10).map((index) => index * 2));
  expect(await kit.run("collector", "seen")).toEqual(upTo(10));
  const told = kit.record.events.filter(
    ({ id, problem }) => id === "acme.collector" && (problem === undefined || isOwnProblem(problem)),
  );
  expect(told.map(({ kind }) => kind)).toEqual(["added", "activating", "activated"]);
});

inEachRuntime("calls made while activate runs wait for it, in order", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.collector",
        head: "const seen = [];",
        run: `(input) => { if (input === "seen") return seen; seen.push(input); }`,
        activate: `await write("activating"); await new Promise((done) => setTimeout(done, 50)); seen.push("ready");`,
      }),
    ],
  });

  const first = kit.run("collector", "first");
  await eventually(() => expect(kit.lines).toEqual(["activating"]));
  await Promise.all([first, kit.run("collector", "second"), kit.run("collector", "third")]);
  expect(await kit.run("collector", "seen")).toEqual(["ready", "first", "second", "third"]);
});

inEachRuntime("a call is answered while an earlier one is still waiting", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.door",
        head: "const door = Promise.withResolvers();",
        run: `(input) => (input === "open" ? void door.resolve("through") : door.promise)`,
      }),
    ],
  });

  const waiting = kit.run("door", "wait");
  await kit.run("door", "open");
  expect(await waiting).toBe("through");
});

inEachRuntime("activate runs once for 20 first calls at the same time", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [aSubject({ id: "acme.once", activate: `await write("activate");` })],
  });

  expect(await Promise.all(upTo(20).map((index) => kit.run("once", index)))).toEqual(upTo(20));
  expect(kit.lines).toEqual(["activate"]);
});

inEachRuntime("an author finds the call's context after exactly the point's arguments", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.count",
        run: `(...args) => [args.length, args[0], args[1].signal.aborted, typeof args[1].deadline]`,
      }),
    ],
  });
  const stub = kit.host.contributions(subjects).get("count")!;
  const loose = stub.run as (...args: unknown[]) => Promise<unknown>;

  expect(await loose("one")).toEqual([2, "one", false, "number"]);
  expect(await loose("one", {}, "more")).toEqual([2, "one", false, "number"]);
  expect(await loose()).toEqual([2, undefined, false, "number"]);
});

inEachRuntime(
  "a cancelled call rejects with CALL_CANCELLED and aborts the author's signal",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [patient] });
    const controller = new AbortController();

    const call = rejection(kit.run("patient", "hang", { signal: controller.signal }));
    await eventually(() => expect(kit.lines).toEqual(["asked"]));
    controller.abort();
    expect(await call).toMatchObject({ code: "CALL_CANCELLED", extensionId: "acme.patient" });
    await eventually(() => expect(kit.lines).toEqual(["asked", "aborted"]));
    expect(await kit.run("patient", "next")).toBe("next");
  },
);

inEachRuntime("a call cancelled before it is made never reaches the author", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [collector] });
  await kit.host.activate("acme.collector");

  expect(await rejection(kit.run("collector", 1, { signal: AbortSignal.abort() }))).toMatchObject({
    code: "CALL_CANCELLED",
  });
  await kit.run("collector", 2);
  expect(await kit.run("collector", "seen")).toEqual([2]);
});

inEachRuntime("a call cancelled while its extension starts never reaches the author", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [collector] });
  const controller = new AbortController();

  const cancelled = rejection(kit.run("collector", 1, { signal: controller.signal }));
  const other = kit.run("collector", 2);
  controller.abort();
  expect(await cancelled).toMatchObject({ code: "CALL_CANCELLED" });
  await other;
  expect(await kit.run("collector", "seen")).toEqual([2]);
});

inEachRuntime("timeoutMs reaches the author as the call's deadline", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [aSubject({ id: "acme.clock", run: "(_, call) => call.deadline" })],
  });
  await kit.host.activate("acme.clock");

  const before = Date.now();
  const deadline = (await kit.run("clock", undefined, { timeoutMs: 20_000 })) as number;
  expect(deadline).toBeGreaterThanOrEqual(before + 19_000);
  expect(deadline).toBeLessThanOrEqual(Date.now() + 20_000);
  expect(await kit.run("clock", undefined, { timeoutMs: 0 })).toBe(Infinity);
});

inEachRuntime("the host's own limit reaches the author as the call's deadline", async (runtime) => {
  await using kit = await runtime.createHost({
    limits: { callMs: 15_000 },
    extensions: [aSubject({ id: "acme.clock", run: "(_, call) => call.deadline" })],
  });
  await kit.host.activate("acme.clock");

  const before = Date.now();
  const deadline = (await kit.run("clock")) as number;
  expect(deadline).toBeGreaterThanOrEqual(before + 14_000);
  expect(deadline).toBeLessThanOrEqual(Date.now() + 15_000);
});

inEachRuntime(
  "a call beyond its timeoutMs rejects with CALL_TIMEOUT and aborts the author's signal",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [patient] });
    await kit.host.activate("acme.patient");

    expect(await rejection(kit.run("patient", "hang", { timeoutMs: 50 }))).toMatchObject({
      code: "CALL_TIMEOUT",
      extensionId: "acme.patient",
    });
    await eventually(() => expect(kit.lines).toEqual(["asked", "aborted"]));
  },
);

inEachRuntime("a call without a timeoutMs ends at the host's own limit, and 0 lifts it", async (runtime) => {
  await using kit = await runtime.createHost({
    limits: { callMs: 60 },
    extensions: [
      aSubject({
        id: "acme.slow",
        head: "const door = Promise.withResolvers();",
        run: `(input) => (input === "open" ? void door.resolve("through") : door.promise)`,
      }),
    ],
  });
  await kit.host.activate("acme.slow");

  const unlimited = kit.run("slow", "wait", { timeoutMs: 0 });
  expect(await rejection(kit.run("slow", "wait"))).toMatchObject({ code: "CALL_TIMEOUT" });
  await kit.run("slow", "open");
  expect(await unlimited).toBe("through");
});

inEachRuntime("a call that never settles times out while others are answered", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [patient, collector] });
  const hanging = rejection(kit.run("patient", "hang", { timeoutMs: 400 }));

  expect(await Promise.all(upTo(5).map((index) => kit.run("patient", index)))).toEqual(upTo(5));
  expect(await kit.run("collector", 21)).toBe(42);
  expect(await hanging).toMatchObject({ code: "CALL_TIMEOUT" });
  expect(await kit.run("patient", "after")).toBe("after");
});

inEachRuntime("an answer that comes after the timeout is dropped", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.late",
        run: `(input, call) => input !== "late" ? input : new Promise((done) => {
          call.signal.addEventListener("abort", () => { done("too late"); write("answered"); });
        })`,
      }),
    ],
  });
  await kit.host.activate("acme.late");

  expect(await rejection(kit.run("late", "late", { timeoutMs: 50 }))).toMatchObject({ code: "CALL_TIMEOUT" });
  await eventually(() => expect(kit.lines).toEqual(["answered"]));
  expect(await kit.run("late", "next")).toBe("next");
});

inEachRuntime("more calls than may wait get CALL_QUEUE_FULL, the others their answers", async (runtime) => {
  await using kit = await runtime.createHost({ limits: { queuedCalls: 3 }, extensions: [collector] });

  const outcomes = await Promise.allSettled(upTo(5).map((index) => kit.run("collector", index)));
  expect(
    outcomes.map((outcome) =>
      outcome.status === "fulfilled" ? outcome.value : (outcome.reason as { code: string }).code,
    ),
  ).toEqual([0, 2, 4, "CALL_QUEUE_FULL", "CALL_QUEUE_FULL"]);
});

inEachRuntime(
  "a method that the author left out is a Problem, and its calls are CALL_UNKNOWN_TARGET",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({ id: "acme.half", supplies: { subjects: { half: "{}" } } }),
        aSubject({
          id: "acme.none",
          supplies: { subjects: {} },
          main: "./extension.js",
          source: "export function activate() {}",
        }),
      ],
    });

    for (const id of ["half", "none"]) {
      expect(isExtensionError(await rejection(kit.run(id)), "CALL_UNKNOWN_TARGET")).toBe(true);
    }
    const codes = (id: string) => ownProblems(kit.host, id).map(({ code }) => code);
    expect(codes("acme.half")).toEqual(["CONTRIBUTION_INCOMPLETE"]);
    expect(codes("acme.none")).toEqual(["CONTRIBUTION_MISSING"]);
  },
);

inEachRuntime(
  "a contribution that the manifest does not declare, or that comes late, is refused",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.eager",
          head: `const codes = []; let contribute;
          const refused = (act) => { try { act(); codes.push("allowed"); } catch (error) { codes.push(error.code); } };`,
          run: `() => { refused(() => context.contribute("subjects", "eager", {})); return codes; }`,
          activate: `refused(() => context.contribute("subjects", "other", { run() {} }));`,
        }),
      ],
    });

    expect(await kit.run("eager")).toEqual(["CONTRIBUTION_UNDECLARED", "CONTRIBUTION_LATE"]);
  },
);

inEachRuntime(
  "a stub is one object across generations and shows the fields of the manifest",
  async (runtime) => {
    const extension = aSubject({
      id: "acme.echo",
      contributes: { subjects: [{ id: "echo", color: "red" }] },
    });
    await using kit = await runtime.createHost({ extensions: [extension] });
    const collection = kit.host.contributions(subjects);
    const stub = collection.get("echo");
    expect(await stub?.run(1)).toBe(1);

    await kit.host.reload("acme.echo");
    expect(collection.get("echo")).toBe(stub);
    expect(JSON.parse(JSON.stringify(stub))).toEqual({ id: "echo", color: "red" });
    expect(await stub?.run(2)).toBe(2);
    expect(collection.entries().map(({ extensionId, generation }) => [extensionId, generation])).toEqual([
      ["acme.echo", 2],
    ]);
  },
);
