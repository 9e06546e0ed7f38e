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
  readonly #run: LifecycleRun;
  readonly #lifecycleEvents: LifecycleEvents;
  readonly #events: ActivationEvents;
  readonly #extensions: ExtensionRegistry;
  readonly #listing: Listing;
  readonly #exports: ProviderExports;
  readonly #following: FileFollowing;
  readonly #crashes: CrashWatch;
  readonly #updates: UpdateRequests;

  constructor(parts: SwapParts) {
    this.#run = parts.run;
    this.#lifecycleEvents = parts.lifecycleEvents;
    this.#events = parts.events;
    this.#extensions = parts.extensions;
    this.#listing = parts.listing;
    this.#exports = parts.exports;
    this.#following = parts.following;
    this.#crashes = parts.crashes;
    this.#updates = parts.updates;
  }

  /** Has all candidates take over. Returns the old generations, in the order of the members. */
  swap(members: readonly ManagedExtension[], candidates: Candidates): readonly Generation[] {
    const old: Generation[] = [];
    const relist = new Set<ManagedExtension>(members);
    for (const member of members) {
      const candidate = candidates.get(member.id);
      if (candidate === undefined) continue;
      old.push(member.serving);
      this.takeOver(member, candidate);
      for (const other of this.#listing.openPoints(member, candidate.description)) relist.add(other);
      this.#crashes.watch(member, candidate);
    }
    this.#listing.list(relist);
    for (const member of members) this.announce(member);
    return old;
  }

  /** Lets the waiting calls go on and tells everyone concerned that another generation serves. */
  announce(member: ManagedExtension): void {
    member.release();
    this.#following.follow(member);
    this.#lifecycleEvents.fire("changed", member);
    if (member.serving.state === "active") this.#lifecycleEvents.fire("activated", member);
    this.#exports.tellChanged(member.id);
    // Its files may have changed since it read them. One that is held back is not tried again for that.
    if (this.#following.isOn && member.candidate === undefined)
      this.#run.inBackground(this.#updates.checkFiles(member));
  }

  /** Has the candidate serve; what follows from it is the caller's business. */
  takeOver(member: ManagedExtension, candidate: Generation): void {
    candidate.move("settled");
    this.#extensions.serve(member, candidate);
    member.candidate = undefined;
    member.isQueueing = false;
    member.overtaken = 0;
    member.handedOver = undefined;
    member.endIncomplete();
    if (member.validation !== undefined) this.#events.listen(member.id, member.validation);
    this.#extensions.graph.set(member.id, requiredIds(candidate.description));
  }
}
