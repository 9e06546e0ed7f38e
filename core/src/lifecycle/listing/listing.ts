/**
 * What extensions contribute, and when that is in force. Reads the sections of descriptions against the open
 * points; a point that comes or goes has those validated again whom it concerns. Decides nothing about states.
 * Invariant: contributions are listed for at most one generation per id, and each call of `list` is one delta.
 */
import type { ClaimChange } from "../../contribution/contribution-registry.js";
import type { ContributionValidation } from "../../contribution/contribution-validator.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { ActivationEvents } from "../base/activation-events.js";
import { requiredIds } from "../extension/dependency-terms.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { Generation } from "../extension/generation.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { OpenedPoints } from "./opened-points.js";

const noClaims: ClaimChange["claims"] = Object.freeze({});

interface ListingParts {
  readonly options: LifecycleOptions;
  readonly events: ActivationEvents;
  readonly extensions: ExtensionRegistry;
  readonly points: OpenedPoints;
}

/** Validates extensions and lists what they contribute. @internal */
export class Listing {
  readonly #parts: ListingParts;
  /** What a running generation contributes, where that is not what the newest description comes to. */
  readonly #listings = new WeakMap<ManagedExtension, ContributionValidation>();

  constructor(parts: ListingParts) {
    this.#parts = parts;
  }

  /** Reads the sections of the newest description; opens and closes its points. Returns whom that concerns too. */
  validate(extension: ManagedExtension): readonly ManagedExtension[] {
    const { options } = this.#parts;
    const { description } = extension;
    const isRefused = options.gate?.obstacle(description) !== undefined;
    const concerned = this.openPoints(extension, isRefused ? undefined : description);
    this.#adopt(extension, options.validator.validate(description, extension.validation));
    return concerned;
  }

  /** Has everybody go by what the candidate was made of. Returns whom that concerns too. */
  adopt(member: ManagedExtension, candidate: Generation): readonly ManagedExtension[] {
    const concerned = this.openPoints(member, candidate.description);
    if (member.validation !== undefined) this.#adopt(member, member.validation);
    return concerned;
  }

  /** Validates those whose newest description is not in force yet. Returns them all and whom that concerns too. */
  validateAll(extensions: readonly ManagedExtension[]): ReadonlySet<ManagedExtension> {
    const concerned = new Set(extensions);
    for (const extension of extensions) {
      if (this.#isInForce(extension)) continue;
      for (const other of this.validate(extension)) concerned.add(other);
    }
    return concerned;
  }

  /** Reads the sections of the newest description beside those that are in force, which stay so. */
  validateCandidate(member: ManagedExtension): void {
    if (member.validation?.description === member.description) return;
    const validation = this.#parts.options.validator.validate(member.description, undefined);
    member.listed ??= member.validation;
    member.validation = validation;
  }

  /**
   * Opens and closes points, so that exactly those are open that the description declares, and validates
   * anew whom that concerns. Returns those.
   */
  openPoints(
    extension: ManagedExtension,
    description: ExtensionDescription | undefined,
  ): readonly ManagedExtension[] {
    const concerned = this.#parts.points.declare(extension, description);
    for (const other of concerned) this.#revalidate(other);
    return concerned;
  }

  /** Puts contributions in force for what the extensions serve with now, in one delta a point. */
  list(extensions: Iterable<ManagedExtension>): void {
    const changes: ClaimChange[] = [];
    const refreshed: ManagedExtension[] = [];
    for (const extension of extensions) {
      const validation = this.#listingOf(extension);
      if (validation === extension.listed) {
        if (validation !== undefined && extension.listedNumber !== extension.serving.number)
          refreshed.push(extension);
        else this.#parts.options.registry.connect(extension);
      } else {
        changes.push({ owner: extension, claims: validation?.claims ?? noClaims });
        if (validation !== undefined && extension.listedNumber !== extension.serving.number)
          refreshed.push(extension);
      }
      extension.listed = validation;
      extension.listedNumber = extension.serving.number;
    }
    this.#parts.options.registry.apply(changes, refreshed);
  }

  #adopt(extension: ManagedExtension, found: ContributionValidation): void {
    const { points, events, extensions } = this.#parts;
    const { description } = found;
    const validation = found.withProblems(points.problemsOf(description));
    extension.validation = validation;
    points.await(extension, validation.unclaimed);
    events.listen(extension.id, validation);
    extensions.graph.set(extension.id, requiredIds(description));
  }

  /** Whether what the newest description comes to is in force, and nothing of it could come to anything else now. */
  #isInForce({ description, validation, listed }: ManagedExtension): boolean {
    return (
      validation !== undefined &&
      validation === listed &&
      validation.description === description &&
      validation.problems.length === 0 &&
      outlineOf(description).contributes?.points === undefined
    );
  }

  /** A point came or went: what an extension contributes is another, whatever generation serves it. */
  #revalidate(extension: ManagedExtension): void {
    const { options, points, events } = this.#parts;
    const description = extension.serving.description;
    const before =
      extension.validation?.description === description ? extension.validation : extension.listed;
    const validation = options.validator.validate(description, before);
    if (extension.description === description) {
      points.await(extension, validation.unclaimed);
      extension.validation = validation;
      events.listen(extension.id, validation);
    } else if (extension.listed !== undefined) {
      extension.listed = undefined;
      this.#listings.set(extension, validation);
    }
  }

  /** What is to be in force for the generation that serves. */
  #listingOf(extension: ManagedExtension): ContributionValidation | undefined {
    if (extension.isRemoved || extension.isDisabled || extension.isRefused) return undefined;
    const { serving } = extension;
    if (serving.state === "invalid" || serving.state === "discovered") return undefined;
    if (extension.validation?.description === serving.description) return extension.validation;
    return this.#listings.get(extension) ?? extension.listed;
  }
}
