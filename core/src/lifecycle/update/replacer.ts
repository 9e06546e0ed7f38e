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
  readonly #parts: ReplacerParts;

  constructor(parts: ReplacerParts) {
    this.#parts = parts;
  }

  /** Stops the members, starts those that are due and wakes the others. Tells whether the new ones serve. */
  async replace(
    members: readonly ManagedExtension[],
    due: readonly ManagedExtension[],
    prepared: Candidates,
  ): Promise<boolean> {
    const {
      handover,
      waiting,
      retirer,
      preparer,
      swap,
      options,
      extensions,
      resolver,
      listing,
      run,
      activation,
    } = this.#parts;
    const dependents = followers(members, due);
    const first = due.filter((member) => !dependents.includes(member));
    for (const member of members) handover.hold(member);
    for (const member of dependents) {
      member.dropCandidate();
      member.isAway = true;
    }
    const candidates = new Map([...prepared].filter(([id]) => first.some((member) => member.id === id)));
    // While calls end and states are saved, something newer may come, or what is there be put back: all can go on.
    const obstacle = (await handover.snapshotAll(due)) ?? supersededAmong(first, candidates);
    if (obstacle !== undefined) {
      for (const member of members) member.isAway = false;
      handover.goBack(members);
      waiting.leave(members, due, obstacle.member, reasonOf(obstacle.error));
      return false;
    }
    const old = new Map(members.map((member) => [member.id, member.serving]));
    const isKept = new Set(first.map((member) => member.serving));
    await retirer.retireInOrder([...old.values()], isKept);
    const failure = await preparer.prepareAll(first, candidates);
    const relist = new Set<ManagedExtension>(members);
    if (failure === undefined) {
      for (const member of first) {
        const candidate = candidates.get(member.id);
        if (candidate === undefined) continue;
        for (const other of swap.takeOver(member, candidate)) relist.add(other);
      }
    } else {
      // What has come up holds what there is only one of, and what was before needs that again.
      await preparer.undo(first, candidates, failure.error);
      waiting.leave(first, first, failure.member, reasonOf(failure.error));
      for (const member of first) await this.#restore(member, old.get(member.id));
    }
    for (const generation of isKept) options.activator.letGo(generation);
    for (const member of dependents) {
      // One that crashed meanwhile comes back as its crash says, if at all.
      if (member.serving.state === "failed") member.isAway = false;
      else extensions.renew(member);
    }
    for (const concerned of listing.validateAll(dependents)) relist.add(concerned);
    const differing = resolver.reconsider(extensions.affected(members.map((member) => member.id)));
    for (const member of members) member.isQueueing = false;
    listing.list(relist);
    for (const member of first) swap.announce(member);
    const resumed = activation.resumeAll(new Set([...dependents, ...differing]));
    for (const resuming of resumed) run.inBackground(resuming);
    return failure === undefined;
  }

  /** Starts the old code again as it was loaded, since what is on disk is no longer it. */
  async #restore(member: ManagedExtension, old: Generation | undefined): Promise<void> {
    const { options, extensions, run, exports, crashes, lifecycleEvents } = this.#parts;
    // One that had crashed before is started again as its crash says.
    if (old === undefined || old.state === "failed") return;
    const { activator } = options;
    const restored = extensions.createAgain(old);
    restored.move("resolved");
    restored.move("requested");
    restored.activatedBy = old.activatedBy;
    restored.files = old.files;
    run.alive.add(restored);
    member.serve(restored);
    try {
      const loadMs = await activator.load(restored, old.session);
      const validation = member.listed ?? options.validator.validate(old.description, undefined);
      await activator.activate(restored, loadMs, {
        validation,
        dependencies: exports.forDependent(old.description),
        state: member.handedOver,
      });
      restored.move("settled");
      member.handedOver = undefined;
      crashes.watch(member, restored);
    } catch (error) {
      run.alive.delete(restored);
      const failure = asExtensionError(
        error,
        "ACTIVATION_FAILED",
        member.id,
        `${member.id} could not be restored`,
      );
      restored.fail("failed", failure);
      if (isCrashOf(member.id, failure)) crashes.settle(member, restored, failure);
      member.rejectQueued(failure);
      lifecycleEvents.fire("failed", member, { reason: restored.reason ?? reasonOf(failure) });
      crashes.tell(member);
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
  const fileTracker = new Set(members.filter((member) => !due.includes(member)));
  const ids = new Set(Array.from(fileTracker, ({ id }) => id));
  // What joins may be needed by one that was looked at before.
  for (let size = -1; size !== ids.size;) {
    size = ids.size;
    for (const member of due) {
      if (!requiredIds(member.description).some((id) => ids.has(id))) continue;
      fileTracker.add(member);
      ids.add(member.id);
    }
  }
  return members.filter((member) => fileTracker.has(member));
}

/** The first whose candidate has been given up for something newer, or because there is nothing new any more. */
function supersededAmong(
  members: readonly ManagedExtension[],
  candidates: Candidates,
): UpdateFailure | undefined {
  const member = members.find(({ id }) => candidates.get(id)?.isAborted !== false);
  return member && { member, error: superseded(member) };
}
