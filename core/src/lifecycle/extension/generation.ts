/**
 * One load of an extension: its number, its description and its walk through the states. What it was given
 * belongs to it and goes with it. Parts are made when they are needed: most generations never run.
 */
import {
  ExtensionError,
  runtimes,
  type Disposable,
  type FileStamp,
  type Handler,
  type Problem,
  type RuntimeSession,
} from "@plugboard/extension-api";
import type { Abortable, AbortListener } from "../../common/deadlines.js";
import type { InFlightCalls } from "../../contribution/in-flight-calls.js";
import type { Connection } from "../../contribution/contribution.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { nextState, type ExtensionMove, type ExtensionState, type StateReason } from "./extension-state.js";
import { reasonOf } from "./reason.js";

/** The times of an activation, in milliseconds. @internal */
export interface Times {
  /** Until it was its turn to start; absent if that was at once. */
  readonly wait?: number;
  readonly load: number;
  readonly call: number;
  readonly settle: number;
}

const noProblems: readonly Problem[] = Object.freeze([]);

/** One load of an extension. @internal */
export class Generation implements Abortable {
  readonly number: number;
  readonly description: ExtensionDescription;
  /** A person wants another in its place, whatever its folder holds. */
  isUnwanted = false;
  /** Why it is blocked or failed. */
  reason: StateReason | undefined;
  /** Found while it was activated or deactivated. */
  problems: readonly Problem[] = noProblems;
  times: Times | undefined;
  /** Since when it has waited for its turn to start, on the host's clock; undefined while it does not. */
  waitingSince: number | undefined;
  /** How long it waited for it. */
  waitedMs: number | undefined;
  /** The event that activated it. */
  activatedBy: string | undefined;
  /** Shared by everyone who waits for it to become active. */
  activation: Promise<void> | undefined;
  session: RuntimeSession | undefined;
  savesState = false;
  /** What it loaded or looked for. */
  files: Map<string, FileStamp> | undefined;
  connection: GenerationConnection | undefined;
  #state: ExtensionState = "discovered";
  /** When it failed, on the host's clock. */
  #failedAt: number | undefined;
  /** Made when somebody asks for the signal. */
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;
  #crash: ExtensionError | undefined;
  #crashListeners: Set<(error: ExtensionError) => void> | undefined;
  #abortListeners: Set<AbortListener> | undefined;

  constructor(number: number, description: ExtensionDescription) {
    this.number = number;
    this.description = description;
  }

  get state(): ExtensionState {
    return this.#state;
  }

  /** Makes a move of the table; any other is the host's own mistake. */
  move(move: ExtensionMove, reason?: StateReason): void {
    const next = nextState(this.#state, move);
    if (next === undefined) {
      throw new ExtensionError("INTERNAL", `A generation that is ${this.#state} can't be told "${move}".`, {
        extensionId: this.description.id,
      });
    }
    this.#state = next;
    this.reason = reason;
  }

  /** Makes a move for an error, and notes the time: another try may have to wait. */
  fail(move: "failed" | "unresolved", error: ExtensionError): void {
    this.move(move, reasonOf(error));
    this.#failedAt = performance.now();
  }

  /** Whether it failed less than so many milliseconds ago. */
  hasFailedWithin(milliseconds: number): boolean {
    return this.#failedAt !== undefined && performance.now() - this.#failedAt < milliseconds;
  }

  /** Aborted when this generation is no longer wanted. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  /** Ends whatever it is doing. */
  abort(reason: Error): void {
    if (this.#abortReason !== undefined) return;
    this.#abortReason = reason;
    this.#controller?.abort(reason);
    for (const listener of [...(this.#abortListeners ?? [])]) listener.abort(reason);
  }

  /** That its session has crashed, whatever state it was in. */
  get crash(): ExtensionError | undefined {
    return this.#crash;
  }

  /** Notes that its session has crashed and tells whoever is to know. The first time counts. */
  crashed(error: ExtensionError): void {
    if (this.#crash !== undefined) return;
    this.#crash = error;
    // Nothing that it is on its way to can come any more.
    if (this.#state === "activating") this.abort(error);
    const listeners = this.#crashListeners;
    this.#crashListeners = undefined;
    for (const listener of listeners ?? []) listener(error);
  }

  /** Has the listener told, once, when its session crashes; at once if it has. */
  onCrash(listener: (error: ExtensionError) => void): Disposable {
    if (this.#crash === undefined) (this.#crashListeners ??= new Set()).add(listener);
    else listener(this.#crash);
    return { dispose: () => void this.#crashListeners?.delete(listener) };
  }

  /** Whether it is no longer wanted. */
  get isAborted(): boolean {
    return this.#abortReason !== undefined;
  }

  /** @throws the reason once it is no longer wanted */
  throwIfAborted(): void {
    if (this.#abortReason !== undefined) throw this.#abortReason;
  }

  addAbortListener(listener: AbortListener): void {
    if (this.#abortReason === undefined) (this.#abortListeners ??= new Set()).add(listener);
    else listener.abort(this.#abortReason);
  }

  removeAbortListener(listener: AbortListener): void {
    this.#abortListeners?.delete(listener);
  }

  /** Whether it is on its way to becoming active, or has not begun. */
  get isBeingPrepared(): boolean {
    return this.#state === "discovered" || this.#state === "ready" || this.#state === "activating";
  }

  /** Whether it is being activated for whoever wants it active, and not in the course of something larger. */
  get isBegun(): boolean {
    return this.#state === "activating" && this.activation !== undefined;
  }

  /** Whether its code runs or is about to. */
  get isRunning(): boolean {
    return this.#state === "active" || this.#state === "activating" || this.#state === "deactivating";
  }
}

/** The way of calls to a running generation. @internal */
export class GenerationConnection implements Connection {
  readonly inFlight: InFlightCalls;
  readonly #session: RuntimeSession | undefined;
  #started: Set<RuntimeSession> | undefined;

  constructor(inFlight: InFlightCalls, session: RuntimeSession | undefined) {
    this.inFlight = inFlight;
    this.#session = session;
  }

  handler(point: string, id: string, method: string): Handler | undefined {
    const handler = this.#session?.handler(point, id, method);
    return handler !== undefined && point === runtimes.id ? this.#noting(handler) : handler;
  }

  /** Sessions of others that a runtime which it contributes has started, and that are not over. */
  get started(): ReadonlySet<RuntimeSession> {
    return this.#started ?? none;
  }

  /** A runtime has one method, which starts a session. */
  #noting(start: Handler): Handler {
    const started = (this.#started ??= new Set());
    return async (...args) => {
      const session = (await start(...args)) as RuntimeSession;
      started.add(session);
      void session.exited.then(() => started.delete(session));
      return session;
    };
  }
}

const none: ReadonlySet<RuntimeSession> = new Set();
