/**
 * Makes an extension active: its dependencies first, once for all who ask, under the lock of its id.
 * Also what becomes of it otherwise: a failure, a copy that is not complete, another try later.
 * Invariant: a generation is activated at most once, and never while a provider it needs is not active.
 */
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import type { KeyedQueue } from "../../common/keyed-queue.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import { dependencyRanges, optionalDependencyRanges } from "../../manifest/dependency-ranges.js";
import type { ActivationEvents } from "../base/activation-events.js";
import type { DependentsLock } from "./dependents-lock.js";
import { isCrashOf } from "../extension/crash-error.js";
import type { CrashWatch } from "../faults/crash-watch.js";
import { isInRange } from "../../manifest/identity.js";
import { hasDependencies, requiredIds } from "../extension/dependency-terms.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { FileTracker } from "./file-tracker.js";
import type { ExtensionState } from "../extension/extension-state.js";
import type { Generation } from "../extension/generation.js";
import type { IncompleteFolders } from "./incomplete-folders.js";
import { dependencyMissing, gone, refusal, superseded } from "../extension/lifecycle-errors.js";
import type { LifecycleEvents } from "../base/lifecycle-events.js";
import { isRefusal, type ActivationCause, type LifecycleOptions } from "../base/lifecycle-options.js";
import type { UpdateRequests } from "../base/lifecycle-parts.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { ProviderExports } from "../listing/provider-exports.js";
import type { Resolver } from "../listing/resolver.js";
import { asExtensionError, errorOf, reasonOf } from "../extension/reason.js";
import type { MixtureGuard } from "./mixture-guard.js";

/** Codes of failures that another extension can mend, and that are no fault of this one. */
const waitsForOthers: ReadonlySet<string> = new Set([
  "DEPENDENCY_FAILED",
  "DEPENDENCY_MISSING",
  "RUNTIME_UNKNOWN",
]);

/** A dependency may go while its dependent waits for its turn; so often it is waited for again. */
const mostTries = 10;

interface CoordinatorParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly lifecycleEvents: LifecycleEvents;
  readonly queue: KeyedQueue;
  readonly events: ActivationEvents;
  readonly extensions: ExtensionRegistry;
  readonly resolver: Resolver;
  readonly exports: ProviderExports;
  readonly fileTracker: FileTracker;
  readonly incomplete: IncompleteFolders;
  readonly crashes: CrashWatch;
  readonly lock: DependentsLock;
  readonly mixtureGuard: MixtureGuard;
  readonly updates: UpdateRequests;
}

/** Activates extensions. @internal */
export class ActivationCoordinator {
  readonly #parts: CoordinatorParts;

  constructor(parts: CoordinatorParts) {
    this.#parts = parts;
  }

  /** Activates the extension, dependencies first; rejects with what keeps it from being active. */
  async ensureActive(extension: ManagedExtension, cause: ActivationCause): Promise<void> {
    cause.timeline?.ask(extension.id, cause.event, cause.requiredBy);
    try {
      for (;;) {
        this.#parts.run.assertGoingOn();
        if (extension.isRemoved) throw gone(extension);
        const generation = extension.serving;
        const { state, activation } = generation;
        if (state === "active") return;
        try {
          await this.#attempt(extension, generation, cause);
        } catch (error) {
          if (extension.serves(generation) && !isStillToCome(extension, state)) throw error;
        }
        // Another attempt at the same thing would come to the same, and never let the event loop have its turn.
        if (!extension.serves(generation) || generation.state !== state) continue;
        if (state === "activating" && activation === undefined && generation.activation !== undefined)
          continue;
        throw stuck(extension);
      }
    } finally {
      const { state, reason, times } = extension.serving;
      cause.timeline?.settle(extension.id, {
        state,
        ...(reason === undefined ? {} : { reason }),
        ...(times === undefined ? {} : { times }),
      });
    }
  }

  /**
   * Activates what the description needs and, as far as it is there, what it could use. Rejects if something
   * that it needs can't run; what it could use may fail.
   */
  async ensureDependencies(
    extension: ManagedExtension,
    description: ExtensionDescription,
    cause: ActivationCause,
  ): Promise<void> {
    const { extensions, resolver } = this.#parts;
    const optional: ManagedExtension[] = [];
    for (const provider of this.#usable(extension, description)) {
      if (extensions.mayWaitFor(provider.id, extension.id)) this.#beginAside(provider, extension);
      else optional.push(provider);
    }
    const required = [...dependencyRanges(outlineOf(description))];
    if (required.length === 0 && optional.length === 0) return;
    const because = { ...cause, requiredBy: extension.id };
    const attempts = required.map(async ([id, range]) => {
      const provider = extensions.get(id);
      if (provider === undefined) {
        throw errorOf(dependencyMissing(extension.id, id, range), extension.id);
      }
      try {
        await this.ensureActive(provider, because);
      } catch (error) {
        if (isExtensionError(error, "HOST_STOPPED")) throw error;
        throw errorOf(resolver.dependencyFailed(extension.id, provider), extension.id);
      }
    });
    const [outcomes] = await Promise.all([
      Promise.allSettled(attempts),
      Promise.allSettled(optional.map((provider) => this.ensureActive(provider, because))),
    ]);
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  /**
   * What an update to the description needs or could use, and does not run yet though it may. The update has it come up
   * before it takes anybody in hand: it may have to wait for just those.
   */
  toComeFirst(extension: ManagedExtension, description: ExtensionDescription): readonly ManagedExtension[] {
    const required = this.#parts.extensions.known(requiredIds(description));
    return [...required, ...this.#usable(extension, description)].filter(
      ({ serving: { state } }) =>
        state !== "active" && state !== "failed" && state !== "blocked" && state !== "invalid",
    );
  }

  /** What the description could use and is there, except for what can't run without the extension. */
  #usable(extension: ManagedExtension, description: ExtensionDescription): readonly ManagedExtension[] {
    const usable: ManagedExtension[] = [];
    for (const [id, range] of optionalDependencyRanges(outlineOf(description))) {
      const provider = this.#parts.extensions.get(id);
      if (provider === undefined || provider === extension) continue;
      if (this.#parts.extensions.graph.reaches(id, extension.id)) continue;
      if (isInRange(provider.serving.description.version, range)) usable.push(provider);
    }
    return usable;
  }

  /** It could use the extension that in turn may wait for it: both come up, and it is told when the other has. */
  #beginAside(provider: ManagedExtension, { id }: ManagedExtension): void {
    const beginning = this.ensureActive(provider, { event: "optional dependency", requiredBy: id });
    // Why it does not run, it shows itself.
    this.#parts.run.inBackground(beginning.catch(() => undefined));
  }

  /** Activates an extension that is wanted, or whose event has already happened. */
  async resume(extension: ManagedExtension): Promise<void> {
    const event = this.#reasonToRun(extension);
    if (event === undefined) return;
    try {
      await this.ensureActive(extension, { event });
      extension.release();
    } catch (error) {
      if (!extension.isAway) extension.rejectQueued(error as Error);
    }
  }

  /** Does what {@link resume} does for each that has a reason to run, which few of many have. */
  resumeAll(extensions: Iterable<ManagedExtension>): readonly Promise<void>[] {
    const resumed: Promise<void>[] = [];
    for (const extension of extensions) {
      if (this.#reasonToRun(extension) !== undefined) resumed.push(this.resume(extension));
    }
    return resumed;
  }

  /** The event for which an extension that could run is to run. */
  #reasonToRun(extension: ManagedExtension): string | undefined {
    if (extension.serving.state !== "ready" || this.#parts.run.stopReason !== undefined) return undefined;
    const called = extension.queuedCalls > 0 ? "call" : undefined;
    return extension.wantedBy ?? this.#parts.events.missed(extension.id) ?? called;
  }

  /** One step towards being active: waits for what is under way, or begins it. */
  #attempt(extension: ManagedExtension, generation: Generation, cause: ActivationCause): Promise<void> {
    switch (generation.state) {
      case "active":
        return Promise.resolve();
      case "ready":
        return this.#beginActivation(extension, generation, cause);
      case "activating":
        return generation.activation ?? this.#turnOf(extension);
      case "discovered":
      case "deactivating":
      case "removed":
        return this.#turnOf(extension);
      case "failed":
        if (extension.supervision?.restart !== undefined) return extension.supervision.restart.begun;
        if (generation.reason?.code === "CRASHED_TOO_OFTEN") throw refusal(generation);
        return this.#retryLater(extension, generation);
      case "blocked":
        if (generation.reason?.code === "INCOMPLETE" && extension.incomplete !== undefined)
          return extension.incomplete.promise;
        if (generation.reason?.code === "DEPENDENCY_FAILED")
          return this.#retryDependencies(extension, generation, cause);
        throw refusal(generation);
      case "invalid":
        throw this.#parts.resolver.invalid(extension);
    }
  }

  /** Whatever has the extension in hand has to be done with it first: a stop, an update, a restoration. */
  #turnOf({ id }: ManagedExtension): Promise<void> {
    return this.#parts.queue.run([id], () => Promise.resolve());
  }

  #beginActivation(
    extension: ManagedExtension,
    generation: Generation,
    cause: ActivationCause,
  ): Promise<void> {
    const activation = this.#activate(extension, generation, cause);
    // One that has failed already is nothing that a later attempt should wait for.
    if (generation.state === "activating") generation.activation = activation;
    return activation;
  }

  /** What waits for a failed dependency gets its chance when that one does. */
  async #retryDependencies(
    extension: ManagedExtension,
    generation: Generation,
    cause: ActivationCause,
  ): Promise<void> {
    await this.ensureDependencies(extension, extension.description, cause);
    if (extension.serves(generation) && generation.state === "blocked")
      this.#parts.resolver.refreshStates([extension.id]);
    if (generation.state === "blocked") throw refusal(generation);
  }

  /** What failed is tried again by a call or an event, but not more often than the limit says. */
  #retryLater(extension: ManagedExtension, generation: Generation): Promise<void> {
    const { options, extensions, resolver } = this.#parts;
    if (generation.hasFailedWithin(options.limits.retryMs)) return Promise.reject(refusal(generation));
    extensions.renew(extension);
    resolver.refresh([extension]);
    const { serving } = extension;
    return serving.state === "blocked" ? Promise.reject(refusal(serving)) : Promise.resolve();
  }

  async #activate(
    extension: ManagedExtension,
    generation: Generation,
    cause: ActivationCause,
  ): Promise<void> {
    const { lifecycleEvents, lock, queue, options, fileTracker, exports, updates, run } = this.#parts;
    generation.move("requested");
    generation.activatedBy = cause.event;
    extension.wantedBy ??= cause.requiredBy === undefined ? cause.event : undefined;
    lifecycleEvents.fire("activating", extension);
    // What has a provider in hand now knows nothing of this one, and may be about to bring another generation of it.
    const inHand = lock.settled(requiredIds(generation.description));
    try {
      for (let tries = 0; ; tries++) {
        if (hasDependencies(generation.description))
          await this.ensureDependencies(extension, generation.description, cause);
        await inHand;
        const isDone = await queue.run([extension.id], () =>
          this.#activateLocked(extension, generation, tries),
        );
        if (isDone) break;
      }
    } catch (error) {
      this.#fail(
        extension,
        generation,
        asExtensionError(error, "INTERNAL", extension.id, `${extension.id} failed to activate`),
      );
      throw generation.reason?.code === "CRASHED_TOO_OFTEN" ? refusal(generation) : error;
    }
    extension.isAway = false;
    extension.overtaken = 0;
    extension.handedOver = undefined;
    extension.leftovers = undefined;
    options.registry.connect(extension);
    fileTracker.follow(extension);
    lifecycleEvents.fire("activated", extension);
    extension.release();
    exports.tellChanged(extension.id);
    const { isPending } = extension;
    if (isPending || updates.isAwaiting(extension)) run.inBackground(updates.update());
    if (!isPending && fileTracker.isOn) run.inBackground(updates.checkFiles(extension));
    this.#dependentsFollow(extension);
  }

  /** It runs, or it has failed: those that depend on it may be able to run, or not. */
  #dependentsFollow(extension: ManagedExtension): void {
    const { extensions, resolver, run } = this.#parts;
    const dependents = [...extensions.graph.dependents(extension.id)];
    if (dependents.length === 0) return;
    resolver.refreshStates(dependents);
    for (const dependent of resolver.ready(dependents)) {
      if (dependent.wantedBy !== undefined) run.inBackground(this.resume(dependent));
    }
  }

  /** Whether it is active now; not, if a dependency went away while it waited for its turn. */
  async #activateLocked(
    extension: ManagedExtension,
    generation: Generation,
    tries: number,
  ): Promise<boolean> {
    const { extensions, run, options, exports, incomplete, mixtureGuard, crashes } = this.#parts;
    generation.throwIfAborted();
    if (!extension.serves(generation)) throw superseded(extension);
    const missing = requiredIds(generation.description).find(
      (id) => extensions.get(id)?.serving.state !== "active",
    );
    if (missing !== undefined && tries < mostTries) return false;
    const validation = extension.listed ?? extension.validation;
    if (validation === undefined) throw superseded(extension);
    run.alive.add(generation);
    try {
      const loadMs = await options.activator.load(generation);
      await options.activator.activate(generation, loadMs, {
        validation,
        dependencies: exports.forDependent(generation.description),
        state: extension.handedOver,
        onReachable: (connection) => {
          // What turns out to be a mixture must not have answered anybody.
          if (incomplete.remainingMs(extension) <= 0) extension.sendAhead(connection);
        },
      });
      await mixtureGuard.assert(extension, generation);
      generation.throwIfAborted();
    } catch (error) {
      await options.activator.undo(generation, error as Error);
      if (isCrashOf(extension.id, error) || isExtensionError(error, "MODULE_CHANGED"))
        extension.rejectSentAhead(error);
      extension.forgetSentAhead();
      run.alive.delete(generation);
      throw error;
    }
    generation.move("settled");
    crashes.watch(extension, generation);
    return true;
  }

  /** An activation came to nothing. */
  #fail(extension: ManagedExtension, generation: Generation, error: ExtensionError): void {
    const { incomplete, fileTracker, crashes, lifecycleEvents, resolver, extensions } = this.#parts;
    generation.activation = undefined;
    if (generation.state === "activating") {
      if (incomplete.isIncomplete(extension, error)) {
        generation.move("unresolved", { code: "INCOMPLETE", message: error.message, cause: error });
        fileTracker.follow(extension);
        incomplete.wait(extension, incomplete.remainingMs(extension), () => {
          this.#retryIncomplete(extension, generation);
        });
        return;
      }
      const isToWait = waitsForOthers.has(error.code) || isRefusal(error);
      generation.fail(isToWait ? "unresolved" : "failed", error);
      if (isCrashOf(extension.id, error)) crashes.settle(extension, generation, error);
    }
    if (!extension.serves(generation)) return;
    fileTracker.follow(extension);
    lifecycleEvents.fire("failed", extension, { reason: generation.reason ?? reasonOf(error) });
    crashes.tell(extension);
    resolver.refreshStates(extensions.graph.dependents(extension.id));
  }

  /** The time for the rest to arrive is up: what fails now has failed. */
  #retryIncomplete(extension: ManagedExtension, generation: Generation): void {
    const { run, extensions, resolver } = this.#parts;
    if (!extension.serves(generation) || run.stopReason !== undefined) return;
    extensions.renew(extension);
    for (const ready of resolver.refresh([extension])) run.inBackground(this.resume(ready));
  }
}

/**
 * Whether what failed is not over: the rest of its folder may still come, or it is about to be started again. Only
 * an attempt that has got it there is to be followed by another.
 */
function isStillToCome(
  { serving: { state, reason }, incomplete, supervision }: ManagedExtension,
  before: ExtensionState,
): boolean {
  if (state === before) return false;
  if (state === "blocked") return reason?.code === "INCOMPLETE" && incomplete !== undefined;
  return state === "failed" && supervision?.restart !== undefined;
}

/** The host's own mistake: nothing keeps the extension from being active, and nothing is under way. */
function stuck({ id, serving: { state, reason, number } }: ManagedExtension): ExtensionError {
  const because = reason === undefined ? "" : ` (${reason.code})`;
  return new ExtensionError(
    "INTERNAL",
    `Generation ${String(number)} of ${id} is ${state}${because}, and nothing moves it on.`,
    { extensionId: id, details: { state, reason: reason?.code, generation: number } },
  );
}
