/**
 * Which updates are due, and who is updated together: extensions whose running dependents overlap are one
 * group, since they must swap in one delta.
 * Invariant: a change that comes while its extension is being updated leads to another update.
 */
import { isExtensionError } from "@plugboard/extension-api";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { ActivationCoordinator } from "../activation/activation-coordinator.js";
import type { DependentsLock } from "../activation/dependents-lock.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { Generation } from "../extension/generation.js";
import { superseded } from "../extension/lifecycle-errors.js";
import type { LifecycleEvents } from "../base/lifecycle-events.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { UpdateRequests } from "../base/lifecycle-parts.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { Resolver } from "../listing/resolver.js";
import type { UpdateTransaction } from "./update-transaction.js";

/** What an update needs may go again before its turn; so often it is started before. */
const mostTries = 3;

interface UpdatesParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly lifecycleEvents: LifecycleEvents;
  readonly extensions: ExtensionRegistry;
  readonly resolver: Resolver;
  readonly lock: DependentsLock;
  readonly activation: ActivationCoordinator;
  readonly transaction: UpdateTransaction;
}

/** Brings running extensions to what the disk holds. @internal */
export class Updates implements UpdateRequests {
  readonly #options: LifecycleOptions;
  readonly #run: LifecycleRun;
  readonly #lifecycleEvents: LifecycleEvents;
  readonly #extensions: ExtensionRegistry;
  readonly #resolver: Resolver;
  readonly #lock: DependentsLock;
  readonly #activation: ActivationCoordinator;
  readonly #transaction: UpdateTransaction;
  /** Whose updates came to nothing because of an extension that did not run. */
  readonly #waiting = new Set<ManagedExtension>();

  constructor(parts: UpdatesParts) {
    this.#options = parts.options;
    this.#run = parts.run;
    this.#lifecycleEvents = parts.lifecycleEvents;
    this.#extensions = parts.extensions;
    this.#resolver = parts.resolver;
    this.#lock = parts.lock;
    this.#activation = parts.activation;
    this.#transaction = parts.transaction;
  }

  /** Updates every running extension whose disk content is another, together with whom that concerns. */
  async update(): Promise<void> {
    if (this.#run.stopReason !== undefined) return;
    const seeds = [...this.#extensions.extensions].filter((extension) => this.#isDue(extension));
    if (seeds.length === 0) return;
    const groups: { readonly ids: Set<string>; readonly seeds: ManagedExtension[] }[] = [];
    for (const seed of seeds) {
      const ids = this.#extensions.runningClosure([seed.id]);
      const overlapping = groups.filter((group) => [...ids].some((id) => group.ids.has(id)));
      for (const group of overlapping) {
        for (const id of group.ids) ids.add(id);
        groups.splice(groups.indexOf(group), 1);
      }
      groups.push({ ids, seeds: [seed, ...overlapping.flatMap((group) => group.seeds)] });
    }
    await Promise.all(groups.map((group) => this.#updateGroup(group.seeds)));
  }

  /** Updates the extension if the files it runs from are no longer what they were. */
  async checkFiles(extension: ManagedExtension): Promise<void> {
    const { serving, revision } = extension;
    if (serving.state !== "active" && serving.state !== "activating") return;
    const isUntold =
      serving.files === undefined && (outlineOf(extension.description).watch?.length ?? 0) === 0;
    if (isUntold && (!extension.isPending || extension.candidate?.isBeingPrepared === true)) return;
    // Meanwhile another look, or another generation, may have made this one worthless.
    const isStill = () =>
      extension.serving === serving && !extension.isRemoved && extension.revision === revision;
    try {
      const changed = isUntold ? [] : await this.#options.follower.changedFiles(serving);
      if (!isStill()) return;
      if (changed.length === 0) {
        // The files are again what runs: a candidate that was made of others has nothing left to offer.
        const isWhole = extension.broken === undefined && extension.description === serving.description;
        if (isWhole && extension.isPending && extension.putBack()) {
          extension.candidate?.abort(superseded(extension));
          extension.candidate = undefined;
          // Whoever was told of what was wrong learns that it is over.
          this.#lifecycleEvents.fire("changed", extension);
        }
        return;
      }
      // What is still to be made will be made of what is there.
      if (extension.isStale) return;
      const { candidate } = extension;
      if (candidate !== undefined && (await this.#isCurrent(extension, candidate))) return;
      if (!isStill()) return;
    } catch (error) {
      this.#options.report(error);
      return;
    }
    extension.changed();
    extension.supervision?.reset();
    if (serving.isBegun && extension.overtake(serving, superseded(extension))) {
      // Nothing serves yet: begin again with what is there now.
      this.#extensions.renew(extension);
      for (const ready of this.#resolver.refresh([extension])) await this.#activation.resume(ready);
      return;
    }
    await this.update();
  }

  /** Starts an extension again that has crashed, if its files are no longer those that crashed. */
  async checkCrashed(extension: ManagedExtension): Promise<void> {
    const { serving } = extension;
    try {
      // What crashed before it could say which files it uses may have been mended by any change.
      const isKnown = serving.files !== undefined && serving.files.size > 0;
      if (isKnown && (await this.#options.follower.changedFiles(serving)).length === 0) return;
    } catch (error) {
      this.#options.report(error);
      return;
    }
    if (extension.serving !== serving || extension.isRemoved || this.#run.stopReason !== undefined) return;
    extension.supervision?.reset();
    this.#extensions.renew(extension);
    await Promise.all(this.#activation.resumeAll(this.#resolver.refresh([extension])));
  }

  /** Whether an update came to nothing because the extension did not run. */
  isAwaiting({ id }: ManagedExtension): boolean {
    for (const waiting of this.#waiting) {
      if (waiting.isRemoved || !isWaiting(waiting)) this.#waiting.delete(waiting);
      const cause = waiting.candidate?.reason?.cause;
      if (isExtensionError(cause) && (cause.details.dependency === id || cause.details.root === id))
        return true;
    }
    return false;
  }

  /**
   * Whether what is being prepared, or was tried, is made of what is there now: then there is nothing new. One that
   * runs apart and has told of no file yet reads what is there.
   */
  async #isCurrent(extension: ManagedExtension, candidate: Generation): Promise<boolean> {
    if (extension.broken !== undefined || candidate.description !== extension.description) return false;
    if (candidate.isBeingPrepared && candidate.isAborted) return false;
    if (candidate.files === undefined) return candidate.isBeingPrepared;
    return (await this.#options.follower.changedFiles(candidate)).length === 0;
  }

  #isDue(extension: ManagedExtension): boolean {
    // One that is on its way up is updated when it has arrived.
    if (!extension.isPending || extension.serving.state !== "active") return false;
    if (extension.isStale) return true;
    if (extension.candidate?.isBeingPrepared === true) return false;
    return !extension.isTried || isWaiting(extension);
  }

  async #updateGroup(seeds: readonly ManagedExtension[]): Promise<void> {
    const isSwapped = await this.#transact(seeds);
    // What waited for this one, or had to make way for it, has its turn now.
    // So has what changed again while it was in hand.
    if (isSwapped || seeds.some((seed) => seed.isStale)) this.#run.inBackground(this.update());
    if (isSwapped || seeds.length === 1) return;
    // Together they fail: let each stand for itself.
    for (const id of this.#extensions.graph.order(seeds.map((seed) => seed.id))) {
      const seed = seeds.find((one) => one.id === id);
      if (seed?.isPending === true) await this.#transact([seed]);
    }
  }

  async #transact(seeds: readonly ManagedExtension[]): Promise<boolean> {
    // Whatever is being prepared is made of something older than what is wanted now.
    const interrupt = (member: ManagedExtension) => {
      if (member.candidate !== undefined) member.overtake(member.candidate, superseded(member));
    };
    for (let tries = 1; ; tries++) {
      const outcome = await this.#lock.run(seeds, interrupt, (members) =>
        this.#transaction.run(members, seeds, { isLastTry: tries === mostTries }),
      );
      if (typeof outcome === "boolean") {
        for (const seed of seeds) if (isWaiting(seed)) this.#waiting.add(seed);
        return outcome;
      }
      // What runs on those that are updated is among them then. Why something does not run, the next try finds out.
      await Promise.allSettled(
        Array.from(outcome, ([provider, cause]) => this.#activation.ensureActive(provider, cause)),
      );
    }
  }
}

/** Whether what keeps its update from happening is another extension. */
function isWaiting({ candidate }: ManagedExtension): boolean {
  return candidate?.reason?.code.startsWith("DEPENDENCY_") === true;
}
