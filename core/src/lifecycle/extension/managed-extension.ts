/**
 * One extension for as long as its id is known: the generation that serves, the candidate beside it, and
 * the calls that wait. Decides nothing; the lifecycle does.
 */
import type { CallOptions, Problem, SavedState } from "@plugboard/extension-api";
import { cancelled, timedOut } from "../../contribution/in-flight-calls.js";
import type { Connection, ContributionOwner, QueuedTarget } from "../../contribution/contribution.js";
import type { ContributionValidation } from "../../contribution/contribution-validator.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { Generation } from "./generation.js";
import type { Supervision } from "./supervision.js";

/** So many candidates are given up for something newer; the next one is completed, however often the folder changes. */
const mostOvertaken = 3;

/** Who takes the calls that an extension can't answer yet. @internal */
export interface CallQueue {
  enqueue(extension: ManagedExtension, target: QueuedTarget): Promise<unknown>;
}

/** How long a call may wait. @internal */
export interface QueueLimits {
  /** Milliseconds for a call that says nothing of its own. */
  readonly callMs: number;
  /** Milliseconds to wait for a provider that is away, and what to say then. */
  readonly away: { readonly limitMs: number; readonly error: () => Error } | undefined;
}

/** One extension, whatever generation serves it. @internal */
export class ManagedExtension implements ContributionOwner {
  readonly id: string;
  /** The newest good description on disk. */
  description: ExtensionDescription;
  /** What is wrong with the folder now, while it can't be read; the description is then the last good one. */
  broken: readonly Problem[] | undefined;
  /** What the newest description comes to. */
  validation: ContributionValidation | undefined;
  /** What the contributions in force were listed for; undefined while none are. */
  listed: ContributionValidation | undefined;
  serving: Generation;
  candidate: Generation | undefined;
  /** The event for which it is to be active, also after it was stopped for another's sake. */
  wantedBy: string | undefined;
  /** Taken down because a provider went: calls wait for its return. */
  isAway = false;
  isDisabled = false;
  /** What it contributes is not listed: its content may not run. */
  isRefused = false;
  /** Calls are queued although a generation is active, while its state is handed over. */
  isQueueing = false;
  isRemoved = false;
  /** Counts the states of its folder that were told of, and the wishes of people to load it anew. */
  revision = 1;
  /** The revision that a candidate was made of which failed by its own fault: it is not tried again. */
  triedRevision = 0;
  /** The revision from which on a person wants it loaded anew, whatever its folder holds. */
  reloadRevision = 0;
  /** How many candidates in a row had to make way for something newer. */
  overtaken = 0;
  /** Generations in a row that were mixtures of what its folder held before and after, and the files that differed in each. */
  mixtures: { readonly count: number; readonly files: readonly string[] } | undefined;
  /** What the last generation handed over and no other has taken yet. */
  handedOver: SavedState | undefined;
  /** The generation for which its contributions were listed. */
  listedNumber = 0;
  /** What the generation before left behind. */
  leftovers: Readonly<Record<string, number>> | undefined;
  /** Settles when an incomplete folder is tried again or given up. */
  incomplete: PromiseWithResolvers<void> | undefined;
  incompleteTimer: NodeJS.Timeout | undefined;
  /** Its crashes and what is done about them; undefined until there is trouble. */
  supervision: Supervision | undefined;
  readonly #queues: CallQueue;
  #queued: Set<QueuedCall> | undefined;

  constructor(description: ExtensionDescription, generationNumber: number, queues: CallQueue) {
    this.id = description.id;
    this.description = description;
    this.serving = new Generation(generationNumber, description, this.revision);
    this.#queues = queues;
  }

  get rank(): number {
    return this.serving.description.rank;
  }

  get generationNumber(): number {
    return this.serving.number;
  }

  get connection(): Connection | undefined {
    return this.serving.state === "active" && !this.isQueueing ? this.serving.connection : undefined;
  }

  /**
   * Whether a generation runs, or something is under way that ends with another one: then what is new on the disk
   * is a matter for afterwards.
   */
  get isInHand(): boolean {
    return this.serving.isRunning || this.serving.state === "removed";
  }

  get queuedCalls(): number {
    return this.#queued?.size ?? 0;
  }

  queue(target: QueuedTarget): Promise<unknown> {
    return this.#queues.enqueue(this, target);
  }

  /** Queues a call until it is released or rejected; its own limits hold meanwhile. */
  enqueue(target: QueuedTarget, limits: QueueLimits): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const call = new QueuedCall(this.id, target, limits, resolve, reject, (done) => {
        this.#queued?.delete(done);
      });
      (this.#queued ??= new Set()).add(call);
      call.listen();
    });
  }

  /** Whether what serves was made of something else than what is wanted now. */
  get isPending(): boolean {
    return this.serving.revision !== this.revision;
  }

  /** Whether nothing has been made of what is wanted now, though it is not what serves. */
  get isStale(): boolean {
    return this.isPending && this.candidate?.revision !== this.revision;
  }

  /** Whether what is wanted now was tried and failed by its own fault. */
  get isTried(): boolean {
    return this.triedRevision === this.revision;
  }

  /** Its folder holds something else than before. */
  changed(): void {
    this.revision++;
  }

  /** A person wants it loaded anew. */
  wanted(): void {
    this.reloadRevision = ++this.revision;
  }

  /** Its folder is again what the serving generation was made of. Tells whether that is all that is wanted. */
  putBack(): boolean {
    if (this.serving.revision < this.reloadRevision) return false;
    this.serving.revision = this.revision;
    return true;
  }

  /** What is wanted now may succeed after all. */
  forgetTry(): void {
    this.triedRevision = 0;
  }

  /**
   * Ends a generation that is being prepared in favour of something newer. Tells whether it did: under constant change
   * one is completed from time to time, or none ever would be.
   */
  overtake(generation: Generation, reason: Error): boolean {
    if (!generation.isBeingPrepared || generation.isAborted) return true;
    if (this.overtaken >= mostOvertaken) return false;
    this.overtaken++;
    generation.abort(reason);
    return true;
  }

  /** The first of the errors in its folder and its sections. */
  get fault(): Problem | undefined {
    const isError = ({ severity }: Problem) => severity === "error";
    return this.broken?.find(isError) ?? this.validation?.problems.find(isError);
  }

  /** Ends the wait for the rest of a folder. */
  endIncomplete(): void {
    clearTimeout(this.incompleteTimer);
    this.incomplete?.resolve();
    this.incomplete = undefined;
  }

  /** Sends the waiting calls on, in the order they came. */
  release(): void {
    const queued = this.#queued;
    this.#queued = undefined;
    for (const call of queued ?? []) call.send();
  }

  /**
   * Sends the waiting calls to a generation that keeps them until it is active. They go on waiting here: only when
   * it is active do their answers count.
   */
  sendAhead(connection: Connection): void {
    for (const call of this.#queued ?? []) call.sendAhead(connection);
  }

  /** What was sent ahead did not arrive: the generation never became active. */
  forgetSentAhead(): void {
    for (const call of this.#queued ?? []) call.forgetSentAhead();
  }

  /** What was sent ahead may have been carried out before the other end went: it is not sent again. */
  rejectSentAhead(error: Error): void {
    for (const call of this.#queued ?? []) {
      if (!call.isSentAhead) continue;
      this.#queued?.delete(call);
      call.fail(error);
    }
  }

  /** Rejects the waiting calls. */
  rejectQueued(error: Error): void {
    const queued = this.#queued;
    this.#queued = undefined;
    for (const call of queued ?? []) call.fail(error);
  }
}

class QueuedCall {
  readonly #extensionId: string;
  readonly #target: QueuedTarget;
  readonly #limitMs: number;
  readonly #away: QueueLimits["away"];
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: Error) => void;
  readonly #leave: (call: QueuedCall) => void;
  readonly #since = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #ahead: Promise<unknown> | undefined;

  constructor(
    extensionId: string,
    target: QueuedTarget,
    limits: QueueLimits,
    resolve: (value: unknown) => void,
    reject: (error: Error) => void,
    leave: (call: QueuedCall) => void,
  ) {
    this.#extensionId = extensionId;
    this.#target = target;
    this.#limitMs = target.options?.timeoutMs ?? limits.callMs;
    this.#away = limits.away;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#leave = leave;
  }

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

  send(): void {
    this.#stop();
    const { contribution, method, args } = this.#target;
    this.#resolve(this.#ahead ?? contribution.invoke(method, args, this.#rest()));
  }

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

  /** The call's options, with the time that is left. */
  #rest(): CallOptions {
    const passed = performance.now() - this.#since;
    return {
      ...this.#target.options,
      timeoutMs: this.#limitMs === 0 ? 0 : Math.max(1, this.#limitMs - passed),
    };
  }

  fail(error: Error): void {
    this.#stop();
    this.#reject(error);
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
