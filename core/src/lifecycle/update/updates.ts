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
  readonly #parts: UpdatesParts;
  /** Whose updates came to nothing because of an extension that did not run. */
  readonly #waiting = new Set<ManagedExtension>();

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
  }

  /** Updates every running extension whose disk content is another, together with whom that concerns. */
  async update(): Promise<void> {
    if (this.#parts.run.stopReason !== undefined) return;
    const seeds = this.#due();
    if (seeds.length === 0) return;
    const groups: { readonly ids: Set<string>; readonly seeds: ManagedExtension[] }[] = [];
    for (const seed of seeds) {
      const ids = this.#parts.extensions.runningClosure([seed.id]);
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
    const { serving } = extension;
    if (serving.state !== "active" && serving.state !== "activating") return;
    if (!(await this.#finds(() => this.#isNew(extension)))) return;
    extension.changed();
    extension.supervision?.reset();
    // While nothing serves yet, it begins again with what is there now.
    if (serving.isBegun && extension.overtake(serving)) await this.#beginAgain(extension);
    else await this.update();
  }

  /** Starts an extension again that has crashed, if its files are no longer those that crashed. */
  async checkCrashed(extension: ManagedExtension): Promise<void> {
    const { serving } = extension;
    // What crashed before it could say which files it uses may have been mended by any change.
    const isKnown = serving.files !== undefined && serving.files.size > 0;
    if (isKnown && !(await this.#finds(() => this.#isChanged(serving)))) return;
    if (!extension.serves(serving) || this.#parts.run.stopReason !== undefined) return;
    extension.supervision?.reset();
    await this.#beginAgain(extension);
  }

  /** Whether an update came to nothing because the extension did not run. */
  isAwaiting({ id }: ManagedExtension): boolean {
    for (const waiting of this.#waiting) {
      if (waiting.isRemoved || !waiting.isWaiting) this.#waiting.delete(waiting);
      const cause = waiting.candidate?.reason?.cause;
      if (isExtensionError(cause) && (cause.details.dependency === id || cause.details.root === id))
        return true;
    }
    return false;
  }

  /** What a look at files finds; nothing, if it fails. */
  async #finds(look: () => Promise<boolean>): Promise<boolean> {
    try {
      return await look();
    } catch (error) {
      this.#parts.options.report(error);
      return false;
    }
  }

  /** Whether what is there now is neither what runs nor what an update is made of. */
  async #isNew(extension: ManagedExtension): Promise<boolean> {
    const { serving, changes } = extension;
    const isUntold =
      serving.files === undefined && (outlineOf(extension.description).watch?.length ?? 0) === 0;
    if (isUntold && (!extension.isPending || extension.candidate?.isBeingPrepared === true)) return false;
    // Meanwhile another look, or another generation, may have made this one worthless.
    const isStill = () => extension.serves(serving) && extension.changes === changes;
    const isChanged = !isUntold && (await this.#isChanged(serving));
    if (!isStill()) return false;
    if (!isChanged) {
      const isWhole = extension.broken === undefined && extension.description === serving.description;
      if (!isWhole || !extension.isPending) return false;
      if (!serving.isUnwanted) {
        extension.putBack();
        // Whoever was told of what was wrong learns that it is over.
        this.#parts.lifecycleEvents.fire("changed", extension);
        return false;
      }
      // It is to be loaded anew all the same, unless this is what was tried.
    }
    // What is still to be made will be made of what is there.
    if (extension.isUntried) return false;
    const { candidate } = extension;
    const isIncluded = candidate !== undefined && (await this.#isCurrent(extension, candidate));
    if (!isStill()) return false;
    if (!isIncluded || extension.candidate !== candidate) return true;
    extension.included();
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
    return !(await this.#isChanged(candidate));
  }

  async #isChanged(generation: Generation): Promise<boolean> {
    return (await this.#parts.options.follower.changedFiles(generation)).length > 0;
  }

  async #beginAgain(extension: ManagedExtension): Promise<void> {
    this.#parts.extensions.renew(extension);
    await Promise.all(this.#parts.activation.resumeAll(this.#parts.resolver.refresh([extension])));
  }

  /** One that is on its way up is updated when it has arrived. */
  #due(): readonly ManagedExtension[] {
    return [...this.#parts.extensions.extensions].filter(
      ({ isDue, serving }) => isDue && serving.state === "active",
    );
  }

  async #updateGroup(seeds: readonly ManagedExtension[]): Promise<void> {
    let isSwapped = await this.#transact(seeds);
    if (!isSwapped && seeds.length > 1) {
      // Together they fail: let each stand for itself.
      for (const id of this.#parts.extensions.graph.order(seeds.map((seed) => seed.id))) {
        const seed = seeds.find((one) => one.id === id);
        if (seed?.isPending === true && (await this.#transact([seed]))) isSwapped = true;
      }
    }
    // What waited for these, had to make way for them or changed while they were in hand has its turn now.
    if (isSwapped || this.#due().some((extension) => extension.isUntried))
      this.#parts.run.inBackground(this.update());
  }

  async #transact(seeds: readonly ManagedExtension[]): Promise<boolean> {
    const { lock, transaction, activation } = this.#parts;
    // Whatever is being prepared is made of something older than what is wanted now.
    const interrupt = (member: ManagedExtension) => {
      if (member.candidate !== undefined) member.overtake(member.candidate);
    };
    for (let tries = 1; ; tries++) {
      const outcome = await lock.run(seeds, interrupt, (members) =>
        transaction.run(members, seeds, { isLastTry: tries === mostTries }),
      );
      if (typeof outcome === "boolean") {
        for (const seed of seeds) if (seed.isWaiting) this.#waiting.add(seed);
        return outcome;
      }
      // What runs on those that are updated is among them then. Why something does not run, the next try finds out.
      await Promise.allSettled(
        Array.from(outcome, ([provider, cause]) => activation.ensureActive(provider, cause)),
      );
    }
  }
}
