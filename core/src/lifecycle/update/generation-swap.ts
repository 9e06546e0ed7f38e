/**
 * The one moment in which new generations take over from old ones. Prepares nothing and stops nothing.
 * Invariant: a swap is one synchronous step and one delta, whatever the number of extensions.
 */
import type { Candidates } from "./candidates.js";
import type { CrashWatch } from "../faults/crash-watch.js";
import type { FileTracker } from "../activation/file-tracker.js";
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
  readonly listing: Listing;
  readonly exports: ProviderExports;
  readonly fileTracker: FileTracker;
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
    const old: Generation[] = [];
    const relist = new Set<ManagedExtension>(members);
    for (const member of members) {
      const candidate = candidates.get(member.id);
      if (candidate === undefined) continue;
      old.push(member.serving);
      for (const other of this.takeOver(member, candidate)) relist.add(other);
    }
    this.#parts.listing.list(relist);
    for (const member of members) this.announce(member);
    return old;
  }

  /** Lets the waiting calls go on and tells everyone concerned that another generation serves. */
  announce(member: ManagedExtension): void {
    const { fileTracker, lifecycleEvents, exports, run, updates } = this.#parts;
    member.release();
    fileTracker.follow(member);
    lifecycleEvents.fire("changed", member);
    if (member.serving.state === "active") lifecycleEvents.fire("activated", member);
    exports.tellChanged(member.id);
    // Its files may have changed since it read them. One that is held back is not tried again for that.
    if (fileTracker.isOn && member.candidate === undefined) run.inBackground(updates.checkFiles(member));
  }

  /** Has the candidate serve. Returns the others whose contributions are to be listed anew, with the member's. */
  takeOver(member: ManagedExtension, candidate: Generation): readonly ManagedExtension[] {
    const { listing, crashes } = this.#parts;
    candidate.move("settled");
    member.serve(candidate);
    member.isQueueing = false;
    member.overtaken = 0;
    member.handedOver = undefined;
    member.endIncomplete();
    const concerned = listing.adopt(member, candidate);
    crashes.watch(member, candidate);
    return concerned;
  }
}
