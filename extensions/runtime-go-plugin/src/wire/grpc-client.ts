/**
 * Calls over one connection to a gRPC server, on `node:http2` alone. Knows frames of HTTP/2 and messages of gRPC,
 * nothing of what is in them; neither retries nor connects again.
 * Invariant: every call settles once, and at the latest when the connection is over.
 */
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from "node:http2";
import { connect as connectSocket, type Socket } from "node:net";
import { connect as connectSecurely, type TLSSocket } from "node:tls";
import { errorOfStatus, GrpcError, statusNameOfHttp, type GrpcStatusName } from "./grpc-status.js";
import { frameMessage, MessageReader } from "./message-framing.js";

/** Where a server listens. @internal */
export interface GrpcAddress {
  /** The kind of address. */
  readonly network: "unix" | "tcp";
  /** A path, or host and port. */
  readonly address: string;
}

/** What both sides prove themselves with, as PEM. The server's name is `localhost`. @internal */
export interface GrpcTls {
  /** The own private key. */
  readonly key: string;
  /** The own certificate. */
  readonly certificate: string;
  /** The only certificate that the other side may have. */
  readonly trusted: string;
}

/** How a call is limited. @internal */
export interface GrpcCallOptions {
  /** Ends it when aborted. */
  readonly signal?: AbortSignal;
  /** Milliseconds that it may take, which the server is told; 0 for no limit. */
  readonly timeoutMs?: number;
  /** The most bytes of a message that comes; no limit unless given. */
  readonly maxBytes?: number;
}

/** How a connection is opened. @internal */
export interface GrpcConnectOptions {
  /** Present for a server that asks for TLS. */
  readonly tls?: GrpcTls;
  /** Ends the attempt when aborted. */
  readonly signal?: AbortSignal;
  /** Milliseconds that the server may take to answer; 10 s unless given. */
  readonly timeoutMs?: number;
}

/** A connection to a server. Whatever fails is a {@link GrpcError}. @internal */
export interface GrpcClient {
  /** Sends one message and gives the one that answers it. @param path - `/package.Service/Method` */
  unary(path: string, request: Uint8Array, options?: GrpcCallOptions): Promise<Uint8Array>;
  /** Sends one message and gives those that answer it. A call is made for each iteration, and ends with it. */
  serverStream(path: string, request: Uint8Array, options?: GrpcCallOptions): AsyncIterable<Uint8Array>;
  /** Opens a stream both ways. */
  duplex(path: string, options?: Pick<GrpcCallOptions, "signal" | "maxBytes">): GrpcClientDuplex;
  /** Settles when the connection is over: with undefined if it was closed here. */
  readonly closed: Promise<Error | undefined>;
  /** Ends the connection and every call on it at once. */
  close(): void;
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
  /** Sends a message that has its head already, made by `writeMessageHead`. */
  sendFramed(framed: Uint8Array): void;
  /** Bytes that were sent and have not left yet. */
  readonly unsentBytes: number;
  /** Tells of no further messages until `resume`; the piece that is being read is told of to its end. */
  pause(): void;
  /** Goes on. */
  resume(): void;
}

/** Bytes that may come for one call before it is read, and for all of them: a large message comes in one go. */
const callWindowBytes = 16 * 1024 * 1024;
const connectionWindowBytes = 64 * 1024 * 1024;

/** What a message of an error may add up to: one header beyond it would break the connection, as Node reads them. */
const headerListBytes = 65_535;

/** Megabytes that Node may hold for the connection before it refuses calls. Messages have their own limits. */
const sessionMegabytes = 8_192;

const defaultConnectMs = 10_000;

/**
 * Connects to a server, and waits until it has answered in HTTP/2.
 *
 * @throws GrpcError `UNAVAILABLE` if nobody answers or is not whom it should be, `CANCELLED` by the signal
 * @internal
 */
export function connectGrpc(address: GrpcAddress, options: GrpcConnectOptions = {}): Promise<GrpcClient> {
  const { tls, signal, timeoutMs = defaultConnectMs } = options;
  if (signal?.aborted === true) return Promise.reject(cancelled(signal));
  const { promise, resolve, reject } = Promise.withResolvers<GrpcClient>();
  const session = openSession(address, tls);
  const giveUp = (error: GrpcError): void => {
    finish();
    session.destroy();
    reject(error);
  };
  const onAbort = (): void => {
    giveUp(cancelled(signal as AbortSignal));
  };
  const onEnd = (cause?: Error): void => {
    const why = cause === undefined ? "it ended the connection" : cause.message;
    const text = `No gRPC server answers at ${address.network} ${address.address}: ${why}.`;
    giveUp(new GrpcError("UNAVAILABLE", text, cause === undefined ? {} : { cause }));
  };
  const onSettings = (): void => {
    finish();
    resolve(new Client(session, tls === undefined ? "http" : "https"));
  };
  const timer = setTimeout(() => {
    onEnd(new Error(`no answer within ${String(timeoutMs)} ms`));
  }, timeoutMs);
  const finish = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    session.off("remoteSettings", onSettings).off("close", onEnd).off("error", onEnd);
    // What is still told of the end is of no use any more.
    session.on("error", () => {});
  };
  signal?.addEventListener("abort", onAbort);
  session.once("remoteSettings", onSettings).once("close", onEnd).once("error", onEnd);
  return promise;
}

function openSession(address: GrpcAddress, tls: GrpcTls | undefined): ClientHttp2Session {
  const socket = openSocket(address, tls);
  const session = connect(`${tls === undefined ? "http" : "https"}://localhost`, {
    createConnection: () => socket,
    maxSessionMemory: sessionMegabytes,
    settings: {
      enablePush: false,
      initialWindowSize: callWindowBytes,
      maxHeaderListSize: headerListBytes,
    },
  });
  session.once("connect", () => {
    session.setLocalWindowSize(connectionWindowBytes);
  });
  return session;
}

function openSocket({ network, address }: GrpcAddress, tls: GrpcTls | undefined): Socket | TLSSocket {
  const colon = address.lastIndexOf(":");
  const where =
    network === "unix"
      ? { path: address }
      : { host: address.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port: Number(address.slice(colon + 1)) };
  if (tls === undefined) return connectSocket({ ...where, noDelay: true });
  const { key, certificate: cert, trusted: ca } = tls;
  return connectSecurely({ ...where, key, cert, ca, servername: "localhost", ALPNProtocols: ["h2"] });
}

class Client implements GrpcClient {
  readonly closed: Promise<Error | undefined>;
  readonly #session: ClientHttp2Session;
  readonly #scheme: string;
  readonly #calls = new Set<Call>();
  readonly #settle: (error: Error | undefined) => void;
  #lastError: Error | undefined;
  /** Why nothing can be called any more. */
  #end: GrpcError | undefined;

  constructor(session: ClientHttp2Session, scheme: string) {
    this.#session = session;
    this.#scheme = scheme;
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#settle = resolve;
    session.on("error", (error: Error) => {
      this.#lastError = error;
    });
    session.on("close", () => {
      const error = this.lost();
      this.#finish(error, error);
    });
  }

  unary(path: string, request: Uint8Array, options: GrpcCallOptions = {}): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#call(path, options, new OneMessage(resolve, reject)).end(frameMessage(request));
    });
  }

  serverStream(path: string, request: Uint8Array, options: GrpcCallOptions = {}): AsyncIterable<Uint8Array> {
    return {
      [Symbol.asyncIterator]: () => {
        const messages = new MessageQueue();
        const call = this.#call(path, options, messages);
        messages.call = call;
        call.end(frameMessage(request));
        return messages;
      },
    };
  }

  duplex(path: string, options: Pick<GrpcCallOptions, "signal" | "maxBytes"> = {}): GrpcClientDuplex {
    const duplex = new Duplex();
    duplex.call = this.#call(path, options, duplex);
    return duplex;
  }

  close(): void {
    this.#finish(new GrpcError("CANCELLED", "The connection was closed."), undefined);
    this.#session.destroy();
  }

  /** What a call is told whose connection is gone. */
  lost(): GrpcError {
    if (this.#end !== undefined) return this.#end;
    const cause = this.#lastError;
    const why = cause === undefined ? "" : `: ${cause.message}`;
    return new GrpcError(
      "UNAVAILABLE",
      `The connection was lost${why}.`,
      cause === undefined ? {} : { cause },
    );
  }

  /** Whether the connection is gone. */
  get isLost(): boolean {
    return this.#end !== undefined || this.#session.destroyed;
  }

  /** Calls under way are finished, and no others are made. */
  windDown(): void {
    this.#session.close();
  }

  /** A call has settled. */
  release(call: Call): void {
    this.#calls.delete(call);
  }

  #call(path: string, options: GrpcCallOptions, sink: Sink): Call {
    const call = new Call(this, sink, options);
    if (this.#end !== undefined) call.fail(this.#end);
    else if (options.signal?.aborted === true) call.fail(cancelled(options.signal));
    else if (this.#session.closed || this.#session.destroyed) call.fail(noMoreCalls());
    else {
      call.open(this.#session.request(this.#headers(path, options.timeoutMs)), options);
      this.#calls.add(call);
    }
    return call;
  }

  /** A flat list of names and values, which Node sends without making an object of it. */
  #headers(path: string, timeoutMs: number | undefined): readonly string[] {
    const headers = [
      ":method",
      "POST",
      ":authority",
      "localhost",
      ":scheme",
      this.#scheme,
      ":path",
      path,
      "content-type",
      "application/grpc",
      "te",
      "trailers",
    ];
    if (timeoutMs !== undefined && timeoutMs > 0) headers.push("grpc-timeout", grpcTimeout(timeoutMs));
    return headers;
  }

  #finish(forCalls: GrpcError, error: Error | undefined): void {
    if (this.#end !== undefined) return;
    this.#end = forCalls;
    for (const call of this.#calls) call.fail(forCalls);
    this.#settle(error);
  }
}

/** Who is told what comes of a call. */
interface Sink {
  /** A message has come. */
  take(message: Uint8Array): void;
  /** Nothing more comes. Told once. */
  finish(error: GrpcError | undefined): void;
  /** Whether a call that ended so is over for it, though the stream may still hold messages. */
  isContent(error: GrpcError | undefined): boolean;
}

/** One call: a stream of HTTP/2 and what its headers, trailers and end mean. */
class Call {
  readonly #client: Client;
  readonly #sink: Sink;
  readonly #reader: MessageReader;
  #stream: ClientHttp2Stream | undefined;
  #isSettled = false;
  /** What the trailers say, while messages before them are still to be read. */
  #outcome: { readonly error: GrpcError | undefined } | undefined;
  #hasEnded = false;
  #streamError: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  constructor(client: Client, sink: Sink, { maxBytes }: GrpcCallOptions) {
    this.#client = client;
    this.#sink = sink;
    this.#reader = new MessageReader({
      maxBytes,
      onMessage: (message) => {
        if (!this.#isSettled) sink.take(message);
      },
    });
  }

  /** What it goes over; undefined if it never could. */
  get stream(): ClientHttp2Stream | undefined {
    return this.#stream;
  }

  open(stream: ClientHttp2Stream, { signal, timeoutMs }: GrpcCallOptions): void {
    this.#stream = stream;
    stream.on("response", (headers) => {
      this.#readHeaders(headers);
    });
    stream.on("data", (chunk: Buffer) => {
      this.#read(chunk);
    });
    stream.on("trailers", (trailers: IncomingHttpHeaders) => {
      this.#readTrailers(trailers);
    });
    stream.on("end", () => {
      this.#hasEnded = true;
      if (this.#outcome !== undefined) this.#settle(this.#outcome.error);
    });
    stream.on("error", (error: Error) => {
      this.#streamError = error;
    });
    stream.on("close", () => {
      if (this.#isSettled) return;
      if (this.#outcome !== undefined) this.#settle(this.#outcome.error);
      else this.#settle(this.#client.isLost ? this.#client.lost() : this.#reset(stream.rstCode));
    });
    if (timeoutMs !== undefined && timeoutMs > 0 && timeoutMs <= longestTimerMs) {
      this.#timer = setTimeout(() => {
        const text = `The call took more than ${String(timeoutMs)} ms.`;
        this.fail(new GrpcError("DEADLINE_EXCEEDED", text));
      }, timeoutMs);
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
    this.#stream?.close(constants.NGHTTP2_CANCEL);
  }

  #read(chunk: Buffer): void {
    if (this.#isSettled) return;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.fail(error as GrpcError);
    }
  }

  #readHeaders(headers: IncomingHttpHeaders & { readonly ":status"?: number | undefined }): void {
    const status = headers[":status"];
    if (headers["grpc-status"] !== undefined) {
      // A call that gives no message has its trailers here.
      this.#readTrailers(headers);
    } else if (status !== 200) {
      const text = `The server answered with HTTP status ${String(status)}: it speaks no gRPC there.`;
      this.fail(new GrpcError(statusNameOfHttp(status ?? 0), text));
    } else if (headers["content-type"]?.startsWith("application/grpc") !== true) {
      const text = `The server answered with ${headers["content-type"] ?? "no content type"} instead of gRPC.`;
      this.fail(new GrpcError("UNKNOWN", text));
    }
  }

  #readTrailers(trailers: IncomingHttpHeaders): void {
    if (this.#isSettled || this.#outcome !== undefined) return;
    const status = trailers["grpc-status"];
    const error =
      typeof status === "string"
        ? errorOfStatus(status, textOf(trailers["grpc-message"]), textOf(trailers["grpc-status-details-bin"]))
        : new GrpcError("UNKNOWN", "The server ended the call without a status.");
    this.#outcome = { error };
    if (this.#hasEnded || this.#sink.isContent(error)) this.#settle(error);
  }

  #reset(code: number): GrpcError {
    const error = this.#streamError;
    if ((error as NodeJS.ErrnoException | undefined)?.code === "ERR_HTTP2_OUT_OF_STREAMS") {
      // A connection has numbers for a billion calls.
      this.#client.windDown();
      return noMoreCalls(error);
    }
    const cause = error === undefined ? {} : { cause: error };
    if (code === constants.NGHTTP2_NO_ERROR && error === undefined) {
      return new GrpcError("INTERNAL", "The server ended the call without a status.");
    }
    const text = `The call was ended with the HTTP/2 code ${String(code)}.`;
    return new GrpcError(statusNameOfReset(code), text, cause);
  }

  #settle(error: GrpcError | undefined): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#client.release(this);
    // The server may be done before it has heard all.
    if (this.#stream?.writableEnded === false) this.#stream.close(constants.NGHTTP2_CANCEL);
    const isCut = error === undefined && this.#outcome !== undefined && this.#reader.isPartial;
    this.#sink.finish(
      isCut ? new GrpcError("INTERNAL", "The server ended the call within a message.") : error,
    );
  }
}

/** The only message of a call. */
class OneMessage implements Sink {
  readonly #resolve: (message: Uint8Array) => void;
  readonly #reject: (error: GrpcError) => void;
  #message: Uint8Array | undefined;
  #hasMore = false;

  constructor(resolve: (message: Uint8Array) => void, reject: (error: GrpcError) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  isContent(error: GrpcError | undefined): boolean {
    return error !== undefined || this.#message !== undefined;
  }

  take(message: Uint8Array): void {
    if (this.#message === undefined) this.#message = message;
    else this.#hasMore = true;
  }

  finish(error: GrpcError | undefined): void {
    if (error !== undefined) this.#reject(error);
    else if (this.#message === undefined) {
      this.#reject(new GrpcError("INTERNAL", "The server ended the call without a message."));
    } else if (this.#hasMore) {
      this.#reject(new GrpcError("INTERNAL", "The server answered a unary call with several messages."));
    } else this.#resolve(this.#message);
  }
}

/** Messages and bytes that wait for whoever iterates, beyond which the server is made to wait. */
const mostWaiting = 1_024;
const mostWaitingBytes = 4 * 1024 * 1024;

/** The messages of a call, in the order in which they are asked for. */
class MessageQueue implements Sink, AsyncIterableIterator<Uint8Array> {
  call: Call | undefined;
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

class Duplex implements Sink, GrpcClientDuplex {
  readonly closed: Promise<Error | undefined>;
  call: Call | undefined;
  readonly #settle: (error: Error | undefined) => void;
  #listener: ((message: Uint8Array) => void) | undefined;
  #early: Uint8Array[] = [];

  constructor() {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#settle = resolve;
  }

  get unsentBytes(): number {
    return this.call?.stream?.writableLength ?? 0;
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
  }
}

/** What a call that the server broke off stands for, by the table in gRPC's description of its protocol. */
function statusNameOfReset(code: number): GrpcStatusName {
  switch (code) {
    case constants.NGHTTP2_REFUSED_STREAM:
      return "UNAVAILABLE";
    case constants.NGHTTP2_CANCEL:
      return "CANCELLED";
    case constants.NGHTTP2_ENHANCE_YOUR_CALM:
      return "RESOURCE_EXHAUSTED";
    case constants.NGHTTP2_INADEQUATE_SECURITY:
      return "PERMISSION_DENIED";
    default:
      return "INTERNAL";
  }
}

/** A time as at most eight digits and a unit. */
function grpcTimeout(ms: number): string {
  const mostDigits = 99_999_999;
  const whole = Math.ceil(ms);
  return whole <= mostDigits
    ? `${String(whole)}m`
    : `${String(Math.min(mostDigits, Math.ceil(ms / 1_000)))}S`;
}

/** A longer one fires at once. */
const longestTimerMs = 2 ** 31 - 1;

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}

function noMoreCalls(cause?: Error): GrpcError {
  const text = "No more calls can be made on this connection.";
  return new GrpcError("UNAVAILABLE", text, cause === undefined ? {} : { cause });
}

function cancelled(signal: AbortSignal): GrpcError {
  return new GrpcError("CANCELLED", "The call was cancelled.", { cause: signal.reason });
}
