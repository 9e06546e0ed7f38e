/**
 * One host, as its face in `extension-host.ts` promises it. Its own are the order of start and stop, and who is told of
 * what the folders and the lifecycle report; its parts are made in `compose-host.ts`.
 */
import { resolve } from "node:path";
import corePackage from "@plugboard/core/package.json" with { type: "json" };
import apiPackage from "@plugboard/extension-api/package.json" with { type: "json" };
import {
  commands,
  ExtensionError,
  isExtensionError,
  runtimes,
  type CallOptions,
  type ContributionPoint,
  type LiveCollection,
  type Problem,
} from "@plugboard/extension-api";
import { counted } from "../common/counted.js";
import { Deadlines } from "../common/deadlines.js";
import { nodeCrypto } from "../common/late-builtins.js";
import { EventEmitter } from "../common/event-emitter.js";
import { ApplicationContainer } from "../container/application-container.js";
import { type ExtensionDescription } from "../discovery/extension-description.js";
import { checkPaths } from "../discovery/check-paths.js";
import { placeOf } from "../discovery/folder-entry.js";
import { type DiscoveryChange } from "../discovery/extension-discovery.js";
import {
  ActivationTimeline,
  formatTimeline,
  type TimelineEntry,
} from "../lifecycle/base/activation-timeline.js";
import type { ExtensionEvent } from "../lifecycle/extension/extension-event.js";
import { unknownExtension } from "../lifecycle/extension/lifecycle-errors.js";
import type { LifecycleEvent } from "../lifecycle/base/lifecycle-options.js";
import { canonicalActivationEvent } from "../manifest/activation-event.js";
import { explain } from "./report/explain.js";
import type {
  ActivationReport,
  ContributionChange,
  Explanation,
  ExtensionHost,
  ExtensionList,
  HostPhase,
  HostStatus,
  LogRecord,
  StartOptions,
  StartReport,
} from "./face/extension-host.js";
import { HostParts } from "./compose-host.js";
import { type HostOptions } from "./face/host-options.js";
import { DisabledIds } from "./state/disabled-ids.js";
import { didYouMean, hostStopped, unknownPoint } from "./face/host-errors.js";
import { ProblemReporter } from "./report/problem-reporter.js";
import { unknownIds } from "./report/unknown-ids.js";

/** A host, made of its parts. @internal */
export class Host implements ExtensionHost {
  readonly extensions: ExtensionList;
  readonly #options: HostOptions;
  readonly #parts: HostParts;
  readonly #disabled: DisabledIds;
  readonly #problems: ProblemReporter;
  readonly #listed = Promise.withResolvers<void>();
  readonly #changed: EventEmitter<ExtensionEvent>;
  readonly #contributionsChanged: EventEmitter<ContributionChange>;
  readonly #phaseChanged: EventEmitter<HostPhase>;
  readonly #logged: EventEmitter<LogRecord>;
  readonly #hostId = nodeCrypto().randomUUID();
  readonly #since = Date.now();
  readonly #folders: readonly string[];
  #phase: HostPhase = "new";
  readonly #applying = new Set<Promise<void>>();
  /** When each folder was last found to be different, once the first scan is done. */
  readonly #changedAt = new Map<string, number>();
  /** What kept the host from knowing what it had remembered. */
  #stateProblem: Problem | undefined;
  #isListed = false;
  #folderProblems: readonly Problem[] = [];
  #container: ApplicationContainer | undefined;
  #starting: Promise<StartReport> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
    const report = (error: unknown) => this.#report(error);
    this.#changed = new EventEmitter(report);
    this.#contributionsChanged = new EventEmitter(report);
    this.#phaseChanged = new EventEmitter(report);
    // What a listener of the log throws is not logged, or it would be heard again.
    this.#logged = new EventEmitter((error) =>
      options.logger?.error("A listener of the log failed.", { error }),
    );
    this.#folders = [...(options.developmentFolders ?? []), ...(options.extensionFolders ?? [])].map(
      (folder) => resolve(folder),
    );
    this.#parts = new HostParts(options, {
      report,
      log: (record) => this.#log(record),
      onDidChange: this.#changed.event,
      lastEventAt: (folder) => this.#lastEventAt(folder),
      track: (applied) => this.#track(applied),
      distrust: (id) => this.#distrust(id),
      stateFault: (error) => this.#tellStateProblem(error),
      stateReadable: (file) => this.#forgetStateProblem(file),
    });
    this.extensions = this.#parts.list;
    this.#problems = new ProblemReporter({
      info: (folder) => this.#parts.list.inFolder(folder),
      incompleteMs: this.#parts.limits.incompleteMs,
      report: (problem, { id, folder, generation }) => {
        this.#changed.fire({ kind: "problem", id, folder, generation, problem });
      },
    });
    this.#parts.lifecycle.presetDisabled(options.disabled ?? []);
    this.#disabled = new DisabledIds(this.#parts.state, {
      preset: (ids) => {
        const enabled = new Set(options.enabled);
        this.#parts.lifecycle.presetDisabled(ids.filter((id) => !enabled.has(id)));
      },
      switch: (id, way) => this.#switch(id, way),
      fault: (error, { isKnown }) => {
        if (!isKnown) this.#parts.lifecycle.presetAllDisabled({ except: new Set(this.#options.enabled) });
        this.#tellStateProblem(error);
      },
      readable: () => {
        this.#forgetStateProblem(this.#parts.state.extensionsFile);
      },
      known: async (ids) => {
        const { disabled = [], enabled = [] } = this.#options;
        const resolved = new Set([...disabled, ...ids.filter((id) => !enabled.includes(id))]);
        await this.#parts.lifecycle.resolveDisabled(resolved).catch(this.#report.bind(this));
      },
    });
    this.#parts.lifecycle.onDidChange((event) => {
      this.#relay(event);
    });
    this.#parts.registry.onDidChange((deltas) => {
      for (const { point, added, changed, removed } of deltas) {
        if (point === runtimes.id && added.length > 0) this.#parts.lifecycle.runtimeAdded();
        if (!this.#contributionsChanged.hasListeners) continue;
        const ids = (contributions: readonly { readonly id: string }[]) => contributions.map(({ id }) => id);
        this.#contributionsChanged.fire({
          point,
          added: ids(added),
          changed: ids(changed),
          removed: ids(removed),
        });
      }
    });
    if (options.container !== undefined)
      this.#container = new ApplicationContainer(options.container, this.#parts.registry);
  }

  get problems(): readonly Problem[] {
    const found = [...this.#parts.discovery.problems(), ...this.#parts.trust.problems, ...this.#unknownIds()];
    return this.#stateProblem === undefined ? found : [this.#stateProblem, ...found];
  }

  get points(): readonly string[] {
    return this.#parts.registry.points;
  }

  get onDidChangeContributions(): ExtensionHost["onDidChangeContributions"] {
    return this.#contributionsChanged.event;
  }

  get status(): HostStatus {
    return {
      hostId: this.#hostId,
      phase: this.#phase,
      since: this.#since,
      folders: this.#folders,
      versions: { core: corePackage.version, api: apiPackage.version },
    };
  }

  get onDidChangePhase(): ExtensionHost["onDidChangePhase"] {
    return this.#phaseChanged.event;
  }

  get onDidLog(): ExtensionHost["onDidLog"] {
    return this.#logged.event;
  }

  start({ until = "settled" }: StartOptions = {}): Promise<StartReport> {
    if (this.#stopping !== undefined) return Promise.reject(hostStopped());
    return (this.#starting ??= this.#start(until));
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  contributions<Contract>(point: ContributionPoint<Contract> | string): LiveCollection<Contract> {
    const id = typeof point === "string" ? point : point.id;
    const collection = this.#parts.registry.collection(id);
    if (collection === undefined) throw unknownPoint(id, this.points);
    return collection as LiveCollection<Contract>;
  }

  async call(
    pointId: string,
    id: string,
    method: string,
    args: readonly unknown[],
    options?: CallOptions,
  ): Promise<unknown> {
    this.#assertRunning();
    const point = this.#parts.registry.point(pointId);
    if (point === undefined) throw unknownPoint(pointId, this.points);
    const contribution = this.#parts.registry.find(pointId, id);
    if (contribution === undefined) {
      const known = this.contributions(pointId)
        .entries()
        .map((entry) => entry.id);
      throw new ExtensionError(
        "CALL_UNKNOWN_TARGET",
        `Nobody contributes ${pointId} "${id}".${didYouMean(id, known)}`,
        {
          details: { point: pointId, id },
        },
      );
    }
    const arity = point.methods[method];
    if (arity === undefined) throw contribution.unknownTarget(method);
    if (arity !== "variadic" && args.length !== arity) {
      throw new ExtensionError(
        "CALL_INVALID",
        `${method} of ${pointId} takes ${counted(arity, "argument")}; ${String(args.length)} ${args.length === 1 ? "was" : "were"} given.`,
        { details: { point: pointId, id, method, arity } },
      );
    }
    return contribution.invoke(method, args, options);
  }

  executeCommand(id: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.call(commands.id, id, "execute", args);
  }

  async activateByEvent(event: string): Promise<ActivationReport> {
    const timeline = new ActivationTimeline();
    await this.#parts.lifecycle.fire(canonicalActivationEvent(event), { timeline }, { isRemembered: true });
    return reportOf(timeline, event);
  }

  explain(subject: string): Explanation {
    const { lifecycle, list, capabilities } = this.#parts;
    return explain(
      subject,
      lifecycle,
      (id) => list.get(id) ?? list.named(id),
      (description) => capabilities.capabilities(description),
    );
  }

  async activate(id: string): Promise<void> {
    this.#assertRunning();
    const extension = this.#parts.lifecycle.get(id);
    if (extension === undefined) throw unknownExtension(id);
    await this.#parts.lifecycle.activate(extension);
  }

  memory(id: string): Promise<number | undefined> {
    return this.#parts.list.memory(id);
  }

  reload(id: string): Promise<void> {
    return this.#parts.lifecycle.reload(id);
  }

  deactivate(id: string): Promise<void> {
    return this.#parts.lifecycle.deactivate(id);
  }

  async enable(id: string): Promise<void> {
    await this.#parts.lifecycle.enable(id);
    await this.#parts.state.setDisabled(id, { isDisabled: false });
  }

  async disable(id: string): Promise<void> {
    await this.#parts.lifecycle.disable(id);
    await this.#parts.state.setDisabled(id, { isDisabled: true });
  }

  async trust(id: string, { isPinned = false }: { readonly isPinned?: boolean } = {}): Promise<void> {
    this.#assertRunning();
    const extension = this.#parts.lifecycle.get(id);
    if (extension === undefined) throw unknownExtension(id);
    const before = new Set(this.#applying);
    await this.#parts.trust.trust(extension.description, { isPinned });
    await this.#applied(before);
  }

  async untrust(id: string): Promise<void> {
    this.#assertRunning();
    await this.#parts.trust.distrust(id);
    await this.#distrust(id);
  }

  retry(id: string): Promise<void> {
    return this.#parts.lifecycle.retry(id);
  }

  configure(id: string, settings: Readonly<Record<string, unknown>>): void {
    this.#parts.settings.set(id, settings);
  }

  async rescan(): Promise<void> {
    const { discovery, lifecycle } = this.#parts;
    this.#assertRunning();
    const before = new Set(this.#applying);
    await discovery.rescan();
    const running = [...lifecycle.extensions].filter(({ serving }) => serving.isRunning).map(({ id }) => id);
    this.#track(
      lifecycle.apply({
        added: [],
        changed: [],
        removed: [],
        broken: [],
        repaired: [],
        touched: running,
      }),
    );
    await this.#applied(before);
  }

  get listed(): Promise<void> {
    return this.#listed.promise;
  }

  /** Reads the folders and lists what they hold, without running anything. */
  list(): void {
    void this.#apply(this.#parts.discovery.scan());
  }

  /** The description of what is in the folder, if its manifest could be read. */
  description(folder: string): ExtensionDescription | undefined {
    const entry = this.#parts.discovery.entry(folder);
    return entry?.kind === "extension" ? entry.description : undefined;
  }

  /** What is wrong with the extension's settings of its runtime, and with all schemas that it brings. */
  settingsProblems(description: ExtensionDescription): readonly Problem[] {
    return this.#parts.runtimeSettings.problems(description, { ofUnusedSchemas: true });
  }

  /** What is wrong with the sections and paths of a manifest that has errors elsewhere. */
  draftProblems(folder: string): readonly Problem[] {
    const { discovery, files, validator } = this.#parts;
    const entry = discovery.entry(folder);
    const draft = entry?.kind === "broken" ? files.draft(entry.broken) : undefined;
    if (draft === undefined) return [];
    return [...validator.validate(draft, undefined).problems, ...checkPaths(draft)];
  }

  // Starting and stopping

  async #start(until: "listed" | "settled"): Promise<StartReport> {
    const { trust, discovery, lifecycle, state, list } = this.#parts;
    this.#enter("starting");
    const timeline = new ActivationTimeline();
    const isFollowing = this.#options.watch === true;
    await Promise.all([this.#disabled.load({ isFollowing }), trust.begin({ isFollowing })]);
    await this.#forgetDisabled(this.#options.enabled ?? []);
    this.#assertRunning();
    discovery.onDidChange((change) => {
      void this.#apply(change);
      void this.#prepareRuntimes(change);
    });
    const change = discovery.scan();
    const looked = this.#apply(change);
    if (isFollowing) discovery.watch();
    if (trust.restricts) await looked;
    this.#listed.resolve();
    this.#enter("ready");
    // What may still come is told to whoever asks; what looks like a slip is told at once.
    for (const problem of this.#unknownIds()) if (problem.severity !== "info") this.#tellHostProblem(problem);
    const events = until === "listed" ? [] : ["onStartup", "onStartupFinished"];
    const isPreparing = this.#stopping === undefined && events.length > 0;
    const prepared = isPreparing ? this.#prepareRuntimes(change) : undefined;
    try {
      for (const event of events) await lifecycle.fire(event, { timeline }, { isRemembered: true });
      await Promise.all([prepared, looked]);
    } catch (error) {
      // A stop during start is no failure of the start; the report says how far it came.
      if (!isExtensionError(error, "HOST_STOPPED")) throw error;
    }
    // Nobody waits for room on the disk.
    void state.sweep();
    void trust.remember();
    const listed = this.extensions.size;
    let problems: readonly Problem[] | undefined;
    const found = (): readonly Problem[] => (problems ??= [...this.problems, ...list.problems()]);
    return {
      ...reportOf(timeline, `${counted(listed, "extension")} listed`),
      listed,
      // Each reads a manifest again for its place, and many who start a host never ask.
      get problems() {
        return found();
      },
    };
  }

  /** What is to run after all is no longer remembered as disabled. */
  async #forgetDisabled(ids: readonly string[]): Promise<void> {
    try {
      const disabled = ids.length === 0 ? ids : this.#parts.state.disabled();
      for (const id of ids)
        if (disabled.includes(id)) await this.#parts.state.setDisabled(id, { isDisabled: false });
    } catch (error) {
      this.#tellStateProblem(error);
    }
  }

  /** What the extensions that came ask of the machine is found out while nobody waits for a call. */
  async #prepareRuntimes({ delta }: DiscoveryChange): Promise<void> {
    const came = [...delta.added, ...delta.changed.map(({ after }) => after)];
    // A runtime that somebody else brought may never settle.
    await new Deadlines().within(
      this.#parts.limits.activateMs,
      this.#parts.runtimes.prepare(came),
      () => undefined,
    );
  }

  async #stop(): Promise<void> {
    const { discovery, lifecycle, limits, trust, runtimes, kit, timeouts } = this.#parts;
    this.#enter("stopping");
    this.#listed.resolve();
    this.#problems.dispose();
    this.#disabled.dispose();
    await Promise.all([discovery.close(), lifecycle.stop()]);
    await new Deadlines().within(limits.stopMs, trust.dispose(), () => undefined);
    // A runtime that somebody else brought may never settle.
    await new Deadlines().within(limits.stopMs, runtimes.dispose(), () => undefined);
    await new Deadlines().within(limits.stopMs, kit.dispose(), () => undefined);
    timeouts.dispose();
    this.#container?.dispose();
    this.#container = undefined;
    this.#enter("stopped");
  }

  #enter(phase: HostPhase): void {
    // What a start still does while the host stops changes nothing of that.
    if (this.#stopping !== undefined && (phase === "starting" || phase === "ready")) return;
    this.#phase = phase;
    this.#phaseChanged.fire(phase);
  }

  /** Returns when the folders that came or changed have been looked at, if anybody wants to know. */
  #apply(change: DiscoveryChange): Promise<void> {
    const { delta, broken, repaired, touched, folders } = change;
    if (this.#isListed && this.#options.watch === true) {
      // A change that no event told of, while a watcher was being opened, is as fresh as any.
      for (const { folder, after } of folders) {
        if (after === undefined) this.#changedAt.delete(folder);
        else this.#changedAt.set(folder, performance.now());
      }
    }
    this.#isListed = true;
    const applied = this.#parts.lifecycle.apply({
      added: delta.added,
      changed: delta.changed.map(({ after }) => after),
      removed: delta.removed,
      broken: broken.map(({ id, entry }) => ({ id, problems: entry.problems })),
      repaired: repaired.map(({ id }) => id),
      touched: [...touched].flatMap((folder) => this.#parts.lifecycle.inFolder(folder)?.id ?? []),
    });
    if (this.#changed.hasListeners) for (const { folder } of folders) this.#problems.check(folder);
    if (change.problems !== undefined) this.#tellFolderProblems(change.problems);
    const looked = this.#lookAt(change);
    this.#track(Promise.all([applied, looked]));
    return looked;
  }

  async #lookAt({ delta, touched }: DiscoveryChange): Promise<void> {
    const { trust, lifecycle } = this.#parts;
    if (!trust.looks) return;
    const near = [...touched].flatMap((folder) => lifecycle.inFolder(folder)?.description ?? []);
    const came = [...delta.added, ...delta.changed.map(({ after }) => after)];
    await trust.lookAt([...new Set([...came, ...near])], delta.removed);
  }

  /** Waits for what is being acted on, and for nothing that was before. */
  async #applied(before: ReadonlySet<Promise<void>>): Promise<void> {
    for (;;) {
      const rest = [...this.#applying].filter((applied) => !before.has(applied));
      if (rest.length === 0) return;
      await Promise.all(rest);
    }
  }

  async #distrust(id: string): Promise<void> {
    const { lifecycle, trust } = this.#parts;
    const description = lifecycle.get(id)?.description;
    const reason = description && trust.obstacle(description);
    if (reason !== undefined) await lifecycle.refuse(id, reason);
  }

  /** Tells of findings about the extension folders themselves that were not there before. */
  #tellFolderProblems(problems: readonly Problem[]): void {
    const before = this.#folderProblems;
    this.#folderProblems = problems;
    for (const problem of problems) {
      if (before.some(({ code, file }) => code === problem.code && file === problem.file)) continue;
      this.#tellHostProblem(problem);
    }
  }

  /** Nothing can be missed before the folders have been read. */
  #unknownIds(): readonly Problem[] {
    if (!this.#isListed) return [];
    const known = new Set<string>();
    for (const entry of this.#parts.discovery.entries()) {
      const { id } = placeOf(entry);
      if (id !== undefined) known.add(id);
    }
    return unknownIds(this.#options, known, this.#parts.places);
  }

  /** Tells of what is no extension's own. */
  #tellHostProblem(problem: Problem): void {
    this.#changed.fire({ kind: "problem", id: undefined, folder: problem.file, generation: 0, problem });
  }

  /** Which extensions are disabled can't be read, and that is told. */
  #tellStateProblem(error: unknown): void {
    if (!isExtensionError(error)) {
      this.#report(error);
      return;
    }
    const { code, message, details } = error;
    const file = typeof details.file === "string" ? details.file : "";
    this.#stateProblem = { code, severity: "error", file, message };
    this.#tellHostProblem(this.#stateProblem);
  }

  #forgetStateProblem(file: string | undefined): void {
    if (this.#stateProblem?.file === file) this.#stateProblem = undefined;
  }

  /** Somebody else enabled or disabled it, in the state folder. */
  async #switch(id: string, { isDisabled }: { readonly isDisabled: boolean }): Promise<void> {
    // What the application disables stays so.
    if (!isDisabled && this.#options.disabled?.includes(id) === true) return;
    try {
      await this.#parts.lifecycle.setDisabled(id, { isDisabled });
    } catch (error) {
      if (!isExtensionError(error, "HOST_STOPPED")) this.#report(error);
    }
  }

  #track(applied: Promise<unknown>): void {
    const settled: Promise<void> = applied
      .then(() => undefined)
      .finally(() => this.#applying.delete(settled));
    this.#applying.add(settled);
  }

  #lastEventAt(folder: string): number | undefined {
    const changedAt = this.#changedAt.get(folder);
    const eventAt = this.#parts.discovery.lastEventAt(folder);
    if (changedAt === undefined || eventAt === undefined) return changedAt ?? eventAt;
    return Math.max(changedAt, eventAt);
  }

  #relay(event: LifecycleEvent): void {
    if (!this.#changed.hasListeners) return;
    // Of a generation that still shows, the look at its end has told already.
    if (event.problem !== undefined && this.#problems.hasReported(event.folder, event.problem)) return;
    this.#changed.fire(event);
    if (event.kind !== "removed" && event.kind !== "problem") this.#problems.check(event.folder);
  }

  #assertRunning(): void {
    if (this.#stopping !== undefined) throw hostStopped();
  }

  #report(error: unknown): void {
    this.#log({ level: "error", message: "The host or one of its listeners failed.", fields: { error } });
  }

  #log(record: LogRecord): void {
    const { level, message, fields } = record;
    this.#options.logger?.[level](message, fields);
    this.#logged.fire(record);
  }
}

function reportOf(timeline: ActivationTimeline, headline: string): ActivationReport {
  const entries = timeline.entries();
  const elapsedMs = timeline.elapsedMs;
  return {
    outcomes: entries,
    failed: entries.filter((entry: TimelineEntry) => entry.state !== "active"),
    elapsedMs,
    format: () => formatTimeline(entries, elapsedMs, headline),
  };
}
