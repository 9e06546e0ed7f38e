/**
 * A session whose code runs at the other end of a channel: says `hello`, keeps what `ready` registers, and turns
 * calls into frames. The host can't tell it from one that runs beside it.
 * Invariant: it ends when its channel does, and everything that waits for it is told.
 */
import {
  crashError,
  ExtensionError,
  type ActivateRequest,
  type ActivateResult,
  type CallContext,
  type Channel,
  type Disposable,
  type ExitReason,
  type FileStamp,
  type Frame,
  type Handler,
  type RuntimeSession,
  type SavedState,
  type SessionHealth,
  type StartRequest,
} from "@plugboard/extension-api";
import type { EmitFrame, GoneFrame, LogFrame, ReadyFrame } from "@plugboard/schemas";
import { cutMessage } from "../common/cut-message.js";
import { millisecondsUntil } from "../common/deadline.js";
import { exceeds, sizeUpTo } from "../common/data-size.js";
import { lookBehind } from "../common/look-at.js";
import { thrownText } from "../common/thrown-text.js";
import { reviveExports } from "../protocol/exports.js";
import { LogAllowance, sessionLogLimits, type LogLimits } from "../protocol/log-allowance.js";
import { sendable } from "../protocol/sendable.js";
import { SessionPeer, type ServedTarget } from "../protocol/session-peer.js";
import { decodeThrown, encodeThrown } from "../protocol/thrown.js";
import type { Outbox } from "../protocol/outbox.js";
import { ReadablePaths } from "./readable-paths.js";
import { exportsOf, helloFrame, linesOf } from "./hello-frame.js";
import { hostTarget } from "./host-targets.js";

/** What a session needs of the channel that it shares. @internal */
export interface SessionLink {
  readonly outbox: Outbox;
  readonly health: SessionHealth;
  /** What the guest may read beside its own folder and what was granted to it. */
  readonly readable: Channel["readable"];
  /** The host waits for something that is no call; the guest is to give signs of life until it is done. */
  begin(): () => void;
  /** The host waits for the answer to a call. */
  expectAnswer(): void;
  /** The session has left. */
  release(session: ChannelSession): void;
}

/** What a session over a channel is made of. @internal */
export interface ChannelSessionOptions {
  readonly link: SessionLink;
  /** Its number on the channel. */
  readonly number: number;
  readonly request: StartRequest;
  readonly environment: Readonly<Record<string, string>>;
  /** The number of the session whose code is to be used again. */
  readonly reuse: number | undefined;
  /** Whether errors bring their stacks. */
  readonly withStacks: boolean;
  /** What the runtime can't hold the extension to. */
  readonly gaps: readonly string[];
}

/** Twice what a guest allows itself: what it sent over some time may arrive at once. */
const believedLogLimits: LogLimits = {
  burstMessages: 2 * sessionLogLimits.burstMessages,
  messagesPerSecond: 2 * sessionLogLimits.messagesPerSecond,
  burstBytes: 2 * sessionLogLimits.burstBytes,
  bytesPerSecond: 2 * sessionLogLimits.bytesPerSecond,
};

/** So much of a path is shown. */
const longestShownPath = 200;

/** Different things that could not be told, of which anybody is told. */
const mostUnsent = 100;

/** One generation that runs at the other end of a channel. @internal */
export class ChannelSession implements RuntimeSession {
  readonly queuesCalls = true;
  readonly keepsCode = true;
  readonly health: SessionHealth;
  readonly exited: Promise<ExitReason>;
  readonly #options: ChannelSessionOptions;
  readonly #extensionId: string;
  readonly #exit: (reason: ExitReason) => void;
  readonly #followed: Disposable[] = [];
  readonly #handlers = new Map<string, Handler>();
  readonly #ready = Promise.withResolvers<ReadyFrame>();
  readonly #gone = Promise.withResolvers<GoneFrame>();
  #peer: SessionPeer | undefined;
  #request: ActivateRequest | undefined;
  #supplied: ReadonlySet<string> | undefined;
  #exports: Readonly<Record<string, unknown>> = {};
  #leftovers: Readonly<Record<string, number>> = {};
  readonly #loaded = Promise.withResolvers<void>();
  #isLoaded = false;
  #toldFiles = 0;
  #isOver = false;
  #readable: ReadablePaths | undefined;
  #hasToldForeignFile = false;
  #allowance: LogAllowance | undefined;
  readonly #unsent = new Set<string>();

  constructor(options: ChannelSessionOptions) {
    this.#options = options;
    this.#extensionId = options.request.extension.id;
    this.health = options.link.health;
    const { promise, resolve } = Promise.withResolvers<ExitReason>();
    this.exited = promise;
    this.#exit = resolve;
    // Whether anybody waits for them depends on how far it comes.
    this.#ready.promise.catch(() => undefined);
    this.#gone.promise.catch(() => undefined);
  }

  /** Its number on the channel. */
  get number(): number {
    return this.#options.number;
  }

  get gaps(): readonly string[] {
    return this.#options.gaps;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Settles when its code is loaded, or it is over before that. */
  get loaded(): Promise<void> {
    return this.#loaded.promise;
  }

  get exports(): Readonly<Record<string, unknown>> {
    return this.#exports;
  }

  /** How often it has told of a file that it used. */
  get toldFiles(): number {
    return this.#toldFiles;
  }

  /** How much the other end has not answered. */
  get outstanding(): number {
    return this.#peer?.pendingCount ?? 0;
  }

  async activate(request: ActivateRequest): Promise<ActivateResult> {
    this.#request = request;
    const { link, environment, reuse, withStacks } = this.#options;
    const peer = new SessionPeer({
      session: this.number,
      extensionId: this.#extensionId,
      outbox: link.outbox,
      limits: request.limits,
      withStacks,
      serve: (target) => this.#request && believed(hostTarget(this.#request, target), this.#request.limits),
      onUnsent: (event, error) => {
        this.#tellUnsent(event, error);
      },
    });
    if (this.#isOver) peer.end(this.#endError());
    this.#peer = peer;
    link.outbox.enqueue(
      helloFrame(this.#options.request, request, {
        session: this.number,
        environment,
        withStacks,
        ...(reuse === undefined ? {} : { reuse }),
      }),
    );
    this.#follow(request);
    const done = link.begin();
    try {
      const { supplied, findings, savesState, times } = await this.#ready.promise;
      return { supplied, findings, savesState, times };
    } finally {
      done();
    }
  }

  handler(point: string, id: string, method: string): Handler | undefined {
    const target = `contribution/${point}/${id}/${method}`;
    if (this.#supplied?.has(`${point}/${id}`) === false) return undefined;
    let handler = this.#handlers.get(target);
    if (handler === undefined) {
      handler = (...given) => {
        const context = given.pop() as CallContext;
        return this.#call(target, given, context);
      };
      this.#handlers.set(target, handler);
    }
    return handler;
  }

  async saveState(context: CallContext): Promise<SavedState | undefined> {
    return (await this.#call("hook/saveState", [], context)) as SavedState | undefined;
  }

  async deactivate(context: CallContext): Promise<void> {
    const { link } = this.#options;
    if (this.#isOver || this.#peer === undefined) return;
    const timeoutMs = millisecondsUntil(context.deadline);
    link.outbox.enqueue({ type: "bye", session: this.number, deactivate: true, timeoutMs });
    const done = link.begin();
    try {
      const { thrown, leftovers } = await this.#gone.promise;
      this.#leftovers = leftovers;
      if (thrown !== undefined) throw decodeThrown(thrown);
    } finally {
      done();
    }
  }

  dispose(): void {
    if (this.#isOver) return;
    if (this.#peer !== undefined)
      this.#options.link.outbox.enqueue({
        type: "bye",
        session: this.number,
        deactivate: false,
        timeoutMs: 0,
      });
    const reason: ExitReason = { kind: "disposed", message: "The session was disposed." };
    this.end(reason);
    this.#options.link.release(this);
  }

  leftovers(): Readonly<Record<string, number>> {
    return this.#leftovers;
  }

  /** Takes a frame of this session. */
  receive(frame: Frame): void {
    if (this.#isOver) return;
    if (frame.type === "ready") this.#isReady(frame);
    else if (frame.type === "err" && frame.id === 0) this.#ready.reject(decodeThrown(frame.thrown));
    else if (frame.type === "gone") this.#gone.resolve(frame);
    else if (frame.type === "emit") this.#hear(frame);
    else if (frame.type === "log") this.#log(frame);
    else this.#peer?.receive(frame);
  }

  /** A frame of this session could not be sent. */
  refuse(frame: Frame, error: unknown): void {
    if (frame.type === "hello") this.#ready.reject(error);
    else this.#peer?.refuse(frame, error);
  }

  /** It is over: by itself, or because the host wanted it. */
  end(reason: ExitReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#loaded.resolve();
    this.#allowance?.end();
    for (const followed of this.#followed) followed.dispose();
    this.#handlers.clear();
    this.#exit(reason);
    const error = this.#endError(reason);
    this.#ready.reject(error);
    this.#gone.reject(error);
    this.#peer?.end(error);
    this.#request = undefined;
  }

  #endError(reason?: ExitReason): ExtensionError {
    const extensionId = this.#extensionId;
    return reason?.kind === "crashed"
      ? crashError(extensionId, reason.message)
      : new ExtensionError("EXTENSION_GONE", `This generation of ${extensionId} is gone.`, { extensionId });
  }

  #call(target: string, args: readonly unknown[], context?: CallContext): Promise<unknown> {
    if (this.#peer === undefined) return Promise.reject(this.#endError());
    this.#options.link.expectAnswer();
    return this.#peer.call(target, args, context);
  }

  /** Tells the guest what changes at the host. */
  #follow(request: ActivateRequest): void {
    const peer = this.#peer;
    const extensionId = this.#extensionId;
    const limitBytes = request.limits.callBytes;
    this.#followed.push(
      request.configuration.onDidChange(() => {
        try {
          const values = request.configuration.values();
          peer?.emit("configuration", sendable(values, { what: "configuration", limitBytes, extensionId }));
        } catch (error) {
          this.#tellUnsent("configuration", error);
        }
      }),
    );
    for (const [id, dependency] of request.dependencies) {
      if (dependency.kind === "required") continue;
      this.#followed.push(
        dependency.onDidChange(() => {
          peer?.emit("dependency", id, exportsOf(dependency));
        }),
      );
    }
    for (const { id } of request.points) {
      const collection = request.collection(id);
      if (collection === undefined) continue;
      this.#followed.push(
        collection.onDidChange(() => {
          peer?.emit("point", id, linesOf(collection));
        }),
      );
    }
    const abort = () => {
      peer?.emit("abort", encodeThrown(request.signal.reason, { withStack: false }));
    };
    if (request.signal.aborted) abort();
    else request.signal.addEventListener("abort", abort, { once: true });
    this.#followed.push({
      dispose: () => {
        request.signal.removeEventListener("abort", abort);
      },
    });
  }

  /** The extension goes on with what it knew; whoever reads its log learns why. The same thing is told once. */
  #tellUnsent(event: string, error: unknown): void {
    const message = `${this.#extensionId} could not be told of "${event}": ${thrownText(error)}`;
    if (this.#unsent.has(message) || this.#unsent.size >= mostUnsent) return;
    this.#unsent.add(message);
    this.#options.request.logger.warn(message, { error });
  }

  #log({ level, message, fields }: LogFrame): void {
    const { logger } = this.#options.request;
    this.#allowance ??= new LogAllowance(believedLogLimits, (text) => {
      logger.warn(text);
    });
    const text = cutMessage(message);
    const bytes = text.length + (fields === undefined ? 0 : sizeUpTo(fields, believedLogLimits.burstBytes));
    if (this.#allowance.take(bytes)) logger[level](text, fields);
  }

  #isReady(frame: ReadyFrame): void {
    this.#becomeLoaded();
    this.#supplied = new Set(frame.supplied.map(({ point, id }) => `${point}/${id}`));
    this.#exports = reviveExports(frame.exports, (name, args) => this.#call(`export/${name}`, args));
    this.#ready.resolve(frame);
  }

  #becomeLoaded(): void {
    this.#isLoaded = true;
    this.#loaded.resolve();
  }

  #takeFile(path: string, stamp: FileStamp): void {
    const { request, link } = this.#options;
    this.#readable ??= new ReadablePaths(request, link.readable);
    if (this.#readable.allow(path)) {
      // Where it leads is the host's own finding: what becomes a link later has changed, and nothing behind it is read.
      const target = stamp.hash === undefined ? undefined : lookBehind(path).found;
      request.onFile(path, target === undefined ? stamp : { ...stamp, target });
    } else if (!this.#hasToldForeignFile) {
      this.#hasToldForeignFile = true;
      const shown = path.length > longestShownPath ? `${path.slice(0, longestShownPath)}…` : path;
      const message = `It says that it used ${shown}, which it may not read. The file was not looked at.`;
      request.onProblem({ code: "RUNTIME_FOREIGN_FILE", message });
    }
  }

  #hear({ event, args }: EmitFrame): void {
    if (event === "loaded") this.#becomeLoaded();
    else if (event === "file") {
      const [path, stamp] = args as [string, FileStamp];
      this.#toldFiles++;
      this.#takeFile(path, stamp);
    }
  }
}

/** The same target, for arguments of a size that a guest of good will would have sent: none is believed. */
function believed(
  target: ServedTarget | undefined,
  { callBytes }: ActivateRequest["limits"],
): ServedTarget | undefined {
  if (target === undefined) return undefined;
  return (args, context) => {
    if (!exceeds(args, callBytes)) return target(args, context);
    throw new ExtensionError(
      "CALL_TOO_LARGE",
      `The arguments of the call hold more than ${String(callBytes)} bytes.`,
      {
        details: { what: "arguments", limitBytes: callBytes },
      },
    );
  };
}
