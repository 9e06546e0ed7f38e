/**
 * The seam between the host and what runs an extension's code. The host owns states, generations, order,
 * limits and queues; a runtime only loads code, calls it and lets it go. In-process is one implementation.
 */
import type { Channel, ExitReason, GrantedCapabilities, OutputLine, SessionHealth } from "./channel.js";
import type { Child, ChildOptions, Heartbeat, HeartbeatOptions, LineCutter, PrivateFolder } from "./child.js";
import type { Event } from "./event.js";
import type { Problem } from "./problem.js";
import type { LiveCollection, Arity } from "./contribution-point.js";
import type { Logger } from "./logger.js";
import type { CallContext } from "./remote.js";
import type { ExtensionIdentity, KeyValueStore, SavedState, SecretStore } from "./extension-context.js";

/** The state of a file when an extension read it. @public */
export interface FileStamp {
  /** SHA-1 of the bytes that were read, in hexadecimal digits; undefined when the file was looked for and absent. */
  readonly hash: string | undefined;
  /** Modification time in milliseconds since the epoch. */
  readonly mtimeMs: number;
  /** Time of the last change of its entry; NaN when too fresh to be told from a change right after. */
  readonly ctimeMs: number;
  /** Bytes. */
  readonly size: number;
  /** The number of the file on its disk; undefined where there is none. */
  readonly ino?: number;
  /** Where it lay, if the path led there through links: what it imports is looked for beside that. */
  readonly target?: string;
}

/** A request to load one generation of an extension. @public */
export interface StartRequest {
  /** Whose code it is. */
  readonly extension: ExtensionIdentity;
  /** The generation it becomes. */
  readonly generation: number;
  /**
   * The entry file, relative to the extension's folder. Empty if the manifest names none: then only a runtime that is
   * not the host's own is asked, and only if the manifest names it.
   */
  readonly main: string;
  /** The manifest's `runtime`, with its further keys. */
  readonly runtime: { readonly kind: string } & Readonly<Record<string, unknown>>;
  /** Extensions of the same group share one worker or process. */
  readonly group: string | undefined;
  /** What it may reach, for a runtime that can hold it to that. */
  readonly capabilities: GrantedCapabilities;
  /**
   * Where only what somebody trusted may run: the SHA-256, in hexadecimal, of each file that was trusted, by its path
   * from the extension's folder with `/` between names. A runtime loads no other code, and compares what it loads at the
   * moment it reads it, also long after the start; what differs is refused with `TRUST_CHANGED`.
   */
  readonly trusted?: ReadonlyMap<string, string> | undefined;
  /** To be called with every file that is loaded or looked for, also when loading fails, also later. */
  readonly onFile: (path: string, stamp: FileStamp) => void;
  /** To be called with what was found wrong while it runs, and does not end it. */
  readonly onProblem: (problem: Pick<Problem, "code" | "message">) => void;
  /**
   * Asks for at least that many milliseconds from now to load: for a runtime whose settings say how long a start may
   * take. The host's own limit of an activation holds unless this is longer.
   */
  readonly extendTimeout: (milliseconds: number) => void;
  /** A session whose code is to be used again as it was loaded, without looking at the disk. */
  readonly reuse: RuntimeSession | undefined;
  /**
   * Makes the session of a guest that speaks the frames of `@plugboard/schemas` at the other end of the channel: all
   * that a driver of another kind of channel need return. The session owns the channel and closes it.
   */
  readonly openSession: (channel: Channel) => RuntimeSession;
  /**
   * Starts a program and looks after it, in turn with all that the host starts. The wait for the turn is not counted
   * against the limit of loading. The turn is over when the code is loaded, or the start has failed: until then the
   * runtime waits for nothing that another extension has to be started for. Rejects with `RUNTIME_START_FAILED`, whose
   * `cause` is the system's error, and when the extension is not wanted any more.
   */
  readonly startChild: (options: ChildOptions) => Promise<Child>;
  /** Makes a folder for sockets; whoever asked for it removes it. Rejects with `RUNTIME_START_FAILED` where there is no room. */
  readonly createFolder: () => Promise<PrivateFolder>;
  /** Looks whether what answers the extension's calls does answer, for a session that is made without a channel. */
  readonly heartbeat: (options: HeartbeatOptions) => Heartbeat;
  /** Cuts what an extension prints into lines, where that reaches the host in another way than from a child's streams. */
  readonly cutLines: (stream: OutputLine["stream"], onLine: (line: OutputLine) => void) => LineCutter;
  /** Where lines go that the code prints, if the runtime can tell them from others'. */
  readonly logger: Logger;
}

/** A contribution that a manifest declares, as the guest needs to know it. @public */
export interface DeclaredContribution {
  /** The point's id. */
  readonly point: string;
  /** The id under which the author supplies it. */
  readonly id: string;
  /** The methods it must have. */
  readonly methods: Readonly<Record<string, Arity>>;
}

/** A host service that a manifest lists and the application offers. @public */
export interface GrantedService {
  /** The token's id. */
  readonly id: string;
  /** What the guest gets in the same process. */
  readonly value: unknown;
  /** What crosses a boundary. */
  readonly methods: Readonly<Record<string, Arity>>;
}

/** The exports of a dependency. @public */
export interface DependencyExports {
  /** What the dependency's `activate` returned; undefined while an optional one is not active. */
  current(): Readonly<Record<string, unknown>> | undefined;
  /** Whether it comes and goes. */
  readonly kind: "required" | "optional";
  /** Tells that an optional one came or went. */
  readonly onDidChange: Event<void>;
}

/** A request to activate what a runtime has loaded. The session owns nothing of it. @public */
export interface ActivateRequest {
  /** What the extension may supply, and must. */
  readonly contributions: readonly DeclaredContribution[];
  /** What it may inject. */
  readonly services: readonly GrantedService[];
  /** Ids of services that the application offers and the manifest does not list. */
  readonly undeclaredServices: readonly string[];
  /** Exports of its dependencies by extension id. */
  readonly dependencies: ReadonlyMap<string, DependencyExports>;
  /** What the generation before handed over. */
  readonly state: SavedState | undefined;
  /** Settings as of now, and their changes. */
  readonly configuration: {
    readonly values: () => Readonly<Record<string, unknown>>;
    readonly onDidChange: Event<void>;
  };
  /** Data kept for the extension. */
  readonly storage: KeyValueStore;
  /** Secrets kept for the extension. */
  readonly secrets: SecretStore;
  /** Where its messages go. */
  readonly logger: Logger;
  /** The points that the extension opens. */
  readonly points: readonly { readonly id: string; readonly methods: Readonly<Record<string, Arity>> }[];
  /** What is contributed to a point that the extension opens. */
  readonly collection: (point: string) => LiveCollection<unknown> | undefined;
  /**
   * Limits of its calls: milliseconds without a limit of their own (0 for none), bytes of arguments and results. And
   * the bytes of memory that what runs it may take, to which a session over a channel is held by the host.
   */
  readonly limits: { readonly callMs: number; readonly callBytes: number; readonly memoryBytes?: number };
  /** Aborted when the activation is no longer wanted, and when the extension is stopped. */
  readonly signal: AbortSignal;
}

/** The result of an activation. @public */
export interface ActivateResult {
  /** What was supplied with every method its point asks for. */
  readonly supplied: readonly { readonly point: string; readonly id: string }[];
  /** What is wrong with what was supplied, or was not. */
  readonly findings: readonly {
    readonly code: "CONTRIBUTION_MISSING" | "CONTRIBUTION_INCOMPLETE";
    readonly point: string;
    readonly id: string;
    readonly message: string;
  }[];
  /** Whether the extension hands over state. */
  readonly savesState: boolean;
  /** Milliseconds until `activate` returned, and from there until it settled; `load` if it loaded the code just now. */
  readonly times: { readonly load?: number; readonly call: number; readonly settle: number };
}

/** A method, called with exactly its number of arguments and the call's context after them. @public */
export type Handler = (...args: unknown[]) => unknown;

/** One generation's running code. @public */
export interface RuntimeSession {
  /** Activates it, once. Rejects with what the author's code threw. */
  activate(request: ActivateRequest): Promise<ActivateResult>;
  /** The method of a supplied contribution; undefined if it was not supplied. */
  handler(point: string, id: string, method: string): Handler | undefined;
  /** What `activate` returned: functions by name, other values as data. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Asks for the state to hand over; undefined if the extension has none. */
  saveState(context: CallContext): Promise<SavedState | undefined>;
  /** Calls the author's `deactivate`, then disposes what it subscribed; rejects with what went wrong, after all of it. */
  deactivate(context: CallContext): Promise<void>;
  /** Lets the code go at once. Safe at any time, any number of times. */
  dispose(): void;
  /** What was left behind after deactivation, by kind, e.g. timers. */
  leftovers(): Readonly<Record<string, number>>;
  /** Settles when the session is over. */
  readonly exited: Promise<ExitReason>;
  /** Whether the code is loaded, for a session that loads it in `activate`; what fails before may be half a folder. */
  readonly isLoaded?: boolean;
  /**
   * Whether the code can be started again (`reuse`) only while the session is not disposed of. One that is to be
   * replaced is then deactivated at first, and disposed of when the next generation serves.
   */
  readonly keepsCode?: boolean;
  /** Whether calls may be made as soon as `activate` was called: they wait at the other end. */
  readonly queuesCalls?: boolean;
  /** What the runtime can't hold the extension to on this machine, a sentence each with what helps. */
  readonly gaps?: readonly string[];
  /** How it is doing, for a session that runs apart from the host. */
  readonly health?: SessionHealth;
}

/**
 * What extensions of a runtime may reach: `"full rights"` is everything that the host's own process may,
 * whatever their manifests declare; `"declared capabilities"` is what they declare and the application
 * grants, as far as the runtime can hold them to it.
 *
 * @public
 */
export type RuntimeTrust = "full rights" | "declared capabilities";

/** A way to run extensions that the application gives to its host. @public */
export interface Runtime {
  /** The name under which a manifest asks for it. */
  readonly kind: string;
  /** What extensions that run in it may reach; `"full rights"` unless it says otherwise. */
  readonly trust?: RuntimeTrust;
  /**
   * Finds out ahead what the first start needs; keeps nothing running. The host calls it once, when an extension that
   * asks for this runtime is listed, and says that it has started when this has settled.
   */
  prepare?(): Promise<void>;
  /**
   * Loads the code of one generation. An error whose `details.key` is a key of the manifest, such as `runtime.command`,
   * is shown at its place there.
   */
  start(request: StartRequest, context: { readonly signal: AbortSignal }): Promise<RuntimeSession>;
  /** Ends what it keeps ready, and what still runs; the host calls it when it stops. */
  dispose?(): void | Promise<void>;
}
