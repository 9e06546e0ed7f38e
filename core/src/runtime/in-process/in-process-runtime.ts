/**
 * Runs extensions in the host's own process, by reference: the fastest way and no isolation at all. An
 * extension here has every right the application has, and a loop without `await` stops everything.
 */
import type { Runtime, RuntimeSession, StartRequest } from "@plugboard/extension-api";
import { Guest } from "../../guest/guest.js";
import { LeftoverCounter } from "../../guest/leftover-counter.js";
import { createModuleLoader } from "../../guest/loader/module-loader.js";
import { TransformCache } from "../../guest/loader/transform-cache.js";
import { ChildTransformer, transformProgram } from "../transform/child-transformer.js";
import type { Watchdog } from "./watchdog.js";

/** What the in-process runtime needs. @internal */
export interface InProcessRuntimeOptions {
  /** Packages that the host gives to every extension, by name or subpath. */
  readonly provided: ReadonlyMap<string, object>;
  /** Names code that keeps everything else from going on, if somebody is to. */
  readonly watchdog: Watchdog | undefined;
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
      return this.#watched(new Guest(request.extension, namespace, leftoverCounter));
    }
    const leftovers = new LeftoverCounter();
    const loader = createModuleLoader({
      folder: request.extension.path,
      provided: this.#options.provided,
      cache: this.#cache,
      get signal() {
        return context.signal;
      },
      onFile: request.onFile,
      leftovers,
      separate: this.#separate,
    });
    return this.#watched(new Guest(request.extension, await loader.load(request.main), leftovers));
  }

  async dispose(): Promise<void> {
    await this.#options.watchdog?.dispose();
  }

  #watched(guest: Guest): Guest {
    const { watchdog } = this.#options;
    if (watchdog !== undefined) guest.health = watchdog.watch(guest.identity.path, guest.exited);
    return guest;
  }
}
