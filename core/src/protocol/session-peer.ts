/**
 * One end of a session: makes calls to the other end and answers those that come from there. The same on both
 * sides; what a target means, and who limits a call in time, is decided above.
 * Invariant: a call that was made settles, at the latest when the session ends.
 */
import {
  ExtensionError,
  type Arity,
  type CallContext,
  type CallOptions,
  type Frame,
} from "@plugboard/extension-api";
import { callOptionsOf } from "../common/call-options.js";
import { isFollowedCall, type FollowedCall } from "../common/followed-call.js";
import { isThenable } from "../common/is-thenable.js";
import type { Outbox } from "./outbox.js";
import { sendable, sendableArguments, type SendableOptions } from "./sendable.js";
import { decodeThrown, encodeThrown } from "./thrown.js";

/** Something that the other end may call. @internal */
export type ServedTarget = (args: readonly unknown[], context: CallContext) => unknown;

/** The parts of an end of a session. @internal */
export interface SessionPeerOptions {
  readonly session: number;
  readonly extensionId: string;
  readonly outbox: Outbox;
  /** Limits of calls: milliseconds without a limit of their own, bytes of arguments and results. */
  readonly limits: { readonly callMs: number; readonly callBytes: number };
  /** Whether errors take their stacks along. */
  readonly withStacks: boolean;
  /** What the other end calls by the name; undefined if there is no such thing. */
  readonly serve: (target: string) => ServedTarget | undefined;
  /** Hears of what a call from the other end threw, before it is sent. */
  readonly onThrown?: (thrown: unknown) => void;
  /** Hears of what the other end should have been told and can't be. */
  readonly onUnsent: (event: string, error: unknown) => void;
}

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly context: FollowedCall | undefined;
}

/** One end of a session. @internal */
export class SessionPeer {
  readonly #options: SessionPeerOptions;
  readonly #argumentLimits: SendableOptions;
  readonly #resultLimits: SendableOptions;
  readonly #eventLimits: SendableOptions;
  readonly #pending = new Map<number, PendingCall>();
  readonly #served = new Map<number, ServedCall>();
  #lastId = 0;
  #ended: Error | undefined;

  constructor(options: SessionPeerOptions) {
    this.#options = options;
    const { extensionId, limits } = options;
    this.#argumentLimits = { what: "arguments", limitBytes: limits.callBytes, extensionId };
    this.#resultLimits = { what: "result", limitBytes: limits.callBytes, extensionId };
    this.#eventLimits = { what: "event", limitBytes: limits.callBytes, extensionId };
  }

  /** How many calls the other end has not answered. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Calls the target; rejects with what it threw there, or with why the session ended. */
  call(target: string, given: readonly unknown[], context?: CallContext): Promise<unknown> {
    const { session, outbox } = this.#options;
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const followed = context !== undefined && isFollowedCall(context) ? context : undefined;
    let args: readonly unknown[];
    try {
      args = sendableArguments(given, this.#argumentLimits, followed?.moved);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    const id = ++this.#lastId;
    const timeoutMs = followed?.timeoutMs;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, context: followed });
      if (followed !== undefined)
        followed.onAbandoned = (reason) => {
          this.#cancel(id, reason);
        };
      outbox.enqueue(
        timeoutMs === undefined
          ? { type: "call", session, id, target, args }
          : { type: "call", session, id, target, args, timeoutMs },
        followed?.moved,
      );
    });
  }

  /** Calls a method of a fixed number of arguments, with the caller's options after them. */
  callMethod(target: string, arity: Arity, given: readonly unknown[]): Promise<unknown> {
    if (arity === "variadic") return this.call(target, given);
    const args = Array.from({ length: arity }, (_, index) => given[index]);
    let options: CallOptions | undefined;
    try {
      options = callOptionsOf(given[arity]);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    if (options === undefined) return this.call(target, args);
    const { signal, timeoutMs, transfer } = options;
    const limited = new LimitedCall(timeoutMs, transfer);
    if (signal?.aborted === true) return Promise.reject(this.#cancelled(signal));
    const abort = () => limited.onAbandoned?.(this.#cancelled(signal));
    signal?.addEventListener("abort", abort, { once: true });
    return this.call(target, args, limited).finally(() => signal?.removeEventListener("abort", abort));
  }

  /** Tells the other end something that nobody answers. */
  emit(event: string, ...given: readonly unknown[]): void {
    if (this.#ended !== undefined) return;
    const { session, outbox } = this.#options;
    try {
      outbox.enqueue({ type: "emit", session, event, args: sendableArguments(given, this.#eventLimits) });
    } catch (error) {
      this.#options.onUnsent(event, error);
    }
  }

  /** Takes a frame that belongs to a call; tells whether it was one. */
  receive(frame: Frame): boolean {
    switch (frame.type) {
      case "call":
        this.#serve(frame.id, frame.target, frame.args, frame.timeoutMs);
        return true;
      case "ok":
        this.#take(frame.id)?.resolve(frame.value);
        return true;
      case "err":
        this.#take(frame.id)?.reject(decodeThrown(frame.thrown) as Error);
        return true;
      case "cancel":
        this.#served.get(frame.id)?.abort(decodeThrown(frame.reason));
        return true;
      default:
        return false;
    }
  }

  /** A frame of this session could not be sent. */
  refuse(frame: Frame, error: unknown): void {
    if (frame.type === "call") this.#take(frame.id)?.reject(error as Error);
    else if (frame.type === "ok") this.#fail(frame.id, error);
    else if (frame.type === "emit") this.#options.onUnsent(frame.event, error);
  }

  /** Ends the session: what is under way in either direction is over, and nothing begins any more. */
  end(reason: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, context } of pending) {
      if (context !== undefined) context.onAbandoned = undefined;
      reject(reason);
    }
    for (const served of this.#served.values()) served.abort(reason);
    this.#served.clear();
  }

  #cancelled(signal: AbortSignal | undefined): ExtensionError {
    const { extensionId } = this.#options;
    return new ExtensionError("CALL_CANCELLED", `A call of ${extensionId} was cancelled.`, {
      extensionId,
      cause: signal?.reason,
    });
  }

  #take(id: number): PendingCall | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    if (pending.context !== undefined) pending.context.onAbandoned = undefined;
    return pending;
  }

  #cancel(id: number, reason: unknown): void {
    const pending = this.#take(id);
    if (pending === undefined || this.#ended !== undefined) return;
    const { session, outbox } = this.#options;
    outbox.enqueue({ type: "cancel", session, id, reason: encodeThrown(reason, { withStack: false }) });
    // Whoever abandoned the call has already told its caller.
    pending.reject(reason as Error);
  }

  #serve(id: number, target: string, args: readonly unknown[], timeoutMs: number | undefined): void {
    const serve = this.#options.serve(target);
    if (serve === undefined) {
      const { extensionId } = this.#options;
      const message = `There is no ${target} here.`;
      this.#fail(
        id,
        new ExtensionError("CALL_UNKNOWN_TARGET", message, { extensionId, details: { target } }),
      );
      return;
    }
    const call = new ServedCall(timeoutMs ?? this.#options.limits.callMs);
    this.#served.set(id, call);
    let result: unknown;
    try {
      result = serve(args, call);
      if (!isThenable(result)) {
        this.#answer(id, call, result);
        return;
      }
    } catch (error) {
      this.#fail(id, error);
      return;
    }
    Promise.resolve(result).then(
      (value) => {
        this.#answer(id, call, value);
      },
      (error: unknown) => {
        this.#fail(id, error);
      },
    );
  }

  #answer(id: number, call: ServedCall, result: unknown): void {
    // An answer that nobody waits for is not sent.
    if (!this.#served.delete(id)) return;
    const { session, outbox } = this.#options;
    if (call.isAborted) return;
    let value: unknown;
    try {
      value = sendable(result, this.#resultLimits, call.moved);
    } catch (error) {
      this.#fail(id, error);
      return;
    }
    outbox.enqueue(
      value === undefined ? { type: "ok", session, id } : { type: "ok", session, id, value },
      call.moved,
    );
  }

  #fail(id: number, thrown: unknown): void {
    this.#served.delete(id);
    if (this.#ended !== undefined) return;
    const { session, outbox, withStacks, onThrown } = this.#options;
    onThrown?.(thrown);
    outbox.enqueue({ type: "err", session, id, thrown: encodeThrown(thrown, { withStack: withStacks }) });
  }
}

/** A call with a limit of its own; the other end keeps the limit, and answers when it is over. */
class LimitedCall implements FollowedCall {
  readonly timeoutMs: number | undefined;
  readonly moved: readonly ArrayBuffer[] | undefined;
  onAbandoned: ((reason: unknown) => void) | undefined = undefined;
  readonly signal = new AbortController().signal;
  readonly deadline = Infinity;

  constructor(timeoutMs: number | undefined, moved: readonly ArrayBuffer[] | undefined) {
    this.timeoutMs = timeoutMs;
    this.moved = moved;
  }

  transfer(): void {
    return;
  }
}

/** A call that is being answered, as its author sees it. Parts are made when they are read. */
class ServedCall implements CallContext {
  readonly #timeoutMs: number;
  readonly #since: number;
  moved: ArrayBuffer[] | undefined;
  isAborted = false;
  #reason: unknown;
  #controller: AbortController | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#since = timeoutMs === 0 ? 0 : Date.now();
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.isAborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get deadline(): number {
    return this.#timeoutMs === 0 ? Infinity : this.#since + this.#timeoutMs;
  }

  transfer(...buffers: readonly ArrayBuffer[]): void {
    (this.moved ??= []).push(...buffers);
  }

  abort(reason: unknown): void {
    this.isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
