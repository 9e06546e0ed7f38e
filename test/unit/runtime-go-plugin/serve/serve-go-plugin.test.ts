import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  greeters,
  type ContributionPoint,
  ExtensionError,
  type LiveCollection,
} from "../../../../extension-api/src/index.js";
import { reflectServices } from "../../../../extensions/runtime-go-plugin/src/contract/server-reflection.js";
import {
  serveGoPlugin,
  servingCookie,
  type GoHostLink,
  type ServeGoPluginOptions,
} from "../../../../extensions/runtime-go-plugin/src/serve/index.js";
import {
  certificatePem,
  makeCertificate,
} from "../../../../extensions/runtime-go-plugin/src/wire/certificate.js";
import {
  controlPaths,
  decodeHealthResponse,
  decodeStdioData,
  emptyMessage,
  encodeConnInfo,
  encodeHealthRequest,
} from "../../../../extensions/runtime-go-plugin/src/wire/control-messages.js";
import {
  connectGrpc,
  type GrpcClient,
  type GrpcTls,
} from "../../../../extensions/runtime-go-plugin/src/wire/grpc-client.js";
import { createGrpcServer } from "../../../../extensions/runtime-go-plugin/src/wire/grpc-server.js";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

test("without the cookie nothing is served", async () => {
  await expect(served({ environment: {} })).rejects.toThrow("This program is a plugin");
});

test("a greeter is called by its id, and the first without one", async () => {
  const { client } = await served({ greet: { english: () => "Hello", french: (name) => `Salut ${name}` } });
  expect(await greet(client, "Ada", "french")).toBe("Salut Ada");
  expect(await greet(client, "Ada")).toBe("Hello");
  expect(text(await client.unary("/plugboard.contract.v1.Greeter/Lang", field(1, "french")))).toBe("FRENCH");
  await expect(greet(client, "Ada", "german")).rejects.toMatchObject({
    statusName: "NOT_FOUND",
    message: expect.stringContaining('there is no greeter "german"; there are english, french'),
  });
});

test("what is contributed is listed, and another first is noticed", async () => {
  const { client, replace } = await served({ greet: { english: () => "Hello" } });
  expect(await greet(client, "Ada")).toBe("Hello");
  replace({ danish: () => "Hej" });
  expect(await greet(client, "Ada")).toBe("Hej");
  const list = await client.unary("/plugboard.contract.v1.Greeter/List", emptyMessage);
  expect(Buffer.from(list).toString()).toMatch(/danish.*DANISH.*acme\.test/s);
  await expect(client.unary("/plugboard.contract.v1.Transformer/Name", emptyMessage)).rejects.toMatchObject({
    statusName: "NOT_FOUND",
    message: expect.stringContaining("there is no transformer"),
  });
});

test("an extension's failure is told with its code, its cause and a status that fits", async () => {
  const { client } = await served({
    greet: {
      late: () => {
        throw new ExtensionError("CALL_TIMEOUT", "too slow", { extensionId: "acme.test" });
      },
      broken: () => {
        throw new ExtensionError("CALL_FAILED", "failed", { cause: new Error("no words") });
      },
      odd: () => 7 as unknown as string,
    },
  });
  await expect(greet(client, "x", "late")).rejects.toMatchObject({
    statusName: "DEADLINE_EXCEEDED",
    message: expect.stringContaining("CALL_TIMEOUT acme.test: too slow"),
  });
  await expect(greet(client, "x", "broken")).rejects.toMatchObject({
    statusName: "UNKNOWN",
    message: expect.stringContaining("CALL_FAILED failed: no words"),
  });
  await expect(greet(client, "x", "odd")).rejects.toMatchObject({ statusName: "INTERNAL" });
});

test("calls and health wait for the extension host, and tell why it has not started", async () => {
  const starting = Promise.withResolvers<never>();
  const { client, logged } = await served({ host: () => starting.promise });
  const greeting = greet(client, "x");
  const health = client.unary(controlPaths.health, encodeHealthRequest("plugin"));
  starting.reject(new Error("no disk"));
  await expect(greeting).rejects.toMatchObject({
    statusName: "UNAVAILABLE",
    message: expect.stringContaining("no disk"),
  });
  expect(decodeHealthResponse(await health)).toBe("NOT_SERVING");
  expect(logged.join("")).toContain("the extension host could not start");
});

test("health of the plugin is served, of anything else it is not known", async () => {
  const { client } = await served();
  const health = (name: string) => client.unary(controlPaths.health, encodeHealthRequest(name));
  expect(decodeHealthResponse(await health("plugin"))).toBe("SERVING");
  await expect(health("other")).rejects.toMatchObject({ statusName: "NOT_FOUND" });
});

test("a client without the contract is told it", async () => {
  const { client } = await served();
  const service = "plugboard.contract.v1.Greeter";
  const root = await reflectServices({
    plugin: { client },
    extensionId: "acme.test",
    services: new Map([[service, "service"]]),
    key: "runtime.proto",
  });
  expect(Object.keys(root.lookupService(service).methods)).toEqual(["Greet", "Lang", "List"]);
  const unknown = reflectServices({
    plugin: { client },
    extensionId: "acme.test",
    services: new Map([["acme.Unknown", "service"]]),
    key: "runtime.proto",
  });
  await expect(unknown).rejects.toMatchObject({
    message: expect.stringMatching(/acme\.Unknown/),
  });
});

test("what is printed goes to the stdio stream", async () => {
  const { client, server } = await served();
  server.print("stdout", Buffer.from("early"));
  const first = await firstOf(client.serverStream(controlPaths.stdio, emptyMessage));
  expect(decodeStdioData(first ?? emptyMessage)).toMatchObject({ channel: "stdout" });
});

test("what is printed for a host that does not read it goes to the log", async () => {
  const { server, logged } = await served();
  server.print("stdout", Buffer.from("one\ntwo\n"));
  server.print("stderr", Buffer.from("three"));
  await server.stop("enough");
  const records = logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records.map((record) => [record["stream"], record["@message"]])).toEqual([
    ["stdout", "one"],
    ["stdout", "two"],
    ["stderr", "three"],
  ]);
});

test("the host's word ends it: the extension host is stopped and the socket gone", async () => {
  const { client, server, stops } = await served();
  await client.unary(controlPaths.shutdown, emptyMessage);
  expect(await server.closed).toBe("the host asked for it");
  expect(stops()).toBe(1);
  expect(existsSync(dirname(server.address.address))).toBe(false);
});

test("an extension host that does not stop holds the end up no longer than the host waits", async () => {
  const { client, server } = await served({ stop: () => new Promise(() => undefined) });
  await client.unary(controlPaths.shutdown, emptyMessage);
  expect(await server.closed).toBe("the host asked for it");
});

test("an extension host that starts after the end is stopped", async () => {
  const starting = Promise.withResolvers<FakeHost>();
  const { server } = await served({ host: () => starting.promise });
  await server.stop("enough");
  const fake = fakeHost({});
  starting.resolve(fake.host);
  await expect.poll(() => fake.stops()).toBe(1);
});

test.each(["plain", "with mutual TLS"])("an extension reaches a service of the host, %s", async (how) => {
  const own = how === "plain" ? undefined : makeCertificate();
  const { client, link, tls } = await served({ certificate: own });
  const folder = await temporaryFolder();
  const services = createGrpcServer(
    tls === undefined ? {} : { tls: { key: tls.key, certificate: tls.certificate, trusted: tls.trusted } },
  );
  services.handle("/plugboard.contract.v1.HostServices/Call", {
    unary: (request) => {
      const [service, method, args] = fields(request);
      return field(1, JSON.stringify({ service, method, args: JSON.parse(args ?? "") as unknown }));
    },
  });
  const { address } = await services.listen({ network: "unix", path: join(folder, "services") });
  cleanUps.push(() => services.close({ graceMs: 0 }));
  const early = link.call("acme.orders", "find", [1, "two"]);
  const broker = client.duplex(controlPaths.broker);
  broker.send(encodeConnInfo({ serviceId: 7, network: "unix", address }));
  await client.unary("/plugboard.contract.v1.Plugin/Offer", Buffer.of(8, 7));
  const expected = { service: "acme.orders", method: "find", args: [1, "two"] };
  expect(await early).toEqual(expected);
  expect(await link.call("acme.orders", "find", [1, "two"])).toEqual(expected);
});

test("AutoMTLS serves the host's certificate and no other", async () => {
  const own = makeCertificate();
  const { client, server, certificate } = await served({ certificate: own, greet: { a: () => "safe" } });
  expect(await greet(client, "x")).toBe("safe");
  const stranger = connectGrpc(server.address, { tls: { ...makeCertificate(), trusted: certificate ?? "" } });
  await expect(stranger).rejects.toMatchObject({ statusName: "UNAVAILABLE" });
});

test("a socket is made in the host's folder if it names one, and only the socket removed", async () => {
  const folder = await temporaryFolder();
  const { server } = await served({ environment: { ...started, PLUGIN_UNIX_SOCKET_DIR: folder } });
  expect(dirname(server.address.address)).toBe(folder);
  await server.stop("enough");
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  [
    "is too deep for a socket",
    (folder: string) => join(folder, "d".repeat(120)),
    "the path of the socket has",
  ],
  ["is a file", (folder: string) => join(folder, "file"), "EEXIST"],
])("a folder of the host's that %s is told with what to do", async (_, nameOf, said) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "file"), "");
  const PLUGIN_UNIX_SOCKET_DIR = nameOf(folder);
  const failure = await served({ environment: { ...started, PLUGIN_UNIX_SOCKET_DIR } }).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({
    code: "RUNTIME_START_FAILED",
    message: expect.stringContaining(said),
    details: { hint: expect.stringContaining("PLUGIN_UNIX_SOCKET_DIR") },
  });
});

test("a folder for temporary files that is too deep for a socket is not used", async () => {
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = `/tmp/${"deep/".repeat(30)}`;
  try {
    const { server } = await served();
    expect(server.address.address.length).toBeLessThan(80);
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
});

test("a port of the host's range is used where there are no sockets", async () => {
  const ports = { PLUGIN_MIN_PORT: "21000", PLUGIN_MAX_PORT: "21999" };
  const { client, line } = await served({
    environment: { ...started, ...ports },
    network: "tcp",
    greet: { a: () => "by port" },
  });
  expect(line).toMatch(/^1\|1\|tcp\|127\.0\.0\.1:21\d{3}\|grpc\|\n$/);
  expect(await greet(client, "x")).toBe("by port");
});

test("a handshake that nobody reads ends it", async () => {
  const handshake = () => Promise.reject(new Error("EPIPE"));
  const serving = serveGoPlugin({ ...quiet, environment: started, handshake, host: never });
  await expect(serving).rejects.toThrow("EPIPE");
});

const started = { [servingCookie.key]: servingCookie.value, PLUGIN_PROTOCOL_VERSIONS: "1" };
const quiet = { handshake: () => Promise.resolve(), log: () => undefined };
const never = () => new Promise<never>(() => undefined);

type Greet = (name: string) => string;
type FakeHost = Awaited<ReturnType<ServeGoPluginOptions["host"]>>;

interface Wishes {
  readonly greet?: Readonly<Record<string, Greet>>;
  readonly host?: ServeGoPluginOptions["host"];
  readonly stop?: () => Promise<void>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly network?: "unix" | "tcp";
  readonly certificate?: { readonly key: string; readonly certificate: string } | undefined;
}

async function served(wishes: Wishes = {}) {
  const fake = fakeHost(wishes.greet ?? {}, wishes.stop);
  const logged: string[] = [];
  const linked = Promise.withResolvers<GoHostLink>();
  let line = "";
  const server = await serveGoPlugin({
    environment: {
      ...(wishes.environment ?? started),
      ...(wishes.certificate && { PLUGIN_CLIENT_CERT: wishes.certificate.certificate }),
    },
    ...(wishes.network && { network: wishes.network }),
    handshake: async (text) => void (line = text),
    log: (text) => void logged.push(text),
    host: (link) => {
      linked.resolve(link);
      return wishes.host?.(link) ?? Promise.resolve(fake.host);
    },
  });
  cleanUps.push(() => server.stop("the test is over"));
  const der = line.trim().split("|")[5] ?? "";
  const certificate = der === "" ? undefined : certificatePem(Buffer.from(der, "base64"));
  const tls: GrpcTls | undefined =
    wishes.certificate && certificate !== undefined
      ? { key: wishes.certificate.key, certificate: wishes.certificate.certificate, trusted: certificate }
      : undefined;
  const client = await connectGrpc(server.address, tls === undefined ? {} : { tls });
  cleanUps.push(() => client.close());
  return { ...fake, server, client, logged, line, tls, certificate, link: await linked.promise };
}

function fakeHost(greet: Readonly<Record<string, Greet>>, stop?: () => Promise<void>) {
  let current = greet;
  let stops = 0;
  const listeners = new Set<() => void>();
  const stub = (id: string) => ({
    id,
    lang: id.toUpperCase(),
    greet: async (name: string) => current[id]?.(name),
  });
  const stubs = () => Object.keys(current).map(stub);
  const collection = (isGreeters: boolean) => ({
    get: (id: string) => (isGreeters && id in current ? stub(id) : undefined),
    entries: () =>
      isGreeters ? stubs().map((one) => ({ id: one.id, extensionId: "acme.test", stub: one })) : [],
    onDidChange: (listener: () => void) => (listeners.add(listener), { dispose: () => undefined }),
    *[Symbol.iterator]() {
      if (isGreeters) yield* stubs();
    },
  });
  const host: FakeHost = {
    contributions: <Contract>(point: ContributionPoint<Contract>) =>
      collection(point.id === greeters.id) as unknown as LiveCollection<Contract>,
    stop: async () => {
      stops++;
      await stop?.();
    },
  };
  const replace = (next: Readonly<Record<string, Greet>>) => {
    current = next;
    for (const listener of listeners) listener();
  };
  return { host, replace, stops: () => stops };
}

async function greet(client: GrpcClient, name: string, id = ""): Promise<string> {
  const request = Buffer.concat([field(1, name), field(2, id)]);
  return text(await client.unary("/plugboard.contract.v1.Greeter/Greet", request));
}

/** A text as a field of a message; short ones only. */
function field(number: number, value: string): Buffer {
  const bytes = Buffer.from(value);
  expect(bytes.length).toBeLessThan(128);
  return Buffer.concat([Buffer.of((number << 3) | 2, bytes.length), bytes]);
}

function fields(message: Uint8Array): string[] {
  const values: string[] = [];
  for (let at = 0; at < message.length;) {
    const end = at + 2 + (message[at + 1] ?? 0);
    values.push(Buffer.from(message.subarray(at + 2, end)).toString());
    at = end;
  }
  return values;
}

function text(message: Uint8Array): string {
  return fields(message)[0] ?? "";
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-"));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
