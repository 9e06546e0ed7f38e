/**
 * The composition root: every part of a host is made here and joined to the others. Decides nothing; what the parts
 * have to say goes to the host.
 */
import { resolve } from "node:path";
import corePackage from "@plugboard/core/package.json" with { type: "json" };
import apiPackage from "@plugboard/extension-api/package.json" with { type: "json" };
import {
  commands,
  configuration,
  runtimes,
  type ContributionPoint,
  type Event,
  type Logger,
} from "@plugboard/extension-api";
import { counted } from "../common/counted.js";
import { CallTimeouts } from "../contribution/in-flight-calls.js";
import { ContributionRegistry } from "../contribution/contribution-registry.js";
import type { AnyContract } from "../contribution/contribution.js";
import { ContributionValidator } from "../contribution/contribution-validator.js";
import { realFolderOf } from "../discovery/extension-description.js";
import { WatchGlobSnapshots } from "../discovery/watch-glob-snapshots.js";
import { outlineOf } from "../manifest/manifest-outline.js";
import { ExtensionDiscovery } from "../discovery/extension-discovery.js";
import { FileComparer } from "../guest/loader/file-stamp.js";
import { Activator, type Environment } from "../lifecycle/base/activator.js";
import type { ExtensionEvent } from "../lifecycle/extension/extension-event.js";
import { ExtensionLifecycle } from "../lifecycle/extension-lifecycle.js";
import type { Generation } from "../lifecycle/extension/generation.js";
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
import type { LogRecord } from "./face/extension-host.js";
import { HostExtensions } from "./report/extension-list.js";
import { limitsOf, type HostLimits, type HostOptions, type ServiceOffer } from "./face/host-options.js";
import { TrustGate } from "./trust/trust-gate.js";
import { ManifestFiles } from "./report/manifest-files.js";
import { ownRuntimes, sessionTerms, startsAtOnce } from "./runtimes/own-runtimes.js";
import type { ProblemMaker } from "./face/placed-problems.js";
import { restartPolicy } from "./runtimes/restart-policy.js";
import { RuntimeFinder } from "./runtimes/runtime-finder.js";
import { runtimePolicyOf } from "./runtimes/runtime-policy.js";
import { createServiceStub } from "./runtimes/service-stub.js";
import { RuntimeSettings } from "./runtimes/runtime-settings.js";
import { Settings } from "./state/settings.js";
import { StateFolder } from "./state/state-folder.js";

/** The host, as its parts know it. @internal */
export interface HostObserver {
  readonly report: (error: unknown) => void;
  readonly log: (record: LogRecord) => void;
  readonly onDidChange: Event<ExtensionEvent>;
  /** When something was last heard of the folder, in milliseconds on the host's clock. */
  readonly lastEventAt: (folder: string) => number | undefined;
  /** Is given work that a change has led to. */
  readonly track: (work: Promise<unknown>) => void;
  /** Hears that an extension is no longer trusted. */
  readonly distrust: (id: string) => Promise<void>;
  /** Hears that a file of the state folder can't be read. */
  readonly stateFault: (error: unknown) => void;
  /** Hears that a file of the state folder can be read. */
  readonly stateReadable: (file: string | undefined) => void;
}

/** The parts of one host. @internal */
export class HostParts {
  readonly #options: HostOptions;
  readonly #observer: HostObserver;
  readonly #functions: ApplicationFunctions;
  readonly state: StateFolder;
  readonly places: ConfigPlaces;
  readonly timeouts: CallTimeouts;
  readonly registry: ContributionRegistry;
  readonly files = new ManifestFiles();
  readonly validator: ContributionValidator;
  readonly settings: Settings;
  readonly #services: ReadonlyMap<string, unknown>;
  readonly runtimeSettings: RuntimeSettings;
  readonly runtimes: RuntimeFinder;
  readonly capabilities: CapabilityPolicy;
  readonly discovery: ExtensionDiscovery;
  readonly trust: TrustGate;
  readonly lifecycle: ExtensionLifecycle;
  readonly limits: HostLimits;
  readonly list: HostExtensions;
  readonly kit: RuntimeKit;

  constructor(options: HostOptions, observer: HostObserver) {
    this.#options = options;
    this.#observer = observer;
    const { report } = observer;
    this.limits = limitsOf(options.limits);
    this.#functions = new ApplicationFunctions(report);
    this.state = new StateFolder(
      options.stateFolder === undefined ? undefined : resolve(options.stateFolder),
    );
    this.places = new ConfigPlaces(
      options.configFile === undefined ? undefined : resolve(options.configFile),
    );
    this.timeouts = new CallTimeouts(this.limits.callMs);
    this.registry = new ContributionRegistry(report);
    for (const point of [commands, configuration, runtimes, ...(options.points ?? [])]) {
      this.registry.open(point as ContributionPoint<AnyContract>);
    }
    this.validator = new ContributionValidator(this.registry, (folder) => this.files.manifest(folder));
    const problem: ProblemMaker = (description, pointer, what, finding) =>
      this.validator.problem(description, pointer, what, finding);
    this.settings = new Settings({ values: options.settings ?? {}, places: this.places, problem, report });
    this.#services = new Map((options.services ?? []).map((service) => [service.id, serviceValue(service)]));
    this.runtimeSettings = new RuntimeSettings({
      registry: this.registry,
      description: (id) => this.lifecycle.get(id)?.serving.description,
      readSchema: (description, path) => this.files.schema(description, path),
      problem: (description, { pointer, what }, finding) => problem(description, pointer, what, finding),
    });
    const terms = sessionTerms(this.limits, report);
    const starts = new StartSemaphore(startsAtOnce);
    const { memoryBytes } = this.limits;
    const children = new Children(memoryBytes);
    this.kit = new RuntimeKit({
      terms,
      memoryBytes,
      starts,
      children,
      onSweep: ({ ended, removed }) => {
        const message = `Removed what a host left behind that was killed: ${counted(ended.length, "program")}.`;
        options.logger?.info(message, { ended, removed });
      },
    });
    this.runtimes = new RuntimeFinder({
      own: ownRuntimes(options, this.limits, {
        terms,
        starts,
        children,
      }),
      given: options.runtimes ?? [],
      registry: this.registry,
      settings: this.runtimeSettings,
      policy: runtimePolicyOf(options.runtimePolicy),
      functions: this.#functions,
      places: this.places,
      problem,
    });
    this.capabilities = new CapabilityPolicy({
      grants: options.grants,
      stateFolder: options.stateFolder === undefined ? undefined : resolve(options.stateFolder),
      runtimeKind: (description) => this.runtimes.kind(description),
      trust: (kind) => this.runtimes.trust(kind),
      problem,
      functions: this.#functions,
    });
    const strings = new StringPool();
    this.discovery = new ExtensionDiscovery({
      folders: (options.extensionFolders ?? []).map((folder) => resolve(folder)),
      developmentFolders: (options.developmentFolders ?? []).map((folder) => resolve(folder)),
      parse: (source) => parseManifest(source, { apiVersion: apiPackage.version, strings }),
      parserVersion: `${corePackage.version} ${apiPackage.version}`,
      ...(this.state.indexFile === undefined ? {} : { indexFile: this.state.indexFile }),
      onInternalError: report,
    });
    this.trust = this.#createTrust();
    this.lifecycle = this.#createLifecycle(report);
    this.list = new HostExtensions({
      discovery: this.discovery,
      lifecycle: this.lifecycle,
      registry: this.registry,
      settings: this.settings,
      capabilities: this.capabilities,
      runtimeSettings: this.runtimeSettings,
      functions: this.#functions,
      lastEventAt: (folder) => this.#observer.lastEventAt(folder),
      runtimeKind: (description) => this.runtimes.kind(description),
      trust: (kind) => (this.runtimes.isKnown(kind) ? this.runtimes.trust(kind) : undefined),
      runtimes: this.runtimes,
      declarations: new DeclarationChecks({
        registry: this.registry,
        runsWithoutMain: (description) => this.runtimes.runsWithoutMain(description),
        offered: new Set(this.#services.keys()),
        wasFired: (event) => this.lifecycle.events.happened(event) !== undefined,
        problem,
      }),
      content: (description) => this.trust.content(description),
      onDidChange: this.#observer.onDidChange,
      incompleteMs: this.limits.incompleteMs,
    });
  }

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
      state: this.state,
      lastEventAt: (folder) => this.#observer.lastEventAt(folder),
      incompleteMs: this.limits.incompleteMs,
      onVerdicts: (ids) => {
        this.#observer.track(this.lifecycle.reconsiderContent(ids));
      },
      isRunning: (id) => this.lifecycle.get(id)?.serving.isRunning === true,
      onDistrust: (id) => this.#observer.distrust(id),
      onFault: (error) => this.#observer.stateFault(error),
      onReadable: () => {
        this.#observer.stateReadable(this.state.trustFile);
      },
    });
  }

  #createLifecycle(report: (error: unknown) => void): ExtensionLifecycle {
    const limits = this.limits;
    const registry = this.registry;
    const discovery = this.discovery;
    const watched = new WatchGlobSnapshots();
    const comparer = new FileComparer();
    const isWatching = this.#options.watch === true;
    const begunAt = new WeakMap<Generation, number>();
    const gate = this.trust;
    const activator = new Activator({
      limits,
      timeouts: this.timeouts,
      registry,
      runtime: (description) => this.runtimes.find(description),
      runsWithoutMain: (description) => this.runtimes.runsWithoutMain(description),
      environment: (generation) => this.#environment(generation),
      capabilities: (description) => this.capabilities.capabilities(description),
      realFolder: realFolderOf,
      group: (description) => this.capabilities.group(description),
      startPermit: (runtime) => (runtime instanceof ChannelRuntime ? runtime.permit() : undefined),
      kit: this.kit,
      admit: (description) => gate.admit(description),
      onStart: (generation) => {
        begunAt.set(generation, Date.now());
        watched.note(generation);
      },
      onFile: (generation) => {
        this.lifecycle.filesChanged(generation);
      },
      onProblem: (generation) => {
        this.lifecycle.problemsChanged(generation);
      },
      report,
    });
    return new ExtensionLifecycle({
      limits,
      activator,
      registry,
      validator: this.validator,
      follower: {
        isFollowing: isWatching,
        lastEventAt: (folder) => this.#observer.lastEventAt(folder),
        follow: (folder, files, globs) => {
          const extension = this.lifecycle.inFolder(folder);
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
      readSchema: (description, path) => this.files.schema(description, path),
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
    const granted = this.capabilities.services(description);
    const services = [...this.#services].filter(([id]) => granted.has(id));
    return {
      services: services.map(([id, value]) => ({
        id,
        value,
        methods: this.#options.services?.find((offer) => offer.id === id)?.methods ?? {},
      })),
      undeclaredServices: [...this.#services.keys()].filter((id) => !declared.has(id)),
      configuration: this.settings.of(description),
      storage: this.state.storage(description.id),
      secrets: this.state.secrets(description.id),
      logger: recordingLogger(this.#logger(generation)),
      points: own.flatMap(({ id }) => {
        const methods = this.registry.point(id)?.methods;
        return methods === undefined ? [] : [{ id, methods }];
      }),
      collection: (pointId) =>
        own.some(({ id }) => id === pointId) ? this.registry.collection(pointId) : undefined,
    };
  }

  #logger(generation: Generation): Logger {
    const fields = { extensionId: generation.description.id, generation: generation.number };
    const log = (level: keyof Logger) => (message: string, more?: Readonly<Record<string, unknown>>) => {
      this.#observer.log({ level, message, fields: { ...more, ...fields } });
    };
    return { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  }

  #warnOfLeftovers(generation: Generation, leftovers: Readonly<Record<string, number>>): void {
    const parts = Object.entries(leftovers).map(([kind, count]) => counted(count, kind));
    this.#logger(generation).warn(
      `Generation ${String(generation.number)} of ${generation.description.id} left behind ${parts.join(", ")}. Put what it starts in context.subscriptions.`,
      { leftovers },
    );
  }
}

function serviceValue(offer: ServiceOffer): unknown {
  if (Object.keys(offer.methods).length === 0) return offer.value;
  return createServiceStub(offer.value as object, offer.methods);
}
