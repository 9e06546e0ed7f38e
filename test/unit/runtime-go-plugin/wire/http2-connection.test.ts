/** What a client makes of servers that say unusual things: held against bytes, where `node:http2` would not say them. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type ServerHttp2Stream } from "node:http2";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import {
  connectGrpc,
  type GrpcAddress,
  type GrpcClient,
} from "../../../../extensions/runtime-go-plugin/src/wire/grpc-client.js";
import { frameMessage } from "../../../../extensions/runtime-go-plugin/src/wire/message-framing.js";

const folder = mkdtempSync(join(tmpdir(), "plugboard-http2-"));
let count = 0;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Listens, and hands each connection on. */
async function listen(take: (socket: Socket) => void): Promise<GrpcAddress> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    take(socket);
  });
  const address = join(folder, String(++count));
  server.listen(address);
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { network: "unix", address };
}

/** A client of a server that says its settings, and the bytes once it has been called. */
async function clientOf(...answer: readonly Uint8Array[]): Promise<GrpcClient> {
  const address = await listen((socket) => {
    socket.write(frame(4, 0, 0));
    let isAnswered = false;
    socket.on("data", (chunk: Buffer) => {
      if (isAnswered || !chunk.includes("grpc")) return;
      isAnswered = true;
      for (const piece of answer) socket.write(piece);
    });
  });
  const client = await connectGrpc(address);
  onTestFinished(() => {
    client.close();
  });
  return client;
}

function frame(kind: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function settingOf(kind: number, value: number): Buffer {
  return Buffer.concat([Uint8Array.of(0, kind), number(value)]);
}

const call = (client: GrpcClient): Promise<Uint8Array> =>
  client.unary("/test.Service/Method", Buffer.from("x"));

const plain = (name: string, value: string): Buffer =>
  Buffer.concat([
    Uint8Array.of(0, name.length),
    Buffer.from(name),
    Uint8Array.of(value.length),
    Buffer.from(value),
  ]);
const status200 = Uint8Array.of(0x88);
const head = Buffer.concat([status200, plain("content-type", "application/grpc")]);
const trailers = plain("grpc-status", "0");
const message = frameMessage(Buffer.from("answer"));

test("padding, priorities, frames of other kinds and headers in pieces change nothing", async () => {
  const client = await clientOf(
    frame(0xfe, 0xff, 1, Buffer.from("unknown")),
    frame(1, 0x04, 1, Buffer.concat([Uint8Array.of(0x08, 3), Buffer.from("103")])),
    frame(
      1,
      0x28,
      1,
      Buffer.concat([Uint8Array.of(2, 0, 0, 0, 0, 16), head.subarray(0, 3), Buffer.alloc(2)]),
    ),
    frame(9, 0, 1, head.subarray(3, 9)),
    frame(9, 0x04, 1, head.subarray(9)),
    frame(2, 0, 1, Buffer.alloc(5)),
    frame(0, 0x08, 1, Buffer.concat([Uint8Array.of(3), message.subarray(0, 4), Buffer.alloc(3)])),
    frame(0, 0, 1, message.subarray(4)),
    frame(6, 0, 0, Buffer.alloc(8)),
    frame(1, 0x05, 1, trailers),
  );
  expect(Buffer.from(await call(client)).toString()).toBe("answer");
});

test.each<readonly [string, Uint8Array, RegExp]>([
  ["a frame that is too long", frame(0, 0, 1, Buffer.alloc(16_385)), /frame that is too long/],
  ["a stream that was never opened", frame(1, 0x04, 3, head), /never opened/],
  ["a ping of one stream", frame(6, 0, 1, Buffer.alloc(8)), /of one stream what concerns all/],
  ["settings of one stream", frame(4, 0, 1), /of one stream what concerns all/],
  ["an answer to settings that says something", frame(4, 1, 0, Buffer.alloc(6)), /wrong length/],
  ["a window that is opened by nothing", frame(8, 0, 0, Buffer.alloc(4)), /by nothing/],
  [
    "settings that open a window too far",
    Buffer.concat([frame(8, 0, 1, number(2 ** 31 - 1 - 65_535)), frame(4, 0, 0, settingOf(4, 2 ** 31 - 1))]),
    /window that can't be/,
  ],
  ["a pushed stream", frame(5, 0x04, 1, Buffer.alloc(8)), /pushes/],
  ["a header of a table that it was told not to keep", frame(1, 0x04, 1, Uint8Array.of(0xbe)), /number 62/],
  ["a table of headers", frame(1, 0x04, 1, Uint8Array.of(0x3f, 0xe1, 0x1f)), /told to keep none/],
  ["headers that end too early", frame(1, 0x04, 1, Uint8Array.of(0x00, 0x05, 0x61)), /end too early/],
  ["a number beyond all measure", frame(1, 0x04, 1, Buffer.alloc(8, 0xff)), /beyond all measure/],
  [
    "a text that is no code",
    frame(1, 0x04, 1, Uint8Array.of(0x08, 0x84, 255, 255, 255, 255)),
    /no sound code/,
  ],
  [
    "other frames between headers",
    Buffer.concat([frame(1, 0, 1, head), frame(0, 0, 1)]),
    /broke off headers/,
  ],
  ["the end of headers without their beginning", frame(9, 0x04, 1, head), /never began/],
  [
    "headers without end",
    Buffer.concat([
      frame(1, 0, 1, head),
      ...Array.from({ length: 20 }, () => frame(9, 0, 1, Buffer.alloc(16_000))),
    ]),
    /without end/,
  ],
  ["padding beyond a frame", frame(0, 0x08, 1, Uint8Array.of(9, 0)), /pads beyond/],
  ["a window that can't be", frame(8, 0, 0, Uint8Array.of(0x7f, 255, 255, 255)), /window that can't be/],
  ["a ping of a wrong length", frame(6, 0, 0, Buffer.alloc(7)), /wrong length/],
  [
    "a farewell with a code",
    frame(7, 0, 0, Buffer.concat([Buffer.alloc(7), Uint8Array.of(11), Buffer.from("calm")])),
    /code 11 "calm"/,
  ],
])("a server that sends %s loses its connection, and the call says why", async (_, answer, words) => {
  const client = await clientOf(answer);
  await expect(call(client)).rejects.toMatchObject({ statusName: "UNAVAILABLE", message: words });
  expect(await client.closed).toMatchObject({ message: words });
});

test.each<readonly [string, Uint8Array, string]>([
  ["a message before its headers", frame(0, 0, 1, message), "INTERNAL"],
  [
    "trailers that are not the end",
    Buffer.concat([frame(1, 0x04, 1, head), frame(1, 0x04, 1, trailers)]),
    "INTERNAL",
  ],
  ["a window of nothing", frame(8, 0, 1, Buffer.alloc(4)), "INTERNAL"],
  ["the end without trailers", Buffer.concat([frame(1, 0x04, 1, head), frame(0, 1, 1, message)]), "INTERNAL"],
])("of a server that sends %s the call fails alone", async (_, answer, statusName) => {
  const client = await clientOf(answer, frame(1, 0x05, 3, Buffer.concat([head, plain("grpc-status", "5")])));
  const second = call(client).catch((error: unknown) => error);
  const other = call(client).catch((error: unknown) => error);
  expect(await second).toMatchObject({ statusName });
  expect(await other).toMatchObject({ statusName: "NOT_FOUND" });
});

test("calls that the server had no room for begin when it makes room, though no other ends", async () => {
  const calls = Promise.withResolvers<void>();
  const address = await listen((socket) => {
    socket.write(frame(4, 0, 0, settingOf(3, 0)));
    void calls.promise.then(() => socket.write(frame(4, 0, 0, settingOf(3, 2))));
    socket.on("data", (chunk: Buffer) => {
      if (!chunk.includes("grpc")) return;
      for (const stream of [1, 3])
        socket.write(
          Buffer.concat([
            frame(1, 0x04, stream, head),
            frame(0, 0, stream, message),
            frame(1, 0x05, stream, trailers),
          ]),
        );
    });
  });
  const client = await connectGrpc(address);
  onTestFinished(() => client.close());
  const answers = Promise.all([call(client), call(client)]);
  calls.resolve();
  expect((await answers).map(String)).toEqual(["answer", "answer"].map((text) => String(Buffer.from(text))));
});

test("a server that sends more than a stream that is paused may hold loses the stream", async () => {
  const pieces = Array.from({ length: 1_100 }, () => frame(0, 0, 1, Buffer.alloc(16_384)));
  const client = await clientOf(frame(1, 0x04, 1, head), Buffer.concat(pieces));
  const stream = client.duplex("/test.Service/Method");
  stream.pause();
  expect(await stream.closed).toMatchObject({ statusName: "INTERNAL" });
});

test("what comes byte by byte is understood, and so is every sign of a message", async () => {
  const signs = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index)).replaceAll(
    "%",
    "",
  );
  const long = signs.repeat(300);
  const server = createHttpServer();
  server.on("stream", (stream: ServerHttp2Stream) => {
    stream.on("error", () => {});
    stream.respond({ ":status": 200, "grpc-status": "9", "grpc-message": long }, { endStream: true });
  });
  const inner = join(folder, "inner");
  server.listen(inner);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = await listen((socket) => {
    const other = connect(inner);
    other.on("error", () => {});
    socket.pipe(other);
    socket.on("close", () => other.destroy());
    other.on("data", (chunk: Buffer) => {
      for (const byte of chunk.subarray(0, 300)) socket.write(Uint8Array.of(byte));
      socket.write(chunk.subarray(300));
    });
  });
  const client = await connectGrpc(address);
  onTestFinished(() => {
    client.close();
  });
  await expect(call(client)).rejects.toMatchObject({
    statusName: "FAILED_PRECONDITION",
    message: long.trimEnd(),
  });
});
