/**
 * One update of an extension and the dependents that run on it, all under lock: checked, prepared beside what
 * serves, swapped. If anything fails, nothing has changed but what the waiting candidates show.
 * Invariant: nothing is activated under lock but the candidates; what else they need runs before, or they fail.
 */
import type { ActivationCoordinator } from "../activation/activation-coordinator.js";
import { candidatesOf } from "./candidates.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { ActivationCause, LifecycleOptions } from "../base/lifecycle-options.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { Listing } from "../listing/listing.js";
import type { StateReason } from "../extension/extension-state.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { CandidatePreparer } from "./candidate-preparer.js";
import type { Resolver } from "../listing/resolver.js";
import { reasonOf } from "../extension/reason.js";
import type { Replacer } from "./replacer.js";
import type { RuntimeMover } from "./runtime-mover.js";
import type { GenerationSwap } from "./generation-swap.js";
import type { WaitingCandidates } from "./waiting-candidates.js";

interface UpdateTransactionParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly extensions: ExtensionRegistry;
  readonly activation: ActivationCoordinator;
  readonly listing: Listing;
  readonly resolver: Resolver;
  readonly mover: RuntimeMover;
  readonly preparer: CandidatePreparer;
  readonly waiting: WaitingCandidates;
  readonly swap: GenerationSwap;
  readonly replacer: Replacer;
}

/** Updates locked extensions, all or none. @internal */
export class UpdateTransaction {
  readonly #parts: UpdateTransactionParts;

  constructor(parts: UpdateTransactionParts) {
    this.#parts = parts;
  }

  /**
   * Prepares the members beside what serves and swaps them, or changes nothing. Tells whether it swapped, or what is to
   * be activated before it is of any use to try, as nobody is waited for under lock; with `isLastTry` it goes on without.
   */
  async run(
    members: readonly ManagedExtension[],
    seeds: readonly ManagedExtension[],
    { isLastTry }: { readonly isLastTry: boolean },
  ): Promise<boolean | ReadonlyMap<ManagedExtension, ActivationCause>> {
    const { run, extensions, listing, resolver, waiting, replacer, preparer, swap, mover, activation } =
      this.#parts;
    const refusals = await this.#refusals(members);
    if (run.stopReason !== undefined) return false;
    const due = seeds.filter((seed) => seed.isPending && !seed.isRemoved && seed.serving.state === "active");
    if (due.length === 0) return true;
    const active = members.filter((member) => member.serving.state === "active");
    const descriptions = new Map(active.map((member) => [member.id, member.description]));
    for (const member of active) {
      member.prepare(extensions.createGeneration(member));
      listing.validateCandidate(member);
    }
    for (const member of active) {
      const obstacle = refusals.get(member) ?? resolver.candidateObstacle(member, descriptions);
      if (obstacle === undefined) continue;
      waiting.leave(active, due, member, obstacle);
      return false;
    }
    const first = isLastTry ? [] : active.flatMap((member) => this.#toComeFirst(member));
    if (first.length > 0) {
      for (const member of active) member.dropCandidate();
      return new Map(first);
    }
    for (const member of active) member.candidate?.move("resolved");
    const candidates = candidatesOf(active);
    if (active.some((member) => due.includes(member) && member.description.manifest.update === "replace")) {
      return replacer.replace(active, due, candidates);
    }
    const failure = await preparer.prepareAll(active, candidates);
    if (failure !== undefined) {
      await preparer.rollBack(active, candidates);
      waiting.leave(active, due, failure.member, reasonOf(failure.error));
      return false;
    }
    const old = swap.swap(active, candidates);
    run.inBackground(mover.retire(old));
    // Others may have waited for such a version, or can't run on it.
    const differing = resolver.refreshStates(active.map(({ id }) => id));
    for (const resumed of activation.resumeAll(differing)) run.inBackground(resumed);
    return true;
  }

  #toComeFirst(member: ManagedExtension): readonly (readonly [ManagedExtension, ActivationCause])[] {
    const cause = { event: "update", requiredBy: member.id };
    return this.#parts.activation
      .toComeFirst(member, member.description)
      .map((provider) => [provider, cause]);
  }

  /** Whose content may not run, and why. */
  async #refusals(members: readonly ManagedExtension[]): Promise<ReadonlyMap<ManagedExtension, StateReason>> {
    const refusals = new Map<ManagedExtension, StateReason>();
    const { gate } = this.#parts.options;
    if (gate === undefined) return refusals;
    const active = members.filter((member) => member.serving.state === "active");
    await Promise.all(
      active.map(async (member) => {
        const refusal = await gate.look(member.description);
        if (refusal !== undefined) refusals.set(member, refusal);
      }),
    );
    return refusals;
  }
}
