/**
 * The lifecycle as the host sees it: what the disk says, which events happen and what people wish goes in,
 * what became of the extensions comes out. Builds the rooms in which the work is done, lowest first.
 * Invariants: contributions are listed for at most one generation per id; a swap is one synchronous step;
 * a dependent never runs while a provider it needs does not; the last wish wins.
 */
import { ExtensionError, type Event } from "@plugboard/extension-api";
import { KeyedQueue } from "../common/keyed-queue.js";
import { ActivationCoordinator } from "./activation/activation-coordinator.js";
import { ActivationEvents } from "./base/activation-events.js";
import { CallQueues } from "./activation/call-queues.js";
import { DependentsLock } from "./activation/dependents-lock.js";
import { isCrashed } from "./extension/crash-error.js";
import { CrashWatch } from "./faults/crash-watch.js";
import { DiskChanges } from "./disk-changes.js";
import { ExtensionRegistry } from "./extension/extension-registry.js";
import { FileTracker } from "./activation/file-tracker.js";
import type { StateReason } from "./extension/extension-state.js";
import type { Generation } from "./extension/generation.js";
import { IncompleteFolders } from "./activation/incomplete-folders.js";
import { LifecycleEvents } from "./base/lifecycle-events.js";
import type {
  ActivationCause,
  LifecycleChange,
  LifecycleEvent,
  LifecycleOptions,
} from "./base/lifecycle-options.js";
import type { DependentsStop, Restarts, UpdateRequests } from "./base/lifecycle-parts.js";
import { LifecycleRun } from "./base/lifecycle-run.js";
import { Listing } from "./listing/listing.js";
import { unknownExtension } from "./extension/lifecycle-errors.js";
import type { ManagedExtension } from "./extension/managed-extension.js";
import { OpenedPoints } from "./listing/opened-points.js";
import { CandidatePreparer } from "./update/candidate-preparer.js";
import { ProviderExports } from "./listing/provider-exports.js";
import { Resolver } from "./listing/resolver.js";
import { errorOf } from "./extension/reason.js";
import { Replacer } from "./update/replacer.js";
import { ResponseWatch } from "./faults/response-watch.js";
import { Retirer } from "./update/retirer.js";
import { RuntimeMover } from "./update/runtime-mover.js";
import { StateHandover } from "./update/state-handover.js";
import { GenerationSwap } from "./update/generation-swap.js";
import { Stopper } from "./update/stopper.js";
import { UpdateTransaction } from "./update/update-transaction.js";
import { Updates } from "./update/updates.js";
import { WaitingCandidates } from "./update/waiting-candidates.js";
import { MixtureGuard } from "./activation/mixture-guard.js";

/** Runs extensions. @internal */
export class ExtensionLifecycle {
  readonly events = new ActivationEvents();
  readonly #run: LifecycleRun;
  readonly #lifecycleEvents: LifecycleEvents;
  readonly #extensions = new ExtensionRegistry();
  readonly #queue = new KeyedQueue();
  readonly #resolver: Resolver;
  readonly #fileTracker: FileTracker;
  readonly #activation: ActivationCoordinator;
  readonly #stopper: Stopper;
  readonly #updates: Updates;
  readonly #changes: DiskChanges;
  #stopping: Promise<void> | undefined;

  constructor(options: LifecycleOptions) {
    const run = new LifecycleRun(options.report);
    const lifecycleEvents = new LifecycleEvents(options.report);
    const ground = {
      options,
      run,
      lifecycleEvents,
      events: this.events,
      extensions: this.#extensions,
      queue: this.#queue,
    };
    // What a lower part asks of a higher one that has not been made yet.
    const above = {
      stopper: {
        stopDependents: (extension) => this.#stopper.stopDependents(extension),
      } satisfies DependentsStop,
      restarts: {
        restart: (extension, event) => this.#activation.ensureActive(extension, { event }),
      } satisfies Restarts,
      updates: {
        update: () => this.#updates.update(),
        checkFiles: (extension) => this.#updates.checkFiles(extension),
        isAwaiting: (extension) => this.#updates.isAwaiting(extension),
      } satisfies UpdateRequests,
    };

    const points = new OpenedPoints(ground);
    const listing = new Listing({ ...ground, points });
    const resolver = new Resolver({ ...ground, listing });
    const fileTracker = new FileTracker(ground);
    const responses = new ResponseWatch(lifecycleEvents);
    const running = {
      ...ground,
      listing,
      resolver,
      fileTracker,
      exports: new ProviderExports(ground),
      incomplete: new IncompleteFolders(options),
      crashes: new CrashWatch({ ...ground, ...above, resolver, responses }),
      lock: new DependentsLock(ground),
      retirer: new Retirer(ground),
      mixtureGuard: new MixtureGuard(options),
    };
    const activation = new ActivationCoordinator({ ...running, ...above });
    const calls = new CallQueues({ ...ground, activation });
    const stopper = new Stopper({ ...running, activation });

    const handover = new StateHandover(options);
    const updating = {
      ...running,
      activation,
      handover,
      preparer: new CandidatePreparer({ ...running, handover }),
      waiting: new WaitingCandidates({ ...running, ...above }),
      swap: new GenerationSwap({ ...running, ...above }),
    };
    const replacer = new Replacer(updating);
    const transaction = new UpdateTransaction({
      ...updating,
      mover: new RuntimeMover({ ...updating, ...above }),
      replacer,
    });
    const updates = new Updates({ ...updating, transaction });

    this.#run = run;
    this.#lifecycleEvents = lifecycleEvents;
    this.#resolver = resolver;
    this.#fileTracker = fileTracker;
    this.#activation = activation;
    this.#stopper = stopper;
    this.#updates = updates;
    this.#changes = new DiskChanges({ ...running, points, activation, calls, stopper, updates });
  }

  /** Tells what happened to extensions, after they show it. */
  get onDidChange(): Event<LifecycleEvent> {
    return this.#lifecycleEvents.onDidChange;
  }

  /** The extension of the id. */
  get(id: string): ManagedExtension | undefined {
    return this.#extensions.get(id);
  }

  /** The extension whose folder it is. */
  inFolder(folder: string): ManagedExtension | undefined {
    return this.#extensions.inFolder(folder);
  }

  /** All extensions. */
  get extensions(): Iterable<ManagedExtension> {
    return this.#extensions.extensions;
  }

  /** Everyone who depends on the id directly. */
  dependents(id: string): readonly string[] {
    return [...this.#extensions.graph.dependents(id)];
  }

  /** Everyone who depends on the id, directly or not, and runs. */
  runningDependents(id: string): readonly string[] {
    const closure = this.#extensions.runningClosure([id]);
    closure.delete(id);
    return [...closure];
  }

  /**
   * Takes in what the disk says. Contributions are listed, changed and unlisted before this returns; the
   * promise settles when everything that had to run or to stop has. It never rejects.
   */
  apply(change: LifecycleChange): Promise<void> {
    return this.#changes.apply(change);
  }

  /** A generation used a file that it had not used before. */
  filesChanged(generation: Generation): void {
    this.#fileTracker.filesChanged(generation);
  }

  /** Something was found wrong with what a generation does. */
  problemsChanged({ description }: Generation): void {
    const extension = this.#extensions.get(description.id);
    if (extension !== undefined) this.#lifecycleEvents.fire("changed", extension);
  }

  /** Activates everyone who waits for the event; settles when all have. */
  async fire(
    event: string,
    cause: Omit<ActivationCause, "event">,
    options: { readonly isRemembered: boolean },
  ): Promise<void> {
    this.#run.assertGoingOn();
    if (options.isRemembered) this.events.remember(event);
    const waiting = this.#extensions.known(this.events.listeners(event));
    await Promise.allSettled(
      waiting.map((extension) => this.#activation.ensureActive(extension, { ...cause, event })),
    );
  }

  /** Activates the extension as a person asks for it: also one that crashed too often, and without delay. */
  async activate(extension: ManagedExtension): Promise<void> {
    this.#run.assertGoingOn();
    if (isCrashed(extension.serving)) this.#beginAgain(extension);
    await this.#activation.ensureActive(extension, { event: "activate" });
  }

  /** Prepares the extension anew beside the serving generation and swaps. */
  async reload(id: string): Promise<void> {
    const extension = this.#require(id);
    if (!extension.isInHand) {
      this.#beginAgain(extension);
      await this.#activation.ensureActive(extension, { event: "reload" });
      return;
    }
    extension.supervision?.reset();
    if (extension.serving.state !== "active")
      await this.#activation.ensureActive(extension, { event: "reload" });
    extension.wanted();
    await this.#updates.update();
    const { reason } = extension.candidate ?? {};
    if (reason !== undefined) throw errorOf(reason, id);
    await this.#run.backgroundSettled();
  }

  /** Deactivates the extension, its dependents first. */
  async deactivate(id: string): Promise<void> {
    await this.#stopper.stop([this.#require(id)], "deactivated");
  }

  /** Keeps the extension from running. */
  async disable(id: string): Promise<void> {
    const extension = this.#require(id);
    if (extension.isDisabled) return;
    extension.isDisabled = true;
    this.#extensions.setDisabled(id, { isDisabled: true });
    await this.#withdraw(extension, { code: "DISABLED", message: `${id} is disabled.` });
  }

  /** Lets a disabled extension run again. */
  async enable(id: string): Promise<void> {
    const extension = this.#require(id);
    if (!extension.isDisabled && !isCrashed(extension.serving)) return;
    extension.isDisabled = false;
    this.#extensions.setDisabled(id, { isDisabled: false });
    const ready = this.#beginAgain(extension);
    this.#lifecycleEvents.fire("changed", extension);
    await this.#run.settled(ready.map((one) => this.#activation.resume(one)));
  }

  /** Disables or enables the id, known or not; of what is so already, only what crashed is started again. */
  async setDisabled(id: string, { isDisabled }: { readonly isDisabled: boolean }): Promise<void> {
    this.#run.assertGoingOn();
    const extension = this.#extensions.get(id);
    if (extension === undefined) this.#extensions.setDisabled(id, { isDisabled });
    else await (isDisabled ? this.disable(id) : this.enable(id));
  }

  /** Another verdict was given on the content of the ids: what may run now does, what may not is unlisted. */
  async reconsiderContent(ids: readonly string[]): Promise<void> {
    const idle: ManagedExtension[] = [];
    for (const extension of this.#extensions.known(ids)) {
      const { state, isAborted } = extension.serving;
      if (extension.isInHand) extension.forgive();
      // What was refused at its very start can't be started again.
      else if (state === "blocked" && isAborted) this.#extensions.renew(extension);
      if (!extension.isInHand) idle.push(extension);
    }
    const ready = this.#resolver.refresh(idle);
    for (const extension of idle) {
      const { reason } = extension.serving;
      if (extension.isRefused && reason !== undefined) extension.rejectQueued(errorOf(reason, extension.id));
      this.#lifecycleEvents.fire("changed", extension);
    }
    await this.#run.settled([...this.#activation.resumeAll(ready), this.#updates.update()]);
    // An update may have been under way already that found what may run now.
    await this.#run.settled(ids.map((id) => this.#queue.run([id], () => Promise.resolve())));
  }

  /** Takes down an extension that runs and is no longer trusted, its dependents first. */
  async refuse(id: string, reason: StateReason): Promise<void> {
    const extension = this.#extensions.get(id);
    if (extension === undefined || this.#run.stopReason !== undefined) return;
    extension.isRefused = true;
    await this.#withdraw(extension, reason);
  }

  /** Tries a failed or blocked extension again at once. */
  async retry(id: string): Promise<void> {
    const extension = this.#require(id);
    if (extension.isInHand && extension.candidate !== undefined) {
      await this.reload(id);
      return;
    }
    if (!extension.isInHand) this.#beginAgain(extension);
    await this.#activation.ensureActive(extension, { event: extension.wantedBy ?? "retry" });
  }

  /** Marks ids that are not to run before they are known. */
  presetDisabled(ids: Iterable<string>): void {
    this.#extensions.presetDisabled(ids);
  }

  /** As long as nobody can tell which ids are disabled, all others are. */
  presetAllDisabled({ except }: { readonly except: ReadonlySet<string> }): void {
    this.#extensions.disabledUnless = except;
  }

  /** Now it can be told: these are disabled, and all others are enabled. */
  async resolveDisabled(ids: ReadonlySet<string>): Promise<void> {
    this.#extensions.disabledUnless = undefined;
    this.#extensions.presetDisabled(ids);
    const waiting = [...this.#extensions.extensions].filter(
      ({ id, isDisabled }) => isDisabled && !ids.has(id),
    );
    await Promise.all(waiting.map(({ id }) => this.setDisabled(id, { isDisabled: false })));
  }

  /** A runtime came: those that had none get their chance. */
  runtimeAdded(): void {
    const waiting = [...this.#extensions.extensions].filter(
      ({ serving }) => serving.state === "blocked" && serving.reason?.code === "RUNTIME_UNKNOWN",
    );
    for (const extension of waiting) this.#extensions.renew(extension);
    for (const ready of this.#resolver.refresh(waiting))
      this.#run.inBackground(this.#activation.resume(ready));
  }

  /** Stops everything, dependents first, within the limit. */
  async stop(): Promise<void> {
    if (this.#run.stopReason === undefined) {
      const reason = new ExtensionError("HOST_STOPPED", "The host has been stopped.");
      this.#run.end(reason);
      this.#stopping = this.#stopper.stopAll(reason);
    }
    await this.#stopping;
  }

  /** Unlists an extension that may not run, tells whoever waits for it and stops it, its dependents first. */
  async #withdraw(extension: ManagedExtension, reason: StateReason): Promise<void> {
    this.#resolver.refresh([extension]);
    extension.rejectQueued(errorOf(reason, extension.id));
    await this.#stopper.stop([extension], "disabled");
    this.#resolver.refresh([extension]);
    this.#lifecycleEvents.fire("changed", extension);
  }

  /** Gives an extension that does not run a fresh chance, whatever happened to it before. */
  #beginAgain(extension: ManagedExtension): readonly ManagedExtension[] {
    extension.supervision?.reset();
    this.#extensions.renew(extension);
    return this.#resolver.refresh([extension]);
  }

  #require(id: string): ManagedExtension {
    this.#run.assertGoingOn();
    const extension = this.#extensions.get(id);
    if (extension === undefined) throw unknownExtension(id);
    return extension;
  }
}
