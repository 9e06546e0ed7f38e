/**
 * What extensions contribute, and when that is in force. Reads the sections of descriptions against the open
 * points; a point that comes or goes has those examined again whom it concerns. Decides nothing about states.
 * Invariant: contributions are listed for at most one generation per id, and each call of `list` is one delta.
 */
import type { ClaimChange } from "../../contribution/contribution-registry.js";
import type { Examination } from "../../contribution/section-examiner.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { ActivationEvents } from "../base/activation-events.js";
import { requiredIds } from "../extension/dependency-terms.js";
import type { ExtensionSet } from "../extension/extension-set.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { OpenedPoints } from "./opened-points.js";

const noClaims: ClaimChange["claims"] = Object.freeze({});

interface ListingParts {
  readonly options: LifecycleOptions;
  readonly events: ActivationEvents;
  readonly set: ExtensionSet;
  readonly points: OpenedPoints;
}

/** Examines extensions and lists what they contribute. @internal */
export class Listing {
  readonly #options: LifecycleOptions;
  readonly #events: ActivationEvents;
  readonly #set: ExtensionSet;
  readonly #points: OpenedPoints;
  /** What a running generation contributes, where that is not what the newest description comes to. */
  readonly #listings = new WeakMap<ManagedExtension, Examination>();

  constructor(parts: ListingParts) {
    this.#options = parts.options;
    this.#events = parts.events;
    this.#set = parts.set;
    this.#points = parts.points;
  }

  /** Reads the sections of the newest description; opens and closes its points. Returns whom that concerns too. */
  examine(extension: ManagedExtension): readonly ManagedExtension[] {
    const { description } = extension;
    const isRefused = this.#options.gate?.obstacle(description) !== undefined;
    const concerned = this.openPoints(extension, isRefused ? undefined : description);
    const examination = this.#options.examiner
      .examine(description, extension.examination)
      .withProblems(this.#points.problemsOf(description));
    extension.examination = examination;
    this.#points.await(extension, examination.unclaimed);
    this.#events.listen(extension.id, examination);
    this.#set.graph.set(extension.id, requiredIds(description));
    return concerned;
  }

  /** Whether what the newest description comes to is in force, and nothing of it could come to anything else now. */
  isInForce({ description, examination, listed }: ManagedExtension): boolean {
    return (
      examination !== undefined &&
      examination === listed &&
      examination.description === description &&
      examination.problems.length === 0 &&
      outlineOf(description).contributes?.points === undefined
    );
  }

  /** Reads the sections of the newest description beside those that are in force, which stay so. */
  examineCandidate(member: ManagedExtension): void {
    if (member.examination?.description === member.description) return;
    const examination = this.#options.examiner.examine(member.description, undefined);
    member.listed ??= member.examination;
    member.examination = examination;
  }

  /**
   * Opens and closes points, so that exactly those are open that the description declares, and examines
   * anew whom that concerns. Returns those.
   */
  openPoints(
    extension: ManagedExtension,
    description: ExtensionDescription | undefined,
  ): readonly ManagedExtension[] {
    const concerned = this.#points.declare(extension, description);
    for (const other of concerned) this.#reexamine(other);
    return concerned;
  }

  /** Puts contributions in force for what the extensions serve with now, in one delta a point. */
  list(extensions: Iterable<ManagedExtension>): void {
    const changes: ClaimChange[] = [];
    const refreshed: ManagedExtension[] = [];
    for (const extension of extensions) {
      const examination = this.#listingOf(extension);
      if (examination === extension.listed) {
        if (examination !== undefined && extension.listedNumber !== extension.serving.number)
          refreshed.push(extension);
        else this.#options.registry.connect(extension);
      } else {
        changes.push({ owner: extension, claims: examination?.claims ?? noClaims });
        if (examination !== undefined && extension.listedNumber !== extension.serving.number)
          refreshed.push(extension);
      }
      extension.listed = examination;
      extension.listedNumber = extension.serving.number;
    }
    this.#options.registry.apply(changes, refreshed);
  }

  /** A point came or went: what an extension contributes is another, whatever generation serves it. */
  #reexamine(extension: ManagedExtension): void {
    const description = extension.serving.description;
    const before =
      extension.examination?.description === description ? extension.examination : extension.listed;
    const examination = this.#options.examiner.examine(description, before);
    if (extension.description === description) {
      this.#points.await(extension, examination.unclaimed);
      extension.examination = examination;
      this.#events.listen(extension.id, examination);
    } else if (extension.listed !== undefined) {
      extension.listed = undefined;
      this.#listings.set(extension, examination);
    }
  }

  /** What is to be in force for the generation that serves. */
  #listingOf(extension: ManagedExtension): Examination | undefined {
    if (extension.isRemoved || extension.isDisabled || extension.isRefused) return undefined;
    const { serving } = extension;
    if (serving.state === "invalid" || serving.state === "discovered") return undefined;
    if (extension.examination?.description === serving.description) return extension.examination;
    return this.#listings.get(extension) ?? extension.listed;
  }
}
