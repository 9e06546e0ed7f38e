/**
 * The composition root: everything that a host is made of is made and joined here. What an application sees of it is the
 * face in `extension-host.ts`. Its own are the order of start and stop, and who is told of what the folders and the
 * lifecycle report.
 */
import { resolve } from "node:path";
import corePackage from "@plugboard/core/package.json" with { type: "json" };
import apiPackage from "@plugboard/extension-api/package.json" with { type: "json" };
import {
  commands,
  configuration,
  ExtensionError,
  isExtensionError,
  runtimes,
  type CallOptions,
  type ContributionPoint,
  type LiveCollection,
  type Logger,
  type Problem,
} from "@plugboard/extension-api";
import { Deadlines } from "../common/deadlines.js";
import { nodeCrypto } from "../common/late-builtins.js";
import { EventEmitter } from "../common/event-emitter.js";
import { ApplicationContainer } from "../container/application-container.js";
import { CallTimeouts } from "../contribution/in-flight-calls.js";
import { ContributionRegistry } from "../contribution/contribution-registry.js";
import type { AnyContract } from "../contribution/contribution.js";
import { ContributionValidator } from "../contribution/contribution-validator.js";
import { realFolderOf, type ExtensionDescription } from "../discovery/extension-description.js";
import { checkPaths } from "../discovery/check-paths.js";
import { placeOf } from "../discovery/folder-entry.js";
import { WatchGlobSnapshots } from "../discovery/watch-glob-snapshots.js";
import { outlineOf } from "../manifest/manifest-outline.js";
import { ExtensionDiscovery, type DiscoveryChange } from "../discovery/extension-discovery.js";
import { FileComparer } from "../guest/loader/file-stamp.js";
import {
  ActivationTimeline,
  formatTimeline,
  type TimelineEntry,
} from "../lifecycle/base/activation-timeline.js";
import { Activator, type Environment } from "../lifecycle/base/activator.js";
import type { ExtensionEvent } from "../lifecycle/extension/extension-event.js";
import { ExtensionLifecycle } from "../lifecycle/extension-lifecycle.js";
import type { Generation } from "../lifecycle/extension/generation.js";
import { unknownExtension } from "../lifecycle/extension/lifecycle-errors.js";
import type { LifecycleEvent } from "../lifecycle/base/lifecycle-options.js";
import { canonicalActivationEvent } from "../manifest/activation-event.js";
import { parseManifest } from "../manifest/parse-manifest.js";
import { StringPool } from "../manifest/string-pool.js";
import { copyExportedValues } from "../protocol/exports.js";
import { recordingLogger } from "../protocol/log-record.js";
import { ChannelRuntime } from "../runtime/channel-runtime.js";
import { Children } from "../runtime/child/children.js";
import { RuntimeKit } from "../runtime/runtime-kit.js";
import { StartSemaphore } from "../runtime/start-semaphore.js";
import { ApplicationFunctions } from "./face/application-functions.js";
import { CapabilityPolicy } from "./runtimes/capability-policy.js";
import { ConfigPlaces } from "./state/config-places.js";
import { DeclarationChecks } from "./report/declaration-checks.js";
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
import { HostExtensions } from "./report/extension-list.js";
import { limitsOf, type HostLimits, type HostOptions, type ServiceOffer } from "./face/host-options.js";
import { DisabledIds } from "./state/disabled-ids.js";
import { TrustGate } from "./trust/trust-gate.js";
import { didYouMean, hostStopped, unknownPoint } from "./face/host-errors.js";
import { ManifestFiles } from "./report/manifest-files.js";
import { ownRuntimes, sessionTerms, startsAtOnce } from "./runtimes/own-runtimes.js";
import type { ProblemMaker } from "./face/placed-problems.js";
import { ProblemReporter } from "./report/problem-reporter.js";
import { restartPolicy } from "./runtimes/restart-policy.js";
import { RuntimeFinder } from "./runtimes/runtime-finder.js";
import { runtimePolicyOf } from "./runtimes/runtime-policy.js";
import { createServiceStub } from "./runtimes/service-stub.js";
import { RuntimeSettings } from "./runtimes/runtime-settings.js";
import { Settings } from "./state/settings.js";
import { StateFolder } from "./state/state-folder.js";
import { unknownIds } from "./report/unknown-ids.js";

/** A host, made of its parts. @internal */
export class Host implements ExtensionHost {
  readonly extensions: ExtensionList;
  readonly #options: HostOptions;
  readonly #limits: HostLimits;
  readonly #discovery: ExtensionDiscovery;
  readonly #registry: ContributionRegistry;
  readonly #lifecycle: ExtensionLifecycle;
  readonly #timeouts: CallTimeouts;
  readonly #validator: ContributionValidator;
  readonly #state: StateFolder;
  readonly #disabled: DisabledIds;
  readonly #trust: TrustGate;
  readonly #places: ConfigPlaces;
  readonly #settings: Settings;
  readonly #services: ReadonlyMap<string, unknown>;
  readonly #runtimes: RuntimeFinder;
  readonly #kit: RuntimeKit;
  readonly #runtimeSettings: RuntimeSettings;
  readonly #capabilities: CapabilityPolicy;
  readonly #functions: ApplicationFunctions;
  readonly #files = new ManifestFiles();
  readonly #problems: ProblemReporter;
  readonly #listed = Promise.withResolvers<void>();
  readonly #list: HostExtensions;
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
    this.#limits = limitsOf(options.limits);
    const report = (error: unknown) => this.#report(error);
    this.#functions = new ApplicationFunctions(report);
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
    this.#state = new StateFolder(
      options.stateFolder === undefined ? undefined : resolve(options.stateFolder),
    );
    this.#places = new ConfigPlaces(
      options.configFile === undefined ? undefined : resolve(options.configFile),
    );
    this.#timeouts = new CallTimeouts(this.#limits.callMs);
    this.#registry = new ContributionRegistry(report);
    for (const point of [commands, configuration, runtimes, ...(options.points ?? [])]) {
      this.#registry.open(point as ContributionPoint<AnyContract>);
    }
    this.#validator = new ContributionValidator(this.#registry, (folder) => this.#files.manifest(folder));
    const problem: ProblemMaker = (description, pointer, what, finding) =>
      this.#validator.problem(description, pointer, what, finding);
    this.#settings = new Settings({ values: options.settings ?? {}, places: this.#places, problem, report });
    this.#services = new Map((options.services ?? []).map((service) => [service.id, serviceValue(service)]));
    this.#runtimeSettings = new RuntimeSettings({
      registry: this.#registry,
      description: (id) => this.#lifecycle.get(id)?.serving.description,
      readSchema: (description, path) => this.#files.schema(description, path),
      problem: (description, { pointer, what }, finding) => problem(description, pointer, what, finding),
    });
    const terms = sessionTerms(this.#limits, report);
    const starts = new StartSemaphore(startsAtOnce);
    const { memoryBytes } = this.#limits;
    const children = new Children(memoryBytes);
    this.#kit = new RuntimeKit({
      terms,
      memoryBytes,
      starts,
      children,
      onSweep: ({ ended, removed }) => {
        const message = `Removed what a host left behind that was killed: ${counted(ended.length, "program")}.`;
        options.logger?.info(message, { ended, removed });
      },
    });
    this.#runtimes = new RuntimeFinder({
      own: ownRuntimes(options, this.#limits, {
        terms,
        starts,
        children,
      }),
      given: options.runtimes ?? [],
      registry: this.#registry,
      settings: this.#runtimeSettings,
      policy: runtimePolicyOf(options.runtimePolicy),
      functions: this.#functions,
      places: this.#places,
      problem,
    });
    this.#capabilities = new CapabilityPolicy({
      grants: options.grants,
      stateFolder: options.stateFolder === undefined ? undefined : resolve(options.stateFolder),
      runtimeKind: (description) => this.#runtimes.kind(description),
      trust: (kind) => this.#runtimes.trust(kind),
      problem,
      functions: this.#functions,
    });
    const strings = new StringPool();
    this.#discovery = new ExtensionDiscovery({
      folders: (options.extensionFolders ?? []).map((folder) => resolve(folder)),
      developmentFolders: (options.developmentFolders ?? []).map((folder) => resolve(folder)),
      parse: (source) => parseManifest(source, { apiVersion: apiPackage.version, strings }),
      parserVersion: `${corePackage.version} ${apiPackage.version}`,
      ...(this.#state.indexFile === undefined ? {} : { indexFile: this.#state.indexFile }),
      onInternalError: report,
    });
    this.#trust = this.#createTrust();
    this.#lifecycle = this.#createLifecycle(report);
    this.#list = new HostExtensions({
      discovery: this.#discovery,
      lifecycle: this.#lifecycle,
      registry: this.#registry,
      settings: this.#settings,
      capabilities: this.#capabilities,
      runtimeSettings: this.#runtimeSettings,
      functions: this.#functions,
      lastEventAt: (folder) => this.#lastEventAt(folder),
      runtimeKind: (description) => this.#runtimes.kind(description),
      trust: (kind) => (this.#runtimes.isKnown(kind) ? this.#runtimes.trust(kind) : undefined),
      runtimes: this.#runtimes,
      declarations: new DeclarationChecks({
        registry: this.#registry,
        runsWithoutMain: (description) => this.#runtimes.runsWithoutMain(description),
        offered: new Set(this.#services.keys()),
        wasFired: (event) => this.#lifecycle.events.happened(event) !== undefined,
        problem,
      }),
      content: (description) => this.#trust.content(description),
      onDidChange: this.#changed.event,
      incompleteMs: this.#limits.incompleteMs,
    });
    this.extensions = this.#list;
    this.#problems = new ProblemReporter({
      info: (folder) => this.#list.inFolder(folder),
      incompleteMs: this.#limits.incompleteMs,
      report: (problem, { id, folder, generation }) => {
        this.#changed.fire({ kind: "problem", id, folder, generation, problem });
      },
    });
    this.#lifecycle.presetDisabled(options.disabled ?? []);
    this.#disabled = new DisabledIds(this.#state, {
      preset: (ids) => {
        const enabled = new Set(options.enabled);
        this.#lifecycle.presetDisabled(ids.filter((id) => !enabled.has(id)));
      },
      switch: (id, way) => this.#switch(id, way),
      fault: (error, { isKnown }) => {
        if (!isKnown) this.#lifecycle.presetAllDisabled({ except: new Set(this.#options.enabled) });
        this.#tellStateProblem(error);
      },
      readable: () => {
        if (this.#stateProblem?.file === this.#state.extensionsFile) this.#stateProblem = undefined;
      },
      known: async (ids) => {
        const { disabled = [], enabled = [] } = this.#options;
        const resolved = new Set([...disabled, ...ids.filter((id) => !enabled.includes(id))]);
        await this.#lifecycle.resolveDisabled(resolved).catch(this.#report.bind(this));
      },
    });
    this.#lifecycle.onDidChange((event) => {
      this.#relay(event);
    });
    this.#registry.onDidChange((deltas) => {
      for (const { point, added, changed, removed } of deltas) {
        if (point === runtimes.id && added.length > 0) this.#lifecycle.runtimeAdded();
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
      this.#container = new ApplicationContainer(options.container, this.#registry);
  }

  get problems(): readonly Problem[] {
    const found = [...this.#discovery.problems(), ...this.#trust.problems, ...this.#unknownIds()];
    return this.#stateProblem === undefined ? found : [this.#stateProblem, ...found];
  }

  get points(): readonly string[] {
    return this.#registry.points;
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
    const collection = this.#registry.collection(id);
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
    const point = this.#registry.point(pointId);
    if (point === undefined) throw unknownPoint(pointId, this.points);
    const contribution = this.#registry.find(pointId, id);
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
    await this.#lifecycle.fire(canonicalActivationEvent(event), { timeline }, { isRemembered: true });
    return reportOf(timeline, event);
  }

  explain(subject: string): Explanation {
    return explain(
      subject,
      this.#lifecycle,
      (id) => this.#list.get(id) ?? this.#list.named(id),
      (description) => this.#capabilities.capabilities(description),
    );
  }

  async activate(id: string): Promise<void> {
    this.#assertRunning();
    const extension = this.#lifecycle.get(id);
    if (extension === undefined) throw unknownExtension(id);
    await this.#lifecycle.activate(extension);
  }

  memory(id: string): Promise<number | undefined> {
    return this.#list.memory(id);
  }

  reload(id: string): Promise<void> {
    return this.#lifecycle.reload(id);
  }

  deactivate(id: string): Promise<void> {
    return this.#lifecycle.deactivate(id);
  }

  async enable(id: string): Promise<void> {
    await this.#lifecycle.enable(id);
    await this.#state.setDisabled(id, { isDisabled: false });
  }

  async disable(id: string): Promise<void> {
    await this.#lifecycle.disable(id);
    await this.#state.setDisabled(id, { isDisabled: true });
  }

  async trust(id: string, { isPinned = false }: { readonly isPinned?: boolean } = {}): Promise<void> {
    this.#assertRunning();
    const extension = this.#lifecycle.get(id);
    if (extension === undefined) throw unknownExtension(id);
    const before = new Set(this.#applying);
    await this.#trust.trust(extension.description, { isPinned });
    await this.#applied(before);
  }

  async untrust(id: string): Promise<void> {
    this.#assertRunning();
    await this.#trust.distrust(id);
    await this.#distrust(id);
  }

  retry(id: string): Promise<void> {
    return this.#lifecycle.retry(id);
  }

  configure(id: string, settings: Readonly<Record<string, unknown>>): void {
    this.#settings.set(id, settings);
  }

  async rescan(): Promise<void> {
    this.#assertRunning();
    const before = new Set(this.#applying);
    await this.#discovery.rescan();
    const running = [...this.#lifecycle.extensions]
      .filter(({ serving }) => serving.isRunning)
      .map(({ id }) => id);
    this.#track(
      this.#lifecycle.apply({
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
    void this.#apply(this.#discovery.scan());
  }

  /** The description of what is in the folder, if its manifest could be read. */
  description(folder: string): ExtensionDescription | undefined {
    const entry = this.#discovery.entry(folder);
    return entry?.kind === "extension" ? entry.description : undefined;
  }

  /** What is wrong with the extension's settings of its runtime, and with all schemas that it brings. */
  settingsProblems(description: ExtensionDescription): readonly Problem[] {
    return this.#runtimeSettings.problems(description, { ofUnusedSchemas: true });
  }

  /** What is wrong with the sections and paths of a manifest that has errors elsewhere. */
  draftProblems(folder: string): readonly Problem[] {
    const entry = this.#discovery.entry(folder);
    const draft = entry?.kind === "broken" ? this.#files.draft(entry.broken) : undefined;
    if (draft === undefined) return [];
    return [...this.#validator.validate(draft, undefined).problems, ...checkPaths(draft)];
  }

  // Starting and stopping

  async #start(until: "listed" | "settled"): Promise<StartReport> {
    this.#enter("starting");
    const timeline = new ActivationTimeline();
    const isFollowing = this.#options.watch === true;
    await Promise.all([this.#disabled.load({ isFollowing }), this.#trust.begin({ isFollowing })]);
    await this.#forgetDisabled(this.#options.enabled ?? []);
    this.#assertRunning();
    this.#discovery.onDidChange((change) => {
      void this.#apply(change);
      void this.#prepareRuntimes(change);
    });
    const change = this.#discovery.scan();
    const looked = this.#apply(change);
    if (isFollowing) this.#discovery.watch();
    if (this.#trust.restricts) await looked;
    this.#listed.resolve();
    this.#enter("ready");
    // What may still come is told to whoever asks; what looks like a slip is told at once.
    for (const problem of this.#unknownIds()) if (problem.severity !== "info") this.#tellHostProblem(problem);
    const events = until === "listed" ? [] : ["onStartup", "onStartupFinished"];
    const isPreparing = this.#stopping === undefined && events.length > 0;
    const prepared = isPreparing ? this.#prepareRuntimes(change) : undefined;
    try {
      for (const event of events) await this.#lifecycle.fire(event, { timeline }, { isRemembered: true });
      await Promise.all([prepared, looked]);
    } catch (error) {
      // A stop during start is no failure of the start; the report says how far it came.
      if (!isExtensionError(error, "HOST_STOPPED")) throw error;
    }
    // Nobody waits for room on the disk.
    void this.#state.sweep();
    void this.#trust.remember();
    const listed = this.extensions.size;
    let problems: readonly Problem[] | undefined;
    const found = (): readonly Problem[] => (problems ??= [...this.problems, ...this.#list.problems()]);
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
      const disabled = ids.length === 0 ? ids : this.#state.disabled();
      for (const id of ids)
        if (disabled.includes(id)) await this.#state.setDisabled(id, { isDisabled: false });
    } catch (error) {
      this.#tellStateProblem(error);
    }
  }

  /** What the extensions that came ask of the machine is found out while nobody waits for a call. */
  async #prepareRuntimes({ delta }: DiscoveryChange): Promise<void> {
    const came = [...delta.added, ...delta.changed.map(({ after }) => after)];
    // A runtime that somebody else brought may never settle.
    await new Deadlines().within(this.#limits.activateMs, this.#runtimes.prepare(came), () => undefined);
  }

  async #stop(): Promise<void> {
    this.#enter("stopping");
    this.#listed.resolve();
    this.#problems.dispose();
    this.#disabled.dispose();
    await Promise.all([this.#discovery.close(), this.#lifecycle.stop()]);
    await new Deadlines().within(this.#limits.stopMs, this.#trust.dispose(), () => undefined);
    // A runtime that somebody else brought may never settle.
    await new Deadlines().within(this.#limits.stopMs, this.#runtimes.dispose(), () => undefined);
    await new Deadlines().within(this.#limits.stopMs, this.#kit.dispose(), () => undefined);
    this.#timeouts.dispose();
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
    const applied = this.#lifecycle.apply({
      added: delta.added,
      changed: delta.changed.map(({ after }) => after),
      removed: delta.removed,
      broken: broken.map(({ id, entry }) => ({ id, problems: entry.problems })),
      repaired: repaired.map(({ id }) => id),
      touched: [...touched].flatMap((folder) => this.#lifecycle.inFolder(folder)?.id ?? []),
    });
    if (this.#changed.hasListeners) for (const { folder } of folders) this.#problems.check(folder);
    if (change.problems !== undefined) this.#tellFolderProblems(change.problems);
    const looked = this.#lookAt(change);
    this.#track(Promise.all([applied, looked]));
    return looked;
  }

  async #lookAt({ delta, touched }: DiscoveryChange): Promise<void> {
    if (!this.#trust.looks) return;
    const near = [...touched].flatMap((folder) => this.#lifecycle.inFolder(folder)?.description ?? []);
    const came = [...delta.added, ...delta.changed.map(({ after }) => after)];
    await this.#trust.lookAt([...new Set([...came, ...near])], delta.removed);
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
    const description = this.#lifecycle.get(id)?.description;
    const reason = description && this.#trust.obstacle(description);
    if (reason !== undefined) await this.#lifecycle.refuse(id, reason);
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
    for (const entry of this.#discovery.entries()) {
      const { id } = placeOf(entry);
      if (id !== undefined) known.add(id);
    }
    return unknownIds(this.#options, known, this.#places);
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

  /** Somebody else enabled or disabled it, in the state folder. */
  async #switch(id: string, { isDisabled }: { readonly isDisabled: boolean }): Promise<void> {
    // What the application disables stays so.
    if (!isDisabled && this.#options.disabled?.includes(id) === true) return;
    try {
      await this.#lifecycle.setDisabled(id, { isDisabled });
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
    const eventAt = this.#discovery.lastEventAt(folder);
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

  // Composition

  #createTrust(): TrustGate {
    const { trust, keys, lockfile, revokedKeys, developmentFolders } = this.#options;
    return new TrustGate({
      terms: {
        policy: trust ?? "all",
        revokedKeys: revokedKeys ?? "stop",
        keys: keys === undefined ? undefined : resolve(keys),
        lockfile: lockfile === undefined ? undefined : resolve(lockfile),
        developmentFolders: (developmentFolders ?? []).map((folder) => resolve(folder)),
      },
      state: this.#state,
      lastEventAt: (folder) => this.#lastEventAt(folder),
      incompleteMs: this.#limits.incompleteMs,
      onVerdicts: (ids) => {
        this.#track(this.#lifecycle.reconsiderContent(ids));
      },
      isRunning: (id) => this.#lifecycle.get(id)?.serving.isRunning === true,
      onDistrust: (id) => this.#distrust(id),
      onFault: (error) => this.#tellStateProblem(error),
      onReadable: () => {
        if (this.#stateProblem?.file === this.#state.trustFile) this.#stateProblem = undefined;
      },
    });
  }

  #createLifecycle(report: (error: unknown) => void): ExtensionLifecycle {
    const limits = this.#limits;
    const registry = this.#registry;
    const discovery = this.#discovery;
    const watched = new WatchGlobSnapshots();
    const comparer = new FileComparer();
    const isWatching = this.#options.watch === true;
    const begunAt = new WeakMap<Generation, number>();
    const gate = this.#trust;
    const activator = new Activator({
      limits,
      timeouts: this.#timeouts,
      registry,
      runtime: (description) => this.#runtimes.find(description),
      runsWithoutMain: (description) => this.#runtimes.runsWithoutMain(description),
      environment: (generation) => this.#environment(generation),
      capabilities: (description) => this.#capabilities.capabilities(description),
      realFolder: realFolderOf,
      group: (description) => this.#capabilities.group(description),
      startPermit: (runtime) => (runtime instanceof ChannelRuntime ? runtime.permit() : undefined),
      kit: this.#kit,
      admit: (description) => gate.admit(description),
      onStart: (generation) => {
        begunAt.set(generation, Date.now());
        watched.note(generation);
      },
      onFile: (generation) => {
        this.#lifecycle.filesChanged(generation);
      },
      onProblem: (generation) => {
        this.#lifecycle.problemsChanged(generation);
      },
      report,
    });
    return new ExtensionLifecycle({
      limits,
      activator,
      registry,
      validator: this.#validator,
      follower: {
        isFollowing: isWatching,
        lastEventAt: (folder) => this.#lastEventAt(folder),
        follow: (folder, files, globs) => {
          const extension = this.#lifecycle.inFolder(folder);
          const generation = extension?.candidate ?? extension?.serving;
          // A file may have changed after it was read and before it is followed.
          const since = generation && begunAt.get(generation);
          return discovery.follow(folder, files, { globs, since });
        },
        changedFiles: async (generation) => [
          ...(await comparer.changedFiles(generation.files ?? new Map())),
          ...(await watched.changed(generation)),
        ],
        isAsDescribed: (description) => discovery.isAsDescribed(description),
        lookAgain: (folder) => {
          discovery.lookAgain(folder);
        },
      },
      gate: gate.restricts ? gate : undefined,
      restart: restartPolicy(this.#options.restart, this.#functions),
      readSchema: (description, path) => this.#files.schema(description, path),
      copyExports: (id, values) => copyExportedValues(values, id, limits.callBytes),
      reportExports: (generation, error) => {
        const message = `What it exports can't be used by other extensions. ${error.message}`;
        this.#logger(generation).warn(message, { error });
      },
      reportLeftovers: (generation, leftovers) => {
        this.#warnOfLeftovers(generation, leftovers);
      },
      report,
    });
  }

  #environment(generation: Generation): Environment {
    const { description } = generation;
    const outline = outlineOf(description);
    const declared = new Set<string>(outline.services ?? []);
    const own = outline.contributes?.points ?? [];
    const granted = this.#capabilities.services(description);
    const services = [...this.#services].filter(([id]) => granted.has(id));
    return {
      services: services.map(([id, value]) => ({
        id,
        value,
        methods: this.#options.services?.find((offer) => offer.id === id)?.methods ?? {},
      })),
      undeclaredServices: [...this.#services.keys()].filter((id) => !declared.has(id)),
      configuration: this.#settings.of(description),
      storage: this.#state.storage(description.id),
      secrets: this.#state.secrets(description.id),
      logger: recordingLogger(this.#logger(generation)),
      points: own.flatMap(({ id }) => {
        const methods = this.#registry.point(id)?.methods;
        return methods === undefined ? [] : [{ id, methods }];
      }),
      collection: (pointId) =>
        own.some(({ id }) => id === pointId) ? this.#registry.collection(pointId) : undefined,
    };
  }

  #logger(generation: Generation): Logger {
    const fields = { extensionId: generation.description.id, generation: generation.number };
    const log = (level: keyof Logger) => (message: string, more?: Readonly<Record<string, unknown>>) => {
      this.#log({ level, message, fields: { ...more, ...fields } });
    };
    return { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  }

  #warnOfLeftovers(generation: Generation, leftovers: Readonly<Record<string, number>>): void {
    const parts = Object.entries(leftovers).map(
      ([kind, count]) => `${String(count)} ${kind}${count === 1 ? "" : "s"}`,
    );
    this.#logger(generation).warn(
      `Generation ${String(generation.number)} of ${generation.description.id} left behind ${parts.join(", ")}. Put what it starts in context.subscriptions.`,
      { leftovers },
    );
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

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function serviceValue(offer: ServiceOffer): unknown {
  if (Object.keys(offer.methods).length === 0) return offer.value;
  return createServiceStub(offer.value as object, offer.methods);
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
