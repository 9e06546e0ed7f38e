/** The one contract to see and steer a host from outside: plain data in and out, the same in process and over a socket. */
import type { BusyPlace, CallOptions, LogLevel, Problem } from "@plugboard/extension-api";
import type {
  CandidateInfo,
  ContributionChange,
  Explanation,
  ExtensionInfo,
  HostStatus,
} from "../host/face/extension-host.js";
import type { ExtensionEvent } from "../lifecycle/extension/extension-event.js";
import type { ExtensionState } from "../lifecycle/extension/extension-state.js";

/** The reason why an extension is blocked or has failed, as data. @public */
export interface ReasonRecord {
  /** A code of the error table. */
  readonly code: string;
  /** One or more sentences. */
  readonly message: string;
}

/** A generation that is to follow, as data. @public */
export interface CandidateRecord extends Omit<CandidateInfo, "reason"> {
  /** Why it waits. */
  readonly reason?: ReasonRecord;
}

/** That an extension does not answer, as data. @public */
export interface UnresponsiveRecord {
  /** Since when, in milliseconds since the epoch. */
  readonly since: number;
  /** What keeps it busy; absent while, or if, nobody can tell. */
  readonly place?: BusyPlace;
}

/**
 * One entry of {@link HostControl.list}: what `ExtensionInfo` tells, as plain data. Paths are absolute. What changes by
 * the clock alone (how long it has waited, how long it has not answered) is left to who reads the times.
 *
 * @public
 */
export interface ExtensionRecord extends Omit<
  ExtensionInfo,
  "id" | "version" | "reason" | "candidate" | "waitingMs" | "unresponsive"
> {
  /** Null where the manifest can't be read. */
  readonly id: string | null;
  /** Of the serving generation; null where the manifest can't be read. */
  readonly version: string | null;
  /** Why it is blocked or failed. */
  readonly reason?: ReasonRecord;
  /** The generation that is to follow, while there is one. */
  readonly candidate?: CandidateRecord;
  /** Since when it waits for its turn to start, in milliseconds since the epoch. */
  readonly waitingSince?: number;
  /** Since when it does not answer, and what keeps it busy, as far as that is known; a mark on an active extension. */
  readonly unresponsive?: UnresponsiveRecord;
  /** Bytes of memory of what runs it, shared with its group; only where a listing was asked for it and anybody can tell. */
  readonly memoryBytes?: number;
}

/** Options of a listing: what it holds beside what events tell. @public */
export interface ListOptions {
  /** Whether to find out how much memory each takes, which may take a second. */
  readonly memory?: boolean;
}

/** Everything that {@link HostControl.list} tells. @public */
export interface ExtensionListing {
  /** In the order of precedence. */
  readonly extensions: readonly ExtensionRecord[];
  /** What belongs to no extension. */
  readonly problems: readonly Problem[];
}

/** An explanation as data: why an extension runs or not and what hangs on it, or what an event activates. @public */
export interface ExplanationRecord extends Omit<Explanation, "extension" | "format"> {
  /** The extension, if the subject is one, with its memory. */
  readonly extension?: ExtensionRecord;
  /** The same as lines for people. */
  readonly text: string;
}

/** One contribution that is listed. @public */
export interface ContributionRecord {
  /** The point. */
  readonly point: string;
  /** Unique in its point. */
  readonly id: string;
  /** Who contributes it. */
  readonly extensionId: string;
  /** The generation that serves it. */
  readonly generation: number;
  /** The fields of the manifest's item. */
  readonly item: Readonly<Record<string, unknown>>;
}

/** The result of an event. @public */
export interface ActivationRecord {
  /** Every extension that the event concerned, in order of start. */
  readonly outcomes: readonly {
    readonly id: string;
    readonly state: ExtensionState;
    readonly reason?: ReasonRecord;
  }[];
  /** Milliseconds in all. */
  readonly elapsedMs: number;
}

/** One method of one contribution, and what to call it with. @public */
export interface ControlCall {
  /** The point. */
  readonly point: string;
  /** The contribution's id in it. */
  readonly id: string;
  /** One of the point's methods. */
  readonly method: string;
  /** Plain data; none unless given. */
  readonly args?: readonly unknown[];
}

/** Which host this is, and how it is. @public */
export interface HostInfo extends HostStatus {
  /** Of the process the host is in. */
  readonly pid: number;
  /** Of Node, in that process. */
  readonly node: string;
  /** How many extensions are in which state. */
  readonly extensions: Readonly<Record<string, number>>;
}

/** Which events a reader wants. @public */
export interface EventsOptions {
  /**
   * The sequence number after which to begin, or `"oldest"` for all that is kept. What is no longer kept is replaced by a
   * snapshot; without it the first event is a snapshot.
   */
  readonly since?: number | "oldest";
  /** False to end after what has happened so far. */
  readonly follow?: boolean;
  /** Only these kinds; snapshots and `lagged` come all the same. */
  readonly kinds?: readonly ControlEvent["event"][];
  /** Only what is about these extensions, and how far the host has come. */
  readonly ids?: readonly string[];
  /** Ends the events. */
  readonly signal?: AbortSignal;
}

/** Fields that every event has. @public */
export interface EventHead {
  /** Grows by one from event to event of a host; a reader who leaves some out sees gaps. */
  readonly seq: number;
  /** When, as ISO 8601. */
  readonly time: string;
}

/**
 * Something that happened, told after it shows. Invariant: {@link foldEvents} over a snapshot and all events after it gives
 * what {@link HostControl.list} tells at that moment.
 *
 * @public
 */
export type ControlEvent = EventHead &
  (
    | ({ readonly event: "snapshot" } & ExtensionListing)
    | {
        /** The reader was too slow, or asked for what is no longer kept; a snapshot follows. */
        readonly event: "lagged";
        /** How many events were left out. */
        readonly missed: number;
      }
    | {
        readonly event: ExtensionEvent["kind"];
        /** Null where the manifest can't be read, or what happened is about no extension. */
        readonly id: string | null;
        readonly generation: number;
        readonly folder: string;
        readonly reason?: ReasonRecord;
        readonly delayMs?: number;
        readonly unresponsive?: UnresponsiveRecord;
        readonly problem?: Problem;
        /** The entry of the folder as it is after the event; null when none is listed there any longer. */
        readonly extension: ExtensionRecord | null;
      }
    | {
        /** What belongs to no extension has changed. */
        readonly event: "problems";
        readonly problems: readonly Problem[];
      }
    | ({ readonly event: "contributions" } & ContributionChange)
    | {
        readonly event: "log";
        /** Whose; absent for the host's own. */
        readonly id?: string;
        readonly generation?: number;
        readonly level: LogLevel;
        readonly message: string;
        readonly fields?: Readonly<Record<string, unknown>>;
      }
    | {
        /** The host's phase has changed. */
        readonly event: "phase";
        readonly phase: HostStatus["phase"];
      }
  );

/**
 * Sees and steers one host. Every method answers with plain data, for the host as it is at that moment; what fails
 * rejects with an {@link ExtensionError}, over a socket too. What is asked for goes on when the asker is gone, a call apart:
 * that is aborted.
 *
 * Errors of the way: `CONTROL_CLOSED` when the host or the connection has ended, `CONTROL_BUSY` over 1,000 commands at once,
 * `CONTROL_INVALID` for a command that can't be understood.
 *
 * @public
 */
export interface HostControl {
  /** Which host this is. */
  info(): Promise<HostInfo>;
  /** All extensions and what is wrong beside them. */
  list(options?: ListOptions): Promise<ExtensionListing>;
  /** Why an extension is or is not active, or what an event activates. */
  explain(subject: string): Promise<ExplanationRecord>;
  /** Everything that is wrong, extensions' findings included. */
  problems(): Promise<readonly Problem[]>;
  /** What is contributed to a point, or to all of them. @throws `CALL_UNKNOWN_TARGET` */
  contributions(point?: string): Promise<readonly ContributionRecord[]>;
  /** Ids of the points that are open. */
  points(): Promise<readonly string[]>;
  /** Calls a method; the limits of calls hold. */
  call(call: ControlCall, options?: CallOptions): Promise<unknown>;
  /** Fires an event, and tells what came of it. */
  fire(event: string): Promise<ActivationRecord>;
  /** As {@link ExtensionHost.activate}. */
  activate(id: string): Promise<void>;
  /** As {@link ExtensionHost.deactivate}. */
  deactivate(id: string): Promise<void>;
  /** As {@link ExtensionHost.reload}; answers with the entry as it is then, null if it has gone. */
  reload(id: string): Promise<ExtensionRecord | null>;
  /** As {@link ExtensionHost.retry}. */
  retry(id: string): Promise<void>;
  /** As {@link ExtensionHost.enable}. */
  enable(id: string): Promise<void>;
  /** As {@link ExtensionHost.disable}. */
  disable(id: string): Promise<void>;
  /** As {@link ExtensionHost.trust}. */
  trust(id: string, options?: { readonly isPinned?: boolean }): Promise<void>;
  /** As {@link ExtensionHost.untrust}. */
  untrust(id: string): Promise<void>;
  /** As {@link ExtensionHost.configure}. */
  configure(id: string, settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** As {@link ExtensionHost.rescan}. */
  rescan(): Promise<void>;
  /**
   * What happens from now on, or since an event that is still kept. A reader that is too slow gets `lagged` and a
   * snapshot in the place of what it missed; the host waits for nobody. Ends when the host has stopped.
   */
  events(options?: EventsOptions): AsyncIterable<ControlEvent>;
  /** Stops the host; resolves when that is done. */
  stop(): Promise<void>;
}
