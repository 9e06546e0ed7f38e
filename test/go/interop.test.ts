/**
 * Who understands whom: hosts and plugins in Go and ours, in every pair, plain and under AutoMTLS, with real programs.
 * Each test is a cell of the table that `npm run interop` prints; what can't work is shown not to, for its reason.
 */
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  contributionPoint,
  createExtensionHost,
  isExtensionError,
  offer,
  serviceToken,
  type ExtensionHost,
  type Logger,
  type Stub,
} from "@plugboard/core";
import { expect, onTestFinished } from "vitest";
import { connectPlugin } from "../../extensions/runtime-go-plugin/src/plugin/connected-plugin.js";
import { PluginLog } from "../../extensions/runtime-go-plugin/src/plugin/plugin-log.js";
import { contractPaths } from "../../extensions/runtime-go-plugin/src/serve/contract-messages.js";
import { cutLines } from "../../core/src/runtime/child/tell-lines.js";
import { contractSteps, servingCommand } from "../support/contract-host.js";
import { info } from "../support/extensions.js";
import { goHost } from "../support/go-host.js";
import { goTest } from "../support/go-test.js";
import { buildGo, goFolder, placeProgram } from "../support/go-toolchain.js";
import { inRepository } from "../support/repository.js";
import { aLauncher, isAlive } from "../unit/runtime-go-plugin/launch/plugin-folder.js";
import type { InteropCell } from "./interop-table.js";

declare module "vitest" {
  interface TaskMeta {
    /** The cell of the interop table that a test fills. */
    interop?: InteropCell;
  }
}

const callBackRefused =
  "go-plugin before 1.4.4 can't call back under AutoMTLS: it looks for the name `unused` in the certificate (hashicorp/go-plugin#109)";
const noStdio = "go-plugin has the stdio service since 1.1.0, and these programs are built with 1.0.1";
const byBroker =
  "at the level of the broker: a mapping offers a host service for the time of one call, and serve-go-plugin takes an offer for good";

type Security = InteropCell["security"];
type What = "call" | "call-back" | "health" | "stdio" | "stop" | "kill -9";

/** What of a pair differs from yes, and how each thing is tried. */
interface Pair {
  readonly host: "Go host" | "our host";
  readonly plugin: "Go plugin" | "our plugin";
  readonly outcomes: (what: What, security: Security) => string;
  readonly tries: Readonly<Record<What, (security: Security) => Promise<void>>>;
}

const pairs: readonly Pair[] = [
  {
    host: "Go host",
    plugin: "Go plugin",
    outcomes: (what, security) => {
      if (what === "stdio") return `no: ${noStdio}`;
      return what === "call-back" && security === "AutoMTLS" ? `no: ${callBackRefused}` : "yes";
    },
    tries: {
      call: async (security) => {
        expect((await byGo(security)).greeting).toBe("Bonjour, World ! Enchanté.");
      },
      "call-back": async (security) => {
        const { callBack, error } = await byGo(security, "-call-back", "polyglot");
        if (security === "plain") expect(callBack).toBe("Bonjour, Professor World ! Enchanté.");
        else expect(error).toContain("certificate is valid for localhost, not unused");
      },
      health: async (security) => {
        expect((await byGo(security)).ping).toBe("ok");
      },
      stdio: async (security) => {
        const { error } = await byGo(security, "-print", "anything");
        expect(error).toContain("Unimplemented");
        expect(error).toContain("plugin.GRPCStdio");
      },
      stop: async (security) => {
        expect((await byGo(security)).end).toMatchObject({ how: "stop", exited: true });
      },
      "kill -9": async (security) => {
        const { end } = await byGo(security, "-end", "kill", "-slow", "/polyglot.v1.Greeter/GreetSlowly");
        expect(end).toMatchObject({ how: "kill", exited: true });
        expect(end.failure).toContain("Unavailable");
      },
    },
  },
  {
    host: "Go host",
    plugin: "our plugin",
    outcomes: () => "yes",
    tries: {
      call: async (security) => {
        expect(await servedTo(security, "greet/plain/World")).toMatchObject({
          "greet/plain/World": "Hello, World",
        });
      },
      "call-back": async (security) => {
        const steps = await servedTo(security, "offer", "greet/order/5");
        expect(steps).toMatchObject({ "greet/order/5": "Order 5 is for Ada" });
      },
      health: async (security) => {
        expect(await servedTo(security, "ping")).toMatchObject({ ping: null });
      },
      stdio: async (security) => {
        const steps = await servedTo(security, "stdio", "greet/noisy/World", "printed/beside");
        expect(steps).toMatchObject({ "printed/beside": ["out:printed for World", "err:beside"] });
      },
      stop: async (security) => {
        expect(await servedTo(security, "greet/plain/x")).toMatchObject({ stop: 0 });
      },
      "kill -9": async (security) => {
        const steps = await servedTo(security, "greet/plain/x", "signal/9", "greet/plain/y");
        expect(steps).toMatchObject({ "greet/plain/y": expect.stringContaining("Unavailable"), stop: -1 });
      },
    },
  },
  {
    host: "our host",
    plugin: "Go plugin",
    outcomes: (what, security) => {
      if (what === "stdio") return `no: ${noStdio}`;
      return what === "call-back" && security === "AutoMTLS" ? `no: ${callBackRefused}` : "yes";
    },
    tries: {
      call: async (security) => {
        const { talker } = await withPolyglot(security);
        expect(await talker.say("World")).toBe("Bonjour, World ! Enchanté.");
      },
      "call-back": async (security) => {
        const { talker, logged } = await withPolyglot(security);
        if (security === "plain") {
          expect(await talker.ask("World")).toBe("Bonjour, Professor World ! Enchanté.");
          return;
        }
        await expect(talker.ask("World")).rejects.toMatchObject({ code: expect.any(String) as string });
        expect(logged.join("\n")).toContain("built with go-plugin before 1.4.4 can't call back");
      },
      health: async (security) => healthIsFollowed(await withPolyglot(security)),
      stdio: async (security) => {
        const { talker, logged } = await withPolyglot(security);
        await talker.say("World");
        await expect.poll(() => logged.join("\n")).toContain("The plugin has no stdio service");
      },
      stop: async (security) => stopEnds(await withPolyglot(security)),
      "kill -9": async (security) => killIsSurvived(await withPolyglot(security)),
    },
  },
  {
    host: "our host",
    plugin: "our plugin",
    outcomes: (what) => (what === "call-back" ? `yes: ${byBroker}` : "yes"),
    tries: {
      call: async (security) => {
        const { talker } = await withServed(security);
        expect(await talker.say("World")).toBe("Hello, World");
      },
      "call-back": servedCallsBack,
      health: async (security) => healthIsFollowed(await withServed(security)),
      stdio: async (security) => {
        const { talker, logged } = await withServed(security);
        await talker.ask("World");
        await expect.poll(() => logged).toEqual(expect.arrayContaining(["printed for World", "beside"]));
      },
      stop: async (security) => stopEnds(await withServed(security)),
      "kill -9": async (security) => killIsSurvived(await withServed(security)),
    },
  },
];

for (const { host, plugin, outcomes, tries } of pairs) {
  for (const what of Object.keys(tries) as What[]) {
    for (const security of ["plain", "AutoMTLS"] as const) {
      const outcome = outcomes(what, security);
      const title = `${host}, ${plugin}, ${security}: ${what} ${outcome.startsWith("no") ? "fails for its reason" : "works"}`;
      goTest(title, () => tries[what](security), {
        meta: { interop: { host, plugin, security, what, outcome } },
      });
    }
  }
}

/** The host in Go with the sample polyglot. */
async function byGo(security: Security, ...flags: readonly string[]) {
  const tls = security === "AutoMTLS" ? ["-tls", "auto"] : [];
  return goHost([...tls, ...flags], [await buildGo("polyglot")]);
}

/** The host in Go with extensions of ours: the result, or the error, of each step. */
async function servedTo(security: Security, ...steps: readonly string[]): Promise<Record<string, unknown>> {
  const extensions = await servedExtensions();
  const command = servingCommand(extensions, "--service", "acme.orders=find:1");
  const reports = await contractSteps(security === "AutoMTLS" ? ["-tls"] : [], steps, command);
  return Object.fromEntries(reports.map(({ step, result, error }) => [step, error ?? result]));
}

interface Talker {
  say(name: string): string;
  /** Asks for what the plugin has to call back, or print, for. */
  ask(name: string): string;
}

const talkers = contributionPoint<Talker>()({ id: "talkers", methods: { say: 1, ask: 1 } });

interface Titles {
  find(name: string): string;
}

const Titles = serviceToken<Titles>("town.titles");

interface Started {
  readonly host: ExtensionHost;
  readonly talker: Stub<Talker>;
  /** What was logged, of the extension and else. */
  readonly logged: readonly string[];
}

const talkerId = "acme.talker";

async function withPolyglot(security: Security): Promise<Started> {
  const folder = await freshFolder();
  const extension = join(folder, "talker");
  await mkdir(extension);
  await placeProgram(await buildGo("polyglot"), join(extension, "plugin"));
  const proto = join(goFolder, "src/plugboard.dev/samples/polyglot/polyglot.proto");
  await copyFile(proto, join(extension, "contract.proto"));
  const say = { rpc: "Greet", request: ["name"], response: "message" };
  const ask = { ...say, rpc: "GreetFormally", hostServices: { titles: "titles" } };
  return startTalker(folder, {
    cookie: { key: "POLYGLOT_PLUGIN", value: "parlez-vous" },
    tls: security === "AutoMTLS" ? "auto" : "none",
    proto: "./contract.proto",
    services: { talkers: { only: { service: "polyglot.v1.Greeter", methods: { say, ask } } } },
    hostServices: {
      titles: {
        service: "polyglot.v1.Titles",
        methods: { Find: { service: "town.titles", method: "find", request: ["name"], response: "title" } },
      },
    },
  });
}

async function withServed(security: Security): Promise<Started> {
  const folder = await freshFolder();
  const extension = join(folder, "talker");
  await mkdir(extension);
  await writeServing(extension, await servedExtensions());
  const proto = join(goFolder, "src/plugboard.dev/plugboard/contract/contract.proto");
  await copyFile(proto, join(extension, "contract.proto"));
  const greet = { rpc: "Greet", request: ["name"], response: "message" };
  return startTalker(folder, {
    cookie: contractCookie,
    tls: security === "AutoMTLS" ? "auto" : "none",
    startTimeoutMs: 20_000,
    proto: "./contract.proto",
    services: {
      talkers: {
        only: {
          service: "plugboard.contract.v1.Greeter",
          methods: {
            say: { ...greet, constants: { id: "plain" } },
            ask: { ...greet, constants: { id: "noisy" } },
          },
        },
      },
    },
  });
}

const contractCookie = { key: "PLUGBOARD_PLUGIN", value: "plugboard-contract" };

/** Writes a program that is Plugboard, serving the extensions. */
async function writeServing(folder: string, extensions: string): Promise<void> {
  const words = servingCommand(extensions, "--service", "acme.orders=find:1").map((word) => `'${word}'`);
  const program = join(folder, "plugin");
  await writeFile(program, `#!/bin/sh\nexec ${words.join(" ")}\n`);
  await chmod(program, 0o755);
}

async function startTalker(folder: string, runtime: Readonly<Record<string, unknown>>): Promise<Started> {
  const manifest = {
    manifestVersion: 1,
    id: talkerId,
    version: "1.0.0",
    engines: { plugboard: "^1.0.0" },
    runtime: { kind: "go-plugin", command: "./plugin", ...runtime },
    contributes: { talkers: [{ id: "only" }] },
    services: ["town.titles"],
  };
  await writeFile(join(folder, "talker/plugin.json5"), JSON.stringify(manifest));
  const logged: string[] = [];
  const take = (message: string): void => void logged.push(message);
  const logger: Logger = { debug: take, info: take, warn: take, error: take };
  const host = createExtensionHost({
    extensionFolders: [folder],
    developmentFolders: [inRepository("extensions/runtime-go-plugin")],
    points: [talkers],
    services: [offer(Titles, { find: () => "Professor" }, { methods: { find: 1 } })],
    limits: { activateMs: 60_000 },
    logger,
  });
  onTestFinished(() => host.stop());
  await host.start();
  return { host, talker: host.contributions(talkers).get("only")!, logged };
}

/** Its health is asked for while a call waits: a plugin that is held is marked, and is well once it goes on. */
async function healthIsFollowed({ host, talker }: Started): Promise<void> {
  await talker.say("World");
  const processId = info(host, talkerId).processId!;
  process.kill(processId, "SIGSTOP");
  // On a busy machine a host that is itself held up looks again and again, for longer than a call usually has.
  const answer = talker.say("Ada", { timeoutMs: 0 });
  try {
    await expect.poll(() => info(host, talkerId).unresponsive, { timeout: 80_000 }).toBeDefined();
  } finally {
    process.kill(processId, "SIGCONT");
  }
  expect(await answer).toContain("Ada");
  await expect.poll(() => info(host, talkerId).unresponsive, { timeout: 40_000 }).toBeUndefined();
  expect(info(host, talkerId).processId).toBe(processId);
}

async function stopEnds({ host, talker }: Started): Promise<void> {
  await talker.say("World");
  const processId = info(host, talkerId).processId!;
  expect(isAlive(processId)).toBe(true);
  await host.stop();
  expect(isAlive(processId)).toBe(false);
}

async function killIsSurvived({ host, talker }: Started): Promise<void> {
  await talker.say("World");
  const { processId, generation } = info(host, talkerId);
  process.kill(processId!, "SIGSTOP");
  const underWay = talker.say("Ada").catch((error: unknown) => error);
  process.kill(processId!, "SIGKILL");
  expect(isExtensionError(await underWay, "EXTENSION_CRASHED")).toBe(true);
  await expect.poll(() => info(host, talkerId).generation, { timeout: 15_000 }).not.toBe(generation);
  expect(await talker.say("again")).toContain("again");
}

/** Our broker offers what our plugin calls back, without a mapping between them. */
async function servedCallsBack(security: Security): Promise<void> {
  const folder = await freshFolder();
  await writeServing(folder, await servedExtensions());
  const { launch } = await aLauncher();
  const {
    process: running,
    handshake,
    tls,
    folder: sockets,
  } = await launch(folder, {
    cookie: contractCookie,
    tls: security === "AutoMTLS" ? "auto" : "none",
    startTimeoutMs: 20_000,
  });
  const logger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
  const plugin = await connectPlugin(
    {
      extension: { id: talkerId, version: "1.0.0", path: folder },
      address: handshake.address,
      tls,
      version: handshake.version,
      process: running,
      folder: sockets.path,
      ports: { minimum: 10_000, maximum: 25_000 },
      stopGraceMs: 5_000,
      connectMs: 20_000,
      log: new PluginLog(logger),
      logger,
      cutLines,
    },
    AbortSignal.timeout(30_000),
  );
  const asked: string[] = [];
  const unary = (request: Uint8Array): Uint8Array => {
    asked.push(Buffer.from(request).toString());
    return field(1, '{"id":5,"for":"Ada"}');
  };
  const id = await plugin.broker.serve(new Map([[contractPaths.callHost, { unary }]]));
  await plugin.client.unary(contractPaths.offer, Uint8Array.of(0x08, id));
  const greeting = await plugin.client.unary(
    contractPaths.greet,
    Buffer.concat([field(1, "5"), field(2, "order")]),
  );
  expect(Buffer.from(greeting).toString()).toContain("Order 5 is for Ada");
  expect(asked).toEqual([expect.stringMatching(/acme\.orders.*find.*\[5\]/s)]);
  await plugin.stop();
}

/** A field of protobuf that holds a short text. */
function field(number: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Uint8Array.of((number << 3) | 2, bytes.length), bytes]);
}

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "interop-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Extensions of ours to be served: one that greets, one that prints, one that calls a service of the host. */
async function servedExtensions(): Promise<string> {
  const folder = await freshFolder();
  const common = {
    manifestVersion: 1,
    version: "1.0.0",
    engines: { plugboard: "^1.0.0" },
    main: "./extension.js",
  };
  const write = async (name: string, manifest: object, code: string): Promise<void> => {
    await mkdir(join(folder, name));
    await writeFile(
      join(folder, name, "plugin.json5"),
      JSON.stringify({ ...common, id: `acme.${name}`, ...manifest }),
    );
    await writeFile(join(folder, name, "extension.js"), code);
  };
  await write(
    "words",
    { contributes: { greeters: ["plain", "noisy"].map((id) => ({ id, lang: id })) } },
    `export function activate(context) {
  context.contribute("greeters", "plain", { greet: (name) => "Hello, " + name });
  context.contribute("greeters", "noisy", {
    greet: (name) => {
      console.log("printed for", name);
      console.error("beside");
      return "printed";
    },
  });
}`,
  );
  await write(
    "orders-greeter",
    { services: ["acme.orders"], contributes: { greeters: [{ id: "order", lang: "Orders" }] } },
    `export function activate(context) {
  const orders = context.services.get(Symbol.for("acme.orders"));
  context.contribute("greeters", "order", {
    greet: async (id) => {
      const order = await orders.find(Number(id));
      return "Order " + order.id + " is for " + order.for;
    },
  });
}`,
  );
  return folder;
}
