/**
 * The channel to a guest behind a go-plugin handshake: one stream of `Guest.Connect`. Owns the plugin from its start
 * on: whatever ends one ends the other. Says nothing of what the frames mean.
 * Invariant: `closed` settles once the plugin has ended, after every frame that it sent has been handed on.
 */
import {
  ExtensionError,
  isExtensionError,
  type BusyPlace,
  type Channel,
  type Child,
  type ExitReason,
  type Frame,
} from "@plugboard/extension-api";
import type { GrpcClient, GrpcClientDuplex } from "../wire/grpc-client.js";
import { GrpcError } from "../wire/grpc-status.js";
import { decodeFrames, encodeFrames } from "./frame-codec.js";
import { settledWithin } from "../process/settled-within.js";

/** The plugin at the other end, as far as a channel needs it. @internal */
export interface GuestPlugin {
  /** The connection to it. */
  readonly client: Pick<GrpcClient, "duplex">;
  /** Its process; undefined for one that somebody else started. */
  readonly child: Pick<Child, "processId" | "memory"> | undefined;
  /** Settles when it has ended; of a plugin that somebody else started, when it can't be reached any more. */
  readonly exited: Promise<ExitReason>;
  /** Asks it to end, and makes it after a while. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

const guestPath = "/plugboard.guest.v1.Guest/Connect";

/** The most bytes of a message that comes; what is in it has its own, narrower limits. */
const messageLimitBytes = 64 * 1024 * 1024;

/** The most bytes that wait for a guest that does not read. */
const unreadLimitBytes = 256 * 1024 * 1024;

/** A connection that broke, and one that this side let go of when it saw the plugin's end. */
const lossStatuses: readonly string[] = ["UNAVAILABLE", "CANCELLED"];

/** Time for a plugin to end by itself after its connection was lost, or its stream, and for its last words to arrive. */
const farewellMs = 1_000;
const streamFarewellMs = 250;
const lastWordsMs = 50;

/** Frames that are handed on in one turn of the event loop, so that a flood does not keep the host from all else. */
const turnFrames = 1_000;

/** Time for a plugin to say that it is no guest. Guests made without our library may say nothing before they are spoken to. */
const refusalMs = 500;

/**
 * Opens the channel to a guest written for Plugboard.
 *
 * @throws ExtensionError `MANIFEST_INVALID` for a plugin that was written for another host
 * @internal
 */
export async function openFrameChannel(plugin: GuestPlugin, extensionId: string): Promise<Channel> {
  const stream = plugin.client.duplex(guestPath, { maxBytes: messageLimitBytes });
  const end: { statusName?: string } = {};
  void stream.closed.then((error) => {
    if (error instanceof GrpcError) end.statusName = error.statusName;
  });
  await settledWithin(stream.opened, refusalMs);
  if (end.statusName === "UNIMPLEMENTED") {
    const key = "runtime.services";
    const message = `${key} of ${extensionId} is missing: the plugin does not serve plugboard.guest.v1.Guest, so it was written for another host, and the manifest has to map what it serves.`;
    throw new ExtensionError("MANIFEST_INVALID", message, { extensionId, details: { key } });
  }
  return new FrameChannel(plugin, stream);
}

class FrameChannel implements Channel {
  readonly closed: Promise<ExitReason>;
  readonly #plugin: GuestPlugin;
  readonly #stream: GrpcClientDuplex;
  #end: ExitReason | undefined;
  /** Whether the plugin is being ended. */
  #isEnding = false;
  /** Sessions that were opened and are not gone. */
  #sessions = 0;
  #listener: ((frames: readonly Frame[]) => void) | undefined;
  #waiting: (readonly Frame[])[] = [];
  #isPaused = false;

  constructor(plugin: GuestPlugin, stream: GrpcClientDuplex) {
    this.#plugin = plugin;
    this.#stream = stream;
    this.#stream.receive((message) => {
      this.#read(message);
    });
    this.closed = this.#follow();
  }

  get processId(): number | undefined {
    return this.#plugin.child?.processId;
  }

  send(frames: readonly Frame[]): void {
    if (this.#end !== undefined) return;
    const messages = encodeFrames(frames);
    for (const frame of frames) if (frame.type === "hello") this.#sessions++;
    for (const message of messages) this.#stream.sendFramed(message);
    if (this.#stream.unsentBytes > unreadLimitBytes) this.#fail("it reads nothing");
  }

  receive(listener: (frames: readonly Frame[]) => void): void {
    this.#listener = listener;
    this.#handOn();
  }

  close(): void {
    this.#end ??= { kind: "disposed", message: "The plugin was ended." };
    this.#endPlugin();
  }

  memory(): Promise<number | undefined> {
    return Promise.resolve(this.#plugin.child?.memory());
  }

  busyPlace(): Promise<BusyPlace | undefined> {
    return Promise.resolve(undefined);
  }

  async #follow(): Promise<ExitReason> {
    const streamEnd = this.#stream.closed.then((error) => {
      this.#streamEnded(error);
    });
    const exit = await this.#plugin.exited;
    // What it sent last may still be on its way.
    await settledWithin(streamEnd, lastWordsMs);
    if (this.#end === undefined) this.#handOnAll();
    this.#end ??= exit.kind === "crashed" ? exit : { kind: "crashed", message: exit.message };
    this.#stream.close();
    return this.#end;
  }

  #streamEnded(error: Error | undefined): void {
    if (this.#end !== undefined) return;
    const why = error === undefined ? "" : `: ${error.message.replace(/\.$/, "")}`;
    const status = error instanceof GrpcError ? error.statusName : undefined;
    if (error === undefined || (status !== undefined && !lossStatuses.includes(status))) {
      this.#failUnlessExited(`it ended its stream${why}`, streamFarewellMs);
    } else this.#failUnlessExited(`it can't be reached any more${why}`, farewellMs);
  }

  /** Most probably it is about to end, and how it ends tells more than that it says nothing any more. */
  #failUnlessExited(why: string, withinMs: number): void {
    const timer = setTimeout(() => {
      this.#fail(why);
    }, withinMs);
    void this.#plugin.exited.then(() => {
      clearTimeout(timer);
    });
  }

  #read(message: Uint8Array): void {
    if (this.#end !== undefined) return;
    let frames: readonly Frame[];
    try {
      frames = decodeFrames(message);
    } catch (error) {
      if (!isExtensionError(error, "RUNTIME_PROTOCOL")) throw error;
      this.#fail(`it broke the protocol: ${error.message.replace(/\.$/, "")}`);
      return;
    }
    for (const frame of frames) if (frame.type === "gone") this.#sessions--;
    if (frames.length > 0) this.#waiting.push(frames);
    if (!this.#isPaused) this.#handOn();
  }

  /** Hands on what fits into this turn, and the rest in the next ones. */
  #handOn(): void {
    if (this.#listener === undefined) return;
    let left = turnFrames;
    for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
      if (left === 0) {
        this.#waitForTurn();
        return;
      }
      const portion = batch.length <= left ? batch : batch.slice(0, left);
      if (portion === batch) this.#waiting.shift();
      else this.#waiting[0] = batch.slice(left);
      left -= portion.length;
      this.#listener(portion);
    }
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#stream.resume();
  }

  #waitForTurn(): void {
    if (!this.#isPaused) {
      this.#isPaused = true;
      this.#stream.pause();
    }
    setImmediate(() => {
      this.#handOn();
    });
  }

  /** What has come in full is handed on before the end is told. */
  #handOnAll(): void {
    for (const batch of this.#waiting.splice(0)) this.#listener?.(batch);
  }

  /** Ends the plugin for what it did; the clause follows "because". */
  #fail(why: string): void {
    if (this.#end !== undefined) return;
    this.#end = { kind: "crashed", message: `The plugin was ended because ${why}.` };
    this.#handOnAll();
    this.#endPlugin();
  }

  /** One whose sessions have all gone may end as its author likes; any other is busy with who knows what. */
  #endPlugin(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#waiting = [];
    if (this.#end?.kind === "crashed" || this.#sessions > 0) this.#plugin.kill();
    else {
      this.#plugin.stop().catch(() => {
        this.#plugin.kill();
      });
    }
  }
}
