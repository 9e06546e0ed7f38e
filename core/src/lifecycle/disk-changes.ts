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
import { gone, superseded } from "./extension/lifecycle-errors.js";
import type { LifecycleEvents } from "./base/lifecycle-events.js";
import type { LifecycleChange } from "./base/lifecycle-options.js";
import type { LifecycleRun } from "./base/lifecycle-run.js";
import type { Listing } from "./listing/listing.js";
import type { CallQueue, ManagedExtension } from "./extension/managed-extension.js";
import type { OpenedPoints } from "./listing/opened-points.js";
import type { Resolver } from "./listing/resolver.js";
import type { Stopper } from "./update/stopper.js";
import type { Updates } from "./update/updates.js";

/** What comes of one change of the disk, beside what goes. */
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
  readonly #run: LifecycleRun;
  readonly #lifecycleEvents: LifecycleEvents;
  readonly #events: ActivationEvents;
  readonly #extensions: ExtensionRegistry;
  readonly #points: OpenedPoints;
  readonly #listing: Listing;
  readonly #resolver: Resolver;
  readonly #incomplete: IncompleteFolders;
  readonly #activation: ActivationCoordinator;
  readonly #calls: CallQueue;
  readonly #stopper: Stopper;
  readonly #updates: Updates;

  constructor(parts: DiskChangesParts) {
    this.#run = parts.run;
    this.#lifecycleEvents = parts.lifecycleEvents;
    this.#events = parts.events;
    this.#extensions = parts.extensions;
    this.#points = parts.points;
    this.#listing = parts.listing;
    this.#resolver = parts.resolver;
    this.#incomplete = parts.incomplete;
    this.#activation = parts.activation;
    this.#calls = parts.calls;
    this.#stopper = parts.stopper;
    this.#updates = parts.updates;
  }

  /**
   * Takes in what the disk says. Contributions are listed, changed and unlisted before this returns; the
   * promise settles when everything that had to run or to stop has. It never rejects.
   */
  apply(change: LifecycleChange): Promise<void> {
    if (this.#run.stopReason !== undefined) return Promise.resolve();
    const removed = this.#remove(change.removed);
    const batch: Batch = { fresh: new Map(), checks: [] };
    for (const description of change.added)
      batch.fresh.set(this.#extensions.add(description, this.#calls), "added");
    for (const description of change.changed) this.#change(description, batch);
    for (const { id, problems } of change.broken) this.#break(id, problems);
    for (const extension of this.#extensions.known(change.repaired)) this.#repair(extension, batch);
    for (const extension of this.#extensions.known(change.touched)) this.#touch(extension, batch);
    const considered = this.#listAll(removed, [...batch.fresh.keys()]);
    // At once, though what it ran may take a while to end: an extension of the same id may come meanwhile.
    for (const extension of removed) this.#lifecycleEvents.fire("removed", extension);
    const stops = removed.map((extension) => this.#finishRemoval(extension));
    for (const [extension, kind] of batch.fresh) this.#lifecycleEvents.fire(kind, extension);
    const update = this.#updates.update();
    const starts = this.#activation.resumeAll(considered);
    return this.#run.settled([...batch.checks, ...stops, update, ...starts]);
  }

  /** Takes the extensions out of the set; what they run and contribute is still there. */
  #remove(descriptions: readonly ExtensionDescription[]): readonly ManagedExtension[] {
    const removed = this.#extensions.known(descriptions.map(({ id }) => id));
    for (const extension of removed) {
      this.#extensions.remove(extension);
      this.#events.forget(extension.id);
      extension.endIncomplete();
      this.#points.await(extension, []);
    }
    return removed;
  }

  #finishRemoval(extension: ManagedExtension): Promise<void> {
    extension.rejectQueued(gone(extension));
    return this.#stopper.stop([extension], "removed");
  }

  #change(description: ExtensionDescription, batch: Batch): void {
    const extension = this.#extensions.get(description.id);
    if (extension === undefined) return;
    this.#extensions.describe(extension, description);
    extension.supervision?.reset();
    extension.broken = undefined;
    extension.changed();
    const { serving } = extension;
    // Nothing serves yet: begin again with what is there now.
    const isToBegin = serving.isBegun && extension.overtake(serving, superseded(extension));
    if (isToBegin || !extension.isInHand) this.#beginAgain(extension, batch);
  }

  /** The folder can't be read: what runs goes on, what does not run waits for the repair. */
  #break(id: string, problems: readonly Problem[]): void {
    const extension = this.#extensions.get(id);
    if (extension === undefined) return;
    extension.broken = problems;
    extension.changed();
    if (extension.isInHand) return;
    const giveUp = () => {
      if (extension.broken === undefined || extension.isInHand || extension.isRemoved) return;
      this.#extensions.renew(extension);
      this.#resolver.refresh([extension]);
      this.#lifecycleEvents.fire("changed", extension);
    };
    const incompleteMs = this.#incomplete.remainingMs(extension);
    if (incompleteMs <= 0) {
      giveUp();
      return;
    }
    this.#incomplete.wait(extension, incompleteMs, giveUp);
    const { serving } = extension;
    if (serving.state !== "ready" && serving.reason?.code.startsWith("DEPENDENCY_") !== true) return;
    // Whoever calls it now waits for the rest, or for what turns out to be wrong.
    const message = problems[0]?.message ?? "The folder is not complete.";
    serving.move("unresolved", { code: "INCOMPLETE", message });
    this.#lifecycleEvents.fire("changed", extension);
  }

  #repair(extension: ManagedExtension, batch: Batch): void {
    extension.broken = undefined;
    extension.forgetTry();
    if (extension.isInHand) batch.checks.push(this.#updates.checkFiles(extension));
    else this.#beginAgain(extension, batch);
  }

  #touch(extension: ManagedExtension, batch: Batch): void {
    if (batch.fresh.has(extension)) return;
    if (extension.isInHand) batch.checks.push(this.#updates.checkFiles(extension));
    else if (isRetriedOnTouch(extension)) {
      if (isCrashed(extension.serving)) batch.checks.push(this.#updates.checkCrashed(extension));
      else this.#beginAgain(extension, batch);
    }
  }

  #beginAgain(extension: ManagedExtension, batch: Batch): void {
    extension.supervision?.reset();
    this.#extensions.renew(extension);
    if (!batch.fresh.has(extension)) batch.fresh.set(extension, "changed");
  }

  /** Brings what is listed in line, in one delta. Returns all whose readiness that may concern. */
  #listAll(
    removed: readonly ManagedExtension[],
    fresh: readonly ManagedExtension[],
  ): readonly ManagedExtension[] {
    const relist = new Set(removed);
    for (const extension of fresh) for (const other of this.#listing.validate(extension)) relist.add(other);
    for (const extension of fresh) relist.add(extension);
    const considered = this.#extensions.affected([...removed, ...fresh].map(({ id }) => id));
    for (const extension of this.#resolver.reconsider(considered)) relist.add(extension);
    this.#listing.list(relist);
    return considered;
  }
}

/** Whether an event in its folder gives it another chance. */
function isRetriedOnTouch({ broken, serving: { state, reason } }: ManagedExtension): boolean {
  if (broken !== undefined) return false;
  return state === "failed" || (state === "blocked" && reason?.code === "INCOMPLETE");
}
