/** What happens to calls, state and everything an extension holds when a generation follows another. */
import { isExtensionError, offer, serviceToken } from "@plugboard/core";
import { anExtension, eventually } from "@plugboard/core/testing";
import { expect } from "vitest";
import { info, isOwnProblem, ownProblems, rejection } from "../support/extensions.js";
import { inEachRuntime } from "./conformance-case.js";
import { aSubject, subjects, type ConformanceHost } from "./conformance-host.js";

const counter = aSubject({
  id: "acme.counter",
  head: "let count = 0;",
  run: "(input) => (input === 'count' ? count : ++count)",
  activate: "count = context.state?.value.count ?? 0;",
  saveState: "return { version: 1, value: { count } };",
});

const stubbornSketch = { id: "acme.stubborn", head: "let count = 0;", run: "() => ++count" };

/** `npm run test:load` asks for more. */
const isLoad = process.env["PLUGBOARD_RELOADS"] !== undefined;
const reloads = Number(process.env["PLUGBOARD_RELOADS"] ?? 30);

/** Calls a subject from several callers until it is told to stop; gives every call's answer. */
function callersOf(kit: ConformanceHost, id: string, callers: number) {
  const answers: { readonly asked: string; readonly answer: unknown }[] = [];
  let isCalling = true;
  const all = Array.from({ length: callers }, async (_, caller) => {
    for (let call = 0; isCalling; call++) {
      const asked = `${caller}.${call}`;
      answers.push({ asked, answer: await kit.run(id, asked) });
      await new Promise((next) => setImmediate(next));
    }
  });
  return {
    async stop() {
      isCalling = false;
      await Promise.all(all);
      return answers;
    },
  };
}

inEachRuntime(
  "no call is lost or answered twice over reloads under load",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.echo",
          run: "(input) => { write(input); return 'echo ' + input; }",
        }),
        aSubject({ id: "acme.other", run: "(input) => 'other ' + input" }),
      ],
    });
    await kit.run("echo", "first");
    await kit.run("other", "first");
    const callers = callersOf(kit, "echo", 8);
    const others = callersOf(kit, "other", 1);

    const startedAt = performance.now();
    for (let reload = 0; reload < reloads; reload++) await kit.host.reload("acme.echo");
    const seconds = (performance.now() - startedAt) / 1_000;
    const answers = await callers.stop();
    const asked = answers.map((answer) => answer.asked);
    expect(answers.filter(({ asked, answer }) => answer !== `echo ${asked}`)).toEqual([]);
    expect((await others.stop()).filter(({ asked, answer }) => answer !== `other ${asked}`)).toEqual([]);
    expect(info(kit.host, "acme.echo").generation).toBe(reloads + 1);
    await eventually(() => expect([...kit.lines].sort()).toEqual(["first", ...asked].sort()));
    if (isLoad) {
      console.log(
        `${runtime.kind}: ${reloads} reloads in ${seconds.toFixed(0)} s, ${answers.length} calls answered once, 0 lost`,
      );
    }
  },
  { timeoutMs: 60_000 + reloads * 1_500 },
);

inEachRuntime(
  "state goes from generation to generation over reloads under load, and every call counts once",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [counter] });
    await kit.run("counter");
    const callers = callersOf(kit, "counter", 4);

    for (let reload = 0; reload < 10; reload++) await kit.host.reload("acme.counter");
    const numbers = (await callers.stop()).map(({ answer }) => Number(answer)).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 2));
  },
  { timeoutMs: 60_000 },
);

inEachRuntime("state crosses with everything structured clone carries", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.saver",
        run: "() => context.state",
        saveState: `return { version: 3, value: { map: new Map([["a", 1n]]), set: new Set([1]), at: new Date(0),
          bytes: Uint8Array.of(1, 2), none: undefined, nil: null } };`,
      }),
    ],
  });
  expect(await kit.run("saver")).toBeUndefined();

  await kit.host.reload("acme.saver");
  expect(await kit.run("saver")).toStrictEqual({
    version: 3,
    value: {
      map: new Map([["a", 1n]]),
      set: new Set([1]),
      at: new Date(0),
      bytes: Uint8Array.of(1, 2),
      none: undefined,
      nil: null,
    },
  });
});

inEachRuntime(
  "a saveState that fails, or returns no plain data, keeps the old generation and its memory",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [counter] });
    await kit.run("counter");

    for (const [saveState, code] of [
      [`throw new TypeError("can't");`, "STATE_FAILED"],
      ["return { version: 1, value: { f() {} } };", "STATE_INVALID"],
      ["return 7;", "STATE_INVALID"],
    ] as const) {
      const stubborn = aSubject({ ...stubbornSketch, saveState });
      await kit.write(stubborn);
      await kit.host.rescan();
      expect(await kit.run("stubborn")).toBe(1);
      const error = await rejection(kit.host.reload("acme.stubborn"));
      expect([saveState, (error as { code?: string }).code]).toEqual([saveState, code]);
      expect(await kit.run("stubborn")).toBe(2);
      await kit.remove(stubborn);
      await kit.host.rescan();
    }
    expect(await kit.run("counter")).toBe(2);
  },
);

inEachRuntime("an update serves the new code without a call falling between the two", async (runtime) => {
  const version = (number: string) =>
    aSubject({ id: "acme.echo", version: number, run: `(input) => input + " from ${number}"` });
  await using kit = await runtime.createHost({ extensions: [version("1.0.0")] });
  expect(await kit.run("echo", "call")).toBe("call from 1.0.0");
  const callers = callersOf(kit, "echo", 4);

  await kit.write(version("2.0.0"));
  await kit.host.rescan();
  expect(await kit.run("echo", "call")).toBe("call from 2.0.0");
  const answers = await callers.stop();
  expect(
    answers.filter(
      ({ asked, answer }) =>
        !/^\d+\.\d+ from [12]\.0\.0$/.test(String(answer)) || !String(answer).startsWith(asked),
    ),
  ).toEqual([]);
  expect(info(kit.host, "acme.echo")).toMatchObject({ version: "2.0.0", generation: 2, state: "active" });
});

inEachRuntime(
  "when an update fails the old generation goes on, and the candidate says why",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [counter] });
    expect(await kit.run("counter")).toBe(1);

    await kit.write(counter.with({ version: "2.0.0", activate: `throw new RangeError("not this one");` }));
    await kit.host.rescan();
    expect(await kit.run("counter")).toBe(2);
    expect(info(kit.host, "acme.counter")).toMatchObject({
      version: "1.0.0",
      generation: 1,
      state: "active",
      candidate: { generation: 2, state: "failed", problems: [{ code: "ACTIVATION_FAILED" }] },
    });
  },
);

inEachRuntime("a call in flight finishes on the generation that began it", async (runtime) => {
  const slow = aSubject({
    id: "acme.slow",
    head: "const door = Promise.withResolvers();",
    run: `(input) => {
      if (input === "wait") { write("asked"); return new Promise((done) => setTimeout(done, 200, "from 1")); }
      return "next";
    }`,
    deactivate: `await write("deactivate");`,
  });
  await using kit = await runtime.createHost({ extensions: [slow] });
  const waiting = kit.run("slow", "wait");
  await eventually(() => expect(kit.lines).toEqual(["asked"]));

  await kit.host.reload("acme.slow");
  expect(await waiting).toBe("from 1");
  expect(await kit.run("slow")).toBe("next");
  await eventually(() => expect(kit.lines).toEqual(["asked", "deactivate"]));
});

inEachRuntime(
  "deactivate is awaited, then subscriptions are disposed last in, first out",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.tidy",
          activate: `
          context.subscriptions.push(() => write("first"), { dispose: () => write("second") });
          context.subscriptions.push({ [Symbol.asyncDispose]: async () => { await write("third begins"); await write("third ends"); } });`,
          deactivate: `await write("deactivate begins"); await new Promise((done) => setTimeout(done, 30)); await write("deactivate ends");`,
        }),
      ],
    });
    await kit.run("tidy");

    await kit.host.deactivate("acme.tidy");
    expect(kit.lines).toEqual([
      "deactivate begins",
      "deactivate ends",
      "third begins",
      "third ends",
      "second",
      "first",
    ]);
    expect(info(kit.host, "acme.tidy").state).toBe("ready");
  },
);

inEachRuntime(
  "a deactivate that throws is a Problem, and what it subscribed is disposed all the same",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.untidy",
          activate: `context.subscriptions.push(() => write("disposed"));`,
          deactivate: `throw new TypeError("can't let go");`,
        }),
      ],
    });
    await kit.run("untidy");
    await kit.host.deactivate("acme.untidy");

    expect(kit.lines).toEqual(["disposed"]);
    const told = kit.record.events.flatMap(({ id, problem }) =>
      id === "acme.untidy" ? (problem ?? []) : [],
    );
    expect(told.filter(isOwnProblem)).toMatchObject([
      { code: "DEACTIVATION_FAILED", message: expect.stringContaining("can't let go") as unknown },
    ]);
    expect(await kit.run("untidy", 1)).toBe(1);
  },
);

inEachRuntime("the context's signal is aborted when its generation ends", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.listener",
        run: "() => context.signal.aborted",
        activate: `let wasAborted = false; context.signal.addEventListener("abort", () => { wasAborted = true; });
          context.subscriptions.push(() => write("aborted " + (wasAborted && context.signal.aborted)));`,
      }),
    ],
  });
  expect(await kit.run("listener")).toBe(false);

  await kit.host.deactivate("acme.listener");
  expect(kit.lines).toEqual(["aborted true"]);
});

inEachRuntime(
  "a stop during activate aborts the context's signal, and the activation ends",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.starting",
          activate: `await write("activating");
          await new Promise((done) => context.signal.addEventListener("abort", done));`,
        }),
      ],
    });
    const call = rejection(kit.run("starting"));
    await eventually(() => expect(kit.lines).toEqual(["activating"]));

    await kit.host.deactivate("acme.starting");
    expect(isExtensionError(await call)).toBe(true);
    expect(info(kit.host, "acme.starting").state).toBe("ready");
  },
);

inEachRuntime("a stub held over reloads leads to the generation that serves", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [aSubject({ id: "acme.held", head: "let calls = 0;", run: "() => ++calls" })],
  });
  const { run } = kit.host.contributions(subjects).get("held")!;

  expect([await run(0), await run(0)]).toEqual([1, 2]);
  await kit.host.reload("acme.held");
  expect(await run(0)).toBe(1);
  await kit.host.deactivate("acme.held");
  expect(await run(0)).toBe(1);
});

inEachRuntime("a stub of what left rejects with EXTENSION_GONE for ever", async (runtime) => {
  const held = aSubject({ id: "acme.held" });
  await using kit = await runtime.createHost({ extensions: [held] });
  const stub = kit.host.contributions(subjects).get("held")!;
  expect(await stub.run(1)).toBe(1);

  await kit.remove(held);
  await kit.host.rescan();
  expect(await rejection(stub.run(1))).toMatchObject({ code: "EXTENSION_GONE" });
  await kit.write(held);
  await kit.host.rescan();
  expect(await rejection(stub.run(1))).toMatchObject({ code: "EXTENSION_GONE" });
  expect(await kit.run("held", 2)).toBe(2);
});

interface Orders {
  find(id: string): string;
}
const Orders = serviceToken<Orders>("conformance.kept-orders");

inEachRuntime("what an old generation kept of its context is dead, and reaches nobody", async (runtime) => {
  const found: string[] = [];
  const orders = { find: (id: string) => (found.push(id), id) };
  await using kit = await runtime.createHost({
    services: [offer(Orders, orders, { methods: { find: 1 } })],
    extensions: [
      anExtension({ id: "acme.base", activate: `return { word: () => "word" };` }),
      aSubject({
        id: "acme.old",
        dependsOn: ["acme.base"],
        services: ["conformance.kept-orders"],
        head: "let orders, base;",
        // The old generation tries for as long as it can, whatever it is told.
        run: `async () => { setInterval(async () => {
          await orders.find("late").catch(() => {}); await base.word().catch(() => {});
          await context.storage.set("late", true).catch(() => {}); }, 5).unref(); return orders.find("in time"); }`,
        activate: `orders = context.services.get(Symbol.for("conformance.kept-orders")); base = context.dependency("acme.base");`,
      }),
    ],
  });
  expect(await kit.run("old")).toBe("in time");
  await eventually(() => expect(found).toContain("late"));

  await kit.write(
    aSubject({
      id: "acme.old",
      version: "2.0.0",
      run: `async () => (await context.storage.delete("late"), await context.storage.keys())`,
    }),
  );
  await kit.host.rescan();
  // It goes beside the new one, and may say something until it has.
  await eventually(() => expect(kit.record.kinds("acme.old")).toContain("deactivated"));
  expect(await kit.run("old")).toEqual([]);
  const count = found.length;
  await new Promise((later) => setTimeout(later, 60));
  expect(found).toHaveLength(count);
  expect(await kit.run("old")).toEqual([]);
});

inEachRuntime(
  "calls that come while the extension stops are answered by the next generation",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.echo",
          deactivate: `await write("stopping"); await new Promise((done) => setTimeout(done, 50));`,
        }),
      ],
    });
    await kit.run("echo", 1);

    const stopping = kit.host.deactivate("acme.echo");
    await eventually(() => expect(kit.lines).toEqual(["stopping"]));
    expect(await kit.run("echo", 2)).toBe(2);
    await stopping;
  },
);

inEachRuntime("an extension that asks for it is stopped before its update starts", async (runtime) => {
  const port = (version: string) =>
    aSubject({
      id: "acme.port",
      version,
      manifest: { update: "replace" },
      run: `() => "${version}"`,
      activate: `await write("start ${version}");`,
      deactivate: `await write("stop ${version}");`,
    });
  await using kit = await runtime.createHost({ extensions: [port("1.0.0")] });
  expect(await kit.run("port")).toBe("1.0.0");

  await kit.write(port("2.0.0"));
  await kit.host.rescan();
  expect(await kit.run("port")).toBe("2.0.0");
  expect(kit.lines).toEqual(["start 1.0.0", "stop 1.0.0", "start 2.0.0"]);
});

inEachRuntime(
  "after the host's stop every extension has been deactivated, dependents first",
  async (runtime) => {
    const kit = await runtime.createHost({
      extensions: [
        aSubject({ id: "acme.base", activate: "return {};", deactivate: `await write("base");` }),
        aSubject({ id: "acme.user", dependsOn: ["acme.base"], deactivate: `await write("user");` }),
      ],
    });
    await kit.run("user");
    await kit.host.stop();

    expect(kit.lines).toEqual(["user", "base"]);
    expect(await rejection(kit.run("user"))).toHaveProperty("code");
    await kit.dispose();
  },
);

inEachRuntime("an extension is active, with times for load, call and settle", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({ id: "acme.timed", activate: "await new Promise((done) => setTimeout(done, 20));" }),
    ],
  });
  await kit.run("timed");

  const { state, times, activatedBy, runtime: kind } = info(kit.host, "acme.timed");
  const problems = ownProblems(kit.host, "acme.timed");
  expect({ state, activatedBy, problems, kind }).toEqual({
    state: "active",
    activatedBy: "onSubject:timed",
    problems: [],
    kind: runtime.kind,
  });
  expect(times?.load).toBeGreaterThan(0);
  expect(times?.settle).toBeGreaterThan(10);
});
