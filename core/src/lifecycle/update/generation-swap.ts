/**
 * The one moment in which new generations take over from old ones. Prepares nothing and stops nothing.
 * Invariant: a swap is one synchronous step and one delta, whatever the number of extensions.
 */
import type { Candidates } from "./candidates.js";
import type { ActivationEvents } from "../base/activation-events.js";
import type { CrashWatch } from "../faults/crash-watch.js";
import { requiredIds } from "../extension/dependency-terms.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { FileFollowing } from "../activation/file-following.js";
import type { Generation } from "../extension/generation.js";
import type { LifecycleEvents } from "../base/lifecycle-events.js";
import type { UpdateRequests } from "../base/lifecycle-parts.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { Listing } from "../listing/listing.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { ProviderExports } from "../listing/provider-exports.js";

interface SwapParts {
  readonly run: LifecycleRun;
  readonly lifecycleEvents: LifecycleEvents;
  readonly events: ActivationEvents;
  readonly extensions: ExtensionRegistry;
  readonly listing: Listing;
  readonly exports: ProviderExports;
  readonly following: FileFollowing;
  readonly crashes: CrashWatch;
  readonly updates: UpdateRequests;
}

/** Puts candidates in the place of what serves. @internal */
export class GenerationSwap {
  readonly #parts: SwapParts;

  constructor(parts: SwapParts) {
    this.#parts = parts;
  }

  /** Has all candidates take over. Returns the old generations, in the order of the members. */
  swap(members: readonly ManagedExtension[], candidates: Candidates): readonly Generation[] {
    const { listing, crashes } = this.#parts;
    const old: Generation[] = [];
    const relist = new Set<ManagedExtension>(members);
    for (const member of members) {
      const candidate = candidates.get(member.id);
      if (candidate === undefined) continue;
      old.push(member.serving);
      this.takeOver(member, candidate);
      for (const other of listing.openPoints(member, candidate.description)) relist.add(other);
      crashes.watch(member, candidate);
    }
    listing.list(relist);
    for (const member of members) this.announce(member);
    return old;
  }

  /** Lets the waiting calls go on and tells everyone concerned that another generation serves. */
  announce(member: ManagedExtension): void {
    const { following, lifecycleEvents, exports, run, updates } = this.#parts;
    member.release();
    following.follow(member);
    lifecycleEvents.fire("changed", member);
    if (member.serving.state === "active") lifecycleEvents.fire("activated", member);
    exports.tellChanged(member.id);
    // Its files may have changed since it read them. One that is held back is not tried again for that.
    if (following.isOn && member.candidate === undefined) run.inBackground(updates.checkFiles(member));
  }

  /** Has the candidate serve; what follows from it is the caller's business. */
  takeOver(member: ManagedExtension, candidate: Generation): void {
    candidate.move("settled");
    member.serve(candidate);
    member.isQueueing = false;
    member.overtaken = 0;
    member.handedOver = undefined;
    member.endIncomplete();
    if (member.validation !== undefined) this.#parts.events.listen(member.id, member.validation);
    this.#parts.extensions.graph.set(member.id, requiredIds(candidate.description));
  }
}
