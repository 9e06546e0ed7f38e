/**
 * A session whose code runs at the other end of a channel: says `hello`, keeps what `ready` registers, and turns
 * calls into frames. The host can't tell it from one that runs beside it.
 * Invariant: it ends when its channel does, and everything that waits for it is told.
 */
import {
  ExtensionError,
  type ActivateRequest,
  type ActivateResult,
  type CallContext,
  type DependencyExports,
  type Disposable,
  type ExitReason,
  type FileStamp,
  type Frame,
  type Handler,
  type LiveCollection,
  type LogLevel,
  type RuntimeSession,
  type SavedState,
  type SessionHealth,
  type StartRequest,
} from "@plugboard/extension-api";
import type {
  CollectionLine,
  EmitFrame,
  ExportDescriptor,
  GoneFrame,
  HelloFrame,
  ReadyFrame,
} from "@plugboard/schemas";
import { assertSendable } from "../protocol/sendable.js";
import { SessionPeer, type ServedTarget } from "../protocol/session-peer.js";
import { decodeThrown, encodeThrown } from "../protocol/thrown.js";
import type { Outbox } from "../protocol/outbox.js";

/** What a session needs of the channel that it shares. @internal */
export interface SessionLink {
  readonly outbox: Outbox;
  readonly health: SessionHealth;
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

type Functions = Record<string, (...args: unknown[]) => unknown>;

/** One generation that runs at the other end of a channel. @internal */
export class ChannelSession implements RuntimeSession {
  readonly queuesCalls = true;
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
  #isOver = false;

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

  /** How much the other end has not answered. */
  get outstanding(): number {
    return this.#peer?.pendingCount ?? 0;
  }

  async activate(request: ActivateRequest): Promise<ActivateResult> {
    this.#request = request;
    const { link, withStacks } = this.#options;
    const peer = new SessionPeer({
      session: this.number,
      extensionId: this.#extensionId,
      outbox: link.outbox,
      limits: request.limits,
      withStacks,
      serve: (target) => this.#serve(target),
    });
    if (this.#isOver) peer.end(this.#endError());
    this.#peer = peer;
    const hello = this.#hello(request);
    link.outbox.add(hello);
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
    const timeoutMs = context.deadline === Infinity ? 0 : Math.max(1, context.deadline - Date.now());
    link.outbox.add({ type: "bye", session: this.number, deactivate: true, timeoutMs });
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
      this.#options.link.outbox.add({ type: "bye", session: this.number, deactivate: false, timeoutMs: 0 });
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
    else if (frame.type === "log") this.#log(frame.level, frame.message, frame.fields);
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
      ? new ExtensionError("EXTENSION_CRASHED", `${extensionId} crashed: ${reason.message}`, { extensionId })
      : new ExtensionError("EXTENSION_GONE", `This generation of ${extensionId} is gone.`, { extensionId });
  }

  #call(target: string, args: readonly unknown[], context?: CallContext): Promise<unknown> {
    if (this.#peer === undefined) return Promise.reject(this.#endError());
    this.#options.link.expectAnswer();
    return this.#peer.call(target, args, context);
  }

  #hello(request: ActivateRequest): HelloFrame {
    const { number, request: start, environment, reuse, withStacks } = this.#options;
    const configuration = request.configuration.values();
    const what = { limitBytes: request.limits.callBytes, extensionId: this.#extensionId };
    if (request.state !== undefined) assertSendable(request.state, { what: "state", ...what });
    assertSendable(configuration, { what: "configuration", ...what });
    return {
      type: "hello",
      session: number,
      protocol: 1,
      extension: start.extension,
      generation: start.generation,
      main: start.main,
      runtime: start.runtime,
      contributions: request.contributions,
      services: request.services.map(({ id, methods }) => ({ id, methods })),
      undeclaredServices: request.undeclaredServices,
      dependencies: [...request.dependencies].map(([id, dependency]) => ({
        id,
        kind: dependency.kind,
        ...describedExports(dependency),
      })),
      points: request.points.map(({ id, methods }) => ({
        id,
        methods,
        lines: linesOf(request.collection(id)),
      })),
      configuration,
      ...(request.state === undefined ? {} : { state: request.state }),
      limits: request.limits,
      environment,
      withStacks,
      ...(reuse === undefined ? {} : { reuse }),
    };
  }

  /** Tells the guest what changes at the host. */
  #follow(request: ActivateRequest): void {
    const peer = this.#peer;
    this.#followed.push(
      request.configuration.onDidChange(() => {
        peer?.emit("configuration", request.configuration.values());
      }),
    );
    for (const [id, dependency] of request.dependencies) {
      if (dependency.kind === "required") continue;
      this.#followed.push(
        dependency.onDidChange(() => {
          peer?.emit("dependency", id, describedExports(dependency).exports);
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

  #isReady(frame: ReadyFrame): void {
    this.#isLoaded = true;
    this.#loaded.resolve();
    this.#supplied = new Set(frame.supplied.map(({ point, id }) => `${point}/${id}`));
    this.#exports = this.#reviveExports(frame.exports);
    this.#ready.resolve(frame);
  }

  #reviveExports({ functions, values }: ExportDescriptor): Readonly<Record<string, unknown>> {
    const exports: Record<string, unknown> = { ...values };
    for (const name of functions) exports[name] = (...args: unknown[]) => this.#call(`export/${name}`, args);
    return exports;
  }

  #hear({ event, args }: EmitFrame): void {
    if (event === "loaded") {
      this.#isLoaded = true;
      this.#loaded.resolve();
    } else if (event === "file") {
      const [path, stamp] = args as [string, FileStamp];
      this.#options.request.onFile(path, stamp);
    }
  }

  #log(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> | undefined): void {
    this.#options.request.logger[level](message, fields);
  }

  /** What the guest may call. Which services and dependencies there are, the manifest has decided. */
  #serve(target: string): ServedTarget | undefined {
    const request = this.#request;
    const [realm, ...path] = target.split("/");
    const [first = "", second = "", third = ""] = path;
    if (request === undefined) return undefined;
    switch (realm) {
      case "service": {
        const service = request.services.find(({ id }) => id === first);
        if (service === undefined || !Object.hasOwn(service.methods, second)) return undefined;
        const method = (service.value as Functions)[second];
        return method && ((args) => method(...args));
      }
      case "dependency": {
        const exported = own(request.dependencies.get(first)?.current(), second);
        return callable(exported);
      }
      case "storage":
      case "secrets": {
        const store = request[realm] as unknown as Functions;
        return storeMethods.has(first) ? (args) => store[first]?.(...args) : undefined;
      }
      case "point": {
        const stub = request.collection(first)?.get(second) as Functions | undefined;
        const arity = own(request.points.find(({ id }) => id === first)?.methods, third);
        const method = arity === undefined ? undefined : stub?.[third];
        if (method === undefined) return undefined;
        if (arity === "variadic") return (args) => method(...args);
        return (args, { signal, deadline }) =>
          method(...args, {
            signal,
            timeoutMs: deadline === Infinity ? 0 : Math.max(1, deadline - Date.now()),
          });
      }
      default:
        return undefined;
    }
  }
}

function callable(value: unknown): ServedTarget | undefined {
  if (typeof value !== "function") return undefined;
  const call = value as Handler;
  return (args) => call(...args);
}

/** A member of the object itself: a guest names what it likes. */
function own<T>(object: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

const storeMethods: ReadonlySet<string> = new Set(["get", "set", "delete", "keys"]);

function describedExports(dependency: DependencyExports): { readonly exports?: ExportDescriptor } {
  const current = dependency.current();
  if (current === undefined) return {};
  const functions: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(current)) {
    if (typeof value === "function") functions.push(name);
    else values[name] = value;
  }
  return { exports: { functions, values } };
}

function linesOf(collection: LiveCollection<unknown> | undefined): readonly CollectionLine[] {
  return (collection?.entries() ?? []).map(({ id, extensionId, generation, item }) => ({
    id,
    extensionId,
    generation,
    item: item as Readonly<Record<string, unknown>>,
  }));
}
