/** The options that an application gives its host. Data only; nothing here runs. */
import type {
  Arity,
  CapabilitySwitch,
  ContributionPoint,
  GrantedCapabilities,
  Logger,
  Remote,
  Runtime,
  ServiceToken,
} from "@plugboard/extension-api";
import type { Container } from "inversify";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { RestartPolicy } from "../../lifecycle/extension/crash-budget.js";
import type { InProcessScope } from "../../runtime/in-process/scoped-guest.js";
import type { ExtensionFolders } from "./extension-folders.js";

/** A host service that extensions may inject when their manifest lists it. Make one with {@link offer}. @public */
export interface ServiceOffer {
  /** The token's id: what a manifest writes under `services`. */
  readonly id: string;
  /** What extensions get: the methods as promise-returning functions, nothing else; without methods the value itself. */
  readonly value: unknown;
  /** The methods that cross a boundary, with their number of arguments. */
  readonly methods: Readonly<Record<string, Arity>>;
}

/** The methods of a contract that an {@link offer} opens. @public */
export type OfferedMethods<Contract> = {
  readonly [
    K in keyof Remote<Contract> as Contract[K] extends (...args: never) => unknown ? K : never
  ]?: Arity;
};

/**
 * What an application lets one extension use of what its manifest asks for. In force is what is both declared
 * and granted; for paths, hosts and names in lists that is what both sides have in common.
 *
 * @public
 */
export interface Grants extends Partial<Pick<GrantedCapabilities, CapabilitySwitch>> {
  /** Paths; a folder covers all in it. Relative ones start at the extension's folder, as those of its manifest do. */
  readonly fs?: { readonly read?: readonly string[]; readonly write?: readonly string[] };
  /** `host:port` or `host:*`, or true for all. */
  readonly net?: readonly string[] | boolean;
  /** Names of environment variables, or true for all. */
  readonly env?: readonly string[] | boolean;
  /** Ids of host services; all that its manifest lists unless given. */
  readonly services?: readonly string[];
  /** The group whose process it may share: members can do all that the others can, and read the folder they lie in. */
  readonly group?: string;
}

/** Limits of a host: times in milliseconds, numbers and sizes. @public */
export interface HostLimits {
  /** For `activate`; 10,000 unless given. */
  readonly activateMs: number;
  /**
   * For its turn to start, while as many workers and processes start as the machine has processors; 60,000 unless
   * given, 0 for no limit. It comes before `activateMs`.
   */
  readonly startTurnMs: number;
  /** For `deactivate`; 5,000 unless given. */
  readonly deactivateMs: number;
  /** For a call without `timeoutMs`; 30,000 unless given, 0 for no limit. */
  readonly callMs: number;
  /** For calls in flight when their generation is replaced; 5,000 unless given. */
  readonly drainMs: number;
  /** For {@link ExtensionHost.stop} in all; 5,000 unless given. */
  readonly stopMs: number;
  /** For calls to an extension whose dependency is away; 10,000 unless given. */
  readonly dependencyMs: number;
  /** Calls that may wait for one extension; 10,000 unless given. */
  readonly queuedCalls: number;
  /** Bytes of arguments or of a result; 16,777,216 unless given. */
  readonly callBytes: number;
  /** After a folder's last event, how long a load that fails counts as incomplete; 2,000 unless given. */
  readonly incompleteMs: number;
  /** How long a worker or process with something outstanding may give no sign of life; 3,000 unless given. */
  readonly unresponsiveMs: number;
  /** Bytes of memory of a worker, a process or a plugin; 536,870,912 unless given. */
  readonly memoryBytes: number;
  /** Between two tries of a failed extension by calls and events; 1,000 unless given. */
  readonly retryMs: number;
}

/** Options for extensions that crash. A crash is an end of what runs it that nobody asked for. @public */
export interface RestartOptions {
  /**
   * Milliseconds from a crash to the restart: of the first, the second and so on, the last for all further
   * ones; 100, 500 and 2,000 unless given. Counted from anew after a whole `windowMs` without a crash.
   */
  readonly delaysMs?: readonly number[];
  /**
   * The crash within `windowMs` after which the extension is left alone until its folder changes or a person
   * asks for it; 3 unless given, 1 for no restart at all, `Infinity` for restarts without end.
   */
  readonly budget?: number;
  /** For how many milliseconds a crash counts; 300,000 unless given. */
  readonly windowMs?: number;
  /**
   * After how many milliseconds without an answer an extension is ended, which counts as a crash; never
   * unless given, or for 0. It is marked as unresponsive long before.
   */
  readonly unresponsiveMs?: number;
}

/** Options of a host. @public */
export interface HostOptions extends ExtensionFolders {
  /** The points that are open, beside `commands`, `configuration` and `runtimes`. */
  // A list of points of different contracts has no common one; nothing is read through this type.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly points?: readonly ContributionPoint<any>[];
  /** Host services. */
  readonly services?: readonly ServiceOffer[];
  /** The application's own container: gets a constant per contribution and one live collection per point. */
  readonly container?: Container;
  /** Whether to follow the folders; false unless given. */
  readonly watch?: boolean;
  /** Settings by extension id. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Ids that are to run although the state folder remembers them as disabled. */
  readonly enabled?: readonly string[];
  /** Ids that are not to run. */
  readonly disabled?: readonly string[];
  /**
   * The file that `settings`, `enabled`, `disabled`, `grants` and `runtimePolicy` were read from, so that findings about
   * them name their line; nothing is taken from it.
   */
  readonly configFile?: string;
  /** Packages that the host gives to every extension beside extension-api, inversify and reflect-metadata: name → module namespace. */
  readonly packages?: Readonly<Record<string, object>>;
  /**
   * The kind of runtime for an extension; has the last word over its manifest. In a table a key is an id, or the
   * beginning of ids followed by `*`; the longest that matches decides, and the manifest where none does.
   */
  readonly runtimePolicy?: Readonly<Record<string, string>> | ((description: ExtensionDescription) => string);
  /**
   * What each extension may use, by id. Without a grant an extension reads its own folder and gets the host
   * services that its manifest lists, and nothing else. Held to by runtimes that are a boundary (`process`); in
   * the host's process and its threads, code has the full rights of the application, whatever is granted.
   */
  readonly grants?:
    Readonly<Record<string, Grants>> | ((description: ExtensionDescription) => Grants | undefined);
  /**
   * Whether what passes between the host and extensions in its own process is checked and copied as on the way
   * to a worker, instead of going by reference; false unless given. For tests of extensions that are to run in
   * any runtime: `CALL_NOT_SERIALIZABLE` names what would not get there.
   */
  readonly strictBoundaries?: boolean;
  /**
   * Whether an extension runs because it is there (`"all"`, the default), or because somebody trusted its files
   * (`"asked"`): then one that appears is listed as blocked (`UNTRUSTED`), and so is an update, while what ran goes on.
   * See {@link ExtensionHost.trust}.
   */
  readonly trust?: "all" | "asked";
  /** A folder of trusted keys, or one public key's file: what signatures are worth is shown, and counts for updates. */
  readonly keys?: string;
  /**
   * When a key is revoked and `trust` is `"asked"`, or there is a lockfile: `"stop"`, the default, stops what it signed at
   * once, dependents first; with `"next start"` it runs on, with a Problem, and is not started again. Either way the
   * reason is `TRUST_REVOKED`.
   */
  readonly revokedKeys?: "stop" | "next start";
  /** A file that lists what may run, down to the files; nothing else runs. With `keys` it has to be signed. */
  readonly lockfile?: string;
  /** Runtimes beside in-process. */
  readonly runtimes?: readonly Runtime[];
  /** Where storage, secrets, enabled ids and the index are kept; memory unless given. Several hosts and commands may share one. */
  readonly stateFolder?: string;
  /**
   * Whether a thread watches for in-process extensions that let nothing else go on, and names the place: nobody can
   * interrupt them. `"record"` tells it when the host goes on, as an event and in `explain`; `"print"` also writes a line to
   * standard error while it does not. No thread unless given.
   */
  readonly watchdog?: "record" | "print";
  /**
   * Runs each entry into the code of an in-process extension: loading, activation, calls, clean-up. With
   * `AsyncLocalStorage.run` an application knows whose code prints, or throws where nobody awaits it, as the command line
   * does; extensions elsewhere have streams of their own. Costs each call what it costs itself.
   */
  readonly inProcessScope?: InProcessScope;
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<HostLimits>;
  /** What happens after a crash, where that differs from {@link defaultRestart}; one for all, or by extension. */
  readonly restart?: RestartOptions | ((description: ExtensionDescription) => RestartOptions | undefined);
  /** Where messages go; nowhere unless given. */
  readonly logger?: Logger;
}

/** Restarts after a crash, unless an application says otherwise. @public */
export const defaultRestart: Required<RestartOptions> = Object.freeze({
  delaysMs: Object.freeze([100, 500, 2_000]),
  budget: 3,
  windowMs: 300_000,
  unresponsiveMs: 0,
});

/** The limits unless an application says otherwise. @public */
export const defaultLimits: HostLimits = Object.freeze({
  activateMs: 10_000,
  startTurnMs: 60_000,
  deactivateMs: 5_000,
  callMs: 30_000,
  drainMs: 5_000,
  stopMs: 5_000,
  dependencyMs: 10_000,
  queuedCalls: 10_000,
  callBytes: 16 * 1024 * 1024,
  incompleteMs: 2_000,
  unresponsiveMs: 3_000,
  memoryBytes: 512 * 1024 * 1024,
  retryMs: 1_000,
});

/** The longest time that a timer takes, in milliseconds: about 24 days. */
const longestMs = 2 ** 31 - 1;

/**
 * The limits in force; what is longer than any timer takes is as good as no limit.
 *
 * @throws RangeError for a limit that is no number, or less than 0
 * @internal
 */
export function limitsOf(given: Partial<HostLimits> = {}): HostLimits {
  const limits: Record<keyof HostLimits, number> = { ...defaultLimits };
  for (const [name, value] of Object.entries(given) as [keyof HostLimits, unknown][]) {
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0))
      throw new RangeError(`The limit ${name} has to be a number of at least 0.`);
    limits[name] = name.endsWith("Ms") ? Math.min(value, longestMs) : value;
  }
  return limits;
}

/**
 * The restart policy in force, all of it said.
 *
 * @throws RangeError for a time that is no number or less than 0, a budget of less than 1, or no delay at all
 * @internal
 */
export function restartOf(given: RestartOptions = {}): RestartPolicy {
  const { delaysMs, budget, windowMs, unresponsiveMs } = { ...defaultRestart, ...withoutUndefined(given) };
  if (!Array.isArray(delaysMs) || delaysMs.length === 0)
    throw new RangeError("restart.delaysMs has to hold at least one number.");
  if (typeof budget !== "number" || !(budget >= 1))
    throw new RangeError("restart.budget has to be a number of at least 1.");
  const time = (name: string, value: unknown) => {
    if (typeof value !== "number" || !(value >= 0))
      throw new RangeError(`restart.${name} has to be a number of at least 0.`);
    return Math.min(value, longestMs);
  };
  return {
    delaysMs: delaysMs.map((delay: unknown) => time("delaysMs", delay)),
    budget,
    windowMs: time("windowMs", windowMs),
    unresponsiveMs: time("unresponsiveMs", unresponsiveMs),
  };
}

function withoutUndefined(given: RestartOptions): RestartOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/**
 * Offers a host service to extensions.
 *
 * @param methods - the methods they may call, with their number of arguments
 *
 * @example
 * const host = createExtensionHost({
 *   services: [offer(Orders, orders, { methods: { find: 1 } })],
 * });
 *
 * @public
 */
export function offer<Contract>(
  token: ServiceToken<Contract>,
  value: Contract,
  options: { readonly methods: OfferedMethods<Contract> },
): ServiceOffer {
  return {
    id: Symbol.keyFor(token) ?? "",
    value,
    methods: options.methods as Readonly<Record<string, Arity>>,
  };
}
