import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from "node:http2";
import { connect as connectSocket, createServer as createTcpServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { makeCertificate } from "../../../../extensions/runtime-go-plugin/src/wire/certificate.js";
import { connectGrpc } from "../../../../extensions/runtime-go-plugin/src/wire/grpc-client.js";
import {
  createGrpcServer,
  type GrpcHandlers,
  type GrpcServerCall,
  type GrpcServerOptions,
} from "../../../../extensions/runtime-go-plugin/src/wire/grpc-server.js";
import { GrpcError } from "../../../../extensions/runtime-go-plugin/src/wire/grpc-status.js";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

test("a unary call is answered with status OK", async () => {
  const { session } = await served({ unary: (request) => Buffer.from(`<${text(request)}>`) });
  const outcome = await call(session, { messages: ["ping"] });
  expect(outcome).toMatchObject({ messages: ["<ping>"], status: 0, httpStatus: 200 });
});

test("a handler that answers later is waited for", async () => {
  const { session } = await served({ unary: async (request) => (await wait(5), request) });
  expect(await call(session, { messages: ["late"] })).toMatchObject({ messages: ["late"], status: 0 });
});

test("an empty message and one of 20 MiB go both ways", async () => {
  const { session } = await served({ unary: (request) => request });
  expect(await call(session, { messages: [""] })).toMatchObject({ messages: [""], status: 0 });
  const large = randomBytes(20 * 2 ** 20);
  const { raw, status } = await call(session, { messages: [large] });
  expect(status).toBe(0);
  expect(hash(raw[0] ?? Buffer.alloc(0))).toBe(hash(large));
});

test("thousands of calls at once are answered, though both ends stop reading while they write", async () => {
  const { path } = await served({ unary: (request) => request });
  // In a thread of its own: here the two ends would take turns, and never wait for each other.
  const client = new Worker(
    `const { connect } = require("node:http2");
    const { workerData: { path, calls, headers, message }, parentPort } = require("node:worker_threads");
    const createConnection = () => require("node:net").connect(path);
    const session = connect("http://localhost", { createConnection, maxSessionMemory: 1_000 });
    let left = calls;
    let answered = 0;
    for (let count = 0; count < calls; count++) {
      const stream = session.request(headers);
      stream.on("error", () => undefined).on("trailers", () => answered++).on("data", () => undefined);
      stream.on("close", () => { if (--left === 0) parentPort.postMessage(answered); });
      stream.end(message);
    }`,
    { eval: true, workerData: { path, calls: 6_000, headers: callHeaders(), message: frame("hello") } },
  );
  cleanUps.push(() => client.terminate());
  expect(await once(client, "message")).toEqual([6_000]);
});

test("a message over the bound is refused with RESOURCE_EXHAUSTED, one at the bound is not", async () => {
  const { session } = await served({ unary: () => Buffer.from("taken") }, { maxBytes: 100 });
  expect(await call(session, { messages: ["x".repeat(100)] })).toMatchObject({ status: 0 });
  expect(await call(session, { messages: ["x".repeat(101)] })).toMatchObject({
    status: 8,
    statusText: "The peer sent a message of 101 bytes, where 100 are allowed.",
  });
});

test("a message that arrives byte by byte is put together", async () => {
  const { session } = await served({ unary: (request) => request });
  const stream = session.request(callHeaders());
  const outcome = outcomeOf(stream);
  for (const byte of frame("slowly")) {
    stream.write(Buffer.of(byte));
    await wait(1);
  }
  stream.end();
  expect(await outcome).toMatchObject({ messages: ["slowly"], status: 0 });
});

test("an unknown method gets UNIMPLEMENTED in headers alone", async () => {
  const { session } = await served({ unary: (request) => request });
  const outcome = await call(session, { path: "/test.Echo/Missing", messages: ["x"] });
  expect(outcome).toMatchObject({
    messages: [],
    status: 12,
    statusText: "unknown method Missing for service test.Echo",
    hasTrailers: false,
  });
});

test("a handler's GrpcError gives the status, any other error gives UNKNOWN", async () => {
  const { session } = await served({
    unary: (request) => {
      if (text(request) === "sync") throw new GrpcError("NOT_FOUND", "100 % weg: ä\n");
      return Promise.reject(new Error("broken"));
    },
  });
  expect(await call(session, { messages: ["sync"] })).toMatchObject({
    status: 5,
    statusText: "100 % weg: ä\n",
  });
  expect(await call(session, { messages: ["async"] })).toMatchObject({ status: 2, statusText: "broken" });
});

test("a call without a message and one with two are refused", async () => {
  const { session } = await served({ unary: (request) => wait(20, request) });
  expect(await call(session, { messages: [] })).toMatchObject({ status: 3 });
  expect(await call(session, { messages: ["a", "b"] })).toMatchObject({ status: 12 });
});

test("a compressed message is refused with UNIMPLEMENTED", async () => {
  const { session } = await served({ unary: (request) => request });
  const stream = session.request(callHeaders());
  const outcome = outcomeOf(stream);
  const message = frame("zip");
  message[0] = 1;
  stream.end(message);
  expect(await outcome).toMatchObject({ status: 12 });
});

test("what is no gRPC gets status 415 of HTTP", async () => {
  const { session } = await served({ unary: (request) => request });
  const outcome = await call(session, { messages: ["{}"], headers: { "content-type": "application/json" } });
  expect(outcome).toMatchObject({ httpStatus: 415 });
});

test.each(["unused", "localhost", "127.0.0.1:1", "plugin123%2Fsocket"])(
  "a client that names the server %s is served",
  async (authority) => {
    const { session } = await served({ unary: (request) => request });
    const outcome = await call(session, { messages: ["x"], headers: { ":authority": authority } });
    expect(outcome).toMatchObject({ status: 0 });
  },
);

test("the deadline is told to the handler and ends the call with DEADLINE_EXCEEDED", async () => {
  const seen = Promise.withResolvers<GrpcServerCall>();
  const { session } = await served({
    unary: (_request, current) => {
      seen.resolve(current);
      expect(current.signal.aborted).toBe(false);
      return new Promise(() => undefined);
    },
  });
  const before = Date.now();
  const outcome = await call(session, { messages: ["x"], headers: { "grpc-timeout": "50m" } });
  expect(outcome).toMatchObject({ status: 4 });
  const { deadline, signal } = await seen.promise;
  expect(deadline).toBeGreaterThanOrEqual(before + 50);
  expect(deadline).toBeLessThan(Date.now() + 1);
  expect(signal.aborted).toBe(true);
  expect(signal.reason).toMatchObject({ statusName: "DEADLINE_EXCEEDED" });
});

test("a call without a deadline has none", async () => {
  const { session } = await served({ unary: (_request, { deadline }) => Buffer.from(String(deadline)) });
  for (const timeout of [undefined, "5", "many", "99999999H"]) {
    const headers = timeout === undefined ? {} : { "grpc-timeout": timeout };
    const { messages, status } = await call(session, { messages: ["x"], headers });
    expect(status).toBe(0);
    if (timeout !== "99999999H") expect(messages).toEqual(["Infinity"]);
  }
});

test("a client that cancels aborts the handler's signal", async () => {
  const calls: GrpcServerCall[] = [];
  const aborted = Promise.withResolvers<unknown>();
  const { session } = await served({
    unary: (_request, current) => {
      calls.push(current);
      current.signal.addEventListener("abort", () => aborted.resolve(current.signal.reason));
      return new Promise(() => undefined);
    },
  });
  const stream = session.request(callHeaders());
  stream.on("error", () => undefined);
  stream.end(frame("x"));
  while (calls.length === 0) await wait(1);
  stream.close(8);
  expect(await aborted.promise).toMatchObject({ statusName: "CANCELLED" });
});

test("a signal that is first asked for after the end of a cancelled call is aborted", async () => {
  const calls: GrpcServerCall[] = [];
  const { session } = await served({
    unary: (_request, current) => (calls.push(current), new Promise(() => undefined)),
  });
  const stream = session.request(callHeaders());
  stream.on("error", () => undefined);
  stream.end(frame("x"));
  while (calls.length === 0) await wait(1);
  stream.close(8);
  while (calls[0]?.signal.aborted === false) await wait(1);
  expect(calls[0]?.signal.reason).toMatchObject({ statusName: "CANCELLED" });
});

test("a server stream sends its messages in order, then OK", async () => {
  const { session } = await served({
    async *serverStream(request) {
      for (let index = 0; index < 3; index++) yield Buffer.from(`${text(request)}${index}`);
    },
  });
  const outcome = await call(session, { messages: ["n"] });
  expect(outcome).toMatchObject({ messages: ["n0", "n1", "n2"], status: 0 });
});

test("a server stream that fails sends what came before and the status", async () => {
  const { session } = await served({
    async *serverStream() {
      yield Buffer.from("one");
      throw new GrpcError("OUT_OF_RANGE", "no more");
    },
  });
  const outcome = await call(session, { messages: ["x"] });
  expect(outcome).toMatchObject({ messages: ["one"], status: 11, statusText: "no more", hasTrailers: true });
});

test("a server stream is read no faster than its client reads, and let go of when that cancels", async () => {
  let sent = 0;
  const ended = Promise.withResolvers<void>();
  const { session } = await served({
    async *serverStream() {
      try {
        for (; sent < 10_000; sent++) yield Buffer.alloc(2 ** 16);
      } finally {
        ended.resolve();
      }
    },
  });
  const stream = session.request(callHeaders());
  stream.on("error", () => undefined);
  stream.end(frame("x"));
  await once(stream, "response");
  await wait(100);
  expect(sent).toBeLessThan(1000);
  stream.close(8);
  await ended.promise;
});

test("a duplex call carries messages both ways until the client has ended", async () => {
  const { session } = await served({
    duplex: (stream) => stream.receive((message) => stream.send(Buffer.from(text(message).toUpperCase()))),
  });
  const outcome = await call(session, { messages: ["a", "b", "c"] });
  expect(outcome).toMatchObject({ messages: ["A", "B", "C"], status: 0 });
});

test("a duplex handler that returns a promise ends the call with it", async () => {
  const { session } = await served({
    async duplex(stream) {
      const got: string[] = [];
      stream.receive((message) => got.push(text(message)));
      await stream.ended;
      await wait(5);
      stream.send(Buffer.from(got.join("+")));
      if (got.length > 2) throw new GrpcError("FAILED_PRECONDITION", "too many");
    },
  });
  expect(await call(session, { messages: ["a", "b"] })).toMatchObject({ messages: ["a+b"], status: 0 });
  const outcome = await call(session, { messages: ["a", "b", "c"] });
  expect(outcome).toMatchObject({ messages: ["a+b+c"], status: 9, statusText: "too many" });
});

test("a duplex call is opened before anything is sent, and its close is told", async () => {
  const closed = Promise.withResolvers<Error | undefined>();
  const { session } = await served({
    duplex: (stream) => void stream.closed.then((reason) => closed.resolve(reason)),
  });
  const stream = session.request(callHeaders());
  stream.on("error", () => undefined);
  await once(stream, "response");
  stream.close(8);
  expect(await closed.promise).toMatchObject({ statusName: "CANCELLED" });
});

test("a unix socket is its user's alone and leaves no file behind", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "inner", "socket");
  const server = createGrpcServer();
  expect(await server.listen({ network: "unix", path })).toEqual({ network: "unix", address: path });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, "inner"))).mode & 0o777).toBe(0o700);
  await server.close({ graceMs: 0 });
  await expect(stat(join(folder, "inner"))).rejects.toThrow("ENOENT");
});

test("a folder that was there stays, with its mode", async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o750);
  const server = createGrpcServer();
  await server.listen({ network: "unix", path: join(folder, "socket") });
  await server.close({ graceMs: 0 });
  expect((await stat(folder)).mode & 0o777).toBe(0o750);
});

test("a path too long for a socket is refused with its length", async () => {
  const path = join(await temporaryFolder(), "x".repeat(110));
  await expect(createGrpcServer().listen({ network: "unix", path })).rejects.toThrow(
    `the path of the socket has ${path.length} bytes`,
  );
});

test("the first free port of a range is taken, and none free is told", async () => {
  const blocker = createTcpServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  cleanUps.push(() => blocker.close());
  const { port } = blocker.address() as AddressInfo;
  const server = createGrpcServer();
  await expect(server.listen({ network: "tcp", minPort: port, maxPort: port })).rejects.toThrow(
    `no port from ${port} to ${port} is free`,
  );
  const second = createGrpcServer();
  const address = await second.listen({ network: "tcp", minPort: port, maxPort: port + 50 });
  cleanUps.push(() => second.close({ graceMs: 0 }));
  expect(Number(address.address.split(":")[1])).toBeGreaterThan(port);
});

test("close lets a call under way end, takes no other and then is done", async () => {
  const release = Promise.withResolvers<Uint8Array>();
  let calls = 0;
  const { session, server } = await served({ unary: () => (calls++, release.promise) });
  const outcome = call(session, { messages: ["x"] });
  while (calls === 0) await wait(1);
  const closing = server.close({ graceMs: 10_000 });
  release.resolve(Buffer.from("done"));
  expect(await outcome).toMatchObject({ messages: ["done"], status: 0 });
  await closing;
});

test("close ends a call that takes longer than the grace", async () => {
  let calls = 0;
  const { session, server } = await served({ unary: () => (calls++, new Promise(() => undefined)) });
  const stream = session.request(callHeaders());
  stream.on("error", () => undefined);
  stream.end(frame("x"));
  while (calls === 0) await wait(1);
  await server.close({ graceMs: 20 });
  await expect.poll(() => session.destroyed).toBe(true);
});

test("close does not wait for a connection that says nothing", async () => {
  const { server, path } = await served({ unary: (request) => request });
  const socket = connectSocket(path);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  await server.close({ graceMs: 60_000 });
});

test("connections are counted as they come and go", async () => {
  const counts: number[] = [];
  const { session } = await served(
    { unary: (request) => request },
    { onConnections: (count) => void counts.push(count) },
  );
  await call(session, { messages: ["x"] });
  session.close();
  await expect.poll(() => counts).toEqual([1, 0]);
});

test("with TLS the trusted client is served, one with another certificate or none is not", async () => {
  const [server, client, stranger] = [makeCertificate(), makeCertificate(), makeCertificate()];
  const faults: Error[] = [];
  const { path } = await served(
    { unary: (request) => request },
    {
      tls: { key: server.key, certificate: server.certificate, trusted: client.certificate },
      onFault: (error) => void faults.push(error),
    },
  );
  const address = { network: "unix", address: path } as const;
  const connected = await connectGrpc(address, { tls: { ...client, trusted: server.certificate } });
  cleanUps.push(() => connected.close());
  expect(text(await connected.unary("/test.Echo/Echo", Buffer.from("safe")))).toBe("safe");
  const intruder = connectGrpc(address, { tls: { ...stranger, trusted: server.certificate } });
  await expect(intruder).rejects.toMatchObject({ statusName: "UNAVAILABLE" });
  await expect(connectGrpc(address)).rejects.toMatchObject({ statusName: "UNAVAILABLE" });
  expect(faults).not.toEqual([]);
});

test("whoever only looks whether somebody listens, and goes without a word, is no fault", async () => {
  const own = makeCertificate();
  const faults: string[] = [];
  const { path } = await served(
    { unary: (request) => request },
    {
      tls: { key: own.key, certificate: own.certificate, trusted: own.certificate },
      onFault: (error) => void faults.push(error.message),
    },
  );
  const silent = connectSocket(path);
  await once(silent, "connect");
  silent.destroy();
  await once(silent, "close");
  const speaking = connectSocket(path);
  speaking.end("these are not the words of TLS");
  await expect.poll(() => faults.length).toBeGreaterThan(0);
  expect(faults).not.toContainEqual(expect.stringContaining("hang up"));
});

async function served(handlers: GrpcHandlers, options: GrpcServerOptions = {}) {
  const path = join(await temporaryFolder(), "socket");
  const server = createGrpcServer(options);
  server.handle("/test.Echo/Echo", handlers);
  await server.listen({ network: "unix", path });
  cleanUps.push(() => server.close({ graceMs: 0 }));
  const session = connect("http://localhost", { createConnection: () => connectSocket(path) });
  session.on("error", () => undefined);
  cleanUps.push(() => session.destroy());
  return { server, session, path };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-"));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface CallRequest {
  readonly path?: string;
  readonly messages: readonly (string | Buffer)[];
  readonly headers?: OutgoingHttpHeaders;
}

function call(session: ClientHttp2Session, { path, messages, headers }: CallRequest) {
  const stream = session.request({ ...callHeaders(path), ...headers });
  const outcome = outcomeOf(stream);
  for (const message of messages) stream.write(frame(message));
  stream.end();
  return outcome;
}

function callHeaders(path = "/test.Echo/Echo"): OutgoingHttpHeaders {
  return { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
}

async function outcomeOf(stream: ReturnType<ClientHttp2Session["request"]>) {
  let headers: Record<string, string> = {};
  let trailers: Record<string, string> | undefined;
  const chunks: Buffer[] = [];
  stream.on("response", (received) => (headers = { ...received } as Record<string, string>));
  stream.on("trailers", (received) => (trailers = { ...received } as Record<string, string>));
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(stream, "close");
  const raw = messagesOf(Buffer.concat(chunks));
  const last = trailers ?? headers;
  return {
    raw,
    messages: raw.map(text),
    httpStatus: Number(headers[":status"]),
    status: last["grpc-status"] === undefined ? undefined : Number(last["grpc-status"]),
    statusText: decodeURIComponent(last["grpc-message"] ?? ""),
    hasTrailers: trailers !== undefined,
  };
}

function frame(message: string | Buffer): Buffer {
  const body = Buffer.from(message);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}

function messagesOf(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    messages.push(bytes.subarray(at + 5, end));
    at = end;
  }
  return messages;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

function hash(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
