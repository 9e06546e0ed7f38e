import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, createServer, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Channel, ExitReason, Frame } from "@plugboard/extension-api";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { openFrameChannel } from "../../../../extensions/runtime-go-plugin/src/frames/frame-channel.js";
import {
  decodeFrames,
  encodeFrames,
} from "../../../../extensions/runtime-go-plugin/src/frames/frame-codec.js";
import { connectGrpc } from "../../../../extensions/runtime-go-plugin/src/wire/grpc-client.js";
import {
  frameMessage,
  MessageDeframer,
} from "../../../../extensions/runtime-go-plugin/src/wire/message-framing.js";

const folder = mkdtempSync(join(tmpdir(), "plugboard-frames-"));
const undo: (() => void)[] = [];
let count = 0;

afterEach(() => {
  for (const one of undo.splice(0).reverse()) one();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A guest, as the test plays it, and the channel to it. */
class Scene {
  readonly channel: Channel;
  /** Batches that came at the host, and at the guest. */
  readonly atHost: (readonly Frame[])[] = [];
  readonly atGuest: (readonly Frame[])[] = [];
  /** How the plugin was asked to end. */
  readonly endings: readonly string[];
  /** Settles when the host knows that the stream is over. */
  readonly streamEnd: Promise<void>;
  readonly #stream: ServerHttp2Stream;
  readonly #socket: Socket;
  readonly #exited: PromiseWithResolvers<ExitReason>;
  readonly #letGo: () => void;

  constructor(
    channel: Channel,
    guest: {
      readonly stream: ServerHttp2Stream;
      readonly socket: Socket;
      readonly exited: PromiseWithResolvers<ExitReason>;
      readonly endings: readonly string[];
      readonly letGo: () => void;
      readonly streamEnd: Promise<void>;
    },
  ) {
    const { stream, socket, exited, endings, letGo, streamEnd } = guest;
    this.channel = channel;
    this.#stream = stream;
    this.#socket = socket;
    this.#exited = exited;
    this.#letGo = letGo;
    this.endings = endings;
    this.streamEnd = streamEnd;
    channel.receive((frames) => this.atHost.push(frames));
    const reader = new MessageDeframer({
      maxBytes: undefined,
      onMessage: (message) => this.atGuest.push(decodeFrames(message)),
    });
    stream.on("data", (chunk: Buffer) => {
      reader.push(chunk);
    });
  }

  say(...frames: Frame[]): void {
    for (const message of encodeFrames(frames)) this.#stream.write(message);
  }

  sayBytes(bytes: Uint8Array): void {
    this.#stream.write(frameMessage(bytes));
  }

  /** The guest's handler returns. */
  finish(trailers: Readonly<Record<string, string>>): void {
    this.#stream.on("wantTrailers", () => {
      this.#stream.sendTrailers(trailers);
    });
    this.#stream.end();
  }

  /** The plugin ends. */
  exit(reason: ExitReason): void {
    this.#exited.resolve(reason);
    this.#socket.destroy();
  }

  /** The host lets go of its connection when it sees the plugin's end, and tells of that a moment later. */
  async exitSeen(reason: ExitReason): Promise<void> {
    this.#letGo();
    await new Promise(setImmediate);
    this.#exited.resolve(reason);
  }

  /** Whoever ends the plugin closes the connection. */
  letGo(): void {
    this.#letGo();
  }

  /** The stream ends without a word. */
  reset(): void {
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  /** The connection breaks. */
  hangUp(): void {
    this.#socket.destroy();
  }
}

async function play(): Promise<Scene> {
  const server = createServer();
  const connected = once(server, "connection") as Promise<[Socket]>;
  const address = join(folder, String(++count));
  server.listen(address);
  await once(server, "listening");
  const client = await connectGrpc({ network: "unix", address });
  undo.push(
    () => server.close(),
    () => {
      client.close();
    },
  );
  const exited = Promise.withResolvers<ExitReason>();
  const endings: string[] = [];
  const end = (how: string): void => {
    endings.push(how);
    exited.resolve({ kind: "disposed", message: `The plugin had to ${how}.` });
    client.close();
  };
  const opened = once(server, "stream") as Promise<[ServerHttp2Stream, Record<string, string>]>;
  const streamEnd = Promise.withResolvers<void>();
  const opening = openFrameChannel(
    {
      client: {
        duplex: (...args) => {
          const stream = client.duplex(...args);
          void stream.closed.then(() => {
            streamEnd.resolve();
          });
          return stream;
        },
      },
      child: { processId: process.pid, memory: () => 2 ** 20 },
      exited: exited.promise,
      stop: () => {
        end("stop");
        return Promise.resolve();
      },
      kill: () => {
        end("die");
      },
    },
    "acme.x",
  );
  const [stream, headers] = await opened;
  expect(headers[":path"]).toBe("/plugboard.guest.v1.Guest/Connect");
  stream.on("error", () => {});
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  const [socket] = await connected;
  const channel = await opening;
  const letGo = (): void => {
    client.close();
  };
  return new Scene(channel, { stream, socket, exited, endings, letGo, streamEnd: streamEnd.promise });
}

const ping: Frame = { type: "emit", session: 0, event: "ping", args: [] };
const pong: Frame = { type: "emit", session: 0, event: "pong", args: [] };
const call = (id: number): Frame => ({ type: "call", session: 1, id, target: "export/x", args: [id] });
const bye: Frame = { type: "bye", session: 1, deactivate: true, timeoutMs: 0 };
const gone: Frame = { type: "gone", session: 1, leftovers: {} };
const hello = { type: "hello", session: 1, protocol: 1 } as Frame;

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate);
}

describe("a channel", () => {
  test("carries what is sent in one go as one batch, in order, both ways", async () => {
    const scene = await play();
    scene.channel.send([ping, call(1)], []);
    scene.channel.send([call(2)], []);
    scene.say(pong);
    scene.say({ type: "ok", session: 1, id: 1, value: 1 }, { type: "ok", session: 1, id: 2, value: 2 });
    await until(() => scene.atGuest.length === 2 && scene.atHost.length === 2);
    expect(scene.atGuest).toEqual([[ping, call(1)], [call(2)]]);
    expect(scene.atHost.map((frames) => frames.length)).toEqual([1, 2]);
  });

  test("hands a flood on in turns of the event loop, in order, and all of it", async () => {
    const scene = await play();
    const ids = Array.from({ length: 20_000 }, (_, index) => index);
    scene.say(...ids.map((id): Frame => ({ type: "ok", session: 1, id, value: undefined })));
    await until(() => scene.atHost.flat().length === ids.length);
    expect(scene.atHost.flat().map((frame) => (frame as { id: number }).id)).toEqual(ids);
    expect(Math.max(...scene.atHost.map((frames) => frames.length))).toBeLessThanOrEqual(1_000);
  });

  test("throws for a value that can't be sent, and goes on", async () => {
    const scene = await play();
    const bad: Frame = { type: "call", session: 1, id: 1, target: "export/x", args: [() => 1] };
    expect(() => {
      scene.channel.send([bad], []);
    }).toThrow(TypeError);
    scene.channel.send([call(2)], []);
    await until(() => scene.atGuest.length === 1);
    expect(scene.atGuest).toEqual([[call(2)]]);
  });

  test.runIf(process.platform === "linux")("tells what memory the process takes", async () => {
    const scene = await play();
    expect(scene.channel.processId).toBe(process.pid);
    expect(await scene.channel.memory()).toBe(2 ** 20);
    expect(await scene.channel.busyPlace()).toBeUndefined();
    scene.channel.close();
    await scene.channel.closed;
  });

  test("that is closed kills a plugin that has a session", async () => {
    const scene = await play();
    scene.channel.send([hello], []);
    scene.channel.close();
    scene.channel.close();
    expect(await scene.channel.closed).toEqual({ kind: "disposed", message: "The plugin was ended." });
    expect(scene.endings).toEqual(["die"]);
    scene.channel.send([ping], []);
  });

  test("that is closed after its sessions lets the plugin stop in order", async () => {
    const scene = await play();
    const bad: Frame = { type: "call", session: 1, id: 1, target: "export/x", args: [() => 1] };
    expect(() => {
      scene.channel.send([hello, bad], []);
    }).toThrow(TypeError);
    scene.channel.send([hello, bye], []);
    scene.say(gone);
    await until(() => scene.atHost.length === 1);
    scene.channel.close();
    expect((await scene.channel.closed).kind).toBe("disposed");
    expect(scene.endings).toEqual(["stop"]);
  });

  test("is over when the plugin exits, after what it sent last", async () => {
    const scene = await play();
    scene.say({ type: "ok", session: 1, id: 1, value: "last words" });
    await until(() => scene.atHost.length === 1);
    scene.exit({ kind: "crashed", message: "The plugin was killed by SIGKILL." });
    expect(await scene.channel.closed).toEqual({
      kind: "crashed",
      message: "The plugin was killed by SIGKILL.",
    });
    expect(scene.endings).toEqual([]);
  });

  test("tells how the plugin ended, although the connection was let go of first", async () => {
    const scene = await play();
    await scene.exitSeen({ kind: "crashed", message: "The plugin was killed by SIGKILL." });
    expect((await scene.channel.closed).message).toBe("The plugin was killed by SIGKILL.");
    expect(scene.endings).toEqual([]);
  });

  test("tells why the plugin was ended by others, who close its connection first", async () => {
    const scene = await play();
    scene.letGo();
    const reason: ExitReason = { kind: "crashed", message: "The runtime was stopped." };
    await new Promise((resolve) => setTimeout(resolve, 50));
    scene.exit(reason);
    expect(await scene.channel.closed).toEqual(reason);
  });

  test("kills a plugin that hangs up and goes on running", async () => {
    const scene = await play();
    scene.hangUp();
    const { kind, message } = await scene.channel.closed;
    expect(kind).toBe("crashed");
    expect(message).toContain("can't be reached any more");
    expect(scene.endings).toEqual(["die"]);
  });

  test.each([
    ["its handler returns", (scene: Scene) => scene.finish({ "grpc-status": "0" })],
    ["its handler fails", (scene: Scene) => scene.finish({ "grpc-status": "2" })],
    ["its stream is reset", (scene: Scene) => scene.reset()],
    ["its connection breaks", (scene: Scene) => scene.hangUp()],
  ] as const)("tells how the process ended, though before that %s", async (_, end) => {
    const scene = await play();
    end(scene);
    await scene.streamEnd;
    scene.exit({ kind: "crashed", message: "The plugin exited with code 3." });
    expect(await scene.channel.closed).toEqual({
      kind: "crashed",
      message: "The plugin exited with code 3.",
    });
    expect(scene.endings).toEqual([]);
  });

  test.each([
    [{ "grpc-status": "0" }, "it ended its stream."],
    [{ "grpc-status": "2", "grpc-message": "out of ideas" }, "it ended its stream: out of ideas."],
  ])("kills a plugin that ends its stream: %j", async (trailers, words) => {
    const scene = await play();
    scene.finish(trailers);
    const { kind, message } = await scene.channel.closed;
    expect(kind).toBe("crashed");
    expect(message).toContain(words);
    expect(scene.endings).toEqual(["die"]);
  });

  test.each<readonly [string, Uint8Array]>([
    ["bytes that are no frames", Buffer.from([0x0a, 0xff])],
    ["a frame of no kind", Buffer.from([0x0a, 0])],
  ])("kills a plugin that sends %s, after what came before", async (_, bytes) => {
    const scene = await play();
    scene.say(pong);
    scene.sayBytes(bytes);
    scene.say(pong);
    const { kind, message } = await scene.channel.closed;
    expect(kind).toBe("crashed");
    expect(message).toContain("it broke the protocol");
    expect(scene.endings).toEqual(["die"]);
    expect(scene.atHost).toHaveLength(1);
  });

  test("is not opened to a plugin that was written for another host, and is told why", async () => {
    const server = createServer();
    server.on("stream", (stream: ServerHttp2Stream) => {
      stream.respond(
        { ":status": 200, "content-type": "application/grpc", "grpc-status": "12" },
        { endStream: true },
      );
    });
    const address = join(folder, String(++count));
    await new Promise<void>((resolve) => server.listen(address, resolve));
    const client = await connectGrpc({ network: "unix", address });
    undo.push(
      () => server.close(),
      () => client.close(),
    );
    const plugin = { client, child: undefined, exited: new Promise<never>(() => undefined) };
    const opening = openFrameChannel(
      { ...plugin, stop: () => Promise.resolve(), kill: () => undefined },
      "acme.x",
    );
    await expect(opening).rejects.toMatchObject({
      code: "MANIFEST_INVALID",
      details: { key: "runtime.services" },
      message: expect.stringContaining("it was written for another host") as string,
    });
  });

  test("kills a plugin that announces more than a message may have", async () => {
    const scene = await play();
    scene.sayBytes(Buffer.alloc(65 * 1024 * 1024));
    const { message } = await scene.channel.closed;
    expect(message).toContain("where 67108864 are allowed");
  });
});
