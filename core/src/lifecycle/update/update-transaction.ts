/**
 * One update of an extension and the dependents that run on it, all under lock: checked, prepared beside what
 * serves, swapped. If anything fails, nothing has changed but what the waiting candidates show.
 */
import type { Activation } from "../activation/activation.js";
import { candidatesOf } from "./candidates.js";
import { withoutDependencies } from "../extension/dependency-terms.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { Listing } from "../listing/listing.js";
import type { StateReason } from "../extension/extension-state.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { Preparation } from "./preparation.js";
import type { Resolver } from "../listing/resolver.js";
import { reasonOf } from "../extension/reason.js";
import type { Replacement } from "./replacement.js";
import type { Retirement } from "./retirement.js";
import type { Succession } from "./succession.js";
import type { WaitingCandidates } from "./waiting-candidates.js";

interface UpdateTransactionParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly extensions: ExtensionRegistry;
  readonly activation: Activation;
  readonly listing: Listing;
  readonly resolver: Resolver;
  readonly retirement: Retirement;
  readonly preparation: Preparation;
  readonly waiting: WaitingCandidates;
  readonly succession: Succession;
  readonly replacement: Replacement;
}

/** Updates locked extensions, all or none. @internal */
export class UpdateTransaction {
  readonly #options: LifecycleOptions;
  readonly #run: LifecycleRun;
  readonly #extensions: ExtensionRegistry;
  readonly #activation: Activation;
  readonly #listing: Listing;
  readonly #resolver: Resolver;
  readonly #retirement: Retirement;
  readonly #preparation: Preparation;
  readonly #waiting: WaitingCandidates;
  readonly #succession: Succession;
  readonly #replacement: Replacement;

  constructor(parts: UpdateTransactionParts) {
    this.#options = parts.options;
    this.#run = parts.run;
    this.#extensions = parts.extensions;
    this.#activation = parts.activation;
    this.#listing = parts.listing;
    this.#resolver = parts.resolver;
    this.#retirement = parts.retirement;
    this.#preparation = parts.preparation;
    this.#waiting = parts.waiting;
    this.#succession = parts.succession;
    this.#replacement = parts.replacement;
  }

  /**
   * Prepares the members beside what serves and swaps them, or changes nothing. Tells whether it swapped, or which
   * extension has to run before it is of any use to try; with `isLastTry` it goes on without.
   */
  async run(
    members: readonly ManagedExtension[],
    seeds: readonly ManagedExtension[],
    { isLastTry }: { readonly isLastTry: boolean },
  ): Promise<boolean | ManagedExtension> {
    const refusals = await this.#refusals(members);
    if (this.#run.stopReason !== undefined) return false;
    const due = seeds.filter((seed) => seed.isPending && !seed.isRemoved && seed.serving.state === "active");
    if (due.length === 0) return true;
    const active = members.filter((member) => member.serving.state === "active");
    const descriptions = new Map(active.map((member) => [member.id, member.description]));
    for (const { description } of isLastTry ? [] : active) {
      const first = this.#activation.toComeFirst(withoutDependencies(description, descriptions));
      if (first !== undefined) return first;
    }
    for (const member of active) {
      member.candidate = this.#extensions.createGeneration(member);
      if (member.validation?.description !== member.description || member.isPending)
        this.#listing.validateCandidate(member);
    }
    for (const member of active) {
      const obstacle = refusals.get(member) ?? this.#resolver.candidateObstacle(member, descriptions);
      if (obstacle === undefined) continue;
      this.#waiting.leave(active, due, member, obstacle);
      return false;
    }
    for (const member of active) member.candidate?.move("resolved");
    const candidates = candidatesOf(active);
    if (active.some((member) => due.includes(member) && member.description.manifest.update === "replace")) {
      return this.#replacement.replace(active, due, candidates);
    }
    const failure = await this.#preparation.prepareAll(active, candidates);
    if (failure !== undefined) {
      await this.#preparation.rollBack(active, candidates);
      this.#waiting.leave(active, due, failure.member, reasonOf(failure.error));
      return false;
    }
    const old = this.#succession.swap(active, candidates);
    this.#run.inBackground(this.#retirement.retireInOrder(old));
    return true;
  }

  /** Whose content may not run, and why. */
  async #refusals(members: readonly ManagedExtension[]): Promise<ReadonlyMap<ManagedExtension, StateReason>> {
    const refusals = new Map<ManagedExtension, StateReason>();
    const { gate } = this.#options;
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
