/**
 * One extension as it runs apart from the host: loads its code, activates it with stand-ins for what the host
 * offers, and answers calls. Calls that come before it is active wait for it.
 */
import {
  ExtensionError,
  type ActivateRequest,
  type Arity,
  type DependencyExports,
  type FileStamp,
  type Logger,
} from "@plugboard/extension-api";
import type { ByeFrame, EmitFrame, ExportDescriptor, Frame, HelloFrame } from "@plugboard/schemas";
import { contextWithin } from "../common/deadline.js";
import { EventEmitter } from "../common/event-emitter.js";
import { jsonCopy } from "../common/json-copy.js";
import { monotonicTime } from "../common/monotonic-time.js";
import { describeExports, serveExport } from "../protocol/exports.js";
import type { Outbox } from "../protocol/outbox.js";
import { sendable } from "../protocol/sendable.js";
import { SessionPeer, type ServedTarget } from "../protocol/session-peer.js";
import { decodeThrown, encodeThrown } from "../protocol/thrown.js";
import { adviseAuthor } from "../common/advise-author.js";
import { Guest } from "./guest.js";
import { LeftoverCounter } from "./leftover-counter.js";
import { createModuleLoader } from "./loader/module-loader.js";
import type { ProvidedPackages } from "./lazy-packages.js";
import type { SeparateTransformer } from "./loader/separate-transformer.js";
import type { TransformCache } from "./loader/transform-cache.js";
import type { TypeScriptTransformer } from "./loader/transform-typescript.js";
import { RemoteCollection } from "./remote-collection.js";
import { RemoteDependency } from "./remote-dependency.js";
import { RemoteLogger } from "./remote-logger.js";

/** Code that is loaded. @internal */
export type LoadedCode = Pick<Guest, "namespace" | "leftoverCounter">;

/** The parts of a session at the far end. @internal */
export interface GuestSessionOptions {
  readonly hello: HelloFrame;
  readonly outbox: Outbox;
  readonly provided: ProvidedPackages;
  readonly cache: TransformCache;
  /** Turns TypeScript into JavaScript; the best that is installed if undefined. */
  readonly typescript: TypeScriptTransformer | undefined;
  /** Transforms what nests too deep or is too long to be transformed here. */
  readonly separate: SeparateTransformer | undefined;
  /** Code of another session that is to be used again. */
  readonly reused: LoadedCode | undefined;
  /** Is told when the session is over. */
  readonly onEnd: () => void;
}

/** One extension that runs here. @internal */
export class GuestSession {
  readonly #options: GuestSessionOptions;
  readonly #hello: HelloFrame;
  readonly #peer: SessionPeer;
  readonly #controller = new AbortController();
  readonly #log: RemoteLogger;
  readonly #logger: Logger;
  readonly #configurationChanged: EventEmitter<void>;
  readonly #dependencies = new Map<string, RemoteDependency>();
  readonly #collections = new Map<string, RemoteCollection>();
  readonly #active: Promise<void>;
  /** What was called so far; who looked it up once finds the same ever after. */
  readonly #targets = new Map<string, ServedTarget>();
  #configuration: Readonly<Record<string, unknown>>;
  #guest: Guest | undefined;
  #isActive = false;

  constructor(options: GuestSessionOptions) {
    this.#options = options;
    const hello = (this.#hello = options.hello);
    this.#log = new RemoteLogger(hello.session, options.outbox);
    this.#logger = this.#log.logger;
    const report = (error: unknown) => {
      this.#logger.error("A listener failed.", { error });
    };
    this.#peer = new SessionPeer({
      session: hello.session,
      extensionId: hello.extension.id,
      outbox: options.outbox,
      limits: hello.limits,
      withStacks: hello.withStacks,
      serve: (target) => this.#serve(target),
      onThrown: adviseAuthor,
      onUnsent: (event, error) => {
        this.#logger.error(`The host could not be told of "${event}".`, { error });
      },
    });
    this.#configuration = hello.configuration;
    this.#configurationChanged = new EventEmitter(report);
    for (const dependency of hello.dependencies) {
      this.#dependencies.set(dependency.id, new RemoteDependency(dependency, this.#peer, report));
    }
    for (const point of hello.points) {
      this.#collections.set(point.id, new RemoteCollection(point, this.#peer, report));
    }
    this.#active = this.#activate();
    // Whoever calls hears of it; until then nobody need.
    this.#active.catch(() => undefined);
  }

  /** The loaded code, to be used again. */
  get code(): LoadedCode | undefined {
    return this.#guest;
  }

  /** Takes a frame of this session. */
  receive(frame: Frame): void {
    if (this.#peer.receive(frame)) return;
    if (frame.type === "emit") this.#hear(frame);
    else if (frame.type === "bye") void this.#leave(frame);
  }

  /** A frame of this session could not be sent. */
  refuse(frame: Frame, error: unknown): void {
    if (frame.type === "log") this.#log.refuse(frame, error);
    else if (frame.type === "ready") this.#tellFailure(error);
    else this.#peer.refuse(frame, error);
  }

  async #activate(): Promise<void> {
    const { session } = this.#hello;
    try {
      const startedAt = monotonicTime();
      this.#guest = await this.#load();
      const load = monotonicTime() - startedAt;
      this.#peer.emit("loaded");
      const { supplied, findings, savesState, times } = await this.#guest.activate(this.#request());
      const exports = this.#describeExports(this.#guest.exports);
      this.#isActive = true;
      this.#options.outbox.enqueue({
        type: "ready",
        session,
        supplied,
        findings,
        savesState,
        exports,
        times: { ...times, load },
      });
      // Calls that waited run next and may block the thread: that is their fault and not that of the activation.
      this.#options.outbox.flush();
    } catch (error) {
      this.#tellFailure(error);
      throw error;
    }
  }

  /** It did not become active. */
  #tellFailure(error: unknown): void {
    const { session, withStacks } = this.#hello;
    const thrown = encodeThrown(error, { withStack: withStacks });
    this.#options.outbox.enqueue({ type: "err", session, id: 0, thrown });
  }

  async #load(): Promise<Guest> {
    const { extension, main, trusted } = this.#hello;
    const { reused, provided, cache, typescript, separate } = this.#options;
    if (reused !== undefined) return new Guest(extension, reused.namespace, reused.leftoverCounter);
    const leftovers = new LeftoverCounter();
    const loader = createModuleLoader({
      folder: extension.path,
      provided,
      cache,
      signal: this.#controller.signal,
      trusted: trusted && new Map(trusted.map(({ path, sha256 }) => [path, sha256])),
      onFile: (path: string, stamp: FileStamp) => {
        this.#peer.emit("file", path, stamp);
      },
      leftovers,
      separate,
      ...(typescript === undefined ? {} : { typescript }),
    });
    return new Guest(extension, await loader.load(main), leftovers);
  }

  #request(): ActivateRequest {
    const hello = this.#hello;
    const dependencies = new Map<string, DependencyExports>(this.#dependencies);
    return {
      contributions: hello.contributions,
      services: hello.services.map(({ id, methods }) => ({
        id,
        methods,
        value: this.#serviceStub(id, methods),
      })),
      undeclaredServices: hello.undeclaredServices,
      dependencies,
      state: hello.state,
      configuration: {
        values: () => this.#configuration,
        onDidChange: this.#configurationChanged.event,
      },
      storage: this.#storageStub(),
      secrets: this.#stub(
        ["get", "set", "delete"],
        (method) => `secrets/${method}`,
      ) as unknown as ActivateRequest["secrets"],
      logger: this.#logger,
      points: hello.points,
      collection: (point) => this.#collections.get(point),
      limits: hello.limits,
      signal: this.#controller.signal,
    };
  }

  #stub(
    methods: readonly string[],
    target: (method: string) => string,
  ): Record<string, (...args: unknown[]) => Promise<unknown>> {
    return Object.fromEntries(
      methods.map((method) => [method, (...args: unknown[]) => this.#peer.call(target(method), args)]),
    );
  }

  /** What can't be kept is refused as the host would do it, and not for what can't cross. */
  #storageStub(): ActivateRequest["storage"] {
    const { id } = this.#hello.extension;
    const target = (method: string) => `storage/${method}`;
    const stub = this.#stub(["get", "delete", "keys"], target);
    const set = async (key: string, value: unknown) =>
      this.#peer.call(target("set"), [key, jsonCopy(value, id)]);
    return { ...stub, set } as unknown as ActivateRequest["storage"];
  }

  #serviceStub(id: string, methods: Readonly<Record<string, Arity>>): object {
    const stub = Object.entries(methods).map(([method, arity]) => [
      method,
      (...given: unknown[]) => {
        const args = arity === "variadic" ? given : given.slice(0, arity);
        return this.#peer.call(`service/${id}/${method}`, args);
      },
    ]);
    return Object.freeze(Object.fromEntries(stub) as object);
  }

  /** Refuses what can't be sent. */
  #describeExports(exports: Readonly<Record<string, unknown>>): ExportDescriptor {
    const { functions, values } = describeExports(exports);
    const { limits, extension } = this.#hello;
    const options = { what: "exports", limitBytes: limits.callBytes, extensionId: extension.id } as const;
    return { functions, values: sendable(values, options) };
  }

  #serve(target: string): ServedTarget | undefined {
    if (this.#isActive) {
      const known = this.#targets.get(target);
      if (known !== undefined) return known;
      const found = this.#target(target);
      if (found !== undefined) this.#targets.set(target, found);
      return found;
    }
    return async (args, context) => {
      // The failure of the activation is told once, by itself; whoever called hears of it from the host.
      await this.#active.catch(() => new Promise(() => undefined));
      const serve = this.#target(target);
      if (serve === undefined) {
        const { id } = this.#hello.extension;
        throw new ExtensionError("CALL_UNKNOWN_TARGET", `${id} did not supply ${target}.`, {
          extensionId: id,
          details: { target },
        });
      }
      return serve(args, context);
    };
  }

  #target(target: string): ServedTarget | undefined {
    const [realm, ...path] = target.split("/");
    const [first = "", second = "", third = ""] = path;
    const guest = this.#guest;
    if (realm === "contribution") {
      const handler = guest?.handler(first, second, third);
      return handler && ((args, context) => handler(...args, context));
    }
    if (realm === "export") return serveExport(guest?.exports[first]);
    if (target === "hook/saveState") return (_args, context) => guest?.saveState(context);
    return undefined;
  }

  #hear({ event, args }: EmitFrame): void {
    if (event === "configuration") {
      this.#configuration = args[0] as HelloFrame["configuration"];
      this.#configurationChanged.fire();
    } else if (event === "dependency") {
      this.#dependencies.get(args[0] as string)?.become(args[1] as ExportDescriptor | undefined);
    } else if (event === "point") {
      this.#collections.get(args[0] as string)?.become(args[1] as HelloFrame["points"][number]["lines"]);
    } else if (event === "abort") {
      this.#controller.abort(decodeThrown(args[0] as never));
    }
  }

  async #leave(bye: ByeFrame): Promise<void> {
    const { extension, session, withStacks } = this.#hello;
    const gone = new ExtensionError("EXTENSION_GONE", `${extension.id} was stopped.`, {
      extensionId: extension.id,
    });
    this.#controller.abort(gone);
    if (!bye.deactivate) {
      this.#guest?.dispose();
      this.#targets.clear();
      this.#peer.end(gone);
      this.#log.end();
      this.#options.onEnd();
      return;
    }
    const failed: { thrown?: ReturnType<typeof encodeThrown> } = {};
    try {
      await this.#guest?.deactivate(contextWithin(bye.timeoutMs));
    } catch (error) {
      failed.thrown = encodeThrown(error, { withStack: withStacks });
    }
    this.#log.end();
    this.#options.outbox.enqueue({
      type: "gone",
      session,
      ...failed,
      leftovers: this.#guest?.leftovers() ?? {},
    });
  }
}
