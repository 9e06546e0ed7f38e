/** The face of the host: what an application holds. The composition lives in `create-extension-host`. */
import type {
  CallOptions,
  ContributionPoint,
  Event,
  GrantedCapabilities,
  LiveCollection,
  LogLevel,
  Problem,
  RuntimeTrust,
  Unresponsive,
} from "@plugboard/extension-api";
import type { ExtensionEvent } from "../../lifecycle/extension/extension-event.js";
import type { Incident } from "../../lifecycle/extension/incident.js";
import type { ExtensionState, StateReason } from "../../lifecycle/extension/extension-state.js";
import type { Signer, TrustState } from "../../trust/judge.js";

/** Milliseconds that one activation took. @public */
export interface ActivationTimes {
  /** Until it was its turn to start a worker or process; absent if that was at once. No part of the limit of 10 s. */
  readonly wait?: number;
  /** Reading and running the extension's files. */
  readonly load: number;
  /** Until `activate` returned. */
  readonly call: number;
  /** From there until its promise settled. */
  readonly settle: number;
}

/** A generation that is being prepared beside the one that serves, or waits with a Problem. @public */
export interface CandidateInfo {
  /** Its number. */
  readonly generation: number;
  /** Where it is. */
  readonly state: ExtensionState;
  /** Why it waits. */
  readonly reason?: StateReason;
  /** What is wrong with it. */
  readonly problems: readonly Problem[];
}

/** A restart that is due after a crash. @public */
export interface RestartInfo {
  /** Milliseconds from the crash to the restart. */
  readonly delayMs: number;
  /** When it begins, in milliseconds since the epoch. */
  readonly at: number;
}

/** The content of an extension's folder, and the verdict on its signature. @public */
export interface SignatureInfo {
  /** What came of looking at the signature. */
  readonly state: TrustState;
  /** Why, one sentence. */
  readonly message: string;
  /** Names the files. */
  readonly digest: string;
  /** Who signed, as far as that can be told. */
  readonly signer?: Signer;
}

/** The host's knowledge of one extension, as of the moment it was asked. An entry is a folder. @public */
export interface ExtensionInfo {
  /** The manifest's id; undefined where the manifest can't be read. */
  readonly id: string | undefined;
  /** The version of the serving generation. */
  readonly version: string | undefined;
  /** The serving generation's state, or the candidate's when none serves. */
  readonly state: ExtensionState;
  /** Why it is blocked or failed. */
  readonly reason?: StateReason;
  /** Number of the serving generation. */
  readonly generation: number;
  /** The generation that is to follow, while there is one. */
  readonly candidate?: CandidateInfo;
  /** The kind of runtime. */
  readonly runtime: string;
  /** Absolute path. */
  readonly folder: string;
  /** Ids of what it contributes, by point. */
  readonly contributes: Readonly<Record<string, readonly string[]>>;
  /** What is wrong with it. */
  readonly problems: readonly Problem[];
  /** How long its last activation took. */
  readonly times?: ActivationTimes;
  /** For how many milliseconds it has waited so far for its turn to start; absent while it does not wait. */
  readonly waitingMs?: number;
  /** The event that activated it. */
  readonly activatedBy?: string;
  /** What its code may reach: `"full rights"` is everything that this process may. Absent where nobody brings its runtime. */
  readonly trust?: RuntimeTrust;
  /** What its files and their signature were found to be; absent unless the host was given keys or asks for trust. */
  readonly signature?: SignatureInfo;
  /** That it does not answer, for how long and what keeps it busy; a mark on an active extension. */
  readonly unresponsive?: Unresponsive;
  /** The restart that is due after a crash. */
  readonly restart?: RestartInfo;
  /** Process id of what runs it, if that is a process of its own. */
  readonly processId?: number;
  /** What the generation before left behind, by kind. */
  readonly leftovers?: Readonly<Record<string, number>>;
}

/** A change of one contribution point, ids only. @public */
export interface ContributionChange {
  /** The point. */
  readonly point: string;
  /** Newly listed. */
  readonly added: readonly string[];
  /** Still listed, but different. */
  readonly changed: readonly string[];
  /** No longer listed. */
  readonly removed: readonly string[];
}

/** All extensions the host knows. @public */
export interface ExtensionList extends Iterable<ExtensionInfo> {
  /** How many folders. */
  readonly size: number;
  /** The extension of this id: the one that is used, if several folders declare it. */
  get(id: string): ExtensionInfo | undefined;
  /** What is listed for the folder, named by its absolute path. */
  inFolder(folder: string): ExtensionInfo | undefined;
  /** Tells what happened, after the list shows it. */
  readonly onDidChange: Event<ExtensionEvent>;
}

/** The result for one extension in an {@link ActivationReport}. @public */
export interface ActivationOutcome {
  /** Which. */
  readonly id: string;
  /** Where it ended. */
  readonly state: ExtensionState;
  /** Why, if not active. */
  readonly reason?: StateReason;
  /** The event or the dependent that asked for it. */
  readonly activatedBy: string;
  /** The extensions that asked for it as their dependency. */
  readonly requiredBy: readonly string[];
  /** Milliseconds since the report's start. */
  readonly startedAt: number;
  /** How long it took. */
  readonly times?: ActivationTimes;
}

/** The result of an event. @public */
export interface ActivationReport {
  /** Every extension that the event concerned and every dependency of those, in order of start. */
  readonly outcomes: readonly ActivationOutcome[];
  /** Those that are not active. */
  readonly failed: readonly ActivationOutcome[];
  /** Milliseconds in all. */
  readonly elapsedMs: number;
  /** A timeline tree for people: who started when, for how long, asked for by whom. */
  format(): string;
}

/** The result of {@link ExtensionHost.start}. @public */
export interface StartReport extends ActivationReport {
  /** Folders seen. */
  readonly listed: number;
  /** Everything found wrong on disk, as of the moment it is first asked for. */
  readonly problems: readonly Problem[];
}

/** An explanation of why an extension is or is not active, and of what hangs on it. @public */
export interface Explanation {
  /** What was asked. */
  readonly subject: string;
  /** The extension, if the subject is one. */
  readonly extension?: ExtensionInfo;
  /** What it may reach outside its own folder; absent for one that has full rights. */
  readonly capabilities?: GrantedCapabilities;
  /** Events that activate it, declared and implied. */
  readonly activationEvents: readonly string[];
  /** Extensions it depends on, with range, state and whether it is optional. */
  readonly dependencies: readonly {
    readonly id: string;
    readonly range: string;
    readonly optional: boolean;
    readonly state?: ExtensionState;
    readonly version?: string;
  }[];
  /** Extensions that depend on it and could not run without it. */
  readonly neededBy: readonly string[];
  /** Active extensions that would stop if it were removed. */
  readonly stops: readonly string[];
  /** Extensions that the subject activates, if it is an event. */
  readonly activates: readonly string[];
  /** The last 20 crashes and spells of silence since the host found it, oldest first, and what came of each. */
  readonly history: readonly Incident[];
  /** The same for people, with what {@link ExtensionHost.memory} told, if that was asked. */
  format(measured?: { readonly memoryBytes?: number | undefined }): string;
}

/**
 * How far a host has come: `new` until it is started, `ready` once everything present at start is listed, `stopping` from
 * the first wish to stop.
 *
 * @public
 */
export type HostPhase = "new" | "starting" | "ready" | "stopping" | "stopped";

/** Which host it is, and how far it has come. @public */
export interface HostStatus {
  /** Tells it from every other host, of this process too; a UUID. */
  readonly hostId: string;
  /** How far it has come. */
  readonly phase: HostPhase;
  /** When it was made, in milliseconds since the epoch. */
  readonly since: number;
  /** Absolute paths, the first of precedence first. */
  readonly folders: readonly string[];
  /** Of core, and of the API that extensions are written against. */
  readonly versions: { readonly core: string; readonly api: string };
}

/** One record of the log: an extension's, or the host's own. @public */
export interface LogRecord {
  /** How grave. */
  readonly level: LogLevel;
  /** What happened. */
  readonly message: string;
  /** Whose it is (`extensionId`, `generation`), and whatever else was told. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Options of a start: how far it goes. @public */
export interface StartOptions {
  /**
   * `"settled"` unless given. With `"listed"` everything is listed and no start-up event is fired: no code of an extension
   * runs until somebody activates, calls or fires.
   */
  readonly until?: "listed" | "settled";
}

/**
 * Finds extensions, lists what they contribute, activates them when they are needed and follows their
 * folders. Make one with {@link createExtensionHost}.
 *
 * @public
 */
export interface ExtensionHost {
  /**
   * Lists everything present and activates what waits for start-up. Resolves when those have settled;
   * contributions serve earlier. Never rejects because of an extension.
   */
  start(options?: StartOptions): Promise<StartReport>;
  /** Resolves once everything present at start is listed; start-up extensions may still be on their way. */
  readonly listed: Promise<void>;
  /** Stops everything, dependents first, within `stopMs`; calls afterwards reject with `HOST_STOPPED`. Idempotent. */
  stop(): Promise<void>;
  /** Which host it is, and how far it has come. */
  readonly status: HostStatus;
  /** Tells of each phase, after the status shows it. */
  readonly onDidChangePhase: Event<HostPhase>;
  /** Every record that goes to the log, whether a logger was given or not. */
  readonly onDidLog: Event<LogRecord>;
  /** All extensions known. */
  readonly extensions: ExtensionList;
  /** Findings about folders that belong to no extension. */
  readonly problems: readonly Problem[];
  /**
   * What is contributed to a point that is open.
   * @throws {@link ExtensionError} `CALL_UNKNOWN_TARGET` if no such point is open.
   */
  contributions<Contract>(point: ContributionPoint<Contract>): LiveCollection<Contract>;
  /** The same by id, untyped. */
  contributions(point: string): LiveCollection<Record<never, never>>;
  /** The points that are open, an extension's included. */
  readonly points: readonly string[];
  /** Tells that something changed in any point, ids only. */
  readonly onDidChangeContributions: Event<ContributionChange>;
  /** Calls a method by name; the arguments must be as many as the point says. */
  call(
    point: string,
    id: string,
    method: string,
    args: readonly unknown[],
    options?: CallOptions,
  ): Promise<unknown>;
  /** Calls a command. */
  executeCommand(id: string, ...args: readonly unknown[]): Promise<unknown>;
  /**
   * Activates every extension that waits for the event and resolves when each has settled. The event is
   * remembered for extensions that come later.
   */
  activateByEvent(event: string): Promise<ActivationReport>;
  /** Tells why an extension is or is not active, or what an event activates. */
  explain(subject: string): Explanation;
  /**
   * Bytes of memory of the worker or process that runs the extension, shared with its group; undefined where
   * nobody can tell. Settles within a second, whatever the extension does.
   */
  memory(id: string): Promise<number | undefined>;
  /**
   * Activates one extension, its dependencies first; rejects with what keeps it from being active. One that has
   * crashed gets a fresh chance at once.
   */
  activate(id: string): Promise<void>;
  /** Prepares the extension anew beside the serving generation and swaps; rejects, the old one serving on, if that fails. */
  reload(id: string): Promise<void>;
  /** Deactivates it, its dependents first; the next call or event activates it again. */
  deactivate(id: string): Promise<void>;
  /** Lets an extension run again that is disabled, or has crashed too often. */
  enable(id: string): Promise<void>;
  /** Deactivates it and keeps it from running until it is enabled. */
  disable(id: string): Promise<void>;
  /**
   * Lets the files that lie in its folder now run, and remembers that; also what waits as an update. With `isPinned`
   * an older version too, and no other until it is trusted.
   * @throws {@link ExtensionError} `TRUST_MODIFIED`, `TRUST_REVOKED`, `TRUST_EXPIRED`, `TRUST_OLDER`, `TRUST_CONTENT`
   */
  trust(id: string, options?: { readonly isPinned?: boolean }): Promise<void>;
  /** Takes that back. Where trust is asked for, the extension is taken down. */
  untrust(id: string): Promise<void>;
  /** Tries a failed extension again at once. */
  retry(id: string): Promise<void>;
  /** Replaces the settings of one extension. */
  configure(id: string, settings: Readonly<Record<string, unknown>>): void;
  /** Looks at the folders again; resolves when what was found has been acted on. */
  rescan(): Promise<void>;
}
