/**
 * `update: "replace"`: the old generation stops before the new one starts, because it holds something that
 * there is only one of; if the new one fails, the old code is started again as it was loaded.
 * Calls wait meanwhile; dependents go down first and come back afterwards.
 */
import type { Candidates, UpdateFailure } from "./candidates.js";
import type { ActivationCoordinator } from "../activation/activation-coordinator.js";
import { isCrashOf } from "../extension/crash-error.js";
import type { CrashWatch } from "../faults/crash-watch.js";
import { requiredIds } from "../extension/dependency-terms.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { Generation } from "../extension/generation.js";
import { superseded } from "../extension/lifecycle-errors.js";
import type { LifecycleEvents } from "../base/lifecycle-events.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { Listing } from "../listing/listing.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { CandidatePreparer } from "./candidate-preparer.js";
import type { ProviderExports } from "../listing/provider-exports.js";
import type { Resolver } from "../listing/resolver.js";
import { asExtensionError, reasonOf } from "../extension/reason.js";
import type { Retirer } from "./retirer.js";
import type { StateHandover } from "./state-handover.js";
import type { GenerationSwap } from "./generation-swap.js";
import type { WaitingCandidates } from "./waiting-candidates.js";

interface ReplacerParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly lifecycleEvents: LifecycleEvents;
  readonly extensions: ExtensionRegistry;
  readonly listing: Listing;
  readonly resolver: Resolver;
  readonly exports: ProviderExports;
  readonly activation: ActivationCoordinator;
  readonly crashes: CrashWatch;
  readonly retirer: Retirer;
  readonly handover: StateHandover;
  readonly preparer: CandidatePreparer;
  readonly waiting: WaitingCandidates;
  readonly swap: GenerationSwap;
}

/** Updates extensions that can't run beside themselves. @internal */
export class Replacer {
  readonly #options: LifecycleOptions;
  readonly #run: LifecycleRun;
  readonly #lifecycleEvents: LifecycleEvents;
  readonly #extensions: ExtensionRegistry;
  readonly #listing: Listing;
  readonly #resolver: Resolver;
  readonly #exports: ProviderExports;
  readonly #activation: ActivationCoordinator;
  readonly #crashes: CrashWatch;
  readonly #retirer: Retirer;
  readonly #handover: StateHandover;
  readonly #preparer: CandidatePreparer;
  readonly #waiting: WaitingCandidates;
  readonly #swap: GenerationSwap;

  constructor(parts: ReplacerParts) {
    this.#options = parts.options;
    this.#run = parts.run;
    this.#lifecycleEvents = parts.lifecycleEvents;
    this.#extensions = parts.extensions;
    this.#listing = parts.listing;
    this.#resolver = parts.resolver;
    this.#exports = parts.exports;
    this.#activation = parts.activation;
    this.#crashes = parts.crashes;
    this.#retirer = parts.retirer;
    this.#handover = parts.handover;
    this.#preparer = parts.preparer;
    this.#waiting = parts.waiting;
    this.#swap = parts.swap;
  }

  /** Stops the members, starts those that are due and wakes the others. Tells whether the new ones serve. */
  async replace(
    members: readonly ManagedExtension[],
    due: readonly ManagedExtension[],
    prepared: Candidates,
  ): Promise<boolean> {
    const dependents = followers(members, due);
    const first = due.filter((member) => !dependents.includes(member));
    for (const member of members) this.#handover.hold(member);
    for (const member of dependents) {
      member.candidate = undefined;
      member.isAway = true;
    }
    const candidates = new Map([...prepared].filter(([id]) => first.some((member) => member.id === id)));
    // While calls end and states are saved, something newer may come, or what is there be put back: all can go on.
    const obstacle = (await this.#handover.snapshotAll(due)) ?? supersededAmong(first, candidates);
    if (obstacle !== undefined) {
      for (const member of members) member.isAway = false;
      this.#handover.goBack(members);
      this.#waiting.leave(members, due, obstacle.member, reasonOf(obstacle.error));
      return false;
    }
    const old = new Map(members.map((member) => [member.id, member.serving]));
    const isKept = new Set(first.map((member) => member.serving));
    await this.#retirer.retireInOrder([...old.values()], isKept);
    const failure = await this.#preparer.prepareAll(first, candidates);
    if (failure === undefined) {
      for (const member of first) {
        const candidate = candidates.get(member.id);
        if (candidate !== undefined) this.#swap.takeOver(member, candidate);
      }
    } else {
      // What has come up holds what there is only one of, and what was before needs that again.
      await this.#preparer.undo(first, candidates, failure.error);
      this.#waiting.leave(first, first, failure.member, reasonOf(failure.error));
      for (const member of first) await this.#restore(member, old.get(member.id));
    }
    for (const generation of isKept) this.#options.activator.letGo(generation);
    for (const member of dependents) {
      // One that crashed meanwhile comes back as its crash says, if at all.
      if (member.serving.state === "failed") {
        member.isAway = false;
        continue;
      }
      this.#extensions.serve(member, this.#extensions.createGeneration(member));
    }
    this.#resolver.reconsider(this.#extensions.affected(members.map((member) => member.id)));
    for (const member of members) member.isQueueing = false;
    this.#listing.list(members);
    for (const member of first) this.#swap.announce(member);
    for (const member of dependents) this.#run.inBackground(this.#activation.resume(member));
    return failure === undefined;
  }

  /** Starts the old code again as it was loaded, since what is on disk is no longer it. */
  async #restore(member: ManagedExtension, old: Generation | undefined): Promise<void> {
    // One that had crashed before is started again as its crash says.
    if (old === undefined || old.state === "failed") return;
    const { activator } = this.#options;
    const restored = this.#extensions.createAgain(old);
    restored.move("resolved");
    restored.move("requested");
    restored.activatedBy = old.activatedBy;
    restored.files = old.files;
    this.#run.alive.add(restored);
    this.#extensions.serve(member, restored);
    try {
      const loadMs = await activator.load(restored, old.session);
      const validation = member.listed ?? this.#options.validator.validate(old.description, undefined);
      await activator.activate(restored, loadMs, {
        validation,
        dependencies: this.#exports.forDependent(old.description),
        state: member.handedOver,
      });
      restored.move("settled");
      member.handedOver = undefined;
      this.#crashes.watch(member, restored);
    } catch (error) {
      this.#run.alive.delete(restored);
      const failure = asExtensionError(
        error,
        "ACTIVATION_FAILED",
        member.id,
        `${member.id} could not be restored`,
      );
      restored.fail("failed", failure);
      if (isCrashOf(member.id, failure)) this.#crashes.settle(member, restored, failure);
      member.rejectQueued(failure);
      this.#lifecycleEvents.fire("failed", member, { reason: restored.reason ?? reasonOf(failure) });
      this.#crashes.tell(member);
    }
  }
}

/**
 * Those that start once the others are there: the ones that are not due, which start as whoever wants them has them
 * start, and whatever needs one of those.
 */
function followers(
  members: readonly ManagedExtension[],
  due: readonly ManagedExtension[],
): readonly ManagedExtension[] {
  const following = new Set(members.filter((member) => !due.includes(member)));
  const ids = new Set(Array.from(following, ({ id }) => id));
  // What joins may be needed by one that was looked at before.
  for (let size = -1; size !== ids.size;) {
    size = ids.size;
    for (const member of due) {
      if (!requiredIds(member.description).some((id) => ids.has(id))) continue;
      following.add(member);
      ids.add(member.id);
    }
  }
  return members.filter((member) => following.has(member));
}

/** The first whose candidate has been given up for something newer, or because there is nothing new any more. */
function supersededAmong(
  members: readonly ManagedExtension[],
  candidates: Candidates,
): UpdateFailure | undefined {
  const member = members.find(({ id }) => candidates.get(id)?.isAborted !== false);
  return member && { member, error: superseded(member) };
}
