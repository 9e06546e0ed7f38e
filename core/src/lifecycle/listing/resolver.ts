/**
 * Whether an extension could run, as far as can be told without running anything, and the reason if not.
 * Moves generations between discovered, invalid, blocked and ready; starts nothing.
 * Invariant: a reason that comes from another extension names the one at the end of the chain.
 */
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { nearest } from "../../common/nearest.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import { dependencyRanges } from "../../manifest/dependency-ranges.js";
import { isInRange } from "../../manifest/identity.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { StateReason } from "../extension/extension-state.js";
import { dependencyMissing, dependencyReason } from "../extension/lifecycle-errors.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { Listing } from "./listing.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import { errorOf, reasonOf } from "../extension/reason.js";

interface ResolverParts {
  readonly options: LifecycleOptions;
  readonly extensions: ExtensionRegistry;
  readonly listing: Listing;
}

const mostGuesses = 8;

/** Tells who is ready, and why others are not. @internal */
export class Resolver {
  readonly #parts: ResolverParts;
  #guessesLeft = mostGuesses;

  constructor(parts: ResolverParts) {
    this.#parts = parts;
  }

  /** Validates, reconsiders and lists. Returns those that are ready now. */
  refresh(extensions: readonly ManagedExtension[]): readonly ManagedExtension[] {
    const relist = new Set(extensions);
    for (const extension of extensions) {
      if (extension.isRemoved || extension.serving.isRunning) continue;
      for (const other of this.#parts.listing.validate(extension)) relist.add(other);
    }
    const affected = extensions.map((extension) => extension.id);
    for (const extension of this.reconsider(this.#parts.extensions.affected(affected))) relist.add(extension);
    this.#parts.listing.list(relist);
    return this.ready(affected);
  }

  /** Looks again at the ids and their dependents, and lists what differs. Returns those. */
  refreshStates(ids: Iterable<string>): readonly ManagedExtension[] {
    const differing = this.reconsider(this.#parts.extensions.affected(ids));
    this.#parts.listing.list(differing);
    return differing;
  }

  /** Looks again at whether the extensions can run, dependencies first. Returns those whose state differs now. */
  reconsider(extensions: readonly ManagedExtension[]): readonly ManagedExtension[] {
    const differing: ManagedExtension[] = [];
    for (const extension of extensions) {
      const { serving, isRefused: wasRefused } = extension;
      const before = serving.state;
      if (before !== "discovered" && before !== "ready" && before !== "blocked") continue;
      if (before === "blocked" && serving.reason?.code === "INCOMPLETE") continue;
      if (before === "discovered" && (extension.broken !== undefined || extension.fault !== undefined)) {
        serving.move("rejected");
      } else {
        const refusal = this.#parts.options.gate?.obstacle(extension.description);
        extension.isRefused = refusal !== undefined;
        const reason = this.#obstacle(extension, extension.description, undefined, refusal);
        if (reason !== undefined) serving.move("unresolved", reason);
        else if (before !== "ready") serving.move("resolved");
      }
      if (serving.state !== before || extension.isRefused !== wasRefused) differing.push(extension);
    }
    return differing;
  }

  /** The ids and their dependents that are ready to run. */
  ready(ids: Iterable<string>): readonly ManagedExtension[] {
    return this.#parts.extensions.affected(ids).filter(({ serving }) => serving.state === "ready");
  }

  /** Why the candidate of the newest description can't run, together with the other descriptions. */
  candidateObstacle(
    member: ManagedExtension,
    descriptions: ReadonlyMap<string, ExtensionDescription>,
  ): StateReason | undefined {
    const problem = member.fault;
    if (problem !== undefined) {
      const error = new ExtensionError(problem.code, problem.message, {
        extensionId: member.id,
        details: { problem },
      });
      return reasonOf(error);
    }
    return this.#obstacle(member, member.description, descriptions);
  }

  /** @throws ExtensionError unless each extension that the description needs is active, or comes up together with it */
  assertDependencies(description: ExtensionDescription, candidates: { has(id: string): boolean }): void {
    const { id } = description;
    for (const [dependency, range] of dependencyRanges(outlineOf(description))) {
      const provider = this.#parts.extensions.get(dependency);
      if (provider === undefined) throw errorOf(dependencyMissing(id, dependency, range), id);
      if (provider.serving.state !== "active" && !candidates.has(dependency))
        throw errorOf(this.dependencyFailed(id, provider), id);
    }
  }

  /** The error of whoever wants an invalid extension to run. */
  invalid(extension: ManagedExtension): ExtensionError {
    const { code, message, cause } = this.#rootOf(extension);
    if (isExtensionError(cause)) return cause;
    return errorOf({ code, message: `${extension.id} can't run: ${message}` }, extension.id);
  }

  /** The reason of an extension that can't run because the provider does not. */
  dependencyFailed(id: string, provider: ManagedExtension): StateReason {
    const root = this.#rootOf(provider);
    const via = root.id === provider.id ? "" : ` because of ${root.id}`;
    return dependencyReason(
      "DEPENDENCY_FAILED",
      id,
      `${id} depends on ${provider.id}, which is ${provider.serving.state}${via}: ${root.message}`,
      { dependency: provider.id, root: root.id, rootCode: root.code },
      root.cause,
    );
  }

  /** Why the description can't run, as far as can be told without running anything. */
  #obstacle(
    extension: ManagedExtension,
    description: ExtensionDescription,
    candidates?: ReadonlyMap<string, ExtensionDescription>,
    refusal?: StateReason,
  ): StateReason | undefined {
    const { extensions } = this.#parts;
    const { id } = extension;
    if (extension.isDisabled) {
      const message =
        extensions.disabledUnless !== undefined
          ? `${id} may be disabled: the list of disabled extensions can't be read.`
          : `${id} is disabled.`;
      return { code: "DISABLED", message };
    }
    if (refusal !== undefined) return refusal;
    const ranges = dependencyRanges(outlineOf(description));
    if (ranges.size === 0) return undefined;
    const instead =
      candidates === undefined
        ? new Map([[id, [...ranges.keys()]]])
        : new Map(
            [...candidates].map(([other, one]) => [other, [...dependencyRanges(outlineOf(one)).keys()]]),
          );
    const cycle = extensions.graph.cycle(id, instead);
    if (cycle !== undefined) {
      return dependencyReason("DEPENDENCY_CYCLE", id, `${id} depends on itself: ${cycle.join(" → ")}.`, {
        cycle,
      });
    }
    for (const [dependency, range] of ranges) {
      const provider = extensions.get(dependency);
      const version = candidates?.get(dependency)?.version ?? provider?.serving.description.version;
      if (provider === undefined || version === undefined) {
        return dependencyMissing(id, dependency, range, this.#nearestId(dependency));
      }
      if (!isInRange(version, range)) {
        return dependencyReason(
          "DEPENDENCY_VERSION",
          id,
          `${id} depends on ${dependency} ${range}, but ${dependency} is version ${version}.`,
          { dependency, range, version },
        );
      }
      const { serving } = provider;
      if (candidates?.has(dependency) === true) continue;
      if (
        serving.state === "invalid" ||
        serving.state === "failed" ||
        (serving.state === "blocked" && serving.reason?.code !== "INCOMPLETE")
      ) {
        return this.dependencyFailed(id, provider);
      }
    }
    return undefined;
  }

  /** The known id that was probably meant; a few are looked for in one turn, since that takes about a millisecond each. */
  #nearestId(dependency: string): string | undefined {
    if (this.#guessesLeft === 0) return undefined;
    if (this.#guessesLeft-- === mostGuesses) setImmediate(() => (this.#guessesLeft = mostGuesses));
    return nearest(dependency, idsOf(this.#parts.extensions.extensions));
  }

  /** The extension at the end of a chain of failed dependencies, and what is wrong with it. */
  #rootOf(extension: ManagedExtension): {
    readonly id: string;
    readonly code: string;
    readonly message: string;
    readonly cause: unknown;
  } {
    let at = extension;
    for (const seen = new Set<ManagedExtension>(); !seen.has(at);) {
      seen.add(at);
      const { reason } = at.serving;
      const next = isExtensionError(reason?.cause, "DEPENDENCY_FAILED")
        ? this.#parts.extensions.get(String(reason.cause.details.dependency))
        : undefined;
      if (next === undefined) break;
      at = next;
    }
    const { reason } = at.serving;
    const problem = at.fault;
    return {
      id: at.id,
      code: reason?.code ?? problem?.code ?? "ACTIVATION_FAILED",
      message: reason?.message ?? problem?.message ?? `${at.id} is ${at.serving.state}.`,
      cause: reason?.cause,
    };
  }
}

function* idsOf(extensions: Iterable<ManagedExtension>): Generator<string, void> {
  for (const { id } of extensions) yield id;
}
