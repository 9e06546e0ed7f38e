import { readdir } from "node:fs/promises";
import type { Logger, LogLevel } from "@plugboard/extension-api";
import { expect, test } from "vitest";
import {
  connectPlugin,
  type ConnectedPlugin,
} from "../../../../extensions/runtime-go-plugin/src/plugin/connected-plugin.js";
import { PluginLog } from "../../../../extensions/runtime-go-plugin/src/plugin/plugin-log.js";
import type { LaunchedPlugin } from "../../../../extensions/runtime-go-plugin/src/launch/launcher.js";
import { cutLines } from "../../../../core/src/runtime/child/tell-lines.js";
import { inRepository } from "../../../support/repository.js";
import { aLauncher, freshFolder, isAlive, writeProgram } from "../launch/plugin-folder.js";
import type { FakePluginManners } from "./fake-plugin.js";

interface Connected {
  readonly plugin: ConnectedPlugin;
  readonly launched: LaunchedPlugin;
  readonly logged: readonly (readonly [LogLevel, string])[];
}

async function connect(
  manners: FakePluginManners = {},
  runtime: Readonly<Record<string, unknown>> = {},
): Promise<Connected> {
  const { launch } = await aLauncher();
  const folder = await freshFolder();
  const fake = inRepository("test/unit/runtime-go-plugin/plugin/fake-plugin.ts");
  await writeProgram(folder, `import(${JSON.stringify(`file://${fake}`)});`);
  const logged: (readonly [LogLevel, string])[] = [];
  const take = (level: LogLevel) => (message: string) => void logged.push([level, message]);
  const logger: Logger = {
    debug: take("debug"),
    info: take("info"),
    warn: take("warn"),
    error: take("error"),
  };
  const log = new PluginLog(logger);
  const launched = await launch(
    folder,
    { args: [JSON.stringify(manners)], ...runtime },
    { onLine: (line) => log.line(line) },
  );
  const { handshake, tls } = launched;
  const plugin = await connectPlugin(
    {
      extension: { id: "acme.x", version: "1.0.0", path: folder },
      address: handshake.address,
      tls,
      version: handshake.version,
      process: launched.process,
      folder: launched.folder.path,
      ports: { minimum: 10_000, maximum: 25_000 },
      stopGraceMs: (runtime["stopGraceMs"] as number | undefined) ?? 5_000,
      connectMs: 5_000,
      log,
      logger,
      cutLines,
    },
    AbortSignal.timeout(15_000),
  );
  return { plugin, launched, logged };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test.each([
  ["over its socket", {}, {}],
  ["over TCP", { network: "tcp" }, {}],
  ["under AutoMTLS", {}, { tls: "auto" }],
  ["under AutoMTLS over TCP", { network: "tcp" }, { tls: "auto" }],
] as const)(
  "a plugin is reached %s, calls back, offers more, and ends when it is asked to",
  async (_how, manners, runtime) => {
    const { plugin, launched, logged } = await connect(manners, runtime);
    expect(await plugin.health()).toBe("SERVING");
    expect([plugin.child, plugin.version]).toEqual([launched.process, 1]);

    const asked: string[] = [];
    const id = await plugin.broker.serve(
      new Map([
        [
          "/test.Host/Ask",
          {
            unary: (request: Uint8Array) => {
              asked.push(text(request));
              return Buffer.from("host");
            },
          },
        ],
      ]),
    );
    expect(text(await plugin.client.unary("/test.Calls/Back", Buffer.from(String(id))))).toBe("host");
    expect(asked).toEqual(["plugin"]);
    // Nobody is connected to it any more.
    await expect.poll(() => readdir(launched.folder.path)).not.toContain(`host${id}`);

    const offered = await plugin.client.unary("/test.Calls/Offer", new Uint8Array(0));
    const client = await plugin.broker.dial(Number(text(offered)));
    expect(text(await client.unary("/test.Offer/Get", new Uint8Array(0)))).toBe("offered");

    await expect.poll(() => logged).toContainEqual(["info", "printed in pieces"]);
    expect(logged).toContainEqual(["warn", "complained"]);

    await plugin.stop();
    expect(await plugin.exited).toEqual({ kind: "disposed", message: "The plugin was stopped." });
    expect(await launched.process.exited).toMatchObject({ code: 0, signal: undefined });
    expect(logged).toContainEqual(["info", "[INFO] shutting down"]);
    await expect(plugin.broker.serve(new Map())).rejects.toThrow();
    await expect(client.unary("/test.Offer/Get", new Uint8Array(0))).rejects.toThrow();
  },
);

test("a plugin that says it does not serve is refused with its status", async () => {
  await expect(connect({ health: "NOT_SERVING" })).rejects.toMatchObject({
    code: "RUNTIME_UNREACHABLE",
    message: expect.stringContaining("NOT_SERVING") as string,
    details: { status: "NOT_SERVING" },
  });
});

test("a plugin without health, stdio and shutdown is used all the same, and ended by a signal", async () => {
  const { plugin, launched, logged } = await connect({
    health: "absent",
    stdio: "absent",
    shutdown: "absent",
  });
  expect(await plugin.health()).toBe("UNIMPLEMENTED");
  await expect
    .poll(() => logged.map(([, message]) => message))
    .toContainEqual(expect.stringContaining("no stdio service"));
  await plugin.stop();
  expect(await launched.process.exited).toMatchObject({ code: undefined, signal: "SIGTERM" });
});

test("a plugin that neither shuts down nor heeds SIGTERM is killed after its grace", async () => {
  const { plugin, launched } = await connect({ shutdown: "hangs", sigterm: "ignores" }, { stopGraceMs: 200 });
  await plugin.stop();
  expect(await launched.process.exited).toMatchObject({ code: undefined, signal: "SIGKILL" });
  expect((await plugin.exited).kind).toBe("disposed");
});

test("a plugin that panics has crashed with its last words, and calls of it fail", async () => {
  const { plugin, logged } = await connect();
  await expect(plugin.client.unary("/test.Calls/Panic", new Uint8Array(0))).rejects.toThrow();
  expect(await plugin.exited).toEqual({
    kind: "crashed",
    message: "The plugin exited with code 2: panic: boom.",
  });
  expect(logged.filter(([level]) => level === "error").map(([, message]) => message)).toContain(
    "panic: boom",
  );
});

test("a plugin that is killed has crashed, and leaves no socket", async () => {
  const { plugin, launched } = await connect();
  process.kill(launched.process.processId, "SIGKILL");
  expect(await plugin.exited).toEqual({ kind: "crashed", message: "The plugin was killed by SIGKILL." });
  await expect.poll(() => readdir(launched.folder.path).catch(() => "gone")).toBe("gone");
});

test("a plugin that has lost its connection is ended", async () => {
  const { plugin, launched } = await connect();
  plugin.client.close();
  expect((await plugin.exited).kind).toBe("crashed");
  expect(isAlive(launched.process.processId)).toBe(false);
});

test("a plugin that is ended though it is wanted has crashed, for the reason given", async () => {
  const { plugin } = await connect();
  await plugin.stop({ because: "The runtime was stopped." });
  expect(await plugin.exited).toEqual({ kind: "crashed", message: "The runtime was stopped." });
});

test("a plugin whose health is told in 64 MiB is refused", async () => {
  await expect(connect({ health: "huge" })).rejects.toMatchObject({
    code: "RUNTIME_UNREACHABLE",
    details: { status: "RESOURCE_EXHAUSTED" },
  });
});

test("of a flood of announcements only so many are kept", async () => {
  const { plugin } = await connect();
  await plugin.client.unary("/test.Calls/Announce", Buffer.from("3000"));
  const unreachable = { statusName: "UNAVAILABLE" };
  await expect(plugin.broker.dial(1_000)).rejects.toMatchObject(unreachable);
  const signal = AbortSignal.timeout(500);
  await expect(plugin.broker.dial(3_999, { signal })).rejects.toThrow("timeout");
});

test("what nobody announces is not waited for longer than the caller or the broker likes", async () => {
  const { plugin } = await connect();
  const late = plugin.broker.dial(5);
  late.catch(() => undefined);
  await expect(plugin.broker.dial(6, { signal: AbortSignal.timeout(20) })).rejects.toThrow();
  await expect(late).rejects.toMatchObject({ statusName: "DEADLINE_EXCEEDED" });
});

test("an attached plugin is let go instead of ended, and its end is a crash", async () => {
  const { launched } = await connect();
  const logger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const attach = () =>
    connectPlugin(
      {
        extension: { id: "acme.x", version: "1.0.0", path: "/" },
        address: launched.handshake.address,
        tls: undefined,
        version: 1,
        process: undefined,
        folder: launched.folder.path,
        ports: { minimum: 10_000, maximum: 25_000 },
        stopGraceMs: 1_000,
        connectMs: 1_000,
        log: new PluginLog(logger),
        logger,
        cutLines,
      },
      AbortSignal.timeout(5_000),
    );
  const first = await attach();
  await first.stop();
  expect((await first.exited).kind).toBe("disposed");
  expect(isAlive(launched.process.processId)).toBe(true);
  const second = await attach();
  process.kill(launched.process.processId, "SIGKILL");
  expect(await second.exited).toMatchObject({
    kind: "crashed",
    message: expect.stringContaining("lost") as string,
  });
  await expect(attach()).rejects.toMatchObject({ code: "RUNTIME_UNREACHABLE" });
});
