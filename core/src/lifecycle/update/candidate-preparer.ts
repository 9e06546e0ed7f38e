/**
 * Brings candidates up beside what serves, each on the new exports of those it depends on; no call reaches
 * them yet. All of them come up or none stays: the first failure aborts the others.
 * Invariant: what serves is not touched, except that its calls may wait for a snapshot.
 */
import { DependencyGraph } from "../extension/dependency-graph.js";
import type { Candidates, UpdateFailure } from "./candidates.js";
import { requiredIds } from "../extension/dependency-terms.js";
import type { Generation } from "../extension/generation.js";
import { superseded } from "../extension/lifecycle-errors.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { ProviderExports } from "../listing/provider-exports.js";
import type { Resolver } from "../listing/resolver.js";
import { asExtensionError } from "../extension/reason.js";
import type { StateHandover } from "./state-handover.js";
import type { MixtureGuard } from "../activation/mixture-guard.js";

interface PreparerParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly exports: ProviderExports;
  readonly resolver: Resolver;
  readonly handover: StateHandover;
  readonly mixtureGuard: MixtureGuard;
}

/** Loads and activates candidates. @internal */
export class CandidatePreparer {
  readonly #parts: PreparerParts;

  constructor(parts: PreparerParts) {
    this.#parts = parts;
  }

  /**
   * Brings up all candidates, dependencies first, or says which one failed first. What came up stays up until
   * it takes over or is rolled back. Those whose generation has been stopped get what that handed over.
   */
  async prepareAll(
    members: readonly ManagedExtension[],
    candidates: Candidates,
  ): Promise<UpdateFailure | undefined> {
    const preparations = new Map<string, Promise<void>>();
    let failure: UpdateFailure | undefined;
    // Dependencies come first in the order of the members, as their candidates depend on each other.
    const order = this.#order(members);
    for (const member of order) {
      const candidate = candidates.get(member.id);
      if (candidate === undefined) continue;
      const needed = requiredIds(candidate.description);
      const preparation = (async () => {
        await Promise.all(needed.flatMap((id) => preparations.get(id) ?? []));
        if (failure !== undefined) throw failure.error;
        candidate.throwIfAborted();
        this.#parts.resolver.assertDependencies(candidate.description, candidates);
        await this.#prepare(member, candidate, candidates);
      })();
      preparation.catch((error: unknown) => {
        failure ??= {
          member,
          error: asExtensionError(error, "ACTIVATION_FAILED", member.id, `${member.id} failed to activate`),
        };
        // One fails, all fail: the others need not go on.
        for (const other of candidates.values()) if (other !== candidate) other.abort(superseded(member));
      });
      preparations.set(member.id, preparation);
    }
    await Promise.allSettled([...preparations.values()]);
    for (const member of order) {
      // One that came up may have crashed, or something newer come, while the others were still on their way.
      const candidate = candidates.get(member.id);
      if (candidate?.crash !== undefined) failure ??= { member, error: candidate.crash };
      else if (candidate?.isAborted === true) failure ??= { member, error: superseded(member) };
    }
    return failure;
  }

  /** Undoes a preparation: dependents first, and the old ones go on with the calls that waited. */
  async rollBack(members: readonly ManagedExtension[], candidates: Candidates): Promise<void> {
    this.#parts.handover.goBack(members);
    await this.undo(members, candidates);
  }

  /** Lets the candidates go, dependents first: what has come up is deactivated, the rest is dropped. */
  async undo(members: readonly ManagedExtension[], candidates: Candidates, reason?: Error): Promise<void> {
    for (const member of [...this.#order(members)].reverse()) {
      const candidate = candidates.get(member.id);
      if (candidate === undefined) continue;
      await this.#parts.options.activator.undo(candidate, reason ?? superseded(member));
      this.#parts.run.alive.delete(candidate);
    }
  }

  /** In the order of what the candidates depend on, which may not be what is in force. */
  #order(members: readonly ManagedExtension[]): readonly ManagedExtension[] {
    const graph = new DependencyGraph();
    for (const member of members) graph.set(member.id, requiredIds(member.description));
    return graph
      .order(members.map((member) => member.id))
      .flatMap((id) => members.find((member) => member.id === id) ?? []);
  }

  /** Loads and activates one candidate; with state to hand over, calls wait from the snapshot on. */
  async #prepare(member: ManagedExtension, candidate: Generation, candidates: Candidates): Promise<void> {
    const { options, run, handover, exports, mixtureGuard } = this.#parts;
    const { activator } = options;
    candidate.activatedBy = member.serving.activatedBy;
    candidate.move("requested");
    run.alive.add(candidate);
    const loadMs = await activator.load(candidate);
    const { serving } = member;
    const state =
      serving.state === "active" && serving.savesState ? await handover.snapshot(member) : member.handedOver;
    const { validation } = member;
    if (validation === undefined) throw superseded(member);
    await activator.activate(candidate, loadMs, {
      validation,
      dependencies: exports.forDependent(candidate.description, candidates),
      state,
    });
    await mixtureGuard.assert(member, candidate);
    candidate.throwIfAborted();
  }
}
