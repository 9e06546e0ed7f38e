/**
 * Takes in what the disk says. Everything that can be told without running code is done at once, in one
 * delta; what has to run, to stop or to be updated follows.
 */
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import type { ActivationEvents } from "./base/activation-events.js";
import type { ActivationCoordinator } from "./activation/activation-coordinator.js";
import { isCrashed } from "./extension/crash-error.js";
import type { ExtensionRegistry } from "./extension/extension-registry.js";
import type { IncompleteFolders } from "./activation/incomplete-folders.js";
import { gone } from "./extension/lifecycle-errors.js";
import type { LifecycleEvents } from "./base/lifecycle-events.js";
import type { LifecycleChange } from "./base/lifecycle-options.js";
import type { LifecycleRun } from "./base/lifecycle-run.js";
import type { Listing } from "./listing/listing.js";
import type { CallQueue, ManagedExtension } from "./extension/managed-extension.js";
import type { OpenedPoints } from "./listing/opened-points.js";
import type { Resolver } from "./listing/resolver.js";
import type { Stopper } from "./update/stopper.js";
import type { Updates } from "./update/updates.js";

/** The effect of one change of the disk, beside what goes. */
interface Batch {
  /** Those with a generation that nobody has looked at, and what to tell of them. */
  readonly fresh: Map<ManagedExtension, "added" | "changed">;
  /** Looks at the files of what runs, under way. */
  readonly checks: Promise<void>[];
}

interface DiskChangesParts {
  readonly run: LifecycleRun;
  readonly lifecycleEvents: LifecycleEvents;
  readonly events: ActivationEvents;
  readonly extensions: ExtensionRegistry;
  readonly points: OpenedPoints;
  readonly listing: Listing;
  readonly resolver: Resolver;
  readonly incomplete: IncompleteFolders;
  readonly activation: ActivationCoordinator;
  readonly calls: CallQueue;
  readonly stopper: Stopper;
  readonly updates: Updates;
}

/** Reconciles the extensions with the disk. @internal */
export class DiskChanges {
  readonly #parts: DiskChangesParts;

  constructor(parts: DiskChangesParts) {
    this.#parts = parts;
  }

  /**
   * Takes in what the disk says. Contributions are listed, changed and unlisted before this returns; the
   * promise settles when everything that had to run or to stop has. It never rejects.
   */
  apply(change: LifecycleChange): Promise<void> {
    const { run, extensions, calls, lifecycleEvents, updates, activation } = this.#parts;
    if (run.stopReason !== undefined) return Promise.resolve();
    const removed = this.#remove(change.removed);
    const batch: Batch = { fresh: new Map(), checks: [] };
    for (const description of change.added) batch.fresh.set(extensions.add(description, calls), "added");
    for (const description of change.changed) this.#change(description, batch);
    for (const { id, problems } of change.broken) this.#break(id, problems);
    for (const extension of extensions.known(change.repaired)) this.#repair(extension, batch);
    for (const extension of extensions.known(change.touched)) this.#touch(extension, batch);
    const considered = this.#listAll(removed, [...batch.fresh.keys()]);
    // At once, though what it ran may take a while to end: an extension of the same id may come meanwhile.
    for (const extension of removed) lifecycleEvents.fire("removed", extension);
    const stops = removed.map((extension) => this.#finishRemoval(extension));
    for (const [extension, kind] of batch.fresh) lifecycleEvents.fire(kind, extension);
    const update = updates.update();
    const starts = activation.resumeAll(considered);
    return run.settled([...batch.checks, ...stops, update, ...starts]);
  }

  /** Takes the extensions out of the set; what they run and contribute is still there. */
  #remove(descriptions: readonly ExtensionDescription[]): readonly ManagedExtension[] {
    const { extensions, events, points } = this.#parts;
    const removed = extensions.known(descriptions.map(({ id }) => id));
    for (const extension of removed) {
      extensions.remove(extension);
      events.forget(extension.id);
      extension.endIncomplete();
      points.await(extension, []);
    }
    return removed;
  }

  #finishRemoval(extension: ManagedExtension): Promise<void> {
    extension.rejectQueued(gone(extension));
    return this.#parts.stopper.stop([extension], "removed");
  }

  #change(description: ExtensionDescription, batch: Batch): void {
    const extension = this.#parts.extensions.get(description.id);
    if (extension === undefined) return;
    this.#parts.extensions.describe(extension, description);
    extension.supervision?.reset();
    extension.broken = undefined;
    extension.changed();
    const { serving } = extension;
    // Nothing serves yet: begin again with what is there now.
    const isToBegin = serving.isBegun && extension.overtake(serving);
    if (isToBegin || !extension.isInHand) this.#beginAgain(extension, batch);
  }

  /** The folder can't be read: what runs goes on, what does not run waits for the repair. */
  #break(id: string, problems: readonly Problem[]): void {
    const { extensions, resolver, lifecycleEvents, incomplete } = this.#parts;
    const extension = extensions.get(id);
    if (extension === undefined) return;
    extension.broken = problems;
    extension.changed();
    if (extension.isInHand) return;
    const giveUp = () => {
      if (extension.broken === undefined || extension.isInHand) return;
      extensions.renew(extension);
      resolver.refresh([extension]);
      lifecycleEvents.fire("changed", extension);
    };
    const incompleteMs = incomplete.remainingMs(extension);
    if (incompleteMs <= 0) {
      giveUp();
      return;
    }
    incomplete.wait(extension, incompleteMs, giveUp);
    const { serving } = extension;
    if (serving.state !== "ready" && serving.reason?.code.startsWith("DEPENDENCY_") !== true) return;
    // Whoever calls it now waits for the rest, or for what turns out to be wrong.
    const message = problems[0]?.message ?? "The folder is not complete.";
    serving.move("unresolved", { code: "INCOMPLETE", message });
    lifecycleEvents.fire("changed", extension);
  }

  #repair(extension: ManagedExtension, batch: Batch): void {
    extension.broken = undefined;
    extension.forgive();
    if (extension.isInHand) batch.checks.push(this.#parts.updates.checkFiles(extension));
    else this.#beginAgain(extension, batch);
  }

  #touch(extension: ManagedExtension, batch: Batch): void {
    if (batch.fresh.has(extension)) return;
    if (extension.isInHand) batch.checks.push(this.#parts.updates.checkFiles(extension));
    else if (isRetriedOnTouch(extension)) {
      if (isCrashed(extension.serving)) batch.checks.push(this.#parts.updates.checkCrashed(extension));
      else this.#beginAgain(extension, batch);
    }
  }

  #beginAgain(extension: ManagedExtension, batch: Batch): void {
    extension.supervision?.reset();
    this.#parts.extensions.renew(extension);
    if (!batch.fresh.has(extension)) batch.fresh.set(extension, "changed");
  }

  /** Brings what is listed in line, in one delta. Returns all whose readiness that may concern. */
  #listAll(
    removed: readonly ManagedExtension[],
    fresh: readonly ManagedExtension[],
  ): readonly ManagedExtension[] {
    const { listing, extensions, resolver } = this.#parts;
    const relist = new Set(removed);
    for (const extension of fresh) for (const other of listing.validate(extension)) relist.add(other);
    for (const extension of fresh) relist.add(extension);
    const considered = extensions.affected([...removed, ...fresh].map(({ id }) => id));
    for (const extension of resolver.reconsider(considered)) relist.add(extension);
    listing.list(relist);
    return considered;
  }
}

/** Whether an event in its folder gives it another chance. */
function isRetriedOnTouch({ broken, serving: { state, reason } }: ManagedExtension): boolean {
  if (broken !== undefined) return false;
  return state === "failed" || (state === "blocked" && reason?.code === "INCOMPLETE");
}
