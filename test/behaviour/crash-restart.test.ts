/** What runs an extension may end by itself: who hears of it, what is started again, and when it is left alone. */
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { switchExtension, type Incident } from "@plugboard/core";
import { createTestHost, eventually, type TestHostOptions } from "@plugboard/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection, states } from "../support/extensions.js";
import { FragileRuntime, type Fragility } from "../support/fragile-runtime.js";

const fragile = aGreeter({ id: "acme.fragile", manifest: { runtime: "fragile" } });
const other = aGreeter({ id: "acme.other", manifest: { runtime: "fragile" } });
const quick = { delaysMs: [1] };

async function fragileHost(options: TestHostOptions = {}, fragility: Fragility = {}) {
  const runtime = new FragileRuntime(fragility);
  const kit = await createTestHost({
    extensions: [fragile],
    restart: quick,
    ...options,
    runtimes: [runtime],
  });
  const crash = (message?: string) => runtime.session("acme.fragile").crash(message);
  return {
    ...kit,
    runtime,
    crash,
    /** Crashes it again as soon as it has been started again, until it is left alone. */
    exhaust: async () => {
      await greet(kit.host, "fragile");
      await eventually(async () => {
        const session = runtime.session("acme.fragile");
        if (session.isActivated) session.crash("it ran out of memory");
        expect(info(kit.host, "acme.fragile").reason?.code).toBe("CRASHED_TOO_OFTEN");
      });
    },
    /** Settles when that generation is active. */
    running: (generation: number) =>
      eventually(() => expect(info(kit.host, "acme.fragile")).toMatchObject({ state: "active", generation })),
    history: () => kit.host.explain("acme.fragile").history,
  };
}

const never = () => new Promise<never>(() => undefined);

test("a crash rejects the calls in flight with EXTENSION_CRASHED and marks the extension as failed", async () => {
  await using kit = await fragileHost({ restart: { delaysMs: [60_000] } }, { answer: never });
  const call = greet(kit.host, "fragile");
  await eventually(() => expect(info(kit.host, "acme.fragile").state).toBe("active"));
  kit.crash();

  expect(await rejection(call)).toMatchObject({ code: "EXTENSION_CRASHED", extensionId: "acme.fragile" });
  expect(info(kit.host, "acme.fragile")).toMatchObject({
    state: "failed",
    reason: { code: "EXTENSION_CRASHED", message: "acme.fragile crashed: it was killed by SIGKILL" },
    restart: { delayMs: 60_000 },
  });
});

test("an extension that crashed is started again by itself as the next generation", async () => {
  await using kit = await fragileHost();
  expect(await greet(kit.host, "fragile")).toBe("fragile 1: World");
  kit.crash();
  await kit.running(2);

  expect(info(kit.host, "acme.fragile")).toMatchObject({ generation: 2, activatedBy: "onGreeter:fragile" });
  expect(info(kit.host, "acme.fragile").restart).toBeUndefined();
  expect(await greet(kit.host, "fragile")).toBe("fragile 2: World");
});

test("the host tells of the failure, of the restart to come and of its success, in this order", async () => {
  await using kit = await fragileHost();
  await greet(kit.host, "fragile");
  kit.record.clear();
  kit.crash();
  await kit.running(2);

  expect(kit.record.kinds("acme.fragile")).toEqual([
    "failed",
    "problem",
    "restarting",
    "activating",
    "activated",
  ]);
  expect(kit.record.events.find(({ kind }) => kind === "restarting")).toMatchObject({
    generation: 1,
    delayMs: 1,
  });
});

test("each restart waits longer than the one before", async () => {
  await using kit = await fragileHost({ restart: { delaysMs: [1, 2, 3], budget: 6 } });
  await greet(kit.host, "fragile");
  for (let generation = 1; generation < 6; generation++) {
    await kit.running(generation);
    kit.crash();
  }
  await kit.running(6);

  const delays = kit.record.events.flatMap(({ delayMs }) => delayMs ?? []);
  expect(delays).toEqual([1, 2, 3, 3, 3]);
});

test("calls during the wait for a restart are answered by the generation that follows", async () => {
  await using kit = await fragileHost({ restart: { delaysMs: [50] } });
  await greet(kit.host, "fragile");
  kit.crash();
  await eventually(() => expect(info(kit.host, "acme.fragile").state).toBe("failed"));

  const calls = ["Ada", "Bo"].map((name) => greet(kit.host, "fragile", name));
  expect(await Promise.all(calls)).toEqual(["fragile 2: Ada", "fragile 2: Bo"]);
});

test("a call that waits for a restart keeps its own limit", async () => {
  await using kit = await fragileHost({ restart: { delaysMs: [60_000] } });
  await greet(kit.host, "fragile");
  kit.crash();
  await eventually(() => expect(info(kit.host, "acme.fragile").state).toBe("failed"));

  expect(await rejection(greet(kit.host, "fragile", "Ada", { timeoutMs: 20 }))).toMatchObject({
    code: "CALL_TIMEOUT",
  });
});

test("a call in flight at a crash is not made again", async () => {
  const received: unknown[] = [];
  await using kit = await fragileHost(
    {},
    {
      answer: (session, argument) => {
        received.push(argument);
        return session.generation === 1 && argument === "once" ? never() : argument;
      },
    },
  );
  const call = greet(kit.host, "fragile", "once");
  await eventually(() => expect(received).toEqual(["once"]));
  kit.crash();
  await rejection(call);
  await greet(kit.host, "fragile", "after");

  expect(received).toEqual(["once", "after"]);
});

test("the third crash within the window stops an extension with CRASHED_TOO_OFTEN", async () => {
  await using kit = await fragileHost();
  await kit.exhaust();

  expect(info(kit.host, "acme.fragile")).toMatchObject({ state: "failed", generation: 3 });
  expect(info(kit.host, "acme.fragile").problems).toMatchObject([
    { code: "CRASHED_TOO_OFTEN", severity: "error", message: expect.stringContaining("3 times") as unknown },
  ]);
  expect(kit.runtime.alive("acme.fragile")).toEqual([]);
});

test("neither a call nor an event starts an extension that crashed too often", async () => {
  await using kit = await fragileHost({
    extensions: [fragile.with({ activationEvents: ["onOrder:paid"] })],
    limits: { retryMs: 0 },
  });
  await kit.exhaust();
  await kit.host.activateByEvent("onOrder:paid");

  expect(await rejection(greet(kit.host, "fragile"))).toMatchObject({
    code: "EXTENSION_CRASHED",
    details: { reason: "CRASHED_TOO_OFTEN" },
  });
  expect(kit.runtime.sessions).toHaveLength(3);
});

test.each(["retry", "enable", "reload", "activate"] as const)(
  "%s starts an extension that crashed too often, with a fresh budget",
  async (verb) => {
    await using kit = await fragileHost();
    await kit.exhaust();
    await kit.host[verb]("acme.fragile");
    expect(info(kit.host, "acme.fragile")).toMatchObject({ state: "active", generation: 4 });

    kit.crash();
    await kit.running(5);
  },
);

test.each(["retry", "activate"] as const)("%s does not wait for the restart that is due", async (verb) => {
  await using kit = await fragileHost({ restart: { delaysMs: [60_000] } });
  await greet(kit.host, "fragile");
  kit.crash();
  await eventually(() => expect(info(kit.host, "acme.fragile").state).toBe("failed"));
  const call = greet(kit.host, "fragile");
  await kit.host[verb]("acme.fragile");

  expect(info(kit.host, "acme.fragile")).toMatchObject({ state: "active", generation: 2 });
  expect(await call).toBe("fragile 2: World");
});

test("a change of its folder starts an extension that crashed too often", async () => {
  await using kit = await fragileHost({ watch: true });
  await kit.exhaust();
  await kit.write(fragile.with({ version: "1.0.1" }));

  await eventually(() =>
    expect(info(kit.host, "acme.fragile")).toMatchObject({ state: "active", version: "1.0.1" }),
  );
});

test("a file that the extension did not load does not start it again", async () => {
  // The extension could write it itself, and crash again, without end.
  const stamp = { hash: "0", mtimeMs: 0, ctimeMs: 0, size: 0 };
  await using kit = await fragileHost(
    { watch: true },
    {
      activate: ({ request }) => {
        request.onFile(join(request.extension.path, "absent.js"), { ...stamp, hash: undefined });
      },
    },
  );
  await kit.exhaust();
  await writeFile(join(info(kit.host, "acme.fragile").folder, "extension.log"), "crashed");
  await kit.host.rescan();
  const spared = kit.runtime.sessions.length;
  await writeFile(join(info(kit.host, "acme.fragile").folder, "absent.js"), "");

  await eventually(() => expect(info(kit.host, "acme.fragile").state).toBe("active"));
  expect(spared).toBe(3);
});

test("a crash during the activation rejects it with EXTENSION_CRASHED and counts", async () => {
  await using kit = await fragileHost(
    {},
    {
      activate: (session) => {
        session.crash("process.exit(7) was called");
        return never();
      },
    },
  );
  expect(await rejection(greet(kit.host, "fragile"))).toMatchObject({
    code: "EXTENSION_CRASHED",
    details: { reason: "CRASHED_TOO_OFTEN" },
  });
  expect(kit.runtime.sessions.map(({ generation }) => generation)).toEqual([1, 2, 3]);
  expect(kit.history().map(({ outcome }) => outcome.kind)).toEqual(["restarted", "restarted", "stopped"]);
});

test("a call that wakes an extension which crashes once while it starts is answered after the restart", async () => {
  await using kit = await fragileHost(
    {},
    { activate: (session) => (session.generation === 1 ? (session.crash(), never()) : undefined) },
  );
  expect(await greet(kit.host, "fragile")).toBe("fragile 2: World");
});

test("a call that was sent ahead to what crashed while it started is not made again", async () => {
  const received: unknown[] = [];
  const arrived = Promise.withResolvers<void>();
  await using kit = await fragileHost(
    {},
    {
      queuesCalls: true,
      activate: async (session) => {
        if (session.generation > 1) return;
        await arrived.promise;
        session.crash();
        await never();
      },
      answer: (session, argument) => {
        received.push(argument);
        arrived.resolve();
        return session.generation === 1 ? never() : argument;
      },
    },
  );
  expect(await rejection(greet(kit.host, "fragile", "Ada"))).toMatchObject({ code: "EXTENSION_CRASHED" });
  expect(await greet(kit.host, "fragile", "Bo")).toBe("Bo");

  expect(received).toEqual(["Ada", "Bo"]);
});

test("a crash touches no other extension", async () => {
  await using kit = await fragileHost({ extensions: [fragile, other] });
  await Promise.all([greet(kit.host, "fragile"), greet(kit.host, "other")]);
  kit.record.clear();
  await kit.exhaust();

  expect(kit.record.kinds("acme.other")).toEqual([]);
  expect(await greet(kit.host, "other")).toBe("other 1: World");
});

test("dependents of a crashed provider go down and come back in order when it does", async () => {
  await using kit = await fragileHost({
    extensions: [
      fragile,
      aGreeter({ id: "acme.middle", dependsOn: ["acme.fragile"] }),
      aGreeter({ id: "acme.top", dependsOn: ["acme.middle"] }),
    ],
    restart: { delaysMs: [30] },
  });
  await greet(kit.host, "top");
  kit.record.clear();
  kit.crash();
  await eventually(() =>
    expect(states(kit.host)).toMatchObject({ "acme.fragile": "failed", "acme.top": "blocked" }),
  );
  expect(await greet(kit.host, "top")).toBe("top 1.0.0: World");

  const told = (kind: string) => kit.record.events.filter((event) => event.kind === kind).map(({ id }) => id);
  expect(told("deactivated")).toEqual(["acme.top", "acme.middle"]);
  expect(told("activated")).toEqual(["acme.fragile", "acme.middle", "acme.top"]);
});

test("a dependent that crashed too often is not started because its provider crashes", async () => {
  await using kit = await fragileHost({
    extensions: [fragile.with({ dependsOn: ["acme.other"] }), other],
  });
  await kit.exhaust();
  kit.runtime.session("acme.other").crash();
  await eventually(() =>
    expect(info(kit.host, "acme.other")).toMatchObject({ state: "active", generation: 2 }),
  );

  expect(info(kit.host, "acme.fragile").reason?.code).toBe("CRASHED_TOO_OFTEN");
});

test("a stop ends the wait for a restart and rejects what waits for it", async () => {
  await using kit = await fragileHost({ restart: { delaysMs: [20] } });
  await greet(kit.host, "fragile");
  kit.crash();
  await eventually(() => expect(info(kit.host, "acme.fragile").state).toBe("failed"));
  const call = rejection(greet(kit.host, "fragile"));
  await kit.host.stop();

  expect(await call).toMatchObject({ code: "HOST_STOPPED" });
  expect(kit.runtime.sessions).toHaveLength(1);
});

test.each(["disable", "deactivate"] as const)("%s calls off the restart that is due", async (verb) => {
  await using kit = await fragileHost({ restart: { delaysMs: [60_000] } });
  await greet(kit.host, "fragile");
  kit.crash();
  await eventually(() => expect(info(kit.host, "acme.fragile").state).toBe("failed"));
  await kit.host[verb]("acme.fragile");

  expect(info(kit.host, "acme.fragile").restart).toBeUndefined();
  expect(info(kit.host, "acme.fragile").state).toBe(verb === "disable" ? "blocked" : "ready");
});

test("a candidate that crashes leaves the generation before it serving", async () => {
  await using kit = await fragileHost(
    {},
    {
      activate: (session) => (session.generation === 2 ? (session.crash("bad update"), never()) : undefined),
    },
  );
  await greet(kit.host, "fragile");
  expect(await rejection(kit.host.reload("acme.fragile"))).toMatchObject({ code: "EXTENSION_CRASHED" });

  expect(await greet(kit.host, "fragile")).toBe("fragile 1: World");
  expect(kit.history()).toMatchObject([{ generation: 2, outcome: { kind: "discarded" } }]);
});

test("a candidate that crashes is in sight and not tried again before its folder changes", async () => {
  await using kit = await fragileHost(
    {},
    {
      activate: (session) =>
        session.request.extension.version === "2.0.0" ? (session.crash("bad update"), never()) : undefined,
    },
  );
  await greet(kit.host, "fragile");
  await kit.write(fragile.with({ version: "2.0.0" }));
  await kit.host.rescan();
  await kit.host.rescan();

  expect(info(kit.host, "acme.fragile")).toMatchObject({
    state: "active",
    version: "1.0.0",
    candidate: { state: "failed", reason: { code: "EXTENSION_CRASHED" } },
  });
  expect(kit.runtime.sessions).toHaveLength(2);
  await kit.write(fragile.with({ version: "3.0.0" }));
  await kit.host.rescan();

  expect(info(kit.host, "acme.fragile")).toMatchObject({ state: "active", version: "3.0.0" });
  expect(info(kit.host, "acme.fragile").candidate).toBeUndefined();
});

test("an update that is on its way when the old generation crashes takes its place", async () => {
  const gate = Promise.withResolvers<void>();
  await using kit = await fragileHost(
    {},
    { activate: (session) => (session.generation === 2 ? gate.promise : undefined) },
  );
  await greet(kit.host, "fragile");
  const reload = kit.host.reload("acme.fragile");
  await eventually(() => expect(kit.runtime.sessions).toHaveLength(2));
  kit.runtime.sessions[0]?.crash();
  await eventually(() => expect(info(kit.host, "acme.fragile").state).toBe("failed"));
  const call = greet(kit.host, "fragile");
  gate.resolve();
  await reload;

  expect(await call).toBe("fragile 2: World");
  expect(kit.runtime.sessions).toHaveLength(2);
  expect(kit.history()).toMatchObject([{ outcome: { kind: "replaced", generation: 2 } }]);
});

test("a policy by extension decides what happens after a crash", async () => {
  await using kit = await fragileHost({
    extensions: [fragile, other],
    restart: ({ id }) => (id === "acme.fragile" ? { budget: 1 } : quick),
  });
  await Promise.all([greet(kit.host, "fragile"), greet(kit.host, "other")]);
  kit.crash();
  kit.runtime.session("acme.other").crash();

  await eventually(() => expect(info(kit.host, "acme.other").generation).toBe(2));
  expect(info(kit.host, "acme.fragile")).toMatchObject({
    generation: 1,
    reason: { code: "CRASHED_TOO_OFTEN" },
  });
});

test.each([{ delaysMs: [] }, { delaysMs: [-1] }, { budget: 0 }, { windowMs: Number.NaN }])(
  "a restart policy that makes no sense is refused: %o",
  async (restart) => {
    expect(await rejection(createTestHost({ restart }))).toBeInstanceOf(RangeError);
  },
);

test("the history tells what happened, when, and what came of it, and is bounded", async () => {
  await using kit = await fragileHost({ restart: { delaysMs: [0], budget: Infinity } });
  await greet(kit.host, "fragile");
  const before = Date.now();
  for (let generation = 1; generation <= 23; generation++) {
    await kit.running(generation);
    kit.crash(`crash ${generation}`);
  }
  await eventually(() => expect(info(kit.host, "acme.fragile").generation).toBe(24));

  const history = kit.history();
  expect(history).toHaveLength(20);
  expect(history.at(-1)).toMatchObject({
    kind: "crashed",
    generation: 23,
    message: "acme.fragile crashed: crash 23",
    outcome: { kind: "restarted", generation: 24, delayMs: 0 },
  } satisfies Partial<Incident>);
  expect(history[0]?.time).toBeGreaterThanOrEqual(before);
});

test("explain tells people the story of the crashes and what runs the extension now", async () => {
  await using kit = await fragileHost();
  await greet(kit.host, "fragile");
  kit.crash();
  await kit.running(2);
  const memoryBytes = await kit.host.memory("acme.fragile");
  const story = kit.host.explain("acme.fragile").format({ memoryBytes });

  expect(story).toMatch(
    /crashed +\d{4}-\S+Z generation 1: acme\.fragile crashed: it was killed by SIGKILL; restarted as generation 2 after 1 ms/,
  );
  expect(story).toMatch(/process +4711\n/);
  expect(story).toMatch(/memory +12\.0 MB\n/);
  expect(story).toContain("fragile (trusted: full rights)");
});

test("no two sessions of an extension serve at once, whatever happens in whatever order", async () => {
  const step = fc.constantFrom("crash", "call", "retry", "reload", "deactivate", "wait");
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const answers: unknown[] = [];
      let served = 0;
      await using kit = await fragileHost(
        { restart: { delaysMs: [0, 1], budget: 4 } },
        {
          answer: (session, argument) => {
            // A generation that is on its way out may finish its calls; it gets no new ones.
            expect(session.exit).toBeUndefined();
            expect(session.generation).toBeGreaterThanOrEqual(served);
            served = session.generation;
            return argument;
          },
        },
      );
      let asked = 0;
      const open: Promise<unknown>[] = [];
      const settled = (promise: Promise<unknown>) => {
        // It may fail long before it is looked at.
        promise.catch(() => undefined);
        open.push(promise);
      };
      for (const what of steps) {
        if (what === "crash") kit.runtime.sessions.at(-1)?.crash();
        else if (what === "call") {
          const name = String(asked++);
          settled(greet(kit.host, "fragile", name).then((answer) => answers.push(answer)));
        } else if (what === "wait") await new Promise((resolve) => setTimeout(resolve, 2));
        else settled(kit.host[what]("acme.fragile"));
      }
      for (const outcome of await Promise.allSettled(open))
        if (outcome.status === "rejected")
          expect((outcome.reason as { code?: string }).code).toMatch(
            /^(?:EXTENSION_CRASHED|ACTIVATION_ABORTED)$/,
          );
      expect(new Set(answers).size).toBe(answers.length);
      await kit.host.retry("acme.fragile").catch(() => undefined);
      await eventually(async () => {
        expect(await greet(kit.host, "fragile", "last")).toBe("last");
        expect(kit.runtime.alive("acme.fragile")).toHaveLength(1);
      });
    }),
    { numRuns: 60, interruptAfterTimeLimit: 8_000 },
  );
});

test("what changes on the disk after a crash during an update is what serves in the end", async () => {
  const door = Promise.withResolvers<undefined>();
  await using kit = await fragileHost(
    { limits: { activateMs: 20_000 }, restart: { delaysMs: [60_000] } },
    {
      activate: ({ request: { extension } }) =>
        extension.version === "2.0.0" ? door.promise : Promise.resolve(),
      answer: ({ request: { extension } }) => extension.version,
    },
  );
  expect(await greet(kit.host, "fragile")).toBe("1.0.0");
  await kit.write(fragile.with({ version: "2.0.0" }));
  void kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.fragile").candidate?.state).toBe("activating"));
  kit.runtime.alive("acme.fragile")[0]?.crash();
  await eventually(() => expect(info(kit.host, "acme.fragile").state).toBe("failed"));

  await kit.write(fragile.with({ version: "3.0.0" }));
  void kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.fragile").version).toBe("3.0.0"));
  door.resolve(undefined);
  expect(await greet(kit.host, "fragile")).toBe("3.0.0");
  expect(info(kit.host, "acme.fragile")).toMatchObject({ state: "active", version: "3.0.0" });
});

test("whoever enables it from elsewhere starts again what crashed too often", async () => {
  const stateFolder = await realpath(await mkdtemp(join(tmpdir(), "plugboard-state-")));
  try {
    await using kit = await fragileHost({ watch: true, stateFolder, restart: { budget: 1 } });
    await kit.exhaust();
    const { generation } = info(kit.host, "acme.fragile");
    const { folder } = kit;
    const switched = await switchExtension("acme.fragile", {
      isEnabled: true,
      stateFolder,
      extensionFolders: [folder],
    });
    expect(switched).toEqual({ id: "acme.fragile", enabled: true, changed: false });
    await kit.running(generation + 1);
  } finally {
    await rm(stateFolder, { recursive: true, force: true });
  }
});
