/**
 * One call of gRPC over a stream of HTTP/2: what its headers, messages, trailers and end mean, and in which form its
 * messages are given. Knows nothing of connections but that one may be lost.
 * Invariant: whoever waits for a call is told once how it ended, and of no message after that.
 */
import { errorOfStatus, GrpcError, statusNameOfHttp, type GrpcStatusName } from "./grpc-status.js";
import type { HeaderFields } from "./header-block.js";
import { http2Code } from "./http2-frames.js";
import type { Http2Stream, StreamReceiver } from "./http2-stream.js";
import { frameMessage, MessageDeframer } from "./message-framing.js";

/** How a call is limited. @internal */
export interface GrpcCallOptions {
  /** Ends it when aborted. */
  readonly signal?: AbortSignal;
  /** Milliseconds that it may take, which the server is told; 0 for no limit. */
  readonly timeoutMs?: number;
  /** The most bytes of a message that comes; no limit unless given. */
  readonly maxBytes?: number;
}

/** A stream of messages both ways, as either side has it. @internal */
export interface GrpcDuplex {
  /** Sends a message. After the end it does nothing. */
  send(message: Uint8Array): void;
  /** Names who is told of messages, in order. Called once; what comes before waits. */
  receive(listener: (message: Uint8Array) => void): void;
  /** Settles when it is over both ways: with undefined if that is what was wanted. */
  readonly closed: Promise<Error | undefined>;
  /** Says that nothing more is sent. */
  end(): void;
  /** Ends it at once. */
  close(): void;
}

/** A stream both ways at the client. @internal */
export interface GrpcClientDuplex extends GrpcDuplex {
  /** Settles when the server has taken the call up; also when it is over. */
  readonly opened: Promise<void>;
  /** Sends a message that has its head already, made by `writeMessageHead`. */
  sendFramed(framed: Uint8Array): void;
  /** Bytes that were sent and have not left yet. */
  readonly unsentBytes: number;
  /** Tells of no further messages until `resume`; the piece that is being read is told of to its end. */
  pause(): void;
  /** Goes on. */
  resume(): void;
}

/** The connection of a call. @internal */
export interface CallOwner {
  /** Whether it is gone. */
  readonly isLost: boolean;
  /** What a call is told whose connection is gone. */
  lost(): GrpcError;
  /** A call has settled. */
  release(call: GrpcCall): void;
}

/** Who is told what comes of a call. @internal */
export interface Sink {
  /** A message has come. @throws GrpcError if that ends the call */
  take(message: Uint8Array): void;
  /** The server has taken the call up. */
  opens?(): void;
  /** Nothing more comes. Told once. */
  finish(error: GrpcError | undefined): void;
  /** Whether a call that ended so is over for it, though the stream may still hold messages. */
  isContent(error: GrpcError | undefined): boolean;
}

/** One call: a stream of HTTP/2 and what its headers, trailers and end mean. @internal */
export class GrpcCall implements StreamReceiver {
  readonly #client: CallOwner;
  readonly #sink: Sink;
  readonly #reader: MessageDeframer;
  readonly #timeoutMs: number;
  /** Begins before the server's own, which begins with the call's arrival. */
  readonly #startedAt: number;
  #stream: Http2Stream | undefined;
  #isSettled = false;
  /** What the trailers say, while messages before them are still to be read. */
  #outcome: { readonly error: GrpcError | undefined } | undefined;
  #hasEnded = false;
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  constructor(client: CallOwner, sink: Sink, { maxBytes, timeoutMs = 0 }: GrpcCallOptions) {
    this.#client = client;
    this.#sink = sink;
    this.#timeoutMs = timeoutMs > 0 ? timeoutMs : Infinity;
    this.#startedAt = performance.now();
    this.#reader = new MessageDeframer({
      maxBytes,
      onMessage: (message) => {
        if (!this.#isSettled) sink.take(message);
      },
    });
  }

  /** Whether it is over with its one answer; others may go on for as long as the connection. */
  get isBrief(): boolean {
    return this.#sink instanceof OneMessage;
  }

  /** What it goes over; undefined if it never could. */
  get stream(): Http2Stream | undefined {
    return this.#stream;
  }

  open(stream: Http2Stream, { signal }: GrpcCallOptions): void {
    this.#stream = stream;
    if (this.#timeoutMs <= longestTimerMs) {
      this.#timer = setTimeout(() => {
        this.fail(this.#late());
      }, this.#timeoutMs);
    }
    if (signal !== undefined) {
      this.#signal = signal;
      this.#onAbort = () => {
        this.fail(cancelled(signal));
      };
      signal.addEventListener("abort", this.#onAbort);
    }
  }

  write(framed: Uint8Array): void {
    if (!this.#isSettled) this.#stream?.write(framed);
  }

  end(framed?: Uint8Array): void {
    if (!this.#isSettled) this.#stream?.end(framed);
  }

  /** Ends it here, and tells the server. */
  fail(error: GrpcError | undefined): void {
    if (this.#isSettled) return;
    this.#settle(error);
  }

  data(piece: Buffer): void {
    if (this.#isSettled) return;
    try {
      this.#reader.push(piece);
    } catch (error) {
      this.fail(error as GrpcError);
    }
  }

  headers(headers: HeaderFields): void {
    const status = headers[":status"];
    if (headers["grpc-status"] !== undefined) {
      // A call that gives no message has its trailers here.
      this.trailers(headers);
    } else if (status !== "200") {
      const text = `The server answered with HTTP status ${String(status)}: it speaks no gRPC there.`;
      this.fail(new GrpcError(statusNameOfHttp(Number(status)), text));
    } else if (headers["content-type"]?.startsWith("application/grpc") !== true) {
      const text = `The server answered with ${headers["content-type"] ?? "no content type"} instead of gRPC.`;
      this.fail(new GrpcError("UNKNOWN", text));
    } else this.#sink.opens?.();
  }

  trailers(trailers: HeaderFields): void {
    if (this.#isSettled || this.#outcome !== undefined) return;
    const status = trailers["grpc-status"];
    const error =
      status !== undefined
        ? errorOfStatus(status, trailers["grpc-message"], trailers["grpc-status-details-bin"])
        : new GrpcError("UNKNOWN", "The server ended the call without a status.");
    this.#outcome = { error };
    if (this.#hasEnded || this.#sink.isContent(error)) this.#settle(error);
  }

  ended(): void {
    this.#hasEnded = true;
    if (this.#isSettled) return;
    if (this.#outcome === undefined) this.#settle(reset(http2Code.noError));
    else this.#settle(this.#outcome.error);
  }

  closed(code: number): void {
    if (this.#isSettled) return;
    if (this.#outcome !== undefined) this.#settle(this.#outcome.error);
    else if (this.#client.isLost) this.#settle(this.#client.lost());
    // A server whose timer is quicker than ours breaks off what has run out of time, and says no more than that.
    else if (code === http2Code.cancel && performance.now() - this.#startedAt >= this.#timeoutMs)
      this.#settle(this.#late());
    else this.#settle(reset(code));
  }

  #late(): GrpcError {
    return new GrpcError("DEADLINE_EXCEEDED", `The call took more than ${String(this.#timeoutMs)} ms.`);
  }

  #settle(error: GrpcError | undefined): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#client.release(this);
    // The server may have more to say, or be done before it has heard all.
    this.#stream?.reset(http2Code.cancel);
    const isCut = error === undefined && this.#outcome !== undefined && this.#reader.isPartial;
    this.#sink.finish(
      isCut ? new GrpcError("INTERNAL", "The server ended the call within a message.") : error,
    );
  }
}

/** The only message of a call. @internal */
export class OneMessage implements Sink {
  readonly #resolve: (message: Uint8Array) => void;
  readonly #reject: (error: GrpcError) => void;
  #message: Uint8Array | undefined;

  constructor(resolve: (message: Uint8Array) => void, reject: (error: GrpcError) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  isContent(error: GrpcError | undefined): boolean {
    return error !== undefined || this.#message !== undefined;
  }

  take(message: Uint8Array): void {
    // Whoever sends a second one may go on for ever.
    if (this.#message !== undefined) {
      throw new GrpcError("INTERNAL", "The server answered a unary call with several messages.");
    }
    this.#message = message;
  }

  finish(error: GrpcError | undefined): void {
    if (error !== undefined) this.#reject(error);
    else if (this.#message === undefined) {
      this.#reject(new GrpcError("INTERNAL", "The server ended the call without a message."));
    } else this.#resolve(this.#message);
  }
}

/** Messages and bytes that wait for whoever iterates, beyond which the server is made to wait. */
const mostWaiting = 1_024;
const mostWaitingBytes = 4 * 1024 * 1024;

/** The messages of a call, in the order in which they are asked for. @internal */
export class MessageQueue implements Sink, AsyncIterableIterator<Uint8Array> {
  call: GrpcCall | undefined;
  #waiting: Uint8Array[] = [];
  /** The next of them. */
  #at = 0;
  #bytes = 0;
  #isPaused = false;
  #end: { readonly error: GrpcError | undefined } | undefined;
  readonly #asked: PromiseWithResolvers<IteratorResult<Uint8Array>>[] = [];

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const value = this.#waiting[this.#at];
    if (value !== undefined) {
      this.#taken();
      return Promise.resolve({ done: false, value });
    }
    if (this.#end === undefined) {
      const asked = Promise.withResolvers<IteratorResult<Uint8Array>>();
      this.#asked.push(asked);
      return asked.promise;
    }
    const { error } = this.#end;
    this.#end = { error: undefined };
    return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.#waiting = [];
    this.#at = 0;
    this.call?.fail(undefined);
    this.#end = { error: undefined };
    return Promise.resolve({ done: true, value: undefined });
  }

  isContent(): boolean {
    return false;
  }

  take(message: Uint8Array): void {
    const asked = this.#asked.shift();
    if (asked !== undefined) {
      asked.resolve({ done: false, value: message });
      return;
    }
    this.#waiting.push(message);
    this.#bytes += message.length;
    if (this.#isPaused || (this.#waiting.length < mostWaiting && this.#bytes < mostWaitingBytes)) return;
    this.#isPaused = true;
    this.call?.stream?.pause();
  }

  finish(error: GrpcError | undefined): void {
    this.#end = { error };
    for (const asked of this.#asked.splice(0)) {
      const { error: first } = this.#end;
      this.#end = { error: undefined };
      if (first === undefined) asked.resolve({ done: true, value: undefined });
      else asked.reject(first);
    }
  }

  #taken(): void {
    if (++this.#at < this.#waiting.length) return;
    this.#waiting = [];
    this.#at = 0;
    this.#bytes = 0;
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.call?.stream?.resume();
  }
}

/** A stream both ways. @internal */
export class Duplex implements Sink, GrpcClientDuplex {
  readonly closed: Promise<Error | undefined>;
  readonly opened: Promise<void>;
  call: GrpcCall | undefined;
  readonly opens: () => void;
  readonly #settle: (error: Error | undefined) => void;
  #listener: ((message: Uint8Array) => void) | undefined;
  #early: Uint8Array[] = [];

  constructor() {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#settle = resolve;
    const opened = Promise.withResolvers<void>();
    this.opened = opened.promise;
    this.opens = opened.resolve;
  }

  get unsentBytes(): number {
    return this.call?.stream?.unsentBytes ?? 0;
  }

  send(message: Uint8Array): void {
    this.sendFramed(frameMessage(message));
  }

  sendFramed(framed: Uint8Array): void {
    this.call?.write(framed);
  }

  receive(listener: (message: Uint8Array) => void): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) listener(message);
  }

  pause(): void {
    this.call?.stream?.pause();
  }

  resume(): void {
    this.call?.stream?.resume();
  }

  end(): void {
    this.call?.end();
  }

  close(): void {
    this.call?.fail(undefined);
  }

  isContent(): boolean {
    return false;
  }

  take(message: Uint8Array): void {
    if (this.#listener === undefined) this.#early.push(message);
    else this.#listener(message);
  }

  finish(error: GrpcError | undefined): void {
    this.#settle(error);
    this.opens();
  }
}

/** What a call is told that came to its end without a status. */
function reset(code: number): GrpcError {
  if (code === http2Code.noError) {
    return new GrpcError("INTERNAL", "The server ended the call without a status.");
  }
  return new GrpcError(statusNameOfReset(code), `The call was ended with the HTTP/2 code ${String(code)}.`);
}

/** What a call that the server broke off stands for, by the table in gRPC's description of its protocol. */
function statusNameOfReset(code: number): GrpcStatusName {
  switch (code) {
    case http2Code.refusedStream:
      return "UNAVAILABLE";
    case http2Code.cancel:
      return "CANCELLED";
    case http2Code.enhanceYourCalm:
      return "RESOURCE_EXHAUSTED";
    case http2Code.inadequateSecurity:
      return "PERMISSION_DENIED";
    default:
      return "INTERNAL";
  }
}

/** A longer one fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** What a call is told that came too late for its connection. @internal */
export function noMoreCalls(): GrpcError {
  return new GrpcError("UNAVAILABLE", "No more calls can be made on this connection.");
}

/** What a call is told whose signal was aborted. @internal */
export function cancelled(signal: AbortSignal): GrpcError {
  return new GrpcError("CANCELLED", "The call was cancelled.", { cause: signal.reason });
}
