/**
 * One update of an extension and the dependents that run on it, all under lock: checked, prepared beside what
 * serves, swapped. If anything fails, nothing has changed but what the waiting candidates show.
 */
import { runtimes } from "@plugboard/extension-api";
import { Deadlines } from "../../common/deadlines.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { ActivationCoordinator } from "../activation/activation-coordinator.js";
import { candidatesOf } from "./candidates.js";
import { withoutDependencies } from "../extension/dependency-terms.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { Generation } from "../extension/generation.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { UpdateRequests } from "../base/lifecycle-parts.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { Listing } from "../listing/listing.js";
import type { StateReason } from "../extension/extension-state.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { CandidatePreparer } from "./candidate-preparer.js";
import type { Resolver } from "../listing/resolver.js";
import { reasonOf } from "../extension/reason.js";
import type { Replacer } from "./replacer.js";
import type { Retirer } from "./retirer.js";
import type { GenerationSwap } from "./generation-swap.js";
import type { WaitingCandidates } from "./waiting-candidates.js";

interface UpdateTransactionParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly extensions: ExtensionRegistry;
  readonly activation: ActivationCoordinator;
  readonly listing: Listing;
  readonly resolver: Resolver;
  readonly retirer: Retirer;
  readonly preparer: CandidatePreparer;
  readonly waiting: WaitingCandidates;
  readonly swap: GenerationSwap;
  readonly replacer: Replacer;
  readonly updates: UpdateRequests;
}

/** Updates locked extensions, all or none. @internal */
export class UpdateTransaction {
  readonly #deadlines = new Deadlines();
  readonly #options: LifecycleOptions;
  readonly #run: LifecycleRun;
  readonly #extensions: ExtensionRegistry;
  readonly #activation: ActivationCoordinator;
  readonly #listing: Listing;
  readonly #resolver: Resolver;
  readonly #retirer: Retirer;
  readonly #preparer: CandidatePreparer;
  readonly #waiting: WaitingCandidates;
  readonly #swap: GenerationSwap;
  readonly #replacer: Replacer;
  readonly #updates: UpdateRequests;

  constructor(parts: UpdateTransactionParts) {
    this.#options = parts.options;
    this.#run = parts.run;
    this.#extensions = parts.extensions;
    this.#activation = parts.activation;
    this.#listing = parts.listing;
    this.#resolver = parts.resolver;
    this.#retirer = parts.retirer;
    this.#preparer = parts.preparer;
    this.#waiting = parts.waiting;
    this.#swap = parts.swap;
    this.#replacer = parts.replacer;
    this.#updates = parts.updates;
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
      return this.#replacer.replace(active, due, candidates);
    }
    const failure = await this.#preparer.prepareAll(active, candidates);
    if (failure !== undefined) {
      await this.#preparer.rollBack(active, candidates);
      this.#waiting.leave(active, due, failure.member, reasonOf(failure.error));
      return false;
    }
    const old = this.#swap.swap(active, candidates);
    this.#run.inBackground(this.#retire(old));
    return true;
  }

  /** Lets the old generations go; those of a runtime that others run on when nobody does any more. */
  async #retire(old: readonly Generation[]): Promise<void> {
    const isUsed = ({ connection }: Generation) =>
      connection !== undefined && connection.started.size + connection.inFlight.size > 0;
    const runtimes = old.filter((one) => bringsRuntimes(one) && isUsed(one));
    await Promise.all([
      this.#retirer.retireInOrder(old.filter((one) => !runtimes.includes(one))),
      ...runtimes.map((one) => this.#moveOver(one)),
    ]);
    for (const one of runtimes) {
      const over = [...(one.connection?.started ?? [])].map(({ exited }) => exited);
      // Who can't be started by the new one goes on here, for as long as may be.
      void Promise.race([Promise.all(over), this.#run.ended]).then(() => {
        // At the stop it is ended with all that is left, after those that still run on it.
        if (this.#run.stopReason === undefined) this.#run.inBackground(this.#retirer.retireInOrder([one]));
      });
    }
  }

  /** Has whoever runs on the old generation of a runtime started by the new one, beside what serves, as after any change. */
  async #moveOver({ connection }: Generation): Promise<void> {
    if (connection === undefined) return;
    // What is on its way there comes to serve as well.
    const idle = Promise.race([connection.inFlight.idle(), this.#run.ended]);
    await this.#deadlines.within(this.#options.limits.drainMs, idle, () => undefined);
    const isOn = (generation: Generation | undefined) =>
      generation?.session !== undefined && connection.started.has(generation.session);
    for (const extension of this.#extensions.extensions)
      if (isOn(extension.serving) || isOn(extension.candidate)) extension.wanted();
    await this.#updates.update();
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

function bringsRuntimes({ description }: Generation): boolean {
  return Object.hasOwn(outlineOf(description).contributes ?? {}, runtimes.id);
}
