/**
 * One call that waits until an extension can answer it, within its own limits and those of the wait.
 * Invariant: it is sent on or fails, once.
 */
import type { CallOptions } from "@plugboard/extension-api";
import type { Connection, QueuedTarget } from "../../contribution/contribution.js";
import { cancelled, timedOut } from "../../contribution/in-flight-calls.js";

/** How long a call may wait. @internal */
export interface QueueLimits {
  /** Milliseconds for a call that says nothing of its own. */
  readonly callMs: number;
  /** Milliseconds to wait for a provider that is away, and what to say then. */
  readonly away: { readonly limitMs: number; readonly error: () => Error } | undefined;
}

/** A call that waits. @internal */
export class QueuedCall {
  readonly #extensionId: string;
  readonly #target: QueuedTarget;
  readonly #limitMs: number;
  readonly #away: QueueLimits["away"];
  readonly #settling = Promise.withResolvers<unknown>();
  readonly #leave: (call: QueuedCall) => void;
  readonly #since = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #ahead: Promise<unknown> | undefined;

  constructor(
    extensionId: string,
    target: QueuedTarget,
    limits: QueueLimits,
    leave: (call: QueuedCall) => void,
  ) {
    this.#extensionId = extensionId;
    this.#target = target;
    this.#limitMs = target.options?.timeoutMs ?? limits.callMs;
    this.#away = limits.away;
    this.#leave = leave;
  }

  /** What it is answered at last. */
  get answer(): Promise<unknown> {
    return this.#settling.promise;
  }

  /** Has its limits hold from now on. */
  listen(): void {
    const { signal } = this.#target.options ?? {};
    if (signal?.aborted === true) {
      this.#cancel();
      return;
    }
    signal?.addEventListener("abort", this.#cancel, { once: true });
    const limitMs = Math.min(this.#limitMs === 0 ? Infinity : this.#limitMs, this.#away?.limitMs ?? Infinity);
    if (limitMs === Infinity) return;
    this.#timer = setTimeout(() => {
      this.#leave(this);
      this.fail(limitMs === this.#away?.limitMs ? this.#away.error() : timedOut(this.#extensionId, limitMs));
    }, limitMs);
  }

  /** Sends it on, or takes the answer to what was sent ahead. */
  send(): void {
    this.#stop();
    const { contribution, method, args } = this.#target;
    this.#settling.resolve(this.#ahead ?? contribution.invoke(method, args, this.#rest()));
  }

  /** Sends it to a generation that keeps it until that is active. */
  sendAhead(connection: Connection): void {
    const { contribution } = this.#target;
    this.#ahead = contribution.callAhead(connection, { ...this.#target, options: this.#rest() });
    // Its answer counts when it is sent on; a failure before then is that of a generation nobody has seen.
    this.#ahead?.catch(() => undefined);
  }

  get isSentAhead(): boolean {
    return this.#ahead !== undefined;
  }

  forgetSentAhead(): void {
    this.#ahead = undefined;
  }

  /** Ends its wait without an answer. */
  fail(error: Error): void {
    this.#stop();
    this.#settling.reject(error);
  }

  /** The call's options, with the time that is left. */
  #rest(): CallOptions {
    const passed = performance.now() - this.#since;
    return {
      ...this.#target.options,
      timeoutMs: this.#limitMs === 0 ? 0 : Math.max(1, this.#limitMs - passed),
    };
  }

  readonly #cancel = () => {
    this.#leave(this);
    this.fail(cancelled(this.#extensionId, this.#target.options?.signal));
  };

  #stop(): void {
    clearTimeout(this.#timer);
    this.#target.options?.signal?.removeEventListener("abort", this.#cancel);
  }
}
