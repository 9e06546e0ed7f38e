/**
 * Lets generations go that no longer serve: calls in flight finish, `deactivate` runs, what is left behind is
 * counted. Decides neither who goes nor what comes after.
 * Invariant: a generation goes after all the given ones that depend on it.
 */
import { ExtensionError } from "@plugboard/extension-api";
import { requiredIds } from "../extension/dependency-terms.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { Generation } from "../extension/generation.js";
import type { LifecycleEvents } from "../base/lifecycle-events.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";

const nobody: ReadonlySet<Generation> = new Set();

interface RetirerParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly lifecycleEvents: LifecycleEvents;
  readonly extensions: ExtensionRegistry;
}

/** Retires generations, dependents first. @internal */
export class Retirer {
  readonly #parts: RetirerParts;

  constructor(parts: RetirerParts) {
    this.#parts = parts;
  }

  /**
   * Lets old generations go, each after those that depend on it; they come dependencies first. The code of those that
   * are kept may be started again, until the caller lets it go.
   */
  async retireInOrder(old: readonly Generation[], kept: ReadonlySet<Generation> = nobody): Promise<void> {
    const retirements = new Map<string, Promise<void>>();
    const dependentsOf = new Map<string, string[]>();
    for (const { description } of old) {
      for (const id of requiredIds(description)) {
        const dependents = dependentsOf.get(id);
        if (dependents === undefined) dependentsOf.set(id, [description.id]);
        else dependents.push(description.id);
      }
    }
    for (const generation of [...old].reverse()) {
      // What crashed meanwhile has gone already.
      if (generation.state === "failed") continue;
      const { id } = generation.description;
      if (generation.state === "active") generation.move("stopping");
      retirements.set(
        id,
        (async () => {
          await Promise.all(
            (dependentsOf.get(id) ?? []).flatMap((dependent) => retirements.get(dependent) ?? []),
          );
          await this.#retire(generation, { isKept: kept.has(generation) });
        })(),
      );
    }
    await Promise.all([...retirements.values()]);
  }

  async #retire(generation: Generation, options: { readonly isKept: boolean }): Promise<void> {
    const { run, extensions, lifecycleEvents } = this.#parts;
    const { id } = generation.description;
    const reason =
      run.stopReason ??
      new ExtensionError(
        "EXTENSION_GONE",
        `Generation ${String(generation.number)} of ${id} has been stopped.`,
        {
          extensionId: id,
          details: { generation: generation.number },
        },
      );
    const before = generation.problems.length;
    await this.#parts.options.activator.retire(generation, reason, options);
    run.alive.delete(generation);
    if (generation.state === "deactivating") generation.move("stopped");
    const extension = extensions.get(id);
    const leftovers = this.#leftoversOf(generation);
    const isClean = Object.keys(leftovers).length === 0;
    if (!isClean) this.#parts.options.reportLeftovers(generation, leftovers);
    if (extension !== undefined) extension.leftovers = isClean ? undefined : leftovers;
    generation.connection = undefined;
    lifecycleEvents.fireRetired(generation, generation.problems.slice(before));
  }

  /** A runtime may be anyone's: one that can't even count must not keep the next generation from coming. */
  #leftoversOf({ session }: Generation): Readonly<Record<string, number>> {
    try {
      return session?.leftovers() ?? {};
    } catch (error) {
      this.#parts.options.report(error);
      return {};
    }
  }
}
