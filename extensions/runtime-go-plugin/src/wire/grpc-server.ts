/**
 * A gRPC server over node:http2: calls of every shape, deadlines, cancellation, mutual TLS. It knows paths and
 * bytes; what the bytes mean is the handlers' matter. Invariant: every call that reaches a handler ends with exactly
 * one status, or with its connection.
 */
import { X509Certificate } from "node:crypto";
import { chmod, mkdir, rmdir } from "node:fs/promises";
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo, ListenOptions, Server, Socket } from "node:net";
import { dirname } from "node:path";
import type { TLSSocket } from "node:tls";
import type { GrpcAddress, GrpcDuplex, GrpcTls } from "./grpc-client.js";
import { encodeGrpcMessage, GrpcError, grpcStatus } from "./grpc-status.js";
import { frameMessage, MessageDeframer } from "./message-framing.js";

/** What a handler may know of the call it answers. @internal */
export interface GrpcServerCall {
  /** `/package.Service/Method`. */
  readonly path: string;
  /** What the client sent beside the message. */
  readonly metadata: Readonly<IncomingHttpHeaders>;
  /** When the client stops waiting, in milliseconds since the epoch; `Infinity` without a limit. */
  readonly deadline: number;
  /** Aborted when the client cancels, its time is up, or the connection is lost; the reason is a {@link GrpcError}. */
  readonly signal: AbortSignal;
}

/** A duplex call as its server sees it. `end` ends it with status OK. @internal */
export interface GrpcServerDuplex extends GrpcDuplex {
  /** Settles when the client has nothing more to say, or the call is over. */
  readonly ended: Promise<void>;
}

/** What answers the calls of one path: one of these, by the shape of the method. @internal */
export interface GrpcHandlers {
  readonly unary?: (request: Uint8Array, call: GrpcServerCall) => Promise<Uint8Array> | Uint8Array;
  readonly serverStream?: (request: Uint8Array, call: GrpcServerCall) => AsyncIterable<Uint8Array>;
  /** The call ends with the client's side of it, or, if a promise is returned, as that settles. */
  readonly duplex?: (stream: GrpcServerDuplex, call: GrpcServerCall) => void | Promise<void>;
}

/** Where to listen: a socket that only this user can reach, or the first free port of this machine in a range. @internal */
export type GrpcListenAddress =
  | { readonly network: "unix"; readonly path: string }
  | { readonly network: "tcp"; readonly minPort: number; readonly maxPort: number };

/** How a server is made. @internal */
export interface GrpcServerOptions {
  /** Without it, whoever can reach the address is served. */
  readonly tls?: GrpcTls;
  /** Bytes that a received message may have; no limit unless given. */
  readonly maxBytes?: number;
  /** Calls that come before it settles wait for it: until then handlers may still be missing. */
  readonly ready?: Promise<unknown>;
  /** Told of what goes wrong with a connection as a whole, and so with no call, until it is being closed. */
  readonly onFault?: (error: Error) => void;
  /** Told how many connections there are, whenever that changes. */
  readonly onConnections?: (count: number) => void;
}

/** A gRPC server. @internal */
export interface GrpcServer {
  /** Answers calls of the path from now on. */
  handle(path: string, handlers: GrpcHandlers): void;
  /** Resolves with the address once clients can connect. Once. */
  listen(where: GrpcListenAddress): Promise<GrpcAddress>;
  /** Takes no more calls; those under way have the grace to end. Leaves no socket file behind. */
  close(options: { readonly graceMs: number }): Promise<void>;
}

/** Makes a server that does not listen yet. @internal */
export function createGrpcServer(options: GrpcServerOptions = {}): GrpcServer {
  return new Http2GrpcServer(options);
}

const { HTTP2_HEADER_CONTENT_TYPE, HTTP2_HEADER_PATH, HTTP2_HEADER_STATUS } = constants;

const mebibyte = 2 ** 20;

/** As large as messages are unlimited: a window of 64 KiB would make a large one wait for its reader 16 times a MiB. */
const windowBytes = 8 * mebibyte;

/**
 * A connection of `node:http2` does not read while it waits to write. Where that is both ends, each can wait for the
 * other for ever, unless what either may send unread fits into the buffers of a socket. So a client begins with little,
 * until it has shown to be one that reads at all times.
 */
const firstStreams = 500;
const mostStreams = 2 ** 31 - 1;

/** Limits that protect a public server would break the only client this one has; it may do what it likes. */
const trustingOptions = {
  settings: { maxConcurrentStreams: firstStreams, enablePush: false },
  maxSessionMemory: 2 ** 31,
  maxSessionInvalidFrames: 2 ** 31 - 1,
  maxSessionRejectedStreams: 2 ** 31 - 1,
  maxOutstandingPings: 1000,
  streamResetBurst: 1e9,
  streamResetRate: 1e9,
};

const loopback = "127.0.0.1";

/** What a socket's path may have, as systems hold it in a fixed field. */
const maxSocketPathBytes = process.platform === "linux" ? 107 : 103;

class Http2GrpcServer implements GrpcServer {
  readonly #handlers = new Map<string, GrpcHandlers>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #wide = new WeakSet<Http2Session>();
  readonly #sockets = new Set<Socket>();
  readonly #options: GrpcServerOptions;
  readonly #server: Server;
  readonly #trusted: Buffer | undefined;
  #isReady: boolean;
  #isClosing = false;
  #madeFolder: string | undefined;

  constructor(options: GrpcServerOptions) {
    this.#options = options;
    const { tls, ready } = options;
    this.#isReady = ready === undefined;
    ready?.finally(() => (this.#isReady = true)).catch(() => undefined);
    this.#trusted = tls && new X509Certificate(tls.trusted).raw;
    const server =
      tls === undefined
        ? createServer(trustingOptions)
        : createSecureServer({
            ...trustingOptions,
            key: tls.key,
            cert: tls.certificate,
            ca: [tls.trusted],
            requestCert: true,
            rejectUnauthorized: true,
            minVersion: "TLSv1.2",
            ALPNProtocols: ["h2"],
          });
    const fault = (error: Error) => {
      // Whoever is let go may not wait for its turn to end.
      if (!this.#isClosing) options.onFault?.(error);
    };
    server.on("session", (session) => this.#accept(session));
    server.on("stream", (stream, headers) => {
      this.#widen(stream.session, headers);
      this.#dispatch(stream, headers);
    });
    server.on("sessionError", fault);
    server.on("tlsClientError", (error: NodeJS.ErrnoException) => {
      // Whoever goes without a word of what is wrong only wanted to know whether somebody listens, or has been killed.
      if (error.code !== "ECONNRESET") fault(error);
    });
    this.#server = server;
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  handle(path: string, handlers: GrpcHandlers): void {
    this.#handlers.set(path, handlers);
  }

  async listen(where: GrpcListenAddress): Promise<GrpcAddress> {
    if (where.network === "unix") return this.#listenOnSocket(where.path);
    for (let port = where.minPort; port <= where.maxPort; port++) {
      try {
        await this.#listen({ host: loopback, port, exclusive: true });
        const { port: taken } = this.#server.address() as AddressInfo;
        return { network: "tcp", address: `${loopback}:${taken}` };
      } catch (error) {
        if (!isPortTaken(error)) throw error;
      }
    }
    throw new Error(`no port from ${where.minPort} to ${where.maxPort} is free`);
  }

  async close({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#isClosing = true;
    if (!this.#server.listening && this.#sockets.size === 0) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.close();
    const end = () => {
      for (const session of this.#sessions) session.destroy();
      for (const socket of this.#sockets) socket.destroy();
    };
    const timer = setTimeout(end, graceMs);
    // What has no session by now has no call that needs the grace.
    if (this.#sessions.size === 0) end();
    await closed;
    clearTimeout(timer);
    if (this.#madeFolder !== undefined) await rmdir(this.#madeFolder).catch(() => undefined);
  }

  async #listenOnSocket(path: string): Promise<GrpcAddress> {
    const bytes = Buffer.byteLength(path);
    if (bytes > maxSocketPathBytes && process.platform !== "win32") {
      throw new Error(
        `the path of the socket has ${bytes} bytes, the system takes ${maxSocketPathBytes}: ${path}`,
      );
    }
    const folder = dirname(path);
    // The folder keeps others out between the making of the socket and its mode.
    const first = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (first !== undefined) this.#madeFolder = folder;
    await this.#listen({ path });
    await chmod(path, 0o600);
    return { network: "unix", address: path };
  }

  #listen(options: ListenOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(options, () => {
        this.#server.off("error", reject);
        // Later ones, such as too many open files, end no call that is under way.
        this.#server.on("error", (error) => this.#options.onFault?.(error));
        resolve();
      });
    });
  }

  #accept(session: ServerHttp2Session): void {
    if (this.#trusted !== undefined && !isPinned(session.socket as TLSSocket, this.#trusted)) {
      this.#options.onFault?.(new Error("a client showed another certificate than the trusted one"));
      session.destroy();
      return;
    }
    this.#sessions.add(session);
    this.#options.onConnections?.(this.#sessions.size);
    session.once("close", () => {
      this.#sessions.delete(session);
      this.#options.onConnections?.(this.#sessions.size);
    });
  }

  /** Lets a client that reads at all times send as much, and make as many calls, as it likes. */
  #widen(session: ServerHttp2Stream["session"], headers: IncomingHttpHeaders): void {
    if (session === undefined || this.#wide.has(session)) return;
    if (headers["user-agent"]?.includes("grpc-go/") !== true) return;
    this.#wide.add(session);
    session.settings({ maxConcurrentStreams: mostStreams, initialWindowSize: windowBytes });
    (session as ServerHttp2Session).setLocalWindowSize(2 * windowBytes);
  }

  #dispatch(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const path = String(headers[HTTP2_HEADER_PATH]);
    const call = new ServerCall(stream, path, headers);
    if (!String(headers[HTTP2_HEADER_CONTENT_TYPE]).startsWith("application/grpc")) {
      stream.respond({ [HTTP2_HEADER_STATUS]: 415 }, { endStream: true });
      return;
    }
    if (this.#isReady) this.#answer(stream, call);
    else {
      const answer = () => this.#answer(stream, call);
      this.#options.ready?.then(answer, answer);
    }
  }

  #answer(stream: ServerHttp2Stream, call: ServerCall): void {
    if (call.isOver) return;
    const handlers = this.#handlers.get(call.path);
    const { maxBytes } = this.#options;
    if (handlers?.unary !== undefined) answerUnary(stream, call, handlers.unary, maxBytes);
    else if (handlers?.serverStream !== undefined) {
      answerStream(stream, call, handlers.serverStream, maxBytes);
    } else if (handlers?.duplex !== undefined) answerDuplex(stream, call, handlers.duplex, maxBytes);
    else call.fail(new GrpcError("UNIMPLEMENTED", this.#unknownText(call.path)));
  }

  /** In the words of Go's server, which tells a service that is not there from a method. */
  #unknownText(path: string): string {
    const [, service = "", method = ""] = path.split("/");
    const isServed = [...this.#handlers.keys()].some((known) => known.startsWith(`/${service}/`));
    return isServed ? `unknown method ${method} for service ${service}` : `unknown service ${service}`;
  }
}

function isPortTaken(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EADDRINUSE" || code === "EACCES";
}

/** Trusting it as an authority would trust what it signs as well. */
function isPinned(socket: TLSSocket, trusted: Buffer): boolean {
  const shown = socket.getPeerCertificate().raw as Buffer | undefined;
  return shown !== undefined && shown.equals(trusted);
}

function answerUnary(
  stream: ServerHttp2Stream,
  call: ServerCall,
  handler: NonNullable<GrpcHandlers["unary"]>,
  maxBytes: number | undefined,
): void {
  readOne(stream, call, maxBytes, (request) => {
    const answer = handler(request, call);
    if (answer instanceof Uint8Array) call.answer(answer);
    else answer.then(call.answer, call.fail);
  });
}

function answerStream(
  stream: ServerHttp2Stream,
  call: ServerCall,
  handler: NonNullable<GrpcHandlers["serverStream"]>,
  maxBytes: number | undefined,
): void {
  readOne(stream, call, maxBytes, (request) => {
    sendAll(handler(request, call), stream, call).then(call.finish, call.fail);
  });
}

/** Sends no faster than the client reads, and lets go of the messages when the call is over. */
async function sendAll(
  messages: AsyncIterable<Uint8Array>,
  stream: ServerHttp2Stream,
  call: ServerCall,
): Promise<void> {
  const iterator = messages[Symbol.asyncIterator]();
  const over = call.over.then(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), over]);
      if (next === undefined || next.done === true) return;
      if (!call.send(next.value)) await Promise.race([drained(stream), over]);
    }
  } finally {
    // A generator that waits for something ends when that comes; the call does not wait with it.
    iterator.return?.().catch(() => undefined);
  }
}

function drained(stream: ServerHttp2Stream): Promise<void> {
  return new Promise((resolve) => stream.once("drain", resolve));
}

function answerDuplex(
  stream: ServerHttp2Stream,
  call: ServerCall,
  handler: NonNullable<GrpcHandlers["duplex"]>,
  maxBytes: number | undefined,
): void {
  const early: Uint8Array[] = [];
  let listener = (message: Uint8Array): void => void early.push(message);
  const ended = Promise.withResolvers<void>();
  const side: GrpcServerDuplex = {
    send: (message) => void call.send(message),
    receive: (listen) => {
      listener = listen;
      for (const message of early.splice(0)) listen(message);
    },
    ended: ended.promise,
    closed: call.over,
    end: call.finish,
    close: () => call.fail(new GrpcError("CANCELLED", "the server closed the call")),
  };
  void call.over.then(() => ended.resolve());
  // The client of a call that stays open waits for the headers before it counts as opened.
  call.open();
  try {
    const settled = handler(side, call);
    if (settled === undefined) void ended.promise.then(call.finish);
    else settled.then(call.finish, call.fail);
  } catch (error) {
    call.fail(error);
    return;
  }
  const reader = new MessageDeframer({ maxBytes, onMessage: (message) => listener(message) });
  // A client that lets go of the call ends its messages as well, a moment before it is known to have done so.
  read(stream, call, reader, () => setImmediate(() => ended.resolve()));
}

/** Begins as soon as the message is whole, without waiting for the word that no other follows. */
function readOne(
  stream: ServerHttp2Stream,
  call: ServerCall,
  maxBytes: number | undefined,
  begin: (request: Uint8Array) => void,
): void {
  let hasBegun = false;
  const onMessage = (message: Uint8Array): void => {
    if (hasBegun) throw new GrpcError("UNIMPLEMENTED", "the method takes one message");
    hasBegun = true;
    begin(message);
  };
  const reader = new MessageDeframer({ maxBytes, onMessage });
  read(stream, call, reader, () => {
    if (!hasBegun) call.fail(new GrpcError("INVALID_ARGUMENT", "the call came without a message"));
  });
}

function read(stream: ServerHttp2Stream, call: ServerCall, reader: MessageDeframer, onEnd: () => void): void {
  stream.on("data", (chunk: Buffer) => {
    if (call.isOver) return;
    try {
      reader.push(chunk);
    } catch (error) {
      call.fail(error);
    }
  });
  stream.on("end", onEnd);
}

const responseHeaders = Object.freeze({
  [HTTP2_HEADER_STATUS]: 200,
  [HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
});

/** A date says nothing to a client on the same machine. */
const withTrailers = Object.freeze({ waitForTrailers: true, sendDate: false });
const headersOnly = Object.freeze({ endStream: true, sendDate: false });

/** One call, from its headers to its status. */
class ServerCall implements GrpcServerCall {
  readonly path: string;
  readonly metadata: Readonly<IncomingHttpHeaders>;
  readonly deadline: number;
  isOver = false;
  readonly #stream: ServerHttp2Stream;
  #timer: NodeJS.Timeout | undefined;
  #controller: AbortController | undefined;
  #over: PromiseWithResolvers<Error | undefined> | undefined;
  #outcome: Error | undefined;
  #status: number = grpcStatus.OK;
  #statusText = "";

  constructor(stream: ServerHttp2Stream, path: string, headers: IncomingHttpHeaders) {
    this.#stream = stream;
    this.path = path;
    this.metadata = headers;
    const timeout = headers["grpc-timeout"];
    const timeoutMs = timeout === undefined ? Infinity : millisecondsOf(String(timeout));
    this.deadline = Date.now() + timeoutMs;
    if (timeoutMs < maxTimerMs) this.#timer = setTimeout(() => this.#expire(), timeoutMs);
    stream.on("close", () => this.#lose());
    // Whatever broke the stream also closes it, and that is where the call learns of it.
    stream.on("error", () => undefined);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#outcome !== undefined) this.#controller.abort(this.#outcome);
    return this.#controller.signal;
  }

  /** Settles with the call: undefined for status OK. */
  get over(): Promise<Error | undefined> {
    if (this.#over === undefined) {
      this.#over = Promise.withResolvers();
      if (this.isOver) this.#over.resolve(this.#outcome);
    }
    return this.#over.promise;
  }

  /** Sends the headers. */
  open(): void {
    if (this.#stream.headersSent) return;
    this.#stream.respond(responseHeaders, withTrailers);
    this.#stream.on("wantTrailers", () => this.#sendStatus());
  }

  /** Sends a message; false if the client is behind. */
  readonly send = (message: Uint8Array): boolean => {
    if (this.#isDone()) return true;
    this.open();
    return this.#stream.write(frameMessage(message));
  };

  /** Sends the only message and status OK. */
  readonly answer = (message: Uint8Array): void => {
    if (this.#isDone()) return;
    this.#settle(undefined);
    this.open();
    this.#stream.end(frameMessage(message));
  };

  /** Ends with status OK. */
  readonly finish = (): void => {
    if (this.#isDone()) return;
    this.#settle(undefined);
    this.open();
    this.#stream.end();
  };

  /** Ends with the error's status. */
  readonly fail = (error: unknown): void => {
    if (this.#isDone()) return;
    const { status, message } = asGrpcError(error);
    this.#settle(asGrpcError(error));
    if (this.#stream.headersSent) {
      this.#status = status;
      this.#statusText = message;
      this.#stream.end();
    } else {
      this.#stream.respond({ ...responseHeaders, ...statusHeaders(status, message) }, headersOnly);
    }
    // Unread data would keep the stream, and so a graceful end, waiting.
    this.#stream.resume();
  };

  /** Whether nothing can be sent any more; the stream may be closed a while before it says so. */
  #isDone(): boolean {
    if (!this.isOver && (this.#stream.closed || this.#stream.destroyed)) this.#lose();
    return this.isOver;
  }

  #sendStatus(): void {
    if (!this.#stream.destroyed) this.#stream.sendTrailers(statusHeaders(this.#status, this.#statusText));
  }

  #expire(): void {
    const error = new GrpcError("DEADLINE_EXCEEDED", "the call's time is up");
    this.#controller?.abort(error);
    this.fail(error);
  }

  /** The stream is gone: for a call without a status the client, or the whole connection, has let go of it. */
  #lose(): void {
    if (this.isOver) return;
    const error = new GrpcError("CANCELLED", "the client let go of the call");
    this.#settle(error);
    this.#controller?.abort(error);
  }

  #settle(outcome: Error | undefined): void {
    this.isOver = true;
    this.#outcome = outcome;
    clearTimeout(this.#timer);
    this.#over?.resolve(outcome);
  }
}

/** A longer wait than a timer can take is none. */
const maxTimerMs = 2 ** 31;

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** What a client that words it differently means can't be known: such a call has no limit. */
function millisecondsOf(timeout: string): number {
  const unit = unitMs[timeout.at(-1) ?? ""];
  const amount = timeout.slice(0, -1);
  return unit !== undefined && /^\d{1,8}$/.test(amount) ? Number(amount) * unit : Infinity;
}

function asGrpcError(error: unknown): GrpcError {
  if (error instanceof GrpcError) return error;
  return new GrpcError("UNKNOWN", error instanceof Error ? error.message : String(error));
}

const okStatus = Object.freeze({ "grpc-status": "0" });

function statusHeaders(status: number, message: string): Record<string, string> {
  if (status === grpcStatus.OK) return okStatus;
  return {
    "grpc-status": String(status),
    "grpc-message": encodeGrpcMessage(message.slice(0, maxStatusText).toWellFormed()),
  };
}

/** Headers of any length would break the connection with it. */
const maxStatusText = 4096;
