/** What runs an extension's code can be given by the application or by another extension. */
import type { ExtensionError, Runtime, RuntimeSession, StartRequest } from "@plugboard/core";
import { anExtension, createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";
import { journal, shared } from "../support/shared.js";

/** A runtime whose extensions all answer in the same way; it never reads their code. */
function echoRuntime(kind: string): Runtime & { readonly started: StartRequest[] } {
  const started: StartRequest[] = [];
  return {
    kind,
    started,
    async start(request) {
      started.push(request);
      return echoSession(request);
    },
  };
}

function echoSession(request: Pick<StartRequest, "extension" | "generation">): RuntimeSession {
  const over = Promise.withResolvers<{ kind: "disposed"; message: string }>();
  return {
    activate: async ({ contributions }) => ({
      supplied: contributions.map(({ point, id }) => ({ point, id })),
      findings: [],
      savesState: false,
      times: { call: 0, settle: 0 },
    }),
    handler: (_point, id) => (name) => `${id} echoes ${String(name)} in ${request.generation}`,
    exports: {},
    saveState: async () => undefined,
    deactivate: async () => undefined,
    dispose: () => over.resolve({ kind: "disposed", message: "asked for" }),
    leftovers: () => ({}),
    exited: over.promise,
  };
}

const remote = aGreeter({ id: "acme.remote", manifest: { runtime: "echo" } });

test("an extension runs in the runtime that its manifest names, if the application gives one", async () => {
  const runtime = echoRuntime("echo");
  await using kit = await createTestHost({ runtimes: [runtime], extensions: [remote] });

  expect(await greet(kit.host, "remote")).toBe("remote echoes World in 1");
  expect(runtime.started).toMatchObject([
    { extension: { id: "acme.remote", version: "1.0.0" }, generation: 1, runtime: { kind: "echo" } },
  ]);
  expect(info(kit.host, "acme.remote").runtime).toBe("echo");
  await kit.host.reload("acme.remote");
  expect(await greet(kit.host, "remote")).toBe("remote echoes World in 2");
});

test("a runtime prepares itself once, before the host says that it has started, if an extension asks for it", async () => {
  const prepared: string[] = [];
  const preparing = (kind: string): Runtime => ({
    ...echoRuntime(kind),
    prepare: async () => {
      await new Promise(setImmediate);
      prepared.push(kind);
    },
  });
  await using kit = await createTestHost({
    runtimes: [preparing("echo"), preparing("idle")],
    extensions: [remote, aGreeter({ id: "acme.other", manifest: { runtime: "echo" } })],
  });

  expect(prepared).toEqual(["echo"]);
  await kit.host.reload("acme.remote");
  expect(prepared).toEqual(["echo"]);
});

test("a runtime that could not prepare itself is asked to start all the same", async () => {
  const prepare = (): Promise<void> => Promise.reject(new Error("Nothing is found out."));
  await using kit = await createTestHost({
    runtimes: [{ ...echoRuntime("echo"), prepare }],
    extensions: [remote],
  });

  expect(await greet(kit.host, "remote")).toBe("remote echoes World in 1");
});

test("a runtime of its own gets the further keys of the manifest", async () => {
  const runtime = echoRuntime("echo");
  await using kit = await createTestHost({
    runtimes: [runtime],
    extensions: [remote.with({ manifest: { runtime: { kind: "echo", loudness: 11 } } })],
  });
  await greet(kit.host, "remote");

  expect(runtime.started[0]?.runtime).toEqual({ kind: "echo", loudness: 11 });
});

test("a runtime whose settings ask for more time to load than an activation has gets it, and no more", async () => {
  const hurried: Runtime = {
    kind: "echo",
    start: async (request) => {
      const { loadMs, askedMs } = request.runtime as unknown as Record<"loadMs" | "askedMs", number>;
      request.extendTimeout(askedMs);
      await new Promise((resolve) => setTimeout(resolve, loadMs).unref());
      return echoSession(request);
    },
  };
  const asking = (id: string, runtime: Record<string, unknown>) =>
    aGreeter({ id: `acme.${id}`, manifest: { runtime: { kind: "echo", ...runtime } } });
  await using kit = await createTestHost({
    runtimes: [hurried],
    limits: { activateMs: 50 },
    extensions: [
      asking("patient", { loadMs: 200, askedMs: 60_000 }),
      asking("late", { loadMs: 60_000, askedMs: 100 }),
      asking("modest", { loadMs: 60_000, askedMs: 1 }),
    ],
  });

  expect(await greet(kit.host, "patient")).toBe("patient echoes World in 1");
  const late = await rejection(greet(kit.host, "late"));
  const modest = await rejection(greet(kit.host, "modest"));
  expect(late).toMatchObject({ code: "ACTIVATION_TIMEOUT" });
  expect((late as ExtensionError).details.limitMs).toBeGreaterThanOrEqual(100);

  expect(modest).toMatchObject({ code: "ACTIVATION_TIMEOUT", details: { limitMs: 50 } });
});

test("what has no main runs all the same if its manifest names a runtime that is not the host's own", async () => {
  const runtime = echoRuntime("echo");
  await using kit = await createTestHost({
    runtimes: [runtime],
    runtimePolicy: ({ id }) => (id === "acme.kept" ? "in-process" : "echo"),
    extensions: [
      remote.with({ main: false }),
      remote.with({ id: "acme.kept", main: false, contributes: {}, activationEvents: ["onStartup"] }),
      anExtension({ id: "acme.declared", main: false, activationEvents: ["onStartup"] }),
    ],
  });

  expect(await greet(kit.host, "remote")).toBe("remote echoes World in 1");
  expect(runtime.started.map(({ extension, main }) => [extension.id, main])).toEqual([["acme.remote", ""]]);
  expect(["acme.kept", "acme.declared"].map((id) => info(kit.host, id).state)).toEqual(["active", "active"]);
});

test("the application's policy has the last word", async () => {
  const runtime = echoRuntime("echo");
  await using kit = await createTestHost({
    runtimes: [runtime],
    runtimePolicy: (description) => (description.id === "acme.english" ? "echo" : "in-process"),
    extensions: [aGreeter({ id: "acme.english" }), aGreeter({ id: "acme.spanish" })],
  });

  expect(await greet(kit.host, "english")).toBe("english echoes World in 1");
  expect(await greet(kit.host, "spanish")).toBe("spanish 1.0.0: World");
});

test("an extension whose runtime nobody brings is RUNTIME_UNKNOWN", async () => {
  await using kit = await createTestHost({
    extensions: [remote.with({ activationEvents: ["onStartup"] })],
  });

  expect(info(kit.host, "acme.remote").reason).toMatchObject({ code: "RUNTIME_UNKNOWN" });
  expect(info(kit.host, "acme.remote").reason?.message).toContain("echo");
});

test("a runtime that an extension contributes is activated by the first extension that needs it", async () => {
  const session = shared(echoSession);
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      remote,
      anExtension({
        id: "acme.echo",
        contributes: { runtimes: [{ id: "echo" }] },
        supplies: { runtimes: { echo: `{ start: async (request) => ${session.code}(request) }` } },
        activate: log.says("activate"),
      }),
    ],
  });
  expect(log.lines).toEqual([]);

  expect(await greet(kit.host, "remote")).toBe("remote echoes World in 1");
  expect(info(kit.host, "acme.echo")).toMatchObject({ state: "active", activatedBy: "onRuntime:echo" });
});

test("what brings a runtime is told that it can't run apart, by a policy for all as well", async () => {
  const provider = anExtension({
    id: "acme.runner",
    contributes: { runtimes: [{ id: "runner" }] },
    source: `export function activate(context) { context.contribute("runtimes", "runner", { start: () => undefined }); }`,
  });
  const user = aGreeter({ id: "acme.user", manifest: { runtime: "runner" } });
  await using kit = await createTestHost({
    extensions: [provider, user],
    runtimePolicy: ({ id }) => (id === "acme.user" ? "runner" : "process"),
  });

  expect(await rejection(greet(kit.host, "user"))).toMatchObject({
    code: "RUNTIME_START_FAILED",
    extensionId: "acme.runner",
  });
  expect(info(kit.host, "acme.runner")).toMatchObject({
    state: "failed",
    reason: {
      code: "RUNTIME_START_FAILED",
      message:
        'acme.runner brings a runtime, so it can run in-process only; its manifest or the runtime policy puts it in "process".',
    },
  });
});

test("a runtime that arrives later lets the extensions that wait for it run", async () => {
  const session = shared(echoSession);
  await using kit = await createTestHost({ extensions: [remote.with({ activationEvents: ["onStartup"] })] });
  expect(info(kit.host, "acme.remote").state).not.toBe("active");

  await kit.write(
    anExtension({
      id: "acme.echo",
      contributes: { runtimes: [{ id: "echo" }] },
      supplies: { runtimes: { echo: `{ start: async (request) => ${session.code}(request) }` } },
    }),
  );
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.remote").state).toBe("active"));
});

test("settings of a contributed runtime are checked by its schema, told with their place, and keep it from starting", async () => {
  const session = shared(echoSession);
  const schema = {
    type: "object",
    properties: { volume: { type: "integer", maximum: 11 } },
    required: ["volume"],
    additionalProperties: false,
  };
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.echo",
        contributes: { runtimes: [{ id: "echo", settings: "./runtime.schema.json" }] },
        supplies: { runtimes: { echo: `{ start: async (request) => ${session.code}(request) }` } },
        files: { "runtime.schema.json": JSON.stringify(schema) },
      }),
      aGreeter({ id: "acme.remote", manifest: { runtime: { kind: "echo", volumne: 3 } } }),
    ],
  });
  const [problem] = info(kit.host, "acme.remote").problems;
  expect(problem).toMatchObject({
    code: "MANIFEST_INVALID",
    severity: "error",
    path: "/runtime/volumne",
    line: expect.any(Number) as number,
    message: 'The runtime echo needs "volume"; "volumne" is not known.',
    suggestion: "volume",
  });
  expect(await rejection(greet(kit.host, "remote"))).toMatchObject({
    code: "MANIFEST_INVALID",
    message: problem?.message,
  });
  expect(info(kit.host, "acme.remote").problems).toEqual([problem]);
  expect(info(kit.host, "acme.echo").state).not.toBe("active");

  await kit.write(aGreeter({ id: "acme.remote", manifest: { runtime: { kind: "echo", volume: 11 } } }));
  await kit.host.rescan();
  expect(await greet(kit.host, "remote")).toContain("remote echoes World");
  expect(info(kit.host, "acme.remote").problems).toEqual([]);
});

test("what settings refer to is told where it is missing: files, contributions, this machine", async () => {
  const session = shared(echoSession);
  const schema = {
    type: "object",
    properties: {
      program: {
        type: ["string", "object"],
        format: "extension-file",
        propertyNames: { format: "platform" },
        additionalProperties: { type: "string", format: "extension-file" },
      },
      answers: {
        type: "object",
        propertyNames: { format: "contributed-point" },
        additionalProperties: { type: "object", propertyNames: { format: "contribution-id" } },
      },
    },
  };
  const asking = (id: string, settings: Record<string, unknown>) =>
    aGreeter({ id: `acme.${id}`, manifest: { runtime: { kind: "echo", ...settings } } });
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.echo",
        contributes: { runtimes: [{ id: "echo", settings: "./runtime.schema.json" }] },
        supplies: { runtimes: { echo: `{ start: async (request) => ${session.code}(request) }` } },
        files: { "runtime.schema.json": JSON.stringify(schema) },
      }),
      asking("right", {
        program: { [process.platform]: "./plugin.json5" },
        answers: { greeters: { right: 1 } },
      }),
      asking("built", { program: "./built" }),
      asking("outside", { program: "../other/plugin.json5" }),
      asking("elsewhere", { program: { "plan9-mips": "./plugin.json5" } }),
      asking("slip", { answers: { greeters: { slipp: 1 } } }),
      asking("point", { answers: { greter: {} } }),
      asking("spare", { answers: { greeters: { spare: 1, quite: 2, "other-thing": 3 }, panels: {} } }),
    ],
  });
  const told = (id: string) =>
    info(kit.host, `acme.${id}`).problems.map(({ severity, code, path, suggestion }) =>
      [severity, code, path, suggestion].filter((one) => one !== undefined).join(" "),
    );
  expect(told("right")).toEqual([]);
  expect(told("built")).toEqual(["error MANIFEST_PATH /runtime/program"]);
  expect(told("outside")).toEqual(["error MANIFEST_PATH /runtime/program"]);
  expect(told("elsewhere")).toEqual(["warning MANIFEST_INVALID /runtime/program"]);
  expect(told("slip")).toEqual(["error MANIFEST_INVALID /runtime/answers/greeters/slipp slip"]);
  expect(told("point")).toEqual(["error MANIFEST_INVALID /runtime/answers/greter greeters"]);
  expect(told("spare")).toEqual([
    "warning MANIFEST_INVALID /runtime/answers/greeters/quite",
    "warning MANIFEST_INVALID /runtime/answers/greeters/other-thing",
    "warning MANIFEST_INVALID /runtime/answers/panels",
  ]);

  await kit.write(asking("built", { program: "./built" }).with({ files: { built: "" } }));
  expect(told("built")).toEqual([]);
  // Of files the runtime knows better; names that are nearly right were meant for what is contributed.
  expect(await greet(kit.host, "spare")).toBe("spare echoes World in 1");
  expect(await greet(kit.host, "outside")).toBe("outside echoes World in 1");
  expect(await rejection(greet(kit.host, "slip"))).toMatchObject({ code: "MANIFEST_INVALID" });
});

test("a schema of settings that is none is told of the extension that brings it, and checks nothing", async () => {
  const session = shared(echoSession);
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.echo",
        contributes: { runtimes: [{ id: "echo", settings: "./runtime.schema.json" }] },
        supplies: { runtimes: { echo: `{ start: async (request) => ${session.code}(request) }` } },
        files: { "runtime.schema.json": `{ "type": "thing" }` },
      }),
      aGreeter({ id: "acme.remote", manifest: { runtime: { kind: "echo", loud: true } } }),
    ],
  });
  expect(info(kit.host, "acme.echo").problems).toMatchObject([
    { code: "CONTRIBUTION_INVALID", path: "/contributes/runtimes/0/settings" },
  ]);
  expect(await greet(kit.host, "remote")).toBe("remote echoes World in 1");
});

test("what a runtime finds wrong with a key of its settings is told at the key's place", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.echo",
        head: `import { ExtensionError } from "@plugboard/extension-api";`,
        contributes: { runtimes: [{ id: "echo" }] },
        supplies: {
          runtimes: {
            echo: `{ start: async () => { throw new ExtensionError("MANIFEST_INVALID", "no such volume", { details: { key: "runtime.levels.a.b" } }); } }`,
          },
        },
      }),
      aGreeter({ id: "acme.remote", manifest: { runtime: { kind: "echo", levels: { "a.b": 12 } } } }),
    ],
  });
  await rejection(greet(kit.host, "remote"));
  expect(info(kit.host, "acme.remote").problems).toMatchObject([
    {
      code: "MANIFEST_INVALID",
      path: "/runtime/levels/a.b",
      line: expect.any(Number) as number,
      message: "no such volume",
    },
  ]);
});

/** A guest of a few lines, as one in any language would be: it reads frames and writes frames. */
const frameGuest = `
  function openChannel() {
    const over = Promise.withResolvers();
    let tell = () => undefined;
    const answer = (...frames) => setImmediate(() => tell(frames));
    const heard = {
      hello: ({ session, contributions }) =>
        answer({
          type: "ready",
          session,
          supplied: contributions.map(({ point, id }) => ({ point, id })),
          findings: [],
          savesState: false,
          exports: { functions: [], values: {} },
          times: { load: 0, call: 0, settle: 0 },
        }),
      call: ({ session, id, target, args }) =>
        answer({ type: "ok", session, id, value: target + " hears " + args.join() }),
      bye: ({ session, deactivate }) => deactivate && answer({ type: "gone", session, leftovers: {} }),
    };
    return {
      send: (frames) => frames.forEach((frame) => heard[frame.type]?.(frame)),
      receive: (listener) => { tell = listener; },
      closed: over.promise,
      close: () => over.resolve({ kind: "disposed", message: "closed" }),
      crash: () => over.resolve({ kind: "crashed", message: "The line went dead." }),
      processId: undefined,
      memory: async () => bytes,
      busyPlace: async () => undefined,
    };
  }
  let channels = [];
  let bytes;
`;
const framed = anExtension({
  id: "acme.framed",
  head: frameGuest,
  contributes: { runtimes: [{ id: "framed" }], commands: [{ id: "framed.crash" }, { id: "framed.swell" }] },
  supplies: {
    runtimes: {
      framed: `{
        start: async (request) => {
          const channel = openChannel();
          channels.push(channel);
          return request.openSession(channel);
        },
      }`,
    },
    commands: {
      "framed.crash": "{ execute: () => channels.at(-1).crash() }",
      "framed.swell": "{ execute: (size) => { bytes = size; } }",
    },
  },
});

test("a guest over a contributed channel is held to the limit of memory", async () => {
  await using kit = await createTestHost({
    extensions: [framed, aGreeter({ id: "acme.remote", manifest: { runtime: "framed" } })],
    limits: { memoryBytes: 100 * 2 ** 20 },
  });
  await greet(kit.host, "remote");
  await kit.host.executeCommand("framed.swell", 101 * 2 ** 20);
  await eventually(() => expect(kit.record.kinds("acme.remote")).toContain("failed"));
  expect(JSON.stringify(kit.record.events)).toContain(
    "It was ended because it took 101 MB of memory; its limit is 100 MB",
  );
});

test("a runtime brings a channel of its own, and the host speaks its frames with whatever is at the other end", async () => {
  await using kit = await createTestHost({
    extensions: [framed, aGreeter({ id: "acme.remote", manifest: { runtime: "framed" } })],
  });
  expect(await greet(kit.host, "remote")).toBe("contribution/greeters/remote/greet hears World");
  await kit.host.reload("acme.remote");
  expect(await greet(kit.host, "remote")).toBe("contribution/greeters/remote/greet hears World");

  await kit.host.executeCommand("framed.crash");
  await eventually(() => expect(kit.record.kinds("acme.remote")).toContain("failed"));
  expect(await greet(kit.host, "remote")).toBe("contribution/greeters/remote/greet hears World");
});
