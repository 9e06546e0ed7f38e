/**
 * Calls over one connection to a gRPC server, on `node:http2` alone. Knows nothing of what is in a message; neither
 * retries nor connects again.
 * Invariant: every call settles once, and at the latest when the connection is over.
 */
import { connect, type ClientHttp2Session } from "node:http2";
import { connect as connectSocket, type Socket } from "node:net";
import { connect as connectSecurely, type TLSSocket } from "node:tls";
import {
  Call,
  cancelled,
  Duplex,
  MessageQueue,
  noMoreCalls,
  OneMessage,
  type CallOwner,
  type GrpcCallOptions,
  type GrpcClientDuplex,
  type Sink,
} from "./grpc-call.js";
import { GrpcError } from "./grpc-status.js";
import { frameMessage } from "./message-framing.js";

export type { GrpcCallOptions, GrpcClientDuplex, GrpcDuplex } from "./grpc-call.js";

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

/** Bytes that may come for one call before it is read, and for all of them: a large message comes in one go. */
const callWindowBytes = 16 * 1024 * 1024;
const connectionWindowBytes = 64 * 1024 * 1024;

/** What a message of an error may add up to: one header beyond it would break the connection, as Node reads them. */
const headerListBytes = 65_535;

/** Megabytes that Node may hold for the connection before it refuses calls. Messages have their own limits. */
const sessionMegabytes = 8_192;

const defaultConnectMs = 10_000;

/** Time for calls under way to be answered by a server that takes no more of them. */
const windDownMs = 5_000;

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
  let session: ClientHttp2Session;
  try {
    session = openSession(address, tls);
  } catch (cause) {
    return Promise.reject(unreachable(address, cause as Error));
  }
  const giveUp = (error: GrpcError): void => {
    finish();
    session.destroy();
    reject(error);
  };
  const onAbort = (): void => {
    giveUp(cancelled(signal as AbortSignal));
  };
  const onEnd = (cause?: Error): void => {
    giveUp(unreachable(address, cause));
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

function unreachable({ network, address }: GrpcAddress, cause: Error | undefined): GrpcError {
  const why = cause === undefined ? "it ended the connection" : cause.message;
  const text = `No gRPC server answers at ${network} ${address}: ${why}.`;
  return new GrpcError("UNAVAILABLE", text, cause === undefined ? {} : { cause });
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

class Client implements GrpcClient, CallOwner {
  readonly closed: Promise<Error | undefined>;
  readonly #session: ClientHttp2Session;
  readonly #scheme: string;
  readonly #calls = new Set<Call>();
  readonly #settle: (error: Error | undefined) => void;
  #lastError: Error | undefined;
  #windDownTimer: NodeJS.Timeout | undefined;
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
    session.on("goaway", () => {
      this.windDown();
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

  get isLost(): boolean {
    return this.#end !== undefined || this.#session.destroyed;
  }

  windDown(): void {
    if (this.#windDownTimer !== undefined || this.isLost) return;
    this.#lastError ??= new Error("the server takes no more calls");
    this.#session.close();
    this.#windDownTimer = setTimeout(() => {
      this.#session.destroy();
    }, windDownMs);
    this.#endIfAnswered();
  }

  release(call: Call): void {
    this.#calls.delete(call);
    if (this.#windDownTimer !== undefined) this.#endIfAnswered();
  }

  /** A connection without new calls is of no use to streams that would stay open for ever. */
  #endIfAnswered(): void {
    for (const { isBrief } of this.#calls) if (isBrief) return;
    this.#session.destroy();
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
    clearTimeout(this.#windDownTimer);
    for (const call of this.#calls) call.fail(forCalls);
    this.#settle(error);
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
