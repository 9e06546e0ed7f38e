/**
 * What a generation is given of the extensions it depends on. A required provider is the very generation it
 * was activated with; an optional one is whichever serves now, and its coming and going is told.
 * Invariant: one generation's exports are one object for all its dependents.
 */
import {
  ExtensionError,
  isExtensionError,
  type DependencyExports,
  type Handler,
} from "@plugboard/extension-api";
import { EventEmitter } from "../../common/event-emitter.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { dependencyRanges, optionalDependencyRanges } from "../../manifest/dependency-ranges.js";
import { isInRange } from "../../manifest/identity.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { Generation } from "../extension/generation.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";

/** Exports as a dependent sees them: functions that return promises, and copies of everything else. */
type Exports = Readonly<Record<string, unknown>>;

/** The exports, or why there are none. */
interface Exposed {
  readonly exports?: Exports;
  readonly fault?: ExtensionError;
}

interface ProviderExportsParts {
  readonly options: LifecycleOptions;
  readonly extensions: ExtensionRegistry;
}

/** Hands the exports of providers to their dependents. @internal */
export class ProviderExports {
  readonly #parts: ProviderExportsParts;
  readonly #exposed = new WeakMap<Generation, Exposed>();
  /** Fire when an extension that somebody may use comes or goes, by its id. */
  readonly #comings = new Map<string, EventEmitter<void>>();

  constructor(parts: ProviderExportsParts) {
    this.#parts = parts;
  }

  /** What a generation of the description gets; of the candidates, if they come up together. */
  forDependent(
    description: ExtensionDescription,
    candidates?: ReadonlyMap<string, Generation>,
  ): ReadonlyMap<string, DependencyExports> {
    const { options, extensions } = this.#parts;
    const exports = new Map<string, DependencyExports>();
    for (const [id, range] of optionalDependencyRanges(outlineOf(description))) {
      let emitter = this.#comings.get(id);
      if (emitter === undefined) this.#comings.set(id, (emitter = new EventEmitter(options.report)));
      exports.set(id, {
        kind: "optional",
        onDidChange: emitter.event,
        current: () => {
          const serving = extensions.get(id)?.serving;
          if (serving?.state !== "active" || !isInRange(serving.description.version, range)) return undefined;
          // What it could use never keeps it from running: the fault is the provider's and told there.
          return this.#exposedBy(serving).exports;
        },
      });
    }
    for (const id of dependencyRanges(outlineOf(description)).keys()) {
      const generation = candidates?.get(id) ?? extensions.get(id)?.serving;
      exports.set(id, {
        kind: "required",
        onDidChange: () => ({ dispose: () => undefined }),
        current: () => {
          if (generation === undefined) return undefined;
          const { exports: exposed, fault } = this.#exposedBy(generation);
          if (fault !== undefined) throw fault;
          return exposed;
        },
      });
    }
    return exports;
  }

  /** Tells those who use the extension if it is there that it came, went or is another. */
  tellChanged(id: string): void {
    this.#comings.get(id)?.fire();
  }

  #exposedBy(generation: Generation): Exposed {
    let exposed = this.#exposed.get(generation);
    if (exposed === undefined) this.#exposed.set(generation, (exposed = this.#expose(generation)));
    return exposed;
  }

  /**
   * Makes the exports of an active generation; they are dead once it is no longer active. Calls through them are
   * calls in flight of that generation, so that it is not deactivated under them.
   */
  #expose(generation: Generation): Exposed {
    const given = Object.entries(generation.session?.exports ?? {});
    const values = given.filter(([, value]) => typeof value !== "function");
    try {
      const copies = this.#parts.options.copyExports(generation.description.id, Object.fromEntries(values));
      const exposed = given.map(([name, value]) => [
        name,
        typeof value === "function" ? callThrough(generation, value as Handler) : copies[name],
      ]);
      return { exports: Object.freeze(Object.fromEntries(exposed) as Exports) };
    } catch (error) {
      if (!isExtensionError(error)) throw error;
      this.#parts.options.reportExports(generation, error);
      return { fault: error };
    }
  }
}

function callThrough(generation: Generation, handler: Handler): (...args: unknown[]) => Promise<unknown> {
  const withoutContext: Handler = (...args) => handler(...args.slice(0, -1));
  return (...args) => {
    const { connection, description } = generation;
    if (connection === undefined || generation.state === "removed" || generation.state === "failed") {
      return Promise.reject(
        new ExtensionError("EXTENSION_GONE", `This generation of ${description.id} is gone.`, {
          extensionId: description.id,
          details: { generation: generation.number },
        }),
      );
    }
    return connection.inFlight.call(withoutContext, args, undefined);
  };
}
