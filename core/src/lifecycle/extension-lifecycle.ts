/**
 * Keeps every extension where the disk, the events and people want it to be. Disk changes and wishes only
 * set what is wanted; what follows runs under a lock on the ids it concerns and looks again at what is
 * wanted by then, so that the last wish wins and no change is dropped.
 * Invariants: contributions are listed for at most one generation per id; a swap is one synchronous step;
 * a dependent never runs while a provider it needs does not.
 */
import {
  contributionPoint,
  ExtensionError,
  isExtensionError,
  type Arity,
  type ContributionPoint,
  type DependencyExports,
  type Disposable,
  type Event,
  type Problem,
  type SavedState,
} from "@plugboard/extension-api";
import semver from "semver";
import { within } from "../common/deadline.js";
import { EventEmitter } from "../common/event-emitter.js";
import { KeyedQueue } from "../common/keyed-queue.js";
import type { AnyContract, HeldTarget } from "../contribution/contribution.js";
import type { ClaimChange } from "../contribution/contribution-registry.js";
import type { Examination } from "../contribution/section-examiner.js";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import { dependencyRanges, optionalDependencyRanges } from "../manifest/dependency-ranges.js";
import { DependencyGraph } from "../registry/dependency-graph.js";
import { ActivationEvents } from "./activation-events.js";
import { exposeExports, type Exports } from "./dependency-exports.js";
import type { StateReason } from "./extension-state.js";
import { Generation } from "./generation.js";
import type {
  ActivationCause,
  LifecycleChange,
  LifecycleEvent,
  LifecycleOptions,
} from "./lifecycle-options.js";
import { ManagedExtension, type CallHolder } from "./managed-extension.js";
import { asExtensionError, errorOf, reasonOf } from "./reason.js";

/** Who is to blame that an update did not happen. */
interface Failure {
  readonly member: ManagedExtension;
  readonly error: ExtensionError;
}

const noClaims: ClaimChange["claims"] = new Map();

/** Runs extensions. @internal */
export class ExtensionLifecycle implements CallHolder {
  readonly events = new ActivationEvents();
  readonly #options: LifecycleOptions;
  readonly #extensions = new Map<string, ManagedExtension>();
  readonly #byFolder = new Map<string, ManagedExtension>();
  readonly #graph = new DependencyGraph();
  readonly #queue = new KeyedQueue();
  readonly #changed: EventEmitter<LifecycleEvent>;
  /** The last number used, per id, also of ids that are gone: a number is never used again. */
  readonly #numbers = new Map<string, number>();
  /** Points that extensions opened, with who did. */
  readonly #openedPoints = new Map<string, ManagedExtension>();
  readonly #unclaimed = new Map<string, Set<ManagedExtension>>();
  readonly #follows = new Map<ManagedExtension, Disposable>();
  readonly #exports = new WeakMap<Generation, Exports>();
  /** Generations on their way out, and everything else that goes on without anybody waiting for it. */
  readonly #background = new Set<Promise<unknown>>();
  /** Generations whose code has not been let go. */
  readonly #alive = new Set<Generation>();
  #stopReason: ExtensionError | undefined;

  constructor(options: LifecycleOptions) {
    this.#options = options;
    this.#changed = new EventEmitter(options.report);
  }

  /** Tells what happened to extensions, after they show it. */
  get onDidChange(): Event<LifecycleEvent> {
    return this.#changed.event;
  }

  /** The extension of the id. */
  get(id: string): ManagedExtension | undefined {
    return this.#extensions.get(id);
  }

  /** The extension whose folder it is. */
  inFolder(folder: string): ManagedExtension | undefined {
    return this.#byFolder.get(folder);
  }

  /** All extensions. */
  get extensions(): Iterable<ManagedExtension> {
    return this.#extensions.values();
  }

  /** Everyone who depends on the id, directly or not, and runs. */
  runningDependents(id: string): readonly string[] {
    const closure = this.#runningClosure([id]);
    closure.delete(id);
    return [...closure];
  }

  /**
   * Takes in what the disk says. Contributions are listed, changed and unlisted before this returns; the
   * promise settles when everything that had to run or to stop has. It never rejects.
   */
  apply(change: LifecycleChange): Promise<void> {
    if (this.#stopReason !== undefined) return Promise.resolve();
    const relist = new Set<ManagedExtension>();
    const fresh = new Set<ManagedExtension>();
    const work: Promise<unknown>[] = [];
    const affected = new Set<string>();
    const removed = change.removed.flatMap((description) => this.#remove(description) ?? []);
    for (const extension of removed) {
      relist.add(extension);
      affected.add(extension.id);
    }
    for (const description of change.added) {
      const extension = this.#add(description);
      fresh.add(extension);
      affected.add(extension.id);
    }
    for (const description of change.changed) {
      const extension = this.#extensions.get(description.id);
      if (extension === undefined) continue;
      this.#setDescription(extension, description);
      if (extension.serving.isRunning) continue;
      this.#renew(extension);
      fresh.add(extension);
      affected.add(extension.id);
    }
    for (const { id, problems } of change.broken) {
      const extension = this.#extensions.get(id);
      if (extension !== undefined) this.#break(extension, problems);
    }
    for (const id of change.repaired) {
      const extension = this.#extensions.get(id);
      if (extension === undefined) continue;
      extension.broken = undefined;
      extension.isTried = false;
      if (extension.serving.isRunning) {
        work.push(this.#checkFiles(extension));
        continue;
      }
      this.#renew(extension);
      fresh.add(extension);
      affected.add(id);
    }
    for (const id of change.touched) {
      const extension = this.#extensions.get(id);
      if (extension === undefined || fresh.has(extension) || extension.isStale) continue;
      if (extension.serving.isRunning) work.push(this.#checkFiles(extension));
      else if (this.#isRetriedOnTouch(extension)) {
        this.#renew(extension);
        fresh.add(extension);
        affected.add(id);
      }
    }
    for (const extension of fresh) for (const other of this.#examine(extension)) relist.add(other);
    for (const extension of fresh) relist.add(extension);
    for (const id of this.#reconsider(affected)) {
      const extension = this.#extensions.get(id);
      if (extension !== undefined) relist.add(extension);
    }
    this.#list(relist);
    for (const extension of removed) {
      extension.rejectHeld(this.#gone(extension));
      work.push(
        this.#takeDown([extension], "removed").then(() => {
          this.#tell("removed", extension);
        }),
      );
    }
    const added = new Set(change.added.map((description) => description.id));
    for (const extension of fresh) this.#tell(added.has(extension.id) ? "added" : "changed", extension);
    work.push(this.#update());
    for (const extension of [...fresh, ...this.#ready(affected)]) work.push(this.#resume(extension));
    return this.#settled(work);
  }

  /** Activates everyone who waits for the event; settles when all have. */
  async fire(
    event: string,
    cause: Omit<ActivationCause, "event">,
    options: { readonly isRemembered: boolean },
  ): Promise<void> {
    this.#assertRunning();
    if (options.isRemembered) this.events.remember(event);
    const waiting = [...this.events.listeners(event)].flatMap((id) => this.#extensions.get(id) ?? []);
    await Promise.allSettled(waiting.map((extension) => this.ensureActive(extension, { ...cause, event })));
  }

  /** Activates the extension, dependencies first; rejects with what keeps it from being active. */
  async ensureActive(extension: ManagedExtension, cause: ActivationCause): Promise<void> {
    cause.timeline?.ask(extension.id, cause.event, cause.requiredBy);
    try {
      for (;;) {
        this.#assertRunning();
        if (extension.isRemoved) throw this.#gone(extension);
        const generation = extension.serving;
        if (generation.state === "active") return;
        try {
          await this.#attempt(extension, generation, cause);
        } catch (error) {
          // If something newer took its place meanwhile, or the rest of its folder is still to come, what
          // counts is how that one fares.
          const isIncomplete = generation.reason?.code === "INCOMPLETE" && extension.incomplete !== undefined;
          if (extension.serving === generation && !isIncomplete) throw error;
        }
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

  hold(extension: ManagedExtension, target: HeldTarget): Promise<unknown> {
    const { limits } = this.#options;
    if (this.#stopReason !== undefined) return Promise.reject(this.#stopReason);
    if (extension.heldCalls >= limits.heldCalls) {
      return Promise.reject(
        new ExtensionError(
          "CALL_QUEUE_FULL",
          `${String(limits.heldCalls)} calls already wait for ${extension.id}.`,
          {
            extensionId: extension.id,
            details: { limit: limits.heldCalls },
          },
        ),
      );
    }
    const isAway = extension.isAway && extension.serving.state !== "active";
    const kept = extension.keep(target, {
      callMs: limits.callMs,
      away: isAway ? { limitMs: limits.dependencyMs, error: () => this.#stillAway(extension) } : undefined,
    });
    if (!extension.isHolding) this.#wake(extension, target);
    return kept;
  }

  #stillAway(extension: ManagedExtension): ExtensionError {
    const { id } = extension;
    const limitMs = this.#options.limits.dependencyMs;
    const because = extension.serving.reason?.message ?? `${id} waits for an extension that it depends on.`;
    return new ExtensionError(
      "DEPENDENCY_FAILED",
      `${because} The call waited ${String(limitMs)} ms for it.`,
      {
        extensionId: id,
        details: { limitMs },
      },
    );
  }

  /** Prepares the extension anew beside the serving generation and swaps. */
  async reload(id: string): Promise<void> {
    const extension = this.#require(id);
    if (!extension.serving.isRunning) {
      this.#renew(extension);
      this.#refresh([extension]);
      await this.ensureActive(extension, { event: "reload" });
      return;
    }
    if (extension.serving.state !== "active") await this.ensureActive(extension, { event: "reload" });
    extension.isPending = true;
    extension.isStale = true;
    extension.isTried = false;
    await this.#update();
    const { reason } = extension.candidate ?? {};
    if (reason !== undefined) throw errorOf(reason, id);
    await this.#settled([...this.#background]);
  }

  /** Deactivates the extension, its dependents first. */
  async deactivate(id: string): Promise<void> {
    await this.#takeDown([this.#require(id)], "deactivated");
  }

  /** Keeps the extension from running. */
  async disable(id: string): Promise<void> {
    const extension = this.#require(id);
    if (extension.isDisabled) return;
    extension.isDisabled = true;
    this.#refresh([extension]);
    extension.rejectHeld(errorOf({ code: "DISABLED", message: `${id} is disabled.` }, id));
    await this.#takeDown([extension], "disabled");
    this.#refresh([extension]);
    this.#tell("changed", extension);
  }

  /** Lets a disabled extension run again. */
  async enable(id: string): Promise<void> {
    const extension = this.#require(id);
    if (!extension.isDisabled) return;
    extension.isDisabled = false;
    this.#renew(extension);
    const ready = this.#refresh([extension]);
    this.#tell("changed", extension);
    await this.#settled(ready.map((one) => this.#resume(one)));
  }

  /** Tries a failed or blocked extension again at once. */
  async retry(id: string): Promise<void> {
    const extension = this.#require(id);
    if (extension.serving.isRunning && extension.candidate !== undefined) {
      await this.reload(id);
      return;
    }
    if (!extension.serving.isRunning) {
      this.#renew(extension);
      this.#refresh([extension]);
    }
    await this.ensureActive(extension, { event: extension.wantedBy ?? "retry" });
  }

  /** Marks ids that are not to run before they are known. */
  presetDisabled(ids: Iterable<string>): void {
    for (const id of ids) this.#disabledBefore.add(id);
  }
  readonly #disabledBefore = new Set<string>();

  /** A runtime came: those that had none get their chance. */
  runtimeAdded(): void {
    const waiting = [...this.#extensions.values()].filter(
      ({ serving }) => serving.state === "blocked" && serving.reason?.code === "RUNTIME_UNKNOWN",
    );
    for (const extension of waiting) this.#renew(extension);
    for (const ready of this.#refresh(waiting)) this.#inBackground(this.#resume(ready));
  }

  /** Stops everything, dependents first, within the limit. */
  async stop(): Promise<void> {
    if (this.#stopReason === undefined) {
      this.#stopReason = new ExtensionError("HOST_STOPPED", "The host has been stopped.");
      this.#stopping = this.#stopAll(this.#stopReason);
    }
    await this.#stopping;
  }
  #stopping: Promise<void> | undefined;

  // Coming and going

  #add(description: ExtensionDescription): ManagedExtension {
    const extension = new ManagedExtension(description, this.#nextNumber(description.id), this);
    extension.isDisabled = this.#disabledBefore.has(description.id);
    this.#extensions.set(description.id, extension);
    this.#byFolder.set(description.folder, extension);
    return extension;
  }

  #remove(description: ExtensionDescription): ManagedExtension | undefined {
    const extension = this.#extensions.get(description.id);
    if (extension === undefined) return undefined;
    if (extension.isDisabled) this.#disabledBefore.add(extension.id);
    extension.isRemoved = true;
    this.#extensions.delete(extension.id);
    if (this.#byFolder.get(extension.description.folder) === extension)
      this.#byFolder.delete(extension.description.folder);
    this.#graph.delete(extension.id);
    this.events.forget(extension.id);
    this.#clearIncomplete(extension);
    this.#setUnclaimed(extension, []);
    return extension;
  }

  #setDescription(extension: ManagedExtension, description: ExtensionDescription): void {
    if (this.#byFolder.get(extension.description.folder) === extension)
      this.#byFolder.delete(extension.description.folder);
    extension.description = description;
    this.#byFolder.set(description.folder, extension);
    extension.broken = undefined;
    extension.isPending = extension.serving.isRunning;
    extension.isStale = extension.isPending;
    extension.isTried = false;
  }

  /** The folder can't be read: what runs goes on, what does not run waits for the repair. */
  #break(extension: ManagedExtension, problems: readonly Problem[]): void {
    extension.broken = problems;
    extension.isTried = false;
    if (extension.serving.isRunning) {
      extension.isPending = true;
      extension.isStale = true;
      return;
    }
    const giveUp = () => {
      if (extension.broken === undefined || extension.serving.isRunning || extension.isRemoved) return;
      this.#renew(extension);
      this.#refresh([extension]);
      this.#tell("changed", extension);
    };
    const incompleteMs = this.#incompleteMs(extension);
    if (incompleteMs > 0) this.#waitForRest(extension, incompleteMs, giveUp);
    else giveUp();
  }

  /** A new generation in the place of one that does not run. */
  #renew(extension: ManagedExtension): void {
    this.#clearIncomplete(extension);
    extension.serving = new Generation(this.#nextNumber(extension.id), extension.description);
    extension.candidate = undefined;
    extension.isPending = false;
    extension.isStale = false;
    extension.isTried = false;
  }

  #isRetriedOnTouch(extension: ManagedExtension): boolean {
    const { state, reason } = extension.serving;
    if (extension.broken !== undefined) return false;
    return state === "failed" || (state === "blocked" && reason?.code === "INCOMPLETE");
  }

  /** Reads the sections of the newest description; opens and closes its points. Returns those whom that concerns too. */
  #examine(extension: ManagedExtension): readonly ManagedExtension[] {
    const { description } = extension;
    const concerned = this.#openPoints(extension, description);
    extension.examination = this.#options.examiner.examine(extension, description, extension.examination);
    extension.examination = this.#withPointProblems(extension, extension.examination);
    this.#setUnclaimed(extension, extension.examination.unclaimed);
    this.events.listen(extension.id, extension.examination.events);
    this.#graph.set(extension.id, [...dependencyRanges(description.manifest).keys()]);
    return concerned;
  }

  readonly #pointProblems = new WeakMap<ExtensionDescription, readonly Problem[]>();

  #withPointProblems(extension: ManagedExtension, examination: Examination): Examination {
    const problems = this.#pointProblems.get(extension.description);
    return problems === undefined
      ? examination
      : { ...examination, problems: [...problems, ...examination.problems] };
  }

  #setUnclaimed(extension: ManagedExtension, sections: readonly string[]): void {
    for (const section of extension.examination?.unclaimed ?? [])
      this.#unclaimed.get(section)?.delete(extension);
    for (const section of sections) {
      let waiting = this.#unclaimed.get(section);
      if (waiting === undefined) this.#unclaimed.set(section, (waiting = new Set()));
      waiting.add(extension);
    }
  }

  /** Opens the points that the description declares and closes those it no longer does. */
  #openPoints(
    extension: ManagedExtension,
    description: ExtensionDescription | undefined,
  ): readonly ManagedExtension[] {
    const declared = description?.manifest.contributes?.points ?? [];
    if (declared.length === 0 && ![...this.#openedPoints.values()].includes(extension)) return [];
    const { registry } = this.#options;
    const concerned = new Set<ManagedExtension>();
    const problems: Problem[] = [];
    for (const [pointId, owner] of [...this.#openedPoints]) {
      if (owner !== extension || declared.some(({ id }) => id === pointId)) continue;
      this.#openedPoints.delete(pointId);
      for (const contribution of registry.collection(pointId)?.entries() ?? []) {
        const contributor = this.#extensions.get(contribution.extensionId);
        if (contributor !== undefined) concerned.add(contributor);
      }
      registry.close(pointId);
    }
    for (const [index, point] of declared.entries()) {
      if (this.#openedPoints.get(point.id) === extension) continue;
      try {
        if (description !== undefined) registry.open(this.#definePoint(description, point));
        this.#openedPoints.set(point.id, extension);
        for (const waiting of this.#unclaimed.get(point.id) ?? []) concerned.add(waiting);
      } catch (error) {
        const failure = asExtensionError(
          error,
          "CONTRIBUTION_INVALID",
          extension.id,
          `The point "${point.id}" can't be opened`,
        );
        problems.push(
          this.#options.examiner.problem(
            extension.description,
            `/contributes/points/${String(index)}`,
            "value",
            {
              code: failure.code,
              severity: "error",
              message: failure.message,
            },
          ),
        );
      }
    }
    if (description !== undefined && problems.length > 0) this.#pointProblems.set(description, problems);
    concerned.delete(extension);
    for (const other of concerned) this.#reexamine(other);
    return [...concerned];
  }

  #definePoint(
    description: ExtensionDescription,
    point: {
      readonly id: string;
      readonly schema?: string;
      readonly methods?: Readonly<Record<string, number>>;
      readonly activationEvent?: string;
    },
  ): ContributionPoint<AnyContract> {
    const schema =
      point.schema === undefined ? undefined : this.#options.readSchema(description, point.schema);
    const fault = schema === undefined ? undefined : this.#options.examiner.faultOfSchema(schema);
    if (fault !== undefined) {
      throw new ExtensionError(
        "CONTRIBUTION_INVALID",
        `The schema of the point "${point.id}" is not one: ${fault}`,
      );
    }
    const { activationEvent } = point;
    return contributionPoint<AnyContract>()({
      id: point.id,
      ...(schema === undefined ? {} : { schema }),
      methods: (point.methods ?? {}) as Readonly<Record<never, Arity>>,
      ...(activationEvent === undefined
        ? {}
        : { activationEvent: (item) => `${activationEvent}:${item.id}` }),
    });
  }

  /** A point came or went: what an extension contributes is another, whatever generation serves it. */
  #reexamine(extension: ManagedExtension): void {
    const description = extension.serving.description;
    const before =
      extension.examination?.description === description ? extension.examination : extension.listed;
    const examination = this.#options.examiner.examine(extension, description, before);
    if (extension.description === description) {
      this.#setUnclaimed(extension, examination.unclaimed);
      extension.examination = examination;
      this.events.listen(extension.id, examination.events);
    } else if (extension.listed !== undefined) {
      extension.listed = undefined;
      this.#listings.set(extension, examination);
    }
  }
  /** What a running generation contributes, where that is not what the newest description comes to. */
  readonly #listings = new WeakMap<ManagedExtension, Examination>();

  // Blocked and ready

  /** Looks again at whether the ids and all their dependents can run. Returns those whose state differs now. */
  #reconsider(ids: Iterable<string>): readonly string[] {
    const differing: string[] = [];
    for (const id of this.#graph.order(this.#graph.closure(ids, () => true))) {
      const extension = this.#extensions.get(id);
      if (extension === undefined) continue;
      const { serving } = extension;
      const before = serving.state;
      if (before !== "discovered" && before !== "ready" && before !== "blocked") continue;
      if (before === "blocked" && serving.reason?.code === "INCOMPLETE") continue;
      if (before === "discovered" && this.#isInvalid(extension)) {
        serving.move("rejected");
      } else {
        const reason = this.#obstacle(extension, extension.description);
        if (reason !== undefined) serving.move("unresolved", reason);
        else if (before !== "ready") serving.move("resolved");
      }
      if (serving.state !== before) differing.push(id);
    }
    return differing;
  }

  #isInvalid(extension: ManagedExtension): boolean {
    if (extension.broken !== undefined) return true;
    return extension.examination?.problems.some((problem) => problem.severity === "error") ?? false;
  }

  /** Why the description can't run, as far as can be told without running anything. */
  #obstacle(
    extension: ManagedExtension,
    description: ExtensionDescription,
    candidates?: ReadonlyMap<string, ExtensionDescription>,
  ): StateReason | undefined {
    const { id } = extension;
    if (extension.isDisabled) return { code: "DISABLED", message: `${id} is disabled.` };
    const ranges = dependencyRanges(description.manifest);
    if (ranges.size === 0) return undefined;
    const instead =
      candidates === undefined
        ? new Map([[id, [...ranges.keys()]]])
        : new Map(
            [...candidates].map(([other, { manifest }]) => [other, [...dependencyRanges(manifest).keys()]]),
          );
    const cycle = this.#graph.cycle(id, instead);
    if (cycle !== undefined) {
      return this.#reason("DEPENDENCY_CYCLE", id, `${id} depends on itself: ${cycle.join(" → ")}.`, {
        cycle,
      });
    }
    for (const [dependency, range] of ranges) {
      const provider = this.#extensions.get(dependency);
      const version = candidates?.get(dependency)?.version ?? provider?.serving.description.version;
      if (provider === undefined || version === undefined) {
        return this.#reason(
          "DEPENDENCY_MISSING",
          id,
          `${id} depends on ${dependency} ${range}, which is not there.`,
          { dependency, range },
        );
      }
      if (!satisfies(version, range)) {
        return this.#reason(
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
        return this.#dependencyFailed(id, provider);
      }
    }
    return undefined;
  }

  #dependencyFailed(id: string, provider: ManagedExtension): StateReason {
    const root = this.#rootOf(provider);
    const via = root.id === provider.id ? "" : ` because of ${root.id}`;
    return this.#reason(
      "DEPENDENCY_FAILED",
      id,
      `${id} depends on ${provider.id}, which is ${provider.serving.state}${via}: ${root.message}`,
      { dependency: provider.id, root: root.id, rootCode: root.code },
      root.cause,
    );
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
        ? this.#extensions.get(String(reason.cause.details.dependency))
        : undefined;
      if (next === undefined) break;
      at = next;
    }
    const { reason } = at.serving;
    const problem = [...(at.broken ?? []), ...(at.examination?.problems ?? [])].find(
      ({ severity }) => severity === "error",
    );
    return {
      id: at.id,
      code: reason?.code ?? problem?.code ?? "ACTIVATION_FAILED",
      message: reason?.message ?? problem?.message ?? `${at.id} is ${at.serving.state}.`,
      cause: reason?.cause,
    };
  }

  #reason(
    code: "DEPENDENCY_CYCLE" | "DEPENDENCY_MISSING" | "DEPENDENCY_VERSION" | "DEPENDENCY_FAILED",
    id: string,
    message: string,
    details: Readonly<Record<string, unknown>>,
    cause?: unknown,
  ): StateReason {
    return reasonOf(new ExtensionError(code, message, { extensionId: id, details, cause }));
  }

  /** Puts contributions in force for what the extensions serve with now, in one delta a point. */
  #list(extensions: Iterable<ManagedExtension>): void {
    const changes: ClaimChange[] = [];
    const refreshed: ManagedExtension[] = [];
    for (const extension of extensions) {
      const examination = this.#listing(extension);
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

  #listing(extension: ManagedExtension): Examination | undefined {
    if (extension.isRemoved || extension.isDisabled) return undefined;
    const { serving } = extension;
    if (serving.state === "invalid" || serving.state === "discovered") return undefined;
    if (extension.examination?.description === serving.description) return extension.examination;
    return this.#listings.get(extension) ?? extension.listed;
  }

  /** Looks again at the ids and their dependents, and lists what differs. */
  #refreshStates(ids: Iterable<string>): void {
    this.#list(this.#reconsider(ids).flatMap((id) => this.#extensions.get(id) ?? []));
  }

  /** Examines, reconsiders and lists. Returns those that are ready now. */
  #refresh(extensions: readonly ManagedExtension[]): readonly ManagedExtension[] {
    const relist = new Set(extensions);
    for (const extension of extensions) {
      if (extension.isRemoved || extension.serving.isRunning) continue;
      for (const other of this.#examine(extension)) relist.add(other);
    }
    const affected = extensions.map((extension) => extension.id);
    for (const id of this.#reconsider(affected)) {
      const extension = this.#extensions.get(id);
      if (extension !== undefined) relist.add(extension);
    }
    this.#list(relist);
    return this.#ready(affected);
  }

  /** The ids and their dependents that are ready to run. */
  #ready(ids: Iterable<string>): readonly ManagedExtension[] {
    return [...this.#graph.closure(ids, () => true)].flatMap((id) => {
      const extension = this.#extensions.get(id);
      return extension?.serving.state === "ready" ? [extension] : [];
    });
  }

  /** Activates an extension that is wanted, or whose event has already happened. */
  async #resume(extension: ManagedExtension): Promise<void> {
    if (extension.serving.state !== "ready" || this.#stopReason !== undefined) return;
    const event =
      extension.wantedBy ??
      this.events.missed(extension.id) ??
      (extension.heldCalls > 0 ? "call" : undefined);
    if (event === undefined) return;
    try {
      await this.ensureActive(extension, { event });
      extension.release();
    } catch (error) {
      if (!extension.isAway) extension.rejectHeld(error as Error);
    }
  }

  // Activation

  /** A call came for an extension that can't answer: activates it, or tells the callers why not. */
  #wake(extension: ManagedExtension, { contribution }: HeldTarget): void {
    const event =
      contribution.point.activationEvent?.(contribution.claim.item) ??
      `onCall:${contribution.point.id}:${contribution.id}`;
    for (const id of this.events.listeners(event)) {
      const other = this.#extensions.get(id);
      if (other !== undefined && other !== extension && other.serving.state === "ready")
        this.#inBackground(this.ensureActive(other, { event }));
    }
    this.ensureActive(extension, { event }).then(
      () => {
        if (!extension.isHolding) extension.release();
      },
      (error: unknown) => {
        if (!extension.isAway) extension.rejectHeld(error as Error);
      },
    );
  }

  /** One step towards being active: waits for what is under way, or begins it. */
  async #attempt(extension: ManagedExtension, generation: Generation, cause: ActivationCause): Promise<void> {
    switch (generation.state) {
      case "ready":
        generation.activation ??= this.#activate(extension, generation, cause);
        return generation.activation;
      case "activating":
        return generation.activation;
      case "deactivating":
        return this.#queue.run([extension.id], () => Promise.resolve());
      case "failed":
        return this.#retryLater(extension, generation);
      case "blocked":
        if (generation.reason?.code === "INCOMPLETE") return extension.incomplete?.promise;
        if (generation.reason?.code === "DEPENDENCY_FAILED")
          return this.#retryDependencies(extension, generation, cause);
        throw errorOf(generation.reason ?? this.#unknownReason(extension), extension.id);
      case "invalid":
        throw this.#invalid(extension);
      default:
        throw new ExtensionError("INTERNAL", `${extension.id} is ${generation.state}.`, {
          extensionId: extension.id,
        });
    }
  }

  /** What waits for a failed dependency gets its chance when that one does. */
  async #retryDependencies(
    extension: ManagedExtension,
    generation: Generation,
    cause: ActivationCause,
  ): Promise<void> {
    await this.#ensureDependencies(extension, extension.description, cause);
    if (extension.serving === generation && generation.state === "blocked")
      this.#refreshStates([extension.id]);
    if (generation.state === "blocked")
      throw errorOf(generation.reason ?? this.#unknownReason(extension), extension.id);
  }

  #unknownReason(extension: ManagedExtension): StateReason {
    return { code: "INTERNAL", message: `${extension.id} is ${extension.serving.state}.` };
  }

  /** What failed is tried again by a call or an event, but not more often than the limit says. */
  #retryLater(extension: ManagedExtension, generation: Generation): Promise<void> {
    const reason = generation.reason ?? { code: "ACTIVATION_FAILED", message: `${extension.id} has failed.` };
    if (performance.now() - generation.failedAt < this.#options.limits.retryMs) {
      return Promise.reject(errorOf(reason, extension.id));
    }
    this.#renew(extension);
    this.#refresh([extension]);
    if (extension.serving.state === "blocked") {
      extension.serving.failedAt = performance.now();
      return Promise.reject(errorOf(extension.serving.reason ?? reason, extension.id));
    }
    return Promise.resolve();
  }

  async #activate(
    extension: ManagedExtension,
    generation: Generation,
    cause: ActivationCause,
  ): Promise<void> {
    generation.move("requested");
    generation.activatedBy = cause.event;
    extension.wantedBy ??= cause.requiredBy === undefined ? cause.event : undefined;
    this.#tell("activating", extension);
    try {
      for (let tries = 0; ; tries++) {
        await this.#ensureDependencies(extension, generation.description, cause);
        const isDone = await this.#queue.run([extension.id], () =>
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
      throw error;
    }
    extension.isAway = false;
    extension.leftovers = undefined;
    this.#options.registry.connect(extension);
    this.#follow(extension);
    this.#tell("activated", extension);
    extension.release();
    this.#providerChanged(extension.id);
    this.#inBackground(this.#checkFiles(extension));
    this.#dependentsFollow(extension);
  }

  /** It runs, or it has failed: those that depend on it may be able to run, or not. */
  #dependentsFollow(extension: ManagedExtension): void {
    this.#refreshStates(this.#graph.dependents(extension.id));
    for (const dependent of this.#ready(this.#graph.dependents(extension.id))) {
      if (dependent.wantedBy !== undefined) this.#inBackground(this.#resume(dependent));
    }
  }

  /** Whether it is active now; not, if a dependency went away while it waited for its turn. */
  async #activateLocked(
    extension: ManagedExtension,
    generation: Generation,
    tries: number,
  ): Promise<boolean> {
    generation.signal.throwIfAborted();
    if (extension.serving !== generation) throw this.#superseded(extension);
    const missing = [...dependencyRanges(generation.description.manifest).keys()].find(
      (id) => this.#extensions.get(id)?.serving.state !== "active",
    );
    if (missing !== undefined && tries < 10) return false;
    const examination = extension.listed ?? extension.examination;
    if (examination === undefined) throw this.#superseded(extension);
    this.#alive.add(generation);
    try {
      const loadMs = await this.#options.activator.load(generation);
      await this.#options.activator.activate(generation, loadMs, {
        examination,
        dependencies: this.#dependencyExports(generation.description),
        state: undefined,
      });
    } catch (error) {
      this.#alive.delete(generation);
      throw error;
    }
    generation.signal.throwIfAborted();
    generation.move("settled");
    this.#watchExit(extension, generation);
    return true;
  }

  async #ensureDependencies(
    extension: ManagedExtension,
    description: ExtensionDescription,
    cause: ActivationCause,
  ): Promise<void> {
    const optional = [...optionalDependencyRanges(description.manifest)].flatMap(([id, range]) => {
      const provider = this.#extensions.get(id);
      if (provider === undefined || !satisfies(provider.serving.description.version, range)) return [];
      return this.#graph.reaches(id, extension.id) ? [] : [provider];
    });
    const required = [...dependencyRanges(description.manifest).keys()];
    if (required.length === 0 && optional.length === 0) return;
    const because = { ...cause, requiredBy: extension.id };
    const attempts = required.map(async (id) => {
      const provider = this.#extensions.get(id);
      if (provider === undefined) {
        throw new ExtensionError(
          "DEPENDENCY_MISSING",
          `${extension.id} depends on ${id}, which is not there.`,
          {
            extensionId: extension.id,
            details: { dependency: id },
          },
        );
      }
      try {
        await this.ensureActive(provider, because);
      } catch (error) {
        if (isExtensionError(error, "HOST_STOPPED")) throw error;
        throw errorOf(this.#dependencyFailed(extension.id, provider), extension.id);
      }
    });
    const [outcomes] = await Promise.all([
      Promise.allSettled(attempts),
      Promise.allSettled(optional.map((provider) => this.ensureActive(provider, because))),
    ]);
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  /** An activation came to nothing. */
  #fail(extension: ManagedExtension, generation: Generation, error: ExtensionError): void {
    generation.activation = undefined;
    if (generation.state === "activating") {
      if (this.#isIncomplete(extension, error)) {
        generation.move("unresolved", { code: "INCOMPLETE", message: error.message, cause: error });
        this.#follow(extension);
        this.#waitForRest(extension, this.#incompleteMs(extension), () => {
          this.#retryIncomplete(extension, generation);
        });
        return;
      }
      if (
        error.code === "DEPENDENCY_FAILED" ||
        error.code === "DEPENDENCY_MISSING" ||
        error.code === "RUNTIME_UNKNOWN"
      ) {
        generation.move("unresolved", reasonOf(error));
      } else {
        generation.move("failed", reasonOf(error));
      }
      generation.failedAt = performance.now();
    }
    if (extension.serving !== generation || extension.isRemoved) return;
    this.#follow(extension);
    this.#tell("failed", extension, { reason: reasonOf(error) });
    this.#refreshStates(this.#graph.dependents(extension.id));
  }

  #isIncomplete(extension: ManagedExtension, error: ExtensionError): boolean {
    return (
      extension.serving.session === undefined &&
      (error.code.startsWith("MODULE_") || error.code === "MANIFEST_PATH") &&
      error.code !== "MODULE_UNSUPPORTED" &&
      this.#incompleteMs(extension) > 0
    );
  }

  /** Milliseconds for which a load that fails still counts as a copy under way. */
  #incompleteMs(extension: ManagedExtension): number {
    const last = this.#options.follower.lastEventAt(extension.description.folder);
    return last === undefined ? 0 : last + this.#options.limits.incompleteMs - performance.now();
  }

  #waitForRest(extension: ManagedExtension, milliseconds: number, giveUp: () => void): void {
    clearTimeout(extension.incompleteTimer);
    extension.incomplete ??= Promise.withResolvers<void>();
    extension.incompleteTimer = setTimeout(() => {
      const rest = this.#incompleteMs(extension);
      if (rest > 0) this.#waitForRest(extension, rest, giveUp);
      else giveUp();
    }, milliseconds);
  }

  /** The time for the rest to arrive is up: what fails now has failed. */
  #retryIncomplete(extension: ManagedExtension, generation: Generation): void {
    if (extension.serving !== generation || extension.isRemoved || this.#stopReason !== undefined) return;
    this.#renew(extension);
    for (const ready of this.#refresh([extension])) this.#inBackground(this.#resume(ready));
  }

  #clearIncomplete(extension: ManagedExtension): void {
    clearTimeout(extension.incompleteTimer);
    extension.incomplete?.resolve();
    extension.incomplete = undefined;
  }

  // Exports of dependencies

  readonly #providerEvents = new Map<string, EventEmitter<void>>();

  #dependencyExports(
    description: ExtensionDescription,
    candidates?: ReadonlyMap<string, Generation>,
  ): ReadonlyMap<string, DependencyExports> {
    const exports = new Map<string, DependencyExports>();
    for (const [id, range] of optionalDependencyRanges(description.manifest)) {
      let emitter = this.#providerEvents.get(id);
      if (emitter === undefined)
        this.#providerEvents.set(id, (emitter = new EventEmitter(this.#options.report)));
      exports.set(id, {
        kind: "optional",
        onDidChange: emitter.event,
        current: () => {
          const serving = this.#extensions.get(id)?.serving;
          if (serving?.state !== "active" || !satisfies(serving.description.version, range)) return undefined;
          return this.#exportsOf(serving);
        },
      });
    }
    for (const id of dependencyRanges(description.manifest).keys()) {
      const generation = candidates?.get(id) ?? this.#extensions.get(id)?.serving;
      exports.set(id, {
        kind: "required",
        onDidChange: () => ({ dispose: () => undefined }),
        current: () => (generation === undefined ? undefined : this.#exportsOf(generation)),
      });
    }
    return exports;
  }

  #exportsOf(generation: Generation): Exports {
    let exports = this.#exports.get(generation);
    if (exports === undefined) this.#exports.set(generation, (exports = exposeExports(generation)));
    return exports;
  }

  #providerChanged(id: string): void {
    this.#providerEvents.get(id)?.fire();
  }

  // Files in use

  #follow(extension: ManagedExtension): void {
    if (this.#isFollowDue.has(extension)) return;
    this.#isFollowDue.add(extension);
    // Files come in one by one while they load; one look at the end is enough.
    queueMicrotask(() => {
      this.#isFollowDue.delete(extension);
      this.#followNow(extension);
    });
  }
  readonly #isFollowDue = new Set<ManagedExtension>();

  #followNow(extension: ManagedExtension): void {
    const before = this.#follows.get(extension);
    this.#follows.delete(extension);
    if (!extension.isRemoved && this.#stopReason === undefined) {
      const { serving, candidate, description } = extension;
      const files = new Set([...(serving.files?.keys() ?? []), ...(candidate?.files?.keys() ?? [])]);
      if (files.size > 0) {
        const patterns = description.manifest.watch ?? [];
        this.#follows.set(extension, this.#options.follower.follow(description.folder, files, patterns));
      }
    }
    before?.dispose();
  }

  /** A generation used a file that it had not used before. */
  filesChanged(generation: Generation): void {
    const extension = this.#extensions.get(generation.description.id);
    if (extension?.serving === generation && generation.state === "active") this.#follow(extension);
  }

  /** Updates the extension if the files it runs from are no longer what they were. */
  async #checkFiles(extension: ManagedExtension): Promise<void> {
    const { serving, candidate } = extension;
    if (serving.state !== "active" && serving.state !== "activating") return;
    if (serving.files === undefined && (extension.description.manifest.watch?.length ?? 0) === 0) return;
    try {
      const changed = await this.#options.follower.changedFiles(serving);
      if (extension.serving !== serving || extension.isRemoved) return;
      if (changed.length === 0) {
        // The files are again what runs: a candidate that was made of others has nothing left to offer.
        if (
          extension.broken === undefined &&
          extension.description === serving.description &&
          extension.isPending
        ) {
          extension.isPending = false;
          candidate?.abort(this.#superseded(extension));
          if (extension.candidate === candidate) extension.candidate = undefined;
        }
        return;
      }
      // What is being prepared may be made of what is there now: then there is nothing to do.
      if (this.#isPreparing(extension) && candidate !== undefined && extension.broken === undefined) {
        if ((await this.#options.follower.changedFiles(candidate)).length === 0) return;
      }
    } catch (error) {
      this.#options.report(error);
      return;
    }
    extension.isPending = true;
    extension.isStale = true;
    extension.isTried = false;
    if (serving.state === "activating") {
      // Nothing serves yet: begin again with what is there now.
      serving.abort(this.#superseded(extension));
      this.#renew(extension);
      for (const ready of this.#refresh([extension])) await this.#resume(ready);
      return;
    }
    await this.#update();
  }

  // Updates

  /** Updates every running extension whose disk content is another, together with whom that concerns. */
  async #update(): Promise<void> {
    if (this.#stopReason !== undefined) return;
    const seeds = [...this.#extensions.values()].filter((extension) => this.#isDue(extension));
    if (seeds.length === 0) return;
    const groups: { readonly ids: Set<string>; readonly seeds: ManagedExtension[] }[] = [];
    for (const seed of seeds) {
      const ids = this.#runningClosure([seed.id]);
      const overlapping = groups.filter((group) => [...ids].some((id) => group.ids.has(id)));
      for (const group of overlapping) {
        for (const id of group.ids) ids.add(id);
        groups.splice(groups.indexOf(group), 1);
      }
      groups.push({ ids, seeds: [seed, ...overlapping.flatMap((group) => group.seeds)] });
    }
    await Promise.all(groups.map((group) => this.#updateGroup(group.seeds)));
  }

  #isDue(extension: ManagedExtension): boolean {
    if (!extension.isPending || !extension.serving.isRunning) return false;
    if (extension.isStale) return true;
    if (this.#isPreparing(extension)) return false;
    return !extension.isTried || extension.candidate?.reason?.code.startsWith("DEPENDENCY_") === true;
  }

  #isPreparing({ candidate }: ManagedExtension): boolean {
    return candidate !== undefined && ["discovered", "ready", "activating"].includes(candidate.state);
  }

  async #updateGroup(seeds: readonly ManagedExtension[]): Promise<void> {
    const isSwapped = await this.#withClosure(seeds, (members) => this.#transact(members, seeds));
    // What waited for this one, or had to make way for it, has its turn now.
    if (isSwapped || seeds.some((seed) => seed.isPending && seed.candidate === undefined))
      this.#inBackground(this.#update());
    if (isSwapped || seeds.length === 1) return;
    // Together they fail: let each stand for itself.
    for (const id of this.#graph.order(seeds.map((seed) => seed.id))) {
      const seed = seeds.find((one) => one.id === id);
      if (seed?.isPending === true)
        await this.#withClosure([seed], (members) => this.#transact(members, [seed]));
    }
  }

  /** Runs the task with the running dependents of the seeds locked as well, whoever they are by then. */
  async #withClosure<T>(
    seeds: readonly ManagedExtension[],
    task: (members: readonly ManagedExtension[]) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const keys = this.#runningClosure(seeds.map((seed) => seed.id));
      // Whatever is being prepared is made of something older than what is wanted now.
      for (const id of keys)
        this.#extensions.get(id)?.candidate?.abort(this.#superseded(this.#extensions.get(id)));
      const outcome = await this.#queue.run([...keys], async () => {
        const now = this.#runningClosure(seeds.map((seed) => seed.id));
        if ([...now].some((id) => !keys.has(id))) return undefined;
        const members = this.#graph
          .order(now)
          .flatMap((id) => seeds.find((seed) => seed.id === id) ?? this.#extensions.get(id) ?? []);
        return { value: await task(members) };
      });
      if (outcome !== undefined) return outcome.value;
    }
  }

  #runningClosure(ids: Iterable<string>): Set<string> {
    return this.#graph.closure(ids, (id) => {
      const state = this.#extensions.get(id)?.serving.state;
      return state === "active" || state === "activating";
    });
  }

  /** Prepares the members beside what serves and swaps them, or changes nothing. Tells whether it swapped. */
  async #transact(
    members: readonly ManagedExtension[],
    seeds: readonly ManagedExtension[],
  ): Promise<boolean> {
    if (this.#stopReason !== undefined) return false;
    const due = seeds.filter((seed) => seed.isPending && !seed.isRemoved && seed.serving.state === "active");
    if (due.length === 0) return true;
    const active = members.filter((member) => member.serving.state === "active");
    const descriptions = new Map(active.map((member) => [member.id, member.description]));
    for (const member of active) {
      member.isStale = false;
      member.candidate = new Generation(this.#nextNumber(member.id), member.description);
      if (member.examination?.description !== member.description || member.isPending)
        this.#examineCandidate(member);
    }
    for (const member of active) {
      const obstacle = this.#candidateObstacle(member, descriptions);
      if (obstacle === undefined) continue;
      this.#leaveWaiting(active, due, member, obstacle);
      return false;
    }
    for (const member of active) member.candidate?.move("resolved");
    if (active.some((member) => due.includes(member) && member.description.manifest.update === "replace")) {
      return this.#replace(active, due);
    }
    const candidates = new Map(
      active.flatMap((member) =>
        member.candidate === undefined ? [] : [[member.id, member.candidate] as const],
      ),
    );
    const failure = await this.#prepareAll(active, candidates);
    if (failure !== undefined) {
      await this.#rollBack(active, candidates);
      this.#leaveWaiting(active, due, failure.member, reasonOf(failure.error));
      return false;
    }
    const old = this.#swap(active, candidates);
    this.#inBackground(this.#retireInOrder(old));
    return true;
  }

  #examineCandidate(member: ManagedExtension): void {
    if (member.examination?.description === member.description) return;
    const examination = this.#options.examiner.examine(member, member.description, undefined);
    member.listed ??= member.examination;
    member.examination = examination;
  }

  #candidateObstacle(
    member: ManagedExtension,
    descriptions: ReadonlyMap<string, ExtensionDescription>,
  ): StateReason | undefined {
    const problem = [...(member.broken ?? []), ...(member.examination?.problems ?? [])].find(
      ({ severity }) => severity === "error",
    );
    if (problem !== undefined) {
      const error = new ExtensionError(problem.code, problem.message, {
        extensionId: member.id,
        details: { problem },
      });
      return reasonOf(error);
    }
    return this.#obstacle(member, member.description, descriptions);
  }

  /** Shows what keeps the update from happening, on the one at fault and on those that wait for it. */
  #leaveWaiting(
    members: readonly ManagedExtension[],
    due: readonly ManagedExtension[],
    culprit: ManagedExtension,
    reason: StateReason,
  ): void {
    const isSuperseded = isExtensionError(reason.cause, "ACTIVATION_ABORTED");
    for (const member of members) {
      const { candidate } = member;
      if (candidate === undefined) continue;
      if (isSuperseded) {
        member.candidate = undefined;
      } else if (member === culprit) {
        this.#settleCandidate(member, candidate, reason);
      } else if (due.includes(member)) {
        if (
          candidate.state === "discovered" ||
          candidate.state === "ready" ||
          candidate.state === "activating"
        ) {
          candidate.move(
            "unresolved",
            this.#reason(
              "DEPENDENCY_FAILED",
              member.id,
              `${member.id} waits for ${culprit.id}: ${reason.message}`,
              {
                dependency: culprit.id,
              },
            ),
          );
        }
        member.isTried = true;
      } else {
        member.candidate = undefined;
      }
      this.#follow(member);
    }
  }

  #settleCandidate(member: ManagedExtension, candidate: Generation, reason: StateReason): void {
    const isLoadFault = reason.code.startsWith("MODULE_") || reason.code.startsWith("MANIFEST_");
    const rest = this.#incompleteMs(member);
    member.isTried = true;
    if (isLoadFault && rest > 0) {
      const waiting: StateReason = { code: "INCOMPLETE", message: reason.message, cause: reason.cause };
      if (candidate.state !== "failed") candidate.move("unresolved", waiting);
      this.#waitForRest(member, rest, () => {
        if (member.isRemoved || member.candidate !== candidate) return;
        this.#clearIncomplete(member);
        member.isTried = false;
        this.#inBackground(this.#update());
      });
      return;
    }
    if (candidate.state === "discovered" && reason.code.startsWith("MANIFEST_"))
      candidate.move("rejected", reason);
    else if (candidate.state === "activating" && !reason.code.startsWith("DEPENDENCY_"))
      candidate.move("failed", reason);
    else candidate.move("unresolved", reason);
    this.#tell("failed", member, { reason, generation: candidate.number });
  }

  async #prepareAll(
    members: readonly ManagedExtension[],
    candidates: ReadonlyMap<string, Generation>,
    states?: ReadonlyMap<string, SavedState>,
  ): Promise<Failure | undefined> {
    const preparations = new Map<string, Promise<void>>();
    let failure: Failure | undefined;
    // Dependencies come first in the order of the members, as their candidates depend on each other.
    const order = this.#candidateOrder(members);
    for (const member of order) {
      const candidate = candidates.get(member.id);
      if (candidate === undefined) continue;
      const needed = [...dependencyRanges(candidate.description.manifest).keys()];
      const preparation = (async () => {
        await Promise.all(needed.flatMap((id) => preparations.get(id) ?? []));
        if (failure !== undefined) throw failure.error;
        candidate.signal.throwIfAborted();
        await this.#ensureDependencies(member, withoutDependencies(candidate.description, candidates), {
          event: "update",
        });
        await this.#prepare(member, candidate, candidates, states);
      })();
      preparation.catch((error: unknown) => {
        failure ??= {
          member,
          error: asExtensionError(error, "ACTIVATION_FAILED", member.id, `${member.id} failed to activate`),
        };
        // One fails, all fail: the others need not go on.
        for (const other of candidates.values())
          if (other !== candidate) other.abort(this.#superseded(member));
      });
      preparations.set(member.id, preparation);
    }
    await Promise.allSettled([...preparations.values()]);
    return failure;
  }

  #candidateOrder(members: readonly ManagedExtension[]): readonly ManagedExtension[] {
    const graph = new DependencyGraph();
    for (const member of members)
      graph.set(member.id, [...dependencyRanges(member.description.manifest).keys()]);
    return graph
      .order(members.map((member) => member.id))
      .flatMap((id) => members.find((member) => member.id === id) ?? []);
  }

  /** Loads and activates one candidate; with state to hand over, calls wait from the snapshot on. */
  async #prepare(
    member: ManagedExtension,
    candidate: Generation,
    candidates: ReadonlyMap<string, Generation>,
    states: ReadonlyMap<string, SavedState> | undefined,
  ): Promise<void> {
    const { activator } = this.#options;
    candidate.activatedBy = member.serving.activatedBy;
    candidate.move("requested");
    this.#alive.add(candidate);
    const loadMs = await activator.load(candidate);
    const state =
      states !== undefined || !member.serving.savesState
        ? states?.get(member.id)
        : await this.#snapshot(member);
    const { examination } = member;
    if (examination === undefined) throw this.#superseded(member);
    await activator.activate(candidate, loadMs, {
      examination,
      dependencies: this.#dependencyExports(candidate.description, candidates),
      state,
    });
    candidate.signal.throwIfAborted();
  }

  /** Takes the state of those who are to stop before the next generation starts. */
  async #snapshotAll(
    members: readonly ManagedExtension[],
    states: Map<string, SavedState>,
  ): Promise<Failure | undefined> {
    for (const member of members) {
      if (!member.serving.savesState) continue;
      try {
        const state = await this.#snapshot(member);
        if (state !== undefined) states.set(member.id, state);
      } catch (error) {
        return {
          member,
          error: asExtensionError(error, "STATE_FAILED", member.id, `${member.id} failed to save its state`),
        };
      }
    }
    return undefined;
  }

  async #snapshot(member: ManagedExtension): Promise<SavedState | undefined> {
    const { limits, registry } = this.#options;
    const { session, connection } = member.serving;
    member.isHolding = true;
    registry.connect(member);
    if (connection !== undefined) await within(limits.drainMs, connection.book.idle(), () => undefined);
    const context = {
      signal: AbortSignal.timeout(Math.max(1, limits.deactivateMs)),
      deadline: Date.now() + limits.deactivateMs,
    };
    try {
      return await within(
        limits.deactivateMs,
        session?.saveState(context) ?? Promise.resolve(undefined),
        () => {
          throw new ExtensionError(
            "STATE_FAILED",
            `${member.id} did not save its state within ${String(limits.deactivateMs)} ms.`,
            {
              extensionId: member.id,
            },
          );
        },
      );
    } catch (error) {
      throw asExtensionError(error, "STATE_FAILED", member.id, `${member.id} failed to save its state`);
    }
  }

  /** Undoes a preparation: dependents first, and the old ones go on with the calls that waited. */
  async #rollBack(
    members: readonly ManagedExtension[],
    candidates: ReadonlyMap<string, Generation>,
  ): Promise<void> {
    const { activator, registry } = this.#options;
    for (const member of members) {
      if (!member.isHolding) continue;
      member.isHolding = false;
      registry.connect(member);
      member.release();
    }
    for (const member of [...this.#candidateOrder(members)].reverse()) {
      const candidate = candidates.get(member.id);
      if (candidate === undefined) continue;
      if (candidate.times !== undefined) await activator.retire(candidate, this.#superseded(member));
      else activator.discard(candidate, this.#superseded(member));
      this.#alive.delete(candidate);
    }
  }

  /** The one synchronous step in which the new generations take over. Returns the old ones, dependencies first. */
  #swap(
    members: readonly ManagedExtension[],
    candidates: ReadonlyMap<string, Generation>,
  ): readonly Generation[] {
    const old: Generation[] = [];
    const relist = new Set<ManagedExtension>(members);
    for (const member of members) {
      const candidate = candidates.get(member.id);
      if (candidate === undefined) continue;
      old.push(member.serving);
      this.#becomeServing(member, candidate);
      for (const other of this.#openPoints(member, candidate.description)) relist.add(other);
      this.#watchExit(member, candidate);
    }
    this.#list(relist);
    for (const member of members) {
      member.release();
      this.#follow(member);
      this.#tell("changed", member);
      this.#tell("activated", member);
      this.#providerChanged(member.id);
      this.#inBackground(this.#checkFiles(member));
    }
    return old;
  }

  #becomeServing(member: ManagedExtension, candidate: Generation): void {
    candidate.move("settled");
    member.serving = candidate;
    member.candidate = undefined;
    member.isHolding = false;
    // A change that came while this one was prepared is still to be made.
    member.isPending = member.isStale;
    member.isTried = false;
    this.#clearIncomplete(member);
    if (member.examination !== undefined) this.events.listen(member.id, member.examination.events);
    this.#graph.set(member.id, [...dependencyRanges(candidate.description.manifest).keys()]);
  }

  /** `update: "replace"`: the old ones stop before the new ones start, and come back if those fail. */
  async #replace(members: readonly ManagedExtension[], due: readonly ManagedExtension[]): Promise<boolean> {
    const { registry, activator } = this.#options;
    const dependents = members.filter((member) => !due.includes(member));
    for (const member of members) {
      member.isHolding = true;
      registry.connect(member);
    }
    const old = new Map(members.map((member) => [member.id, member.serving]));
    for (const member of dependents) {
      member.candidate = undefined;
      member.isAway = true;
    }
    const states = new Map<string, SavedState>();
    const stateFailure = await this.#snapshotAll(due, states);
    if (stateFailure !== undefined) {
      for (const member of members) {
        member.isHolding = false;
        member.isAway = false;
        registry.connect(member);
        member.release();
      }
      this.#leaveWaiting(members, due, stateFailure.member, reasonOf(stateFailure.error));
      return false;
    }
    await this.#retireInOrder(members.map((member) => member.serving));
    const candidates = new Map(
      due.flatMap((member) =>
        member.candidate === undefined ? [] : [[member.id, member.candidate] as const],
      ),
    );
    const failure = await this.#prepareAll(due, candidates, states);
    if (failure === undefined) {
      for (const member of due) {
        const candidate = candidates.get(member.id);
        if (candidate !== undefined) this.#becomeServing(member, candidate);
      }
    } else {
      for (const candidate of candidates.values()) {
        activator.discard(candidate, failure.error);
        this.#alive.delete(candidate);
      }
      this.#leaveWaiting(due, due, failure.member, reasonOf(failure.error));
      for (const member of due) await this.#restore(member, old.get(member.id));
    }
    for (const member of dependents) {
      member.serving = new Generation(this.#nextNumber(member.id), member.description);
      member.isPending = false;
    }
    this.#reconsider(members.map((member) => member.id));
    for (const member of members) member.isHolding = false;
    this.#list(members);
    for (const member of due) {
      member.release();
      this.#follow(member);
      this.#tell("changed", member);
      if (member.serving.state === "active") this.#tell("activated", member);
      this.#providerChanged(member.id);
    }
    for (const member of dependents) this.#inBackground(this.#resume(member));
    return failure === undefined;
  }

  /** Starts the old code again as it was loaded, since what is on disk is no longer it. */
  async #restore(member: ManagedExtension, old: Generation | undefined): Promise<void> {
    if (old === undefined) return;
    const { activator } = this.#options;
    const restored = new Generation(this.#nextNumber(member.id), old.description);
    restored.move("resolved");
    restored.move("requested");
    restored.activatedBy = old.activatedBy;
    restored.files = old.files;
    this.#alive.add(restored);
    member.serving = restored;
    try {
      const loadMs = await activator.load(restored, old.session);
      const examination = member.listed ?? this.#options.examiner.examine(member, old.description, undefined);
      await activator.activate(restored, loadMs, {
        examination,
        dependencies: this.#dependencyExports(old.description),
        state: undefined,
      });
      restored.move("settled");
      this.#watchExit(member, restored);
    } catch (error) {
      this.#alive.delete(restored);
      const failure = asExtensionError(
        error,
        "ACTIVATION_FAILED",
        member.id,
        `${member.id} could not be restored`,
      );
      restored.move("failed", reasonOf(failure));
      restored.failedAt = performance.now();
      member.rejectHeld(failure);
      this.#tell("failed", member, { reason: reasonOf(failure) });
    }
  }

  /** Lets old generations go, each after those that depend on it; they come dependencies first. */
  async #retireInOrder(old: readonly Generation[]): Promise<void> {
    const retirements = new Map<string, Promise<void>>();
    for (const generation of [...old].reverse()) {
      const { id } = generation.description;
      if (generation.state === "active") generation.move("stopping");
      const dependents = old.filter((other) => dependencyRanges(other.description.manifest).has(id));
      retirements.set(
        id,
        (async () => {
          await Promise.all(
            dependents.flatMap((dependent) => retirements.get(dependent.description.id) ?? []),
          );
          await this.#retire(generation);
        })(),
      );
    }
    await Promise.all([...retirements.values()]);
  }

  async #retire(generation: Generation): Promise<void> {
    const { id } = generation.description;
    const reason =
      this.#stopReason ??
      new ExtensionError(
        "EXTENSION_GONE",
        `Generation ${String(generation.number)} of ${id} has been stopped.`,
        {
          extensionId: id,
          details: { generation: generation.number },
        },
      );
    const before = generation.problems.length;
    await this.#options.activator.retire(generation, reason);
    this.#alive.delete(generation);
    if (generation.state === "deactivating") generation.move("stopped");
    const extension = this.#extensions.get(id);
    const leftovers = generation.session?.leftovers() ?? {};
    if (extension !== undefined && Object.keys(leftovers).length > 0) extension.leftovers = leftovers;
    generation.connection = undefined;
    this.#changed.fire({
      kind: "deactivated",
      id,
      folder: generation.description.folder,
      generation: generation.number,
    });
    for (const problem of generation.problems.slice(before)) {
      this.#changed.fire({
        kind: "problem",
        id,
        folder: generation.description.folder,
        generation: generation.number,
        problem,
      });
    }
  }

  // Taking down

  /** Stops the extensions and their running dependents, dependents first. */
  async #takeDown(
    seeds: readonly ManagedExtension[],
    why: "removed" | "deactivated" | "disabled",
  ): Promise<void> {
    for (const id of this.#runningClosure(seeds.map((seed) => seed.id))) {
      const extension = seeds.find((seed) => seed.id === id) ?? this.#extensions.get(id);
      if (extension?.serving.state === "activating") {
        extension.serving.abort(
          why === "removed" && seeds.includes(extension)
            ? this.#gone(extension)
            : this.#superseded(extension),
        );
      }
    }
    await this.#withClosure(seeds, async (members) => {
      const dependents = members.filter((member) => !seeds.includes(member));
      for (const member of members) {
        if (why === "deactivated") member.wantedBy = undefined;
        else if (dependents.includes(member)) member.isAway = true;
      }
      for (const seed of seeds) seed.candidate = undefined;
      const active = members.filter((member) => member.serving.state === "active");
      for (const member of active) member.serving.move("stopping");
      for (const member of active) this.#options.registry.connect(member);
      await this.#retireInOrder(active.map((member) => member.serving));
      for (const member of members) {
        if (member.isRemoved) {
          this.#openPoints(member, undefined).forEach((other) => {
            this.#list([other]);
          });
          this.#followNow(member);
          this.#providerChanged(member.id);
          continue;
        }
        if (this.#stopReason !== undefined) continue;
        this.#renew(member);
        this.#providerChanged(member.id);
      }
      if (this.#stopReason !== undefined) return;
      const stopped = members.filter((member) => !member.isRemoved);
      for (const member of stopped) for (const other of this.#examine(member)) this.#list([other]);
      this.#reconsider(stopped.map((member) => member.id));
      this.#list(stopped);
    });
    if (this.#stopReason !== undefined) return;
    // Somebody may have called meanwhile, or the provider may be back.
    for (const id of this.#graph.closure(
      seeds.map((seed) => seed.id),
      () => true,
    )) {
      const extension = this.#extensions.get(id);
      if (extension !== undefined) this.#inBackground(this.#resume(extension));
    }
  }

  async #stopAll(reason: ExtensionError): Promise<void> {
    const extensions = [...this.#extensions.values()];
    for (const extension of extensions) {
      clearTimeout(extension.incompleteTimer);
      extension.incomplete?.resolve();
      extension.rejectHeld(reason);
      if (extension.serving.state === "activating") extension.serving.abort(reason);
      extension.candidate?.abort(reason);
    }
    const stop = async () => {
      await Promise.allSettled([...this.#background]);
      const active = extensions.filter((extension) => extension.serving.state === "active");
      const order = this.#graph.order(active.map((extension) => extension.id));
      const generations = order.flatMap((id) => this.#extensions.get(id)?.serving ?? []);
      for (const generation of generations) generation.move("stopping");
      for (const extension of active) this.#options.registry.connect(extension);
      await this.#retireInOrder(generations);
    };
    await within(this.#options.limits.stopMs, stop(), () => undefined);
    for (const generation of this.#alive) this.#options.activator.kill(generation, reason);
    this.#alive.clear();
    for (const follow of this.#follows.values()) follow.dispose();
    this.#follows.clear();
  }

  /** A runtime may end by itself: its extension has failed, and those who depend on it go down. */
  #watchExit(extension: ManagedExtension, generation: Generation): void {
    void generation.session?.exited.then((exit) => {
      if (exit.kind !== "crashed" || generation.state !== "active") return;
      const error = new ExtensionError("EXTENSION_CRASHED", `${extension.id} crashed: ${exit.message}`, {
        extensionId: extension.id,
      });
      generation.move("failed", reasonOf(error));
      generation.failedAt = performance.now();
      this.#options.activator.kill(generation, error);
      this.#alive.delete(generation);
      if (extension.serving !== generation) return;
      this.#options.registry.connect(extension);
      this.#tell("failed", extension, { reason: reasonOf(error) });
      this.#inBackground(this.#takeDownDependents(extension));
    });
  }

  async #takeDownDependents(extension: ManagedExtension): Promise<void> {
    const dependents = [...this.#graph.dependents(extension.id)].flatMap(
      (id) => this.#extensions.get(id) ?? [],
    );
    for (const dependent of dependents) dependent.isAway = true;
    if (dependents.length > 0) await this.#takeDown(dependents, "disabled");
  }

  // Small things

  #nextNumber(id: string): number {
    const number = (this.#numbers.get(id) ?? 0) + 1;
    this.#numbers.set(id, number);
    return number;
  }

  #require(id: string): ManagedExtension {
    this.#assertRunning();
    const extension = this.#extensions.get(id);
    if (extension === undefined) {
      throw new ExtensionError("EXTENSION_UNKNOWN", `No extension "${id}" is known.`, { extensionId: id });
    }
    return extension;
  }

  #assertRunning(): void {
    if (this.#stopReason !== undefined) throw this.#stopReason;
  }

  #gone(extension: ManagedExtension): ExtensionError {
    return new ExtensionError("EXTENSION_GONE", `${extension.id} is gone.`, { extensionId: extension.id });
  }

  #superseded(extension: ManagedExtension | undefined): ExtensionError {
    return new ExtensionError(
      "ACTIVATION_ABORTED",
      `${extension?.id ?? "The extension"} changed, or is no longer wanted, while it was being activated.`,
      {
        extensionId: extension?.id,
      },
    );
  }

  #invalid(extension: ManagedExtension): ExtensionError {
    const { code, message, cause } = this.#rootOf(extension);
    if (isExtensionError(cause)) return cause;
    return errorOf({ code, message: `${extension.id} can't run: ${message}` }, extension.id);
  }

  #tell(
    kind: LifecycleEvent["kind"],
    extension: ManagedExtension,
    more: { readonly reason?: StateReason; readonly generation?: number } = {},
  ): void {
    this.#changed.fire({
      kind,
      id: extension.id,
      folder: extension.description.folder,
      generation: more.generation ?? extension.serving.number,
      ...(more.reason === undefined ? {} : { reason: more.reason }),
    });
  }

  #inBackground(promise: Promise<unknown>): void {
    const settled = promise
      .catch((error: unknown) => {
        if (!isExtensionError(error)) this.#options.report(error);
      })
      .finally(() => this.#background.delete(settled));
    this.#background.add(settled);
  }

  async #settled(work: readonly Promise<unknown>[]): Promise<void> {
    for (const outcome of await Promise.allSettled(work)) {
      if (outcome.status === "rejected" && !isExtensionError(outcome.reason))
        this.#options.report(outcome.reason);
    }
  }
}

function satisfies(version: string, range: string): boolean {
  return range === "*" || semver.satisfies(version, range, { includePrerelease: true });
}

/** What a candidate depends on beside the other candidates. */
function withoutDependencies(
  description: ExtensionDescription,
  candidates: ReadonlyMap<string, Generation>,
): ExtensionDescription {
  const ranges = [...dependencyRanges(description.manifest)].filter(([id]) => !candidates.has(id));
  return {
    ...description,
    manifest: { ...description.manifest, extensionDependencies: Object.fromEntries(ranges) },
  };
}
