import { randomBytes } from "node:crypto";
import { getEventListeners, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { createServer as createSocketServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { makeCertificate } from "../../../../extensions/runtime-go-plugin/src/wire/certificate.js";
import {
  connectGrpc,
  type GrpcAddress,
  type GrpcClient,
} from "../../../../extensions/runtime-go-plugin/src/wire/grpc-client.js";
import {
  frameMessage,
  MessageDeframer,
} from "../../../../extensions/runtime-go-plugin/src/wire/message-framing.js";

type Handler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

const folder = mkdtempSync(join(tmpdir(), "plugboard-grpc-"));
const undo: (() => void)[] = [];
let count = 0;

afterEach(() => {
  for (const one of undo.splice(0).reverse()) one();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const path = "/test.Service/Method";
const head = { ":status": 200, "content-type": "application/grpc" };
const text = (message: Uint8Array): string => Buffer.from(message).toString();
const bytes = (content: string): Buffer => Buffer.from(content);

/** Listens with a server whose streams the handler answers. */
async function listen(server: Http2Server, handler: Handler): Promise<GrpcAddress> {
  const address = join(folder, String(++count));
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", () => {});
    handler(stream, headers);
  });
  server.listen(address);
  await once(server, "listening");
  undo.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { network: "unix", address };
}

/** A client of a server that answers as the handler does. */
async function clientOf(handler: Handler): Promise<GrpcClient> {
  const client = await connectGrpc(await listen(createServer(), handler));
  undo.push(() => {
    client.close();
  });
  return client;
}

/** Answers with messages, or just bytes, and a status. */
function answer(
  stream: ServerHttp2Stream,
  messages: readonly Uint8Array[],
  trailers: Readonly<Record<string, string>> = { "grpc-status": "0" },
): void {
  stream.respond(head, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers(trailers);
  });
  for (const message of messages) stream.write(message);
  stream.end();
}

/** Answers each call with what the function makes of its message. */
function answering(make: (message: Uint8Array) => Uint8Array): Handler {
  return (stream) => {
    const reader = new MessageDeframer({
      maxBytes: undefined,
      onMessage: (message) => {
        answer(stream, [frameMessage(make(message))]);
      },
    });
    stream.on("data", (chunk: Buffer) => {
      reader.push(chunk);
    });
  };
}

/** Sends back every message, until the client ends. */
const echo: Handler = (stream) => {
  stream.respond(head, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers({ "grpc-status": "0" });
  });
  stream.pipe(stream);
};

const silent: Handler = () => {};

async function gathered(messages: AsyncIterable<Uint8Array>): Promise<string[]> {
  const all: string[] = [];
  for await (const message of messages) all.push(text(message));
  return all;
}

describe("a unary call", () => {
  test("gives the message that answers it", async () => {
    const client = await clientOf(answering((message) => bytes(`Hello, ${text(message)}!`)));
    expect(text(await client.unary(path, bytes("World")))).toBe("Hello, World!");
  });

  test("says what gRPC asks a client to say", async () => {
    let heard: IncomingHttpHeaders = {};
    const client = await clientOf((stream, headers) => {
      heard = headers;
      answer(stream, [frameMessage(bytes(""))]);
    });
    await client.unary(path, bytes(""), { timeoutMs: 1_500 });
    expect(heard).toMatchObject({
      ":method": "POST",
      ":authority": "localhost",
      ":scheme": "http",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      "grpc-timeout": "1500m",
    });
  });

  test("gets its own answer among many at once", async () => {
    const client = await clientOf(answering((message) => bytes(`<${text(message)}>`)));
    const names = Array.from({ length: 500 }, (_, index) => String(index));
    const answers = await Promise.all(names.map((name) => client.unary(path, bytes(name))));
    expect(answers.map(text)).toEqual(names.map((name) => `<${name}>`));
  });

  test("carries large messages both ways", async () => {
    const client = await clientOf(answering((message) => message));
    const message = randomBytes(9 * 1024 * 1024);
    expect(Buffer.compare(await client.unary(path, message), message)).toBe(0);
  });

  test("reads an answer that comes in pieces", async () => {
    const client = await clientOf((stream) => {
      const message = frameMessage(bytes("in pieces"));
      stream.respond(head, { waitForTrailers: true });
      stream.on("wantTrailers", () => {
        stream.sendTrailers({ "grpc-status": "0" });
      });
      const send = (at: number): void => {
        if (at === message.length) stream.end();
        else stream.write(message.subarray(at, at + 1), () => setImmediate(send, at + 1));
      };
      send(0);
    });
    expect(text(await client.unary(path, bytes("")))).toBe("in pieces");
  });

  test("rejects with the status, message and details of the server", async () => {
    const client = await clientOf((stream) => {
      answer(stream, [], {
        "grpc-status": "9",
        "grpc-message": "n%C3%A4h 100%25 %zz",
        "grpc-status-details-bin": Buffer.from([8, 9]).toString("base64"),
      });
    });
    await expect(client.unary(path, bytes(""))).rejects.toMatchObject({
      name: "GrpcError",
      status: 9,
      statusName: "FAILED_PRECONDITION",
      message: "näh 100% %zz",
      details: Buffer.from([8, 9]),
    });
  });

  test("rejects with a status that comes with the headers", async () => {
    const client = await clientOf((stream) => {
      stream.respond({ ...head, "grpc-status": "12", "grpc-message": "no such method" }, { endStream: true });
    });
    await expect(client.unary(path, bytes(""))).rejects.toMatchObject({
      statusName: "UNIMPLEMENTED",
      message: "no such method",
    });
  });

  test.each<readonly [string, readonly Uint8Array[], string]>([
    ["no message", [], "INTERNAL"],
    ["several messages", [frameMessage(bytes("a")), frameMessage(bytes("b"))], "INTERNAL"],
    ["half a message", [frameMessage(bytes("abc")).subarray(0, 6)], "INTERNAL"],
    ["half a head", [Buffer.from([0, 0])], "INTERNAL"],
    ["a compressed message", [Buffer.from([1, 0, 0, 0, 1, 0])], "UNIMPLEMENTED"],
    ["more than it may take", [frameMessage(bytes("far too long"))], "RESOURCE_EXHAUSTED"],
  ])("rejects %s", async (_, messages, statusName) => {
    const client = await clientOf((stream) => {
      answer(stream, messages);
    });
    await expect(client.unary(path, bytes(""), { maxBytes: 5 })).rejects.toMatchObject({ statusName });
  });

  test.each([
    [constants.NGHTTP2_REFUSED_STREAM, "UNAVAILABLE"],
    [constants.NGHTTP2_CANCEL, "CANCELLED"],
    [constants.NGHTTP2_ENHANCE_YOUR_CALM, "RESOURCE_EXHAUSTED"],
    [constants.NGHTTP2_INTERNAL_ERROR, "INTERNAL"],
  ])("rejects when the server ends it with HTTP/2's code %i", async (code, statusName) => {
    const client = await clientOf((stream) => {
      stream.close(code);
    });
    await expect(client.unary(path, bytes(""))).rejects.toMatchObject({ statusName });
  });

  test.each([
    [{ ":status": 404, "content-type": "text/html" }, "UNIMPLEMENTED"],
    [{ ":status": 503 }, "UNAVAILABLE"],
    [{ ":status": 200, "content-type": "text/html" }, "UNKNOWN"],
  ])("rejects an answer that is no gRPC: %j", async (headers, statusName) => {
    const client = await clientOf((stream) => {
      stream.respond(headers);
      stream.end("<html>");
    });
    await expect(client.unary(path, bytes(""))).rejects.toMatchObject({ statusName });
  });

  test("ends with the second message of a server that goes on for ever", async () => {
    let isOver = false;
    const client = await clientOf((stream) => {
      stream.respond(head);
      const piece = Buffer.concat(Array.from({ length: 100 }, () => frameMessage(bytes("more"))));
      const send = (): void => {
        if (!isOver) stream.write(piece, () => setImmediate(send));
      };
      stream.on("close", () => (isOver = true));
      send();
    });
    const call = client.unary(path, bytes(""));
    await expect(call).rejects.toMatchObject({ statusName: "INTERNAL" });
    await expect.poll(() => isOver).toBe(true);
  });

  test("rejects trailers without a status", async () => {
    const client = await clientOf((stream) => {
      answer(stream, [frameMessage(bytes(""))], { other: "1" });
    });
    await expect(client.unary(path, bytes(""))).rejects.toMatchObject({ statusName: "UNKNOWN" });
  });

  test("ends at its deadline, and tells the server", async () => {
    const aborted = Promise.withResolvers<void>();
    const client = await clientOf((stream) => {
      stream.on("aborted", aborted.resolve);
    });
    await expect(client.unary(path, bytes(""), { timeoutMs: 30 })).rejects.toMatchObject({
      statusName: "DEADLINE_EXCEEDED",
    });
    await aborted.promise;
  });

  test("is out of time when the server's timer is quicker, and breaks it off at the deadline", async () => {
    const timeoutMs = 30;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    undo.push(() => vi.useRealTimers());
    const client = await clientOf((stream) => {
      const arrival = performance.now();
      // As gRPC for Go does.
      const look = (): void => {
        if (performance.now() - arrival < timeoutMs) setImmediate(look);
        else stream.close(constants.NGHTTP2_CANCEL);
      };
      look();
    });
    await expect(client.unary(path, bytes(""), { timeoutMs })).rejects.toMatchObject({
      statusName: "DEADLINE_EXCEEDED",
    });
    await expect(client.unary(path, bytes(""), { timeoutMs: 60_000 })).rejects.toMatchObject({
      statusName: "CANCELLED",
    });
  });

  test("ends when its signal is aborted, and tells the server", async () => {
    const aborted = Promise.withResolvers<number>();
    const controller = new AbortController();
    const client = await clientOf((stream) => {
      stream.on("close", () => {
        aborted.resolve(stream.rstCode);
      });
      controller.abort("no longer wanted");
    });
    await expect(client.unary(path, bytes(""), { signal: controller.signal })).rejects.toMatchObject({
      statusName: "CANCELLED",
      cause: "no longer wanted",
    });
    expect(await aborted.promise).toBe(constants.NGHTTP2_CANCEL);
  });

  test("is not made when its signal is aborted already", async () => {
    let calls = 0;
    const client = await clientOf((stream) => {
      calls++;
      answer(stream, [frameMessage(bytes(""))]);
    });
    const signal = AbortSignal.abort();
    await expect(client.unary(path, bytes(""), { signal })).rejects.toMatchObject({
      statusName: "CANCELLED",
    });
    await client.unary(path, bytes(""));
    expect(calls).toBe(1);
  });

  test("leaves no listener on its signal", async () => {
    const client = await clientOf(answering((message) => message));
    const { signal } = new AbortController();
    const call = client.unary(path, bytes(""), { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await call;
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

describe("a connection", () => {
  test("makes calls wait where the server takes few at once", async () => {
    let [open, most] = [0, 0];
    const server = createServer({ settings: { maxConcurrentStreams: 2 } });
    const address = await listen(server, (stream) => {
      most = Math.max(most, ++open);
      stream.on("close", () => open--);
      setImmediate(answer, stream, [frameMessage(bytes("done"))]);
    });
    const client = await connectGrpc(address);
    undo.push(() => {
      client.close();
    });
    const controller = new AbortController();
    const calls = Array.from({ length: 20 }, (_, index) =>
      client.unary(path, bytes(""), index === 10 ? { signal: controller.signal } : {}),
    );
    controller.abort();
    const results = await Promise.allSettled(calls);
    expect(results.flatMap(({ status }, index) => (status === "rejected" ? [index] : []))).toEqual([10]);
    expect(most).toBe(2);
  });

  test("tells the server how long the message of an error may be", async () => {
    const settings = Promise.withResolvers<unknown>();
    const client = await clientOf((stream) => {
      settings.resolve(stream.session?.remoteSettings);
      answer(stream, [frameMessage(bytes(""))]);
    });
    await client.unary(path, bytes(""));
    expect(await settings.promise).toMatchObject({ maxHeaderListSize: 65_535, enablePush: false });
  });

  test("that is lost rejects every call on it, and those to come", async () => {
    const arrived = Promise.withResolvers<void>();
    let streams = 0;
    const server = createServer();
    const connected = once(server, "connection") as Promise<[Socket]>;
    const client = await connectGrpc(
      await listen(server, () => {
        if (++streams === 3) arrived.resolve();
      }),
    );
    undo.push(() => {
      client.close();
    });
    const calls = [
      client.unary(path, bytes("")),
      client.duplex(path).closed,
      gathered(client.serverStream(path, bytes(""))),
    ];
    await arrived.promise;
    (await connected)[0].destroy();
    const results = await Promise.allSettled(calls);
    const unavailable: unknown = expect.objectContaining({ statusName: "UNAVAILABLE" });
    expect(results).toEqual([
      { status: "rejected", reason: unavailable },
      { status: "fulfilled", value: unavailable },
      { status: "rejected", reason: unavailable },
    ]);
    expect(await client.closed).toMatchObject({ statusName: "UNAVAILABLE" });
    await expect(client.unary(path, bytes(""))).rejects.toMatchObject({ statusName: "UNAVAILABLE" });
  });

  test("that the server winds down finishes its calls and takes no more", async () => {
    const first = Promise.withResolvers<ServerHttp2Stream>();
    let streams = 0;
    const client = await clientOf((stream) => {
      if (++streams > 1) answer(stream, [frameMessage(bytes(""))]);
      else {
        stream.session?.close();
        first.resolve(stream);
      }
    });
    const call = client.unary(path, bytes(""));
    const stream = await first.promise;
    const refused = async (): Promise<unknown> => {
      for (;;) {
        try {
          await client.unary(path, bytes(""));
        } catch (error) {
          return error;
        }
      }
    };
    expect(await refused()).toMatchObject({ statusName: "UNAVAILABLE" });
    answer(stream, [frameMessage(bytes("done"))]);
    expect(text(await call)).toBe("done");
    expect(await client.closed).toMatchObject({ statusName: "UNAVAILABLE" });
  });

  test("that the server winds down is over with the last answer, though a stream is open", async () => {
    let waiting: ServerHttp2Stream | undefined;
    const client = await clientOf((stream, headers) => {
      if (headers[":path"] === "/test.Service/Stream") stream.respond(head);
      else {
        waiting = stream;
        stream.session?.goaway(constants.NGHTTP2_NO_ERROR);
      }
    });
    const stream = client.duplex("/test.Service/Stream");
    const last = client.unary(path, bytes(""));
    await expect.poll(() => waiting).toBeDefined();
    await expect.poll(() => client.unary(path, bytes("")).catch(() => "refused")).toBe("refused");
    answer(waiting as ServerHttp2Stream, [frameMessage(bytes("last"))]);
    expect(text(await last)).toBe("last");
    const error = await client.closed;
    expect(error).toMatchObject({ statusName: "UNAVAILABLE" });
    expect(error?.message).toContain("the server takes no more calls");
    expect(await stream.closed).toMatchObject({ statusName: "UNAVAILABLE" });
  });

  test("that has numbered all the calls it can is over after the last", async () => {
    const address = await listen(
      createServer(),
      answering((message) => message),
    );
    const client = await connectGrpc(address, { firstStreamId: 2 ** 31 - 1 });
    expect(text(await client.unary(path, bytes("last")))).toBe("last");
    await expect(client.unary(path, bytes(""))).rejects.toMatchObject({ statusName: "UNAVAILABLE" });
    expect(await client.closed).toMatchObject({ statusName: "UNAVAILABLE" });
  });

  test("that is closed here ends every call on it", async () => {
    const client = await clientOf(silent);
    const call = client.unary(path, bytes(""));
    client.close();
    await expect(call).rejects.toMatchObject({ statusName: "CANCELLED" });
    expect(await client.closed).toBeUndefined();
    await expect(client.unary(path, bytes(""))).rejects.toMatchObject({ statusName: "CANCELLED" });
  });

  test("reaches a server on a port", async () => {
    const server = createServer();
    server.on(
      "stream",
      answering((message) => message),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const client = await connectGrpc({ network: "tcp", address: `127.0.0.1:${String(port)}` });
    undo.push(
      () => server.close(),
      () => {
        client.close();
      },
    );
    expect(text(await client.unary(path, bytes("by port")))).toBe("by port");
  });

  test("is refused where nobody listens", async () => {
    await expect(connectGrpc({ network: "unix", address: join(folder, "nobody") })).rejects.toMatchObject({
      statusName: "UNAVAILABLE",
      cause: { code: "ENOENT" },
    });
  });

  test.each(["no port", "127.0.0.1:99999", ""])("is refused to what is no address: %j", async (address) => {
    await expect(connectGrpc({ network: "tcp", address })).rejects.toMatchObject({
      statusName: "UNAVAILABLE",
    });
  });

  test.each<readonly [string, (socket: Socket) => void]>([
    ["says nothing", () => {}],
    ["speaks another language", (socket) => socket.write("SSH-2.0-OpenSSH_9.9\r\n".repeat(10))],
    ["hangs up", (socket) => socket.destroy()],
  ])("is refused by a server that %s", async (_, speak) => {
    const server = createSocketServer((socket) => {
      socket.on("error", () => {});
      undo.push(() => socket.destroy());
      speak(socket);
    });
    const address = join(folder, String(++count));
    server.listen(address);
    await once(server, "listening");
    undo.push(() => server.close());
    await expect(connectGrpc({ network: "unix", address }, { timeoutMs: 100 })).rejects.toMatchObject({
      statusName: "UNAVAILABLE",
    });
  });

  test("is given up when the signal is aborted", async () => {
    const server = createSocketServer();
    const address = join(folder, String(++count));
    server.listen(address);
    await once(server, "listening");
    undo.push(() => server.close());
    const controller = new AbortController();
    const connecting = connectGrpc({ network: "unix", address }, { signal: controller.signal });
    controller.abort();
    await expect(connecting).rejects.toMatchObject({ statusName: "CANCELLED" });
  });

  test("with TLS reaches a server that has the trusted certificate, and proves itself", async () => {
    const [ours, theirs] = [makeCertificate(), makeCertificate()];
    const server = createSecureServer({
      key: theirs.key,
      cert: theirs.certificate,
      ca: ours.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const address = await listen(
      server,
      answering((message) => message),
    );
    const client = await connectGrpc(address, {
      tls: { key: ours.key, certificate: ours.certificate, trusted: theirs.certificate },
    });
    undo.push(() => {
      client.close();
    });
    expect(text(await client.unary(path, bytes("in secret")))).toBe("in secret");

    const other = makeCertificate();
    const untrusted = { key: ours.key, certificate: ours.certificate, trusted: other.certificate };
    await expect(connectGrpc(address, { tls: untrusted })).rejects.toMatchObject({
      statusName: "UNAVAILABLE",
    });
    const unproven = { key: other.key, certificate: other.certificate, trusted: theirs.certificate };
    await expect(connectGrpc(address, { tls: unproven })).rejects.toMatchObject({
      statusName: "UNAVAILABLE",
    });
  });
});

describe("a stream of answers", () => {
  test("gives every message in order to a reader who takes time", async () => {
    const numbers = Array.from({ length: 5_000 }, (_, index) => String(index));
    const client = await clientOf((stream) => {
      answer(
        stream,
        numbers.map((one) => frameMessage(bytes(one))),
      );
    });
    const got: string[] = [];
    for await (const message of client.serverStream(path, bytes(""))) {
      got.push(text(message));
      if (got.length % 500 === 0) await new Promise(setImmediate);
    }
    expect(got).toEqual(numbers);
  });

  test("throws its error after the messages before it", async () => {
    const client = await clientOf((stream) => {
      answer(stream, [frameMessage(bytes("first"))], { "grpc-status": "10" });
    });
    const messages = client.serverStream(path, bytes(""))[Symbol.asyncIterator]();
    expect(await messages.next()).toEqual({ done: false, value: bytes("first") });
    await expect(messages.next()).rejects.toMatchObject({ statusName: "ABORTED" });
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });

  test("tells the server when its reader leaves", async () => {
    const closed = Promise.withResolvers<number>();
    const client = await clientOf((stream) => {
      stream.on("close", () => {
        closed.resolve(stream.rstCode);
      });
      stream.respond(head);
      stream.write(frameMessage(bytes("first")));
    });
    for await (const message of client.serverStream(path, bytes(""))) {
      expect(text(message)).toBe("first");
      break;
    }
    expect(await closed.promise).toBe(constants.NGHTTP2_CANCEL);
  });
});

describe("a stream both ways", () => {
  test("carries messages in order until it is ended", async () => {
    const client = await clientOf(echo);
    const duplex = client.duplex(path);
    const got: string[] = [];
    duplex.receive((message) => got.push(text(message)));
    const numbers = Array.from({ length: 1_000 }, (_, index) => String(index));
    for (const one of numbers) duplex.send(bytes(one));
    duplex.end();
    expect(await duplex.closed).toBeUndefined();
    expect(got).toEqual(numbers);
    duplex.send(bytes("too late"));
  });

  test("keeps what comes before somebody listens", async () => {
    const client = await clientOf(echo);
    const duplex = client.duplex(path);
    duplex.send(bytes("early"));
    duplex.end();
    await duplex.closed;
    const got: string[] = [];
    duplex.receive((message) => got.push(text(message)));
    expect(got).toEqual(["early"]);
  });

  test("ends at once when it is closed, and tells the server", async () => {
    const closed = Promise.withResolvers<number>();
    const client = await clientOf((stream) => {
      stream.on("close", () => {
        closed.resolve(stream.rstCode);
      });
    });
    const duplex = client.duplex(path);
    duplex.send(bytes("hello"));
    duplex.close();
    expect(await duplex.closed).toBeUndefined();
    expect(await closed.promise).toBe(constants.NGHTTP2_CANCEL);
  });

  test("tells why the server ended it, and leaves nothing open", async () => {
    const closed = Promise.withResolvers<void>();
    const client = await clientOf((stream) => {
      stream.on("close", closed.resolve);
      answer(stream, [frameMessage(bytes("last"))], { "grpc-status": "7", "grpc-message": "go away" });
    });
    const duplex = client.duplex(path);
    const got: string[] = [];
    duplex.receive((message) => got.push(text(message)));
    expect(await duplex.closed).toMatchObject({ statusName: "PERMISSION_DENIED", message: "go away" });
    expect(got).toEqual(["last"]);
    await closed.promise;
  });

  test("tells of nothing while it is paused", async () => {
    const client = await clientOf(echo);
    const duplex = client.duplex(path);
    const got: string[] = [];
    const first = Promise.withResolvers<void>();
    duplex.receive((message) => {
      got.push(text(message));
      first.resolve();
    });
    duplex.send(bytes("a"));
    await first.promise;
    duplex.pause();
    duplex.send(bytes("b"));
    await client.unary(path, bytes("c"));
    expect(got).toEqual(["a"]);
    duplex.resume();
    duplex.end();
    await duplex.closed;
    expect(got).toEqual(["a", "b"]);
  });
});
