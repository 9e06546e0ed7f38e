/**
 * Runs extensions in the host's own process, by reference: the fastest way and no isolation at all. An
 * extension here has every right the application has, and a loop without `await` stops everything.
 */
import type { Runtime, RuntimeSession, StartRequest } from "@plugboard/extension-api";
import { Guest } from "../../guest/guest.js";
import type { ProvidedPackages } from "../../guest/lazy-packages.js";
import { LeftoverCounter } from "../../guest/leftover-counter.js";
import { createModuleLoader } from "../../guest/loader/module-loader.js";
import { TransformCache } from "../../guest/loader/transform-cache.js";
import { ScopedGuest, type GuestScope, type InProcessScope } from "./scoped-guest.js";
import { ChildTransformer, transformProgram } from "../transform/child-transformer.js";
import type { Watchdog } from "./watchdog.js";

/** What the in-process runtime needs. @internal */
export interface InProcessRuntimeOptions {
  /** Packages that the host gives to every extension, by name or subpath. */
  readonly provided: ProvidedPackages;
  /** Names code that keeps everything else from going on, if somebody is to. */
  readonly watchdog: Watchdog | undefined;
  /** Runs each entry into an extension's code, if somebody wants to know whose code runs. */
  readonly scope: InProcessScope | undefined;
}

/** Runs extensions beside the host. @internal */
export class InProcessRuntime implements Runtime {
  readonly kind = "in-process";
  readonly #options: InProcessRuntimeOptions;
  readonly #cache = new TransformCache();
  readonly #separate = new ChildTransformer(transformProgram());

  constructor(options: InProcessRuntimeOptions) {
    this.#options = options;
  }

  async start(request: StartRequest, context: { readonly signal: AbortSignal }): Promise<RuntimeSession> {
    if (request.reuse instanceof Guest) {
      const { namespace, leftoverCounter } = request.reuse;
      return this.#watched(this.#guest(request, namespace, leftoverCounter));
    }
    const leftovers = new LeftoverCounter();
    const loader = createModuleLoader({
      folder: request.extension.path,
      provided: this.#options.provided,
      cache: this.#cache,
      get signal() {
        return context.signal;
      },
      trusted: request.trusted,
      onFile: request.onFile,
      leftovers,
      separate: this.#separate,
    });
    const scope = this.#scopeOf(request);
    const loading = scope === undefined ? loader.load(request.main) : scope(() => loader.load(request.main));
    return this.#watched(this.#guest(request, await loading, leftovers));
  }

  async dispose(): Promise<void> {
    await this.#options.watchdog?.dispose();
  }

  #guest(
    request: StartRequest,
    namespace: Guest["namespace"],
    leftovers: LeftoverCounter | undefined,
  ): Guest {
    const scope = this.#scopeOf(request);
    return scope === undefined
      ? new Guest(request.extension, namespace, leftovers)
      : new ScopedGuest(scope, request.extension, namespace, leftovers);
  }

  #scopeOf({ extension: { id }, generation }: StartRequest): GuestScope | undefined {
    const { scope } = this.#options;
    return scope && ((run) => scope({ id, generation }, run));
  }

  #watched(guest: Guest): Guest {
    const { watchdog } = this.#options;
    if (watchdog !== undefined) guest.health = watchdog.watch(guest.identity.path, guest.exited);
    return guest;
  }
}
