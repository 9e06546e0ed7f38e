/**
 * The hot path of a call. One list keeps the calls in flight of one generation; the timeouts end those that
 * take too long. An ordinary call costs one object (it is the author's context as well), one promise and
 * one `then`; a call that is answered in the same turn is never written down.
 */
import { ExtensionError, isExtensionError, type CallOptions, type Handler } from "@plugboard/extension-api";
import { exceeds } from "../common/data-size.js";
import type { FollowedCall } from "../common/followed-call.js";
import { isThenable } from "../common/is-thenable.js";
import { adviseAuthor } from "../common/advise-author.js";
import { thrownText } from "../common/thrown-text.js";

/** Ends calls without a `timeoutMs` of their own, all with one timer. @internal */
export class CallTimeouts {
  readonly limitMs: number;
  readonly #watched = new Set<InFlightCalls>();
  #timer: NodeJS.Timeout | undefined;
  /** Grows while calls are in flight. */
  tick = 0;

  constructor(limitMs: number) {
    this.limitMs = limitMs;
  }

  /** Ticks that a call may take. */
  get limitTicks(): number {
    return this.limitMs === 0 ? Infinity : Math.ceil(this.limitMs / this.tickMs);
  }

  /** Milliseconds between two looks: fine enough for short limits, rare for long ones. */
  get tickMs(): number {
    return this.limitMs === 0 ? 1_000 : Math.max(5, Math.min(100, this.limitMs / 10));
  }

  /** Watches the calls until none is left. */
  watch(inFlight: InFlightCalls): void {
    this.#watched.add(inFlight);
    this.#timer ??= setInterval(() => {
      this.#expireDue();
    }, this.tickMs);
  }

  /** Stops looking. */
  dispose(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#watched.clear();
  }

  #expireDue(): void {
    this.tick++;
    for (const inFlight of [...this.#watched])
      if (!inFlight.expire(this.tick - this.limitTicks)) this.#watched.delete(inFlight);
    if (this.#watched.size === 0) this.dispose();
  }
}

/** One call in flight, and what its author sees of it. Small, for every call makes one. @internal */
class InFlightCall implements FollowedCall {
  readonly inFlight: InFlightCalls;
  readonly startTick: number;
  /** Its index among the calls in flight. */
  index: number;
  resolve: ((value: unknown) => void) | undefined;
  reject: ((error: Error) => void) | undefined;
  /** Every call that leaves the process has it. */
  onAbandoned: ((reason: unknown) => void) | undefined;
  /** What few calls have; made when it is first needed. */
  #rareParts: RareParts | undefined;

  constructor(inFlight: InFlightCalls, options: CallOptions | undefined) {
    this.inFlight = inFlight;
    this.startTick = inFlight.timeouts.tick;
    this.index = -1;
    this.resolve = undefined;
    this.reject = undefined;
    this.onAbandoned = undefined;
    if (options?.timeoutMs !== undefined) this.#rare().timeoutMs = options.timeoutMs;
    if (options?.transfer !== undefined) this.#rare().moved = options.transfer;
  }

  /** Milliseconds allowed, undefined for the limit of all calls. */
  get timeoutMs(): number | undefined {
    return this.#rareParts?.timeoutMs;
  }

  get moved(): readonly ArrayBuffer[] | undefined {
    return this.#rareParts?.moved;
  }

  get signal(): AbortSignal {
    const rare = this.#rare();
    if (rare.controller === undefined) {
      rare.controller = new AbortController();
      if (rare.abortReason !== undefined) rare.controller.abort(rare.abortReason);
    }
    return rare.controller.signal;
  }

  get deadline(): number {
    const rare = this.#rare();
    if (rare.deadline === undefined) {
      const { timeouts } = this.inFlight;
      const allowed = rare.timeoutMs ?? (timeouts.limitMs === 0 ? Infinity : timeouts.limitMs);
      const passed = (timeouts.tick - this.startTick) * timeouts.tickMs;
      rare.deadline =
        allowed === 0 ? Infinity : Date.now() + allowed - (rare.timeoutMs === undefined ? passed : 0);
    }
    return rare.deadline;
  }

  /** Tells the author that nobody waits any more. */
  abort(reason: unknown): void {
    const rare = this.#rare();
    rare.abortReason = reason;
    rare.controller?.abort(reason);
    this.onAbandoned?.(reason);
    this.onAbandoned = undefined;
  }

  /** Nothing leaves the process: there is nothing to move. */
  transfer(): void {
    return;
  }

  /** Has something done when the call has settled. */
  whenLeft(stopListening: () => void): void {
    this.#rare().stopListening = stopListening;
  }

  /** Does what was to be done when the call has settled. */
  left(): void {
    this.#rareParts?.stopListening?.();
  }

  #rare(): RareParts {
    return (this.#rareParts ??= new RareParts());
  }
}

/** Fields that a call has only with options, or once its author asks for them. */
class RareParts {
  moved: readonly ArrayBuffer[] | undefined;
  timeoutMs: number | undefined;
  stopListening: (() => void) | undefined;
  controller: AbortController | undefined;
  deadline: number | undefined;
  abortReason: unknown;
}

/** The calls in flight of one generation. @internal */
export class InFlightCalls {
  readonly timeouts: CallTimeouts;
  readonly extensionId: string;
  readonly #callBytes: number;
  /** In no order: one that leaves is replaced by the last. */
  readonly #calls: InFlightCall[] = [];
  #isWatched = false;
  #whenIdle: PromiseWithResolvers<void> | undefined;

  constructor(timeouts: CallTimeouts, extensionId: string, callBytes: number) {
    this.timeouts = timeouts;
    this.extensionId = extensionId;
    this.#callBytes = callBytes;
  }

  /** How many calls have not settled. */
  get size(): number {
    return this.#calls.length;
  }

  /** Calls a method of no argument. */
  call0(handler: Handler): Promise<unknown> {
    const call = new InFlightCall(this, undefined);
    let result: unknown;
    try {
      result = handler(call);
    } catch (error) {
      return Promise.reject(this.#failed(error));
    }
    return this.#follow(call, result);
  }

  /** Calls a method of one argument. */
  call1(handler: Handler, argument: unknown): Promise<unknown> {
    const call = new InFlightCall(this, undefined);
    let result: unknown;
    try {
      if (exceeds(argument, this.#callBytes)) throw this.#tooLarge("arguments");
      result = handler(argument, call);
    } catch (error) {
      return Promise.reject(this.#failed(error));
    }
    return this.#follow(call, result);
  }

  /** Calls a method of any number of arguments. */
  call(handler: Handler, args: readonly unknown[], options: CallOptions | undefined): Promise<unknown> {
    const call = new InFlightCall(this, options);
    let result: unknown;
    try {
      if (exceeds(args, this.#callBytes)) throw this.#tooLarge("arguments");
      if (options?.signal?.aborted === true) throw cancelled(this.extensionId, options.signal);
      result = handler(...args, call);
    } catch (error) {
      return Promise.reject(this.#failed(error));
    }
    return this.#follow(call, result, options);
  }

  /** Settles when no call is in flight. */
  idle(): Promise<void> {
    if (this.#calls.length === 0) return Promise.resolve();
    return (this.#whenIdle ??= Promise.withResolvers<void>()).promise;
  }

  /** Tells every author that its caller no longer waits, without rejecting: the call may still settle. */
  abort(reason: Error): void {
    for (const call of [...this.#calls]) call.abort(reason);
  }

  /** Rejects every call in flight. */
  rejectAll(reason: Error): void {
    for (const call of [...this.#calls]) this.#fail(call, reason, { isAborted: true });
  }

  /** Ends the calls that started at or before the tick; tells whether any call is left that the timer may have to end. */
  expire(tick: number): boolean {
    for (const call of [...this.#calls]) {
      if (call.startTick < tick && call.timeoutMs === undefined)
        this.#fail(call, this.#late(this.timeouts.limitMs), { isAborted: true });
    }
    this.#isWatched = this.#calls.some((call) => call.timeoutMs === undefined);
    return this.#isWatched;
  }

  #follow(call: InFlightCall, result: unknown, options?: CallOptions): Promise<unknown> {
    let promise: PromiseLike<unknown>;
    try {
      if (result instanceof Promise) promise = result;
      else if (isThenable(result))
        promise = new Promise((resolve) => {
          resolve(result);
        });
      else {
        if (exceeds(result, this.#callBytes)) throw this.#tooLarge("result");
        return Promise.resolve(result);
      }
    } catch (error) {
      return Promise.reject(this.#failed(error));
    }
    return new Promise((resolve, reject) => {
      call.resolve = resolve;
      call.reject = reject;
      this.#enter(call);
      if (options !== undefined) this.#limit(call, options);
      try {
        promise.then(
          (value) => {
            this.#succeed(call, value);
          },
          (error: unknown) => {
            this.#fail(call, this.#failed(error), { isAborted: false });
          },
        );
      } catch (error) {
        // A promise with a `then` of the author's own.
        this.#fail(call, this.#failed(error), { isAborted: false });
      }
    });
  }

  #enter(call: InFlightCall): void {
    call.index = this.#calls.length;
    this.#calls.push(call);
    if (!this.#isWatched && call.timeoutMs === undefined) {
      this.#isWatched = true;
      this.timeouts.watch(this);
    }
  }

  #limit(call: InFlightCall, { signal, timeoutMs }: CallOptions): void {
    const timer =
      timeoutMs === undefined || timeoutMs === 0
        ? undefined
        : setTimeout(() => {
            this.#fail(call, this.#late(timeoutMs), { isAborted: true });
          }, timeoutMs);
    const cancel = () => {
      this.#fail(call, cancelled(this.extensionId, signal), { isAborted: true });
    };
    signal?.addEventListener("abort", cancel, { once: true });
    call.whenLeft(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    });
    // The handler itself may have cancelled.
    if (signal?.aborted === true) cancel();
  }

  #succeed(call: InFlightCall, value: unknown): void {
    if (call.resolve === undefined) return;
    const { resolve } = call;
    if (typeof value === "object" || typeof value === "string" || typeof value === "bigint") {
      let isTooLarge: boolean;
      try {
        isTooLarge = exceeds(value, this.#callBytes);
      } catch (error) {
        this.#fail(call, this.#failed(error), { isAborted: false });
        return;
      }
      if (isTooLarge) {
        this.#fail(call, this.#tooLarge("result"), { isAborted: false });
        return;
      }
    }
    this.#leave(call);
    resolve(value);
  }

  #fail(call: InFlightCall, error: Error, { isAborted }: { readonly isAborted: boolean }): void {
    if (call.reject === undefined) return;
    const { reject } = call;
    this.#leave(call);
    reject(error);
    if (isAborted) call.abort(error);
  }

  #leave(call: InFlightCall): void {
    call.resolve = undefined;
    call.reject = undefined;
    call.left();
    const last = this.#calls.pop();
    if (last !== undefined && last !== call) {
      this.#calls[call.index] = last;
      last.index = call.index;
    }
    if (this.#calls.length === 0 && this.#whenIdle !== undefined) {
      this.#whenIdle.resolve();
      this.#whenIdle = undefined;
    }
  }

  /** What an author threw becomes the cause; an error that already has a code keeps it. */
  #failed(error: unknown): ExtensionError {
    if (isExtensionError(error)) return error;
    // An extension beside the application throws its errors as they are; elsewhere they are advised where they are thrown.
    adviseAuthor(error);
    return new ExtensionError("CALL_FAILED", `A call to ${this.extensionId} failed: ${thrownText(error)}`, {
      extensionId: this.extensionId,
      cause: error,
    });
  }

  #late(limitMs: number): ExtensionError {
    return timedOut(this.extensionId, limitMs);
  }

  #tooLarge(what: "arguments" | "result"): ExtensionError {
    return new ExtensionError(
      "CALL_TOO_LARGE",
      `The ${what} of the call ${what === "result" ? "holds" : "hold"} more than ${String(this.#callBytes)} bytes.`,
      {
        extensionId: this.extensionId,
        details: { what, limitBytes: this.#callBytes },
      },
    );
  }
}

/** The error of a call whose time is up. @internal */
export function timedOut(extensionId: string, limitMs: number): ExtensionError {
  return new ExtensionError(
    "CALL_TIMEOUT",
    `The call to ${extensionId} did not settle within ${String(Math.ceil(limitMs))} ms.`,
    {
      extensionId,
      details: { limitMs },
    },
  );
}

/** The error of a call that its caller cancelled. @internal */
export function cancelled(extensionId: string, signal: AbortSignal | undefined): ExtensionError {
  return new ExtensionError("CALL_CANCELLED", `The call to ${extensionId} was cancelled.`, {
    extensionId,
    cause: signal?.reason,
  });
}
