/** What an extension is given. All of it belongs to one generation and is dead after it. */
import type { ContributionPoint, LiveCollection } from "./contribution-point.js";
import type { Subscriptions } from "./disposable.js";
import type { Event } from "./event.js";
import type { Logger } from "./logger.js";
import type { Implementation, Remote } from "./remote.js";
import type { ServiceToken } from "./token.js";

/** Which extension it is. @public */
export interface ExtensionIdentity {
  /** The manifest's id. */
  readonly id: string;
  /** The manifest's version. */
  readonly version: string;
  /** Absolute path of its folder. */
  readonly path: string;
}

/** Plain data that one generation hands to the next. @public */
export interface SavedState {
  /** The author's number for the shape of the value. */
  readonly version: number;
  /** Anything that structured clone carries. */
  readonly value: unknown;
}

/** Keeps values by key for one extension across restarts of the host, if the host has a state folder. @public */
export interface KeyValueStore {
  /** The value, a copy of what was set. */
  get<Value>(key: string): Promise<Value | undefined>;
  /**
   * Keeps a copy of the value; settles once it is safe.
   * @throws {@link ExtensionError} `STATE_INVALID` with `details.path`, if it holds what JSON would leave out or
   *   change: a function, a Date, a Map, NaN, an object of a class, a circle. A member that is undefined is absent.
   */
  set(key: string, value: unknown): Promise<void>;
  /** Forgets it. */
  delete(key: string): Promise<void>;
  /** All keys. */
  keys(): Promise<readonly string[]>;
}

/** Keeps secrets by key for one extension, apart from its other data. @public */
export interface SecretStore {
  /** The secret. */
  get(key: string): Promise<string | undefined>;
  /** Keeps the secret; settles once it is safe. */
  set(key: string, value: string): Promise<void>;
  /** Forgets it. */
  delete(key: string): Promise<void>;
}

/** The settings of one extension: defaults from its manifest, values from the host's configuration. @public */
export interface Configuration {
  /** The value of one setting. */
  get<Value>(id: string): Value | undefined;
  /** All settings that have a value. */
  all(): Readonly<Record<string, unknown>>;
  /** Tells that some value changed. */
  readonly onDidChange: Event<void>;
}

/** An optional dependency: it comes and goes without restarting its dependent. @public */
export interface OptionalDependency<Exports> {
  /** What its `activate` returned; undefined while it is not active. */
  readonly current: Remote<Exports> | undefined;
  /** Tells that it came, went, or was replaced. */
  readonly onDidChange: Event<void>;
}

/** The host services that the manifest lists. @public */
export interface Services {
  /**
   * The service. Its methods return promises, whatever runtime this is.
   * @throws {@link ExtensionError} `CAPABILITY_DENIED` for a service that the manifest does not list.
   */
  get<Contract>(token: ServiceToken<Contract>): Remote<Contract>;
}

/** The argument of `activate`. @public */
export interface ExtensionContext {
  /** Which extension this is. */
  readonly extension: ExtensionIdentity;
  /**
   * Supplies a contribution that the manifest declares. Only until `activate` has settled.
   * @throws {@link ExtensionError} `CONTRIBUTION_UNDECLARED`, `CONTRIBUTION_LATE`.
   */
  contribute<Contract>(
    point: ContributionPoint<Contract>,
    id: string,
    implementation: Implementation<Contract>,
  ): void;
  /** The same by the point's id, for plain JavaScript. */
  contribute(point: string, id: string, implementation: object): void;
  /** What is contributed to a point that this extension opens. */
  contributions<Contract>(point: ContributionPoint<Contract> | string): LiveCollection<Contract>;
  /** Host services. */
  readonly services: Services;
  /** What to dispose after `deactivate`. */
  readonly subscriptions: Subscriptions;
  /** Where messages go; every record carries the extension's id and generation. */
  readonly logger: Logger;
  /** Data that is kept. */
  readonly storage: KeyValueStore;
  /** Secrets that are kept. */
  readonly secrets: SecretStore;
  /** Settings. */
  readonly configuration: Configuration;
  /** Aborted when this generation is no longer wanted: a stop during `activate`, or the end of its life. */
  readonly signal: AbortSignal;
  /** What the generation before handed over by `saveState`. */
  readonly state: SavedState | undefined;
  /**
   * The exports of a dependency: for one under `extensionDependencies` an object whose functions return
   * promises and whose other values are copies; for one under `optionalExtensionDependencies` an
   * {@link OptionalDependency}.
   * @throws {@link ExtensionError} `CAPABILITY_DENIED` for an extension that the manifest does not list.
   */
  dependency<Exports>(id: string): Exports;
}

/** The class form of an extension, and the names that a plain module may export. @public */
export interface Extension {
  /** Supplies the contributions; what it returns are the extension's exports, one flat object. */
  activate?(context: ExtensionContext): unknown;
  /** Ends what `activate` began; awaited before the subscriptions are disposed. */
  deactivate?(): unknown;
  /** Snapshots what the next generation needs. */
  saveState?(): SavedState | undefined | Promise<SavedState | undefined>;
}
