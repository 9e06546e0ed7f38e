/**
 * Stops extensions together with the dependents that run on them, and at the end all of them.
 * What was stopped for another's sake is away: it comes back when its provider does.
 * Invariant: after a stop no code of an extension is left running, whether it agreed or not.
 */
import { ExtensionError } from "@plugboard/extension-api";
import { Deadlines } from "../../common/deadlines.js";
import type { ActivationCoordinator } from "../activation/activation-coordinator.js";
import type { DependentsLock } from "../activation/dependents-lock.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { FileTracker } from "../activation/file-tracker.js";
import { gone, superseded } from "../extension/lifecycle-errors.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { DependentsStop } from "../base/lifecycle-parts.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { Listing } from "../listing/listing.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { ProviderExports } from "../listing/provider-exports.js";
import type { Resolver } from "../listing/resolver.js";
import type { Retirer } from "./retirer.js";

interface StopperParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly extensions: ExtensionRegistry;
  readonly listing: Listing;
  readonly resolver: Resolver;
  readonly exports: ProviderExports;
  readonly fileTracker: FileTracker;
  readonly lock: DependentsLock;
  readonly activation: ActivationCoordinator;
  readonly retirer: Retirer;
}

/** Stops extensions. @internal */
export class Stopper implements DependentsStop {
  readonly #parts: StopperParts;

  constructor(parts: StopperParts) {
    this.#parts = parts;
  }

  /** Stops the extensions and their running dependents, dependents first. */
  async stop(seeds: readonly ManagedExtension[], why: "removed" | "deactivated" | "disabled"): Promise<void> {
    const { extensions, lock, options, retirer, listing, fileTracker, exports, run, resolver, activation } =
      this.#parts;
    for (const id of extensions.runningClosure(seeds.map((seed) => seed.id))) {
      const extension = seeds.find((seed) => seed.id === id) ?? extensions.get(id);
      if (extension?.serving.state === "activating") {
        extension.serving.abort(extension.isRemoved ? gone(extension) : superseded(extension));
      }
      extension?.candidate?.abort(superseded(extension));
    }
    const interrupt = (member: ManagedExtension) => member.candidate?.abort(superseded(member));
    await lock.run(seeds, interrupt, async (members) => {
      for (const member of members) {
        if (why === "deactivated") member.wantedBy = undefined;
        else if (!seeds.includes(member)) member.isAway = true;
      }
      for (const seed of seeds) seed.dropCandidate();
      const active = members.filter((member) => member.serving.state === "active");
      for (const member of active) member.serving.move("stopping");
      for (const member of active) options.registry.connect(member);
      await retirer.retireInOrder(active.map((member) => member.serving));
      for (const member of members) {
        if (member.isRemoved) {
          listing.list(listing.openPoints(member, undefined));
          fileTracker.followNow(member);
          exports.tellChanged(member.id);
          continue;
        }
        if (run.stopReason !== undefined) continue;
        extensions.renew(member);
        exports.tellChanged(member.id);
      }
      if (run.stopReason !== undefined) return;
      const stopped = members.filter((member) => !member.isRemoved);
      const concerned = listing.validateAll(stopped);
      resolver.reconsider(extensions.affected(stopped.map((member) => member.id)));
      listing.list(concerned);
    });
    if (run.stopReason !== undefined) return;
    // Somebody may have called meanwhile, or the provider may be back.
    for (const extension of extensions.known(extensions.closure(seeds.map((seed) => seed.id)))) {
      // Events that happened before have had their effect on what a person deactivates; the next one counts.
      if (why === "deactivated" && extension.queuedCalls === 0) continue;
      run.inBackground(activation.resume(extension));
    }
  }

  /** Stops the extension's dependents until it is back. */
  async stopDependents(extension: ManagedExtension): Promise<void> {
    // One that crashed too often is not given another chance because its provider crashed as well.
    const dependents = this.#parts.extensions
      .known(this.#parts.extensions.graph.dependents(extension.id))
      .filter(({ serving }) => serving.reason?.code !== "CRASHED_TOO_OFTEN");
    for (const dependent of dependents) dependent.isAway = true;
    if (dependents.length > 0) await this.stop(dependents, "disabled");
  }

  /** Stops everything, dependents first, within the limit; what has not stopped by then is killed. */
  async stopAll(reason: ExtensionError): Promise<void> {
    const { run, options, retirer, fileTracker } = this.#parts;
    const extensions = [...this.#parts.extensions.extensions];
    for (const extension of extensions) {
      extension.endIncomplete();
      extension.supervision?.dispose();
      extension.rejectQueued(reason);
      if (extension.serving.state === "activating") extension.serving.abort(reason);
      extension.candidate?.abort(reason);
    }
    const stop = async () => {
      await run.backgroundSettled();
      const active = extensions.filter((extension) => extension.serving.state === "active");
      const order = this.#parts.extensions.graph.order(active.map((extension) => extension.id));
      const generations = this.#parts.extensions.known(order).map(({ serving }) => serving);
      for (const generation of generations) generation.move("stopping");
      for (const extension of active) options.registry.connect(extension);
      await retirer.retireInOrder(generations);
    };
    await new Deadlines().within(options.limits.stopMs, stop(), () => undefined);
    for (const generation of run.alive) options.activator.kill(generation, reason);
    run.alive.clear();
    fileTracker.dispose();
  }
}
