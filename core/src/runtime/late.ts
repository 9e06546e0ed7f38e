/** Stands for a runtime, or a driver, whose code is loaded when the first extension is to start in it. */
import type { ChannelDriver, Runtime } from "@plugboard/extension-api";

/** The runtime of that kind, loaded when something starts in it. @internal */
export function lateRuntime(kind: string, load: () => Promise<Runtime>): Runtime {
  const late = new Late(load);
  return {
    kind,
    start: async (request, context) => (await late.get()).start(request, context),
    dispose: async () => (await late.ifWanted())?.dispose?.(),
  };
}

/** The driver, loaded when a channel is to be opened. @internal */
export function lateDriver(load: () => Promise<ChannelDriver>): ChannelDriver {
  const late = new Late(load);
  return {
    prepare: async () => (await late.get()).prepare?.(),
    gaps: async (request) => (await late.get()).gaps?.(request) ?? [],
    connect: async (request, context) => (await late.get()).connect(request, context),
    // Asked after the gaps.
    spareKey: (request) => late.loaded?.spareKey?.(request),
    checkSpare: async (request, context) => late.loaded?.checkSpare?.(request, context),
  };
}

class Late<T> {
  loaded: T | undefined;
  readonly #load: () => Promise<T>;
  #loading: Promise<T> | undefined;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  get(): Promise<T> {
    return (this.#loading ??= this.#begin());
  }

  /** Undefined if nobody ever asked for it. */
  ifWanted(): Promise<T> | undefined {
    return this.#loading;
  }

  async #begin(): Promise<T> {
    return (this.loaded = await this.#load());
  }
}
