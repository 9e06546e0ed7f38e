/**
 * What a generation is given of the extensions it depends on. A required provider is the very generation it
 * was activated with; an optional one is whichever serves now, and its coming and going is told.
 * Invariant: one generation's exports are one object for all its dependents.
 */
import { ExtensionError, type DependencyExports, type Handler } from "@plugboard/extension-api";
import { EventEmitter } from "../common/event-emitter.js";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import { dependencyRanges, optionalDependencyRanges } from "../manifest/dependency-ranges.js";
import { satisfies } from "./dependency-terms.js";
import type { ExtensionSet } from "./extension-set.js";
import { outlineOf } from "../manifest/manifest-outline.js";
import type { Generation } from "./generation.js";
import type { LifecycleOptions } from "./lifecycle-options.js";

/** Exports as a dependent sees them: functions that return promises, and copies of everything else. */
type Exports = Readonly<Record<string, unknown>>;

interface ProviderExportsParts {
  readonly options: LifecycleOptions;
  readonly set: ExtensionSet;
}

/** Hands the exports of providers to their dependents. @internal */
export class ProviderExports {
  readonly #options: LifecycleOptions;
  readonly #set: ExtensionSet;
  readonly #exposed = new WeakMap<Generation, Exports>();
  /** Fire when an extension that somebody may use comes or goes, by its id. */
  readonly #comings = new Map<string, EventEmitter<void>>();

  constructor(parts: ProviderExportsParts) {
    this.#options = parts.options;
    this.#set = parts.set;
  }

  /** What a generation of the description gets; of the candidates, if they come up together. */
  forDependent(
    description: ExtensionDescription,
    candidates?: ReadonlyMap<string, Generation>,
  ): ReadonlyMap<string, DependencyExports> {
    const exports = new Map<string, DependencyExports>();
    for (const [id, range] of optionalDependencyRanges(outlineOf(description))) {
      let emitter = this.#comings.get(id);
      if (emitter === undefined) this.#comings.set(id, (emitter = new EventEmitter(this.#options.report)));
      exports.set(id, {
        kind: "optional",
        onDidChange: emitter.event,
        current: () => {
          const serving = this.#set.get(id)?.serving;
          if (serving?.state !== "active" || !satisfies(serving.description.version, range)) return undefined;
          return this.#exportsOf(serving);
        },
      });
    }
    for (const id of dependencyRanges(outlineOf(description)).keys()) {
      const generation = candidates?.get(id) ?? this.#set.get(id)?.serving;
      exports.set(id, {
        kind: "required",
        onDidChange: () => ({ dispose: () => undefined }),
        current: () => (generation === undefined ? undefined : this.#exportsOf(generation)),
      });
    }
    return exports;
  }

  /** Tells those who use the extension if it is there that it came, went or is another. */
  tellChanged(id: string): void {
    this.#comings.get(id)?.fire();
  }

  #exportsOf(generation: Generation): Exports {
    let exports = this.#exposed.get(generation);
    if (exports === undefined) this.#exposed.set(generation, (exports = exposeExports(generation)));
    return exports;
  }
}

/**
 * Makes the exports of an active generation; they are dead once it is no longer active. Calls through them are
 * calls in flight of that generation, so that it is not deactivated under them.
 */
function exposeExports(generation: Generation): Exports {
  const exposed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(generation.session?.exports ?? {})) {
    exposed[name] =
      typeof value === "function" ? callThrough(generation, value as Handler) : copy(generation, name, value);
  }
  return Object.freeze(exposed);
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
    return connection.book.call(withoutContext, args, undefined);
  };
}

function copy(generation: Generation, name: string, value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch (cause) {
    const { id } = generation.description;
    throw new ExtensionError(
      "ACTIVATION_FAILED",
      `${id} exports "${name}", which is neither a function nor plain data.`,
      { extensionId: id, details: { name }, cause },
    );
  }
}
