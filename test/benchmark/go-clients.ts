/**
 * The ends of calls to go-plugin programs: a host in Go, a host in Node with grpc-js, and Plugboard. All call programs
 * that go-plugin serves; but for net/rpc, and for the guest written for Plugboard, the very same one.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { createExtensionHost, greeters, type ExtensionHost } from "@plugboard/core";
import protobuf from "protobufjs/minimal.js";
import { buildGo, goFolder } from "../support/go-toolchain.ts";
import { inRepository } from "../support/repository.ts";
import type { BaselineClient } from "./baseline-clients.ts";

/** What a round of calls took. */
export interface Round {
  /** Microseconds of the median call; of calls one after the other. */
  readonly medianUs?: number;
  /** Of calls from many callers. */
  readonly perSecond?: number;
  /** Microseconds of the caller's process, a call. */
  readonly cpuUs?: number;
}

/** A host in Go with its plugin. */
export interface GoHostEnd {
  readonly processId: number;
  /** What passed from the start of the plugin to its first answer, in milliseconds. */
  readonly firstMs: number;
  calls(count: number): Promise<Round>;
  burst(count: number): Promise<Round>;
  end(): Promise<void>;
}

/** How the host in Go is asked for its plugin. */
const goPlugins = {
  grpc: { program: "polyglot", flags: [] },
  "grpc with AutoMTLS": { program: "polyglot", flags: ["-tls", "auto"] },
  "net/rpc": { program: "netgreeter", flags: ["-protocol", "netrpc", "-cookie", "NETGREETER_PLUGIN=hello"] },
} as const;

/** Ways in which a host in Go reaches a plugin. */
export type GoWay = keyof typeof goPlugins;

/** Starts a host in Go and its plugin, which has answered once. */
export async function startGoHost(way: GoWay): Promise<GoHostEnd> {
  const { program, flags } = goPlugins[way];
  const command = [...flags, "-turns", await buildGo(program)];
  const child = spawn(await buildGo("gohost"), command, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`The host in Go has ended.`);
    return JSON.parse(value);
  };
  const ask = (turn: string, count: number): Promise<Round> => {
    child.stdin.write(`${turn} ${String(count)}\n`);
    return next() as Promise<Round>;
  };
  const told = (await next()) as Record<"handshakeMs" | "connectMs" | "firstMs", number>;
  return {
    processId: child.pid!,
    firstMs: told.handshakeMs + told.connectMs + told.firstMs,
    calls: (count) => ask("calls", count),
    burst: (count) => ask("burst", count),
    end: () => endOf(child, lines),
  };
}

async function endOf(child: ChildProcess, lines: Interface): Promise<void> {
  child.stdin?.end();
  await once(child, "exit");
  lines.close();
}

const greetPath = "/polyglot.v1.Greeter/Greet";
const nameTag = (1 << 3) | 2;

/** A host in Node as people write one: the plugin started by hand, called by grpc-js. */
export async function startGrpcJs(): Promise<BaselineClient> {
  const child = spawn(await buildGo("polyglot"), {
    env: { ...process.env, POLYGLOT_PLUGIN: "parlez-vous", PLUGIN_PROTOCOL_VERSIONS: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = createInterface({ input: child.stdout });
  const [handshake] = (await once(lines, "line")) as [string];
  const client = new Client(`unix:${handshake.split("|")[3]!}`, credentials.createInsecure());
  const serialize = (name: string): Buffer =>
    Buffer.from(protobuf.Writer.create().uint32(nameTag).string(name).finish());
  const deserialize = (message: Buffer): string => {
    const reader = protobuf.Reader.create(message);
    reader.uint32();
    return reader.string();
  };
  return {
    call: (name) =>
      new Promise((resolve, reject) => {
        const done = (error: ServiceError | null, text?: string): void => {
          if (error === null) resolve(text!);
          else reject(error);
        };
        client.makeUnaryRequest(greetPath, serialize, deserialize, name, done);
      }),
    end: async () => {
      client.close();
      child.kill("SIGKILL");
      await once(child, "exit");
      lines.close();
    },
  };
}

/** How an extension in Go is run: its services mapped, the same with AutoMTLS, or a guest written for Plugboard. */
export type OwnWay = "mapped" | "mapped with AutoMTLS" | "guest";

const samples = join(goFolder, "src/plugboard.dev/samples");

/** Writes the folder of an extension in Go; its greeter is called as it. */
export async function writeGoExtension(folder: string, way: OwnWay, name: string): Promise<void> {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const program = way === "guest" ? "gopher" : "polyglot";
  const built = await buildGo(program);
  // Not a link: whoever asks for the built one touches it, and what has just changed is read again for every launch.
  copyFileSync(built, join(path, program));
  const greet = { rpc: "Greet", request: ["name"], response: "message" };
  const mapped = {
    cookie: { key: "POLYGLOT_PLUGIN", value: "parlez-vous" },
    proto: "./polyglot.proto",
    tls: way === "mapped with AutoMTLS" ? "auto" : "none",
    services: { greeters: { [name]: { service: "polyglot.v1.Greeter", methods: { greet } } } },
  };
  if (way !== "guest") copyFileSync(join(samples, "polyglot/polyglot.proto"), join(path, "polyglot.proto"));
  const manifest =
    way === "guest"
      ? readFileSync(join(samples, "gopher/plugin.json5"), "utf8")
      : JSON.stringify({
          manifestVersion: 1,
          id: `bench.${name}`,
          version: "1.0.0",
          engines: { plugboard: "^1.0.0" },
          runtime: { kind: "go-plugin", command: "./polyglot", ...mapped },
          contributes: { greeters: [{ id: name, lang: "Go" }] },
        });
  writeFileSync(join(path, "plugin.json5"), manifest);
}

/** Starts a host of extensions in Go; none of them is active. */
export async function startGoExtensions(folder: string): Promise<ExtensionHost> {
  const host = createExtensionHost({
    extensionFolders: [folder],
    developmentFolders: [inRepository("extensions/runtime-go-plugin")],
    points: [greeters],
  });
  await host.start();
  return host;
}

/** The greeter of that id, as a client calls it. */
export function greeterClient(host: ExtensionHost, id: string): BaselineClient {
  const greeter = host.contributions(greeters).get(id);
  if (greeter === undefined) throw new Error(`Nobody contributes ${id}.`);
  return { call: (name) => greeter.greet(name), end: () => undefined };
}
