/**
 * What a runtime over a channel has to bring: a way to reach a guest, and nothing of what is said on it.
 * Whoever implements it moves frames; the host's own session gives them their meaning.
 */
import type { Frame } from "@plugboard/schemas";
import type { Event } from "./event.js";
import type { ExtensionIdentity } from "./extension-context.js";

export type { Frame } from "@plugboard/schemas";

/** The reason why a session is over. @public */
export interface ExitReason {
  /** Whether somebody asked for it. */
  readonly kind: "disposed" | "crashed";
  /** In words. */
  readonly message: string;
}

/** Rights of an extension outside itself: declared by its manifest and granted by the application. @public */
export interface GrantedCapabilities {
  /** Absolute paths that may be read and written, beside reading its own folder. */
  readonly fs: { readonly read: readonly string[]; readonly write: readonly string[] };
  /** `host:port`, or true for all. */
  readonly net: readonly string[] | true;
  /** Names of environment variables, or true for all. */
  readonly env: readonly string[] | true;
  /** Whether it may start programs. Nothing holds a program: this grants everything. */
  readonly childProcess: boolean;
  /** Whether it may start threads. A thread can leave Node's permissions: this grants everything. */
  readonly workers: boolean;
  /** Whether it may load native addons. Nothing holds them: this grants everything. */
  readonly addons: boolean;
  /** Whether it may use WASI. Node's permissions don't hold it: this grants all files. */
  readonly wasi: boolean;
}

/** The name of a capability that is asked for and granted whole or not at all. @public */
export type CapabilitySwitch = (typeof capabilitySwitches)[number];

/** All of these names. @public */
export const capabilitySwitches = ["childProcess", "workers", "addons", "wasi"] as const;

/** A line that an extension's code printed. @public */
export interface OutputLine {
  /** Which stream. */
  readonly stream: "stdout" | "stderr";
  /** The text, without its end of line. */
  readonly text: string;
}

/** For whom a channel is opened. @public */
export interface ConnectRequest {
  /** Whose code is to run; of a group, the first member. */
  readonly extension: ExtensionIdentity;
  /** The manifest's `runtime`, with its further keys. */
  readonly runtime: { readonly kind: string } & Readonly<Record<string, unknown>>;
  /** Set if other extensions beside it, with the same rights, are to run at the other end as well. */
  readonly group: string | undefined;
  /** What it may reach. */
  readonly capabilities: GrantedCapabilities;
  /** The environment it may see. */
  readonly environment: Readonly<Record<string, string>>;
  /** To be called with every line that the code prints. */
  readonly onOutput: (line: OutputLine) => void;
}

/** The place in an extension's code that keeps it from answering. @public */
export interface BusyPlace {
  /** Absolute path or URL. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The function, if it has a name. */
  readonly functionName: string | undefined;
  /** How much of the time that was looked at was spent there, from 0 to 1. */
  readonly share: number;
}

/** That a session's code does not answer. @public */
export interface Unresponsive {
  /** Milliseconds for which it has not. */
  readonly forMs: number;
  /** What keeps it busy; undefined while, or if, nobody can tell. */
  readonly place: BusyPlace | undefined;
}

/** The health of a session that runs apart from the host. @public */
export interface SessionHealth {
  /** That it does not answer; undefined while it does. */
  readonly unresponsive: Unresponsive | undefined;
  /** Tells that it stopped answering, that the place was found, or that it answers again. */
  readonly onDidChange: Event<void>;
  /** Process id of what runs it, if it is a process of its own. */
  readonly processId: number | undefined;
  /** Bytes of memory of what runs it, shared with its group; undefined where nobody can tell. */
  memory(): Promise<number | undefined>;
}

/**
 * A way to and from a guest: keeps order, loses nothing while it is open, waits for nobody.
 *
 * @public
 */
export interface Channel {
  /** Sends the frames as one write. After the end it does nothing. */
  send(frames: readonly Frame[], transfer: readonly ArrayBuffer[]): void;
  /** Names who is told of frames, in order, as they were sent together. Called once, before anything is sent. */
  receive(listener: (frames: readonly Frame[]) => void): void;
  /** Settles when it is over, and what ran at its other end with it. */
  readonly closed: Promise<ExitReason>;
  /** Ends it at once, and what runs at its other end, whatever that is doing. */
  close(): void;
  /**
   * Absolute paths of files and folders that the guest may read, beside its own folder and what was granted to it;
   * `everything` where nothing keeps it from reading what the host can. Of files that it says to have used, those
   * elsewhere are not looked at.
   */
  readonly readable?: readonly string[] | "everything";
  /** Process id of what runs there, if it is a process of its own. */
  readonly processId: number | undefined;
  /** Bytes of memory in use there; undefined where nobody can tell. Answers also while the guest does not. */
  memory(): Promise<number | undefined>;
  /** Looks for the place that keeps the guest busy; undefined where nobody can tell. */
  busyPlace(): Promise<BusyPlace | undefined>;
}

/** Brings channels of one kind. @public */
export interface ChannelDriver {
  /** Finds out ahead what the first channel needs; keeps nothing running. Called once, if at all. */
  prepare?(): Promise<void>;
  /**
   * Names what a channel for the request has of its own: one that was opened ahead for the same name can be used.
   * Without it, none is opened ahead.
   */
  spareKey?(request: Omit<ConnectRequest, "onOutput">): string | undefined;
  /**
   * Looks again, when a channel that was opened ahead is about to be used, at what may have changed since; rejects if
   * no channel may be opened for the request any more.
   */
  checkSpare?(
    request: Omit<ConnectRequest, "onOutput">,
    context: { readonly signal: AbortSignal },
  ): Promise<void>;
  /** What it can't hold such a guest to on this machine, a sentence each with what helps. */
  gaps?(request: Omit<ConnectRequest, "onOutput">): Promise<readonly string[]>;
  /** Opens a channel to a guest that has no session yet. Rejects with what keeps it from starting. */
  connect(request: ConnectRequest, context: { readonly signal: AbortSignal }): Promise<Channel>;
}
