/**
 * One extension for as long as its id is known: the generation that serves, the candidate beside it, and
 * the calls that wait. Decides nothing; the lifecycle does.
 */
import { ExtensionError, type Problem, type SavedState } from "@plugboard/extension-api";
import type { Connection, ContributionOwner, QueuedTarget } from "../../contribution/contribution.js";
import type { ContributionValidation } from "../../contribution/contribution-validator.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { ExtensionMove, StateReason } from "./extension-state.js";
import { Generation } from "./generation.js";
import { superseded } from "./lifecycle-errors.js";
import { QueuedCall, type QueueLimits } from "./queued-call.js";
import type { Supervision } from "./supervision.js";
import { nextUpdateState, type UpdateMove, type UpdateState } from "./update-state.js";

/** So many candidates are given up for something newer; the next one is completed, however often the folder changes. */
const mostOvertaken = 3;

/** The queue of calls that an extension can't answer yet. @internal */
export interface CallQueue {
  enqueue(extension: ManagedExtension, target: QueuedTarget): Promise<unknown>;
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
  /** How many candidates in a row had to make way for something newer. */
  overtaken = 0;
  /** How many generations in a row were mixtures of what its folder held before and after. */
  mixtures = 0;
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
  #serving: Generation;
  #candidate: Generation | undefined;
  #update: UpdateState = "current";
  #changes = 0;
  #queued: Set<QueuedCall> | undefined;

  constructor(description: ExtensionDescription, generationNumber: number, queues: CallQueue) {
    this.id = description.id;
    this.description = description;
    this.#serving = new Generation(generationNumber, description);
    this.#queues = queues;
  }

  /** The generation that answers calls, or that is to as soon as it can. */
  get serving(): Generation {
    return this.#serving;
  }

  /** Whether it is this generation that answers calls, or is to: not another, and none any more once it is removed. */
  serves(generation: Generation): boolean {
    return this.#serving === generation && !this.isRemoved;
  }

  /** The generation that is being prepared beside it, or that could not take its place and shows why. */
  get candidate(): Generation | undefined {
    return this.#candidate;
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
    const call = new QueuedCall(this.id, target, limits, (done) => {
      this.#queued?.delete(done);
    });
    (this.#queued ??= new Set()).add(call);
    call.listen();
    return call.answer;
  }

  /** Whether something else is wanted than what serves. */
  get isPending(): boolean {
    return this.#update !== "current" && this.#update !== "joining";
  }

  /** Whether nothing was made yet of what is wanted. */
  get isUntried(): boolean {
    return this.#update === "due" || this.#update === "outdated";
  }

  /** Whether an update is of use. What failed by its own fault would only fail again. */
  get isDue(): boolean {
    return this.isUntried || this.isWaiting;
  }

  /** Whether another extension keeps what was made of it from taking over. */
  get isWaiting(): boolean {
    return this.#update === "waiting";
  }

  /** How often something else was wanted: what somebody has seen of its files before the last time is out of date. */
  get changes(): number {
    return this.#changes;
  }

  /** Its folder holds something else than before. */
  changed(): void {
    this.#changes++;
    this.#move("changed");
  }

  /** Its folder holds something else than before, and the candidate is made of that already. */
  included(): void {
    if (this.#update !== "joining") return;
    this.#changes++;
    this.#move("included");
  }

  /** A person wants it loaded anew. */
  wanted(): void {
    this.#serving.isUnwanted = true;
    if (this.#candidate !== undefined) this.#candidate.isUnwanted = true;
    this.changed();
  }

  /** Its folder is again what the serving generation was made of: a candidate that was made of others has nothing to offer. */
  putBack(): void {
    this.#end("putBack");
  }

  /** Puts a generation beside what serves that is to be prepared, in the place of one that could not take over. */
  prepare(candidate: Generation): void {
    this.dropCandidate();
    this.#candidate = candidate;
    this.#move("prepared");
  }

  /** Leaves the candidate in sight, which can't take over. */
  holdBack(move: ExtensionMove, reason: StateReason): void {
    this.#candidate?.move(move, reason);
    this.#move(reason.code.startsWith("DEPENDENCY_") ? "blocked" : "failed");
  }

  /** What kept the candidate from taking over may no longer do so. */
  forgive(): void {
    if (this.#update === "failed") this.#move("forgiven");
  }

  /** Forgets the candidate, which has no fault. */
  dropCandidate(): void {
    if (this.#candidate === undefined) return;
    this.#candidate = undefined;
    this.#move("dropped");
  }

  /** Has the candidate serve, or what was before as it was loaded then. A restart that was due is void. */
  serve(generation: Generation): void {
    this.#serving = generation;
    this.supervision?.replaced(generation.number);
    if (generation !== this.#candidate) return;
    this.#candidate = undefined;
    this.#move("served");
  }

  /** Has a generation of what is wanted serve in the place of one that does not run. */
  renew(generation: Generation): void {
    this.serve(generation);
    this.#end("renewed");
  }

  /**
   * Ends a generation that is being prepared in favour of something newer. Tells whether it did: under constant change
   * one is completed from time to time, or none ever would be.
   */
  overtake(generation: Generation): boolean {
    if (!generation.isBeingPrepared || generation.isAborted) return true;
    if (this.overtaken >= mostOvertaken) return false;
    this.overtaken++;
    generation.abort(superseded(this));
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
    for (const call of this.#takeQueued()) call.send();
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
    for (const call of this.#takeQueued()) call.fail(error);
  }

  #takeQueued(): Iterable<QueuedCall> {
    const queued = this.#queued ?? [];
    this.#queued = undefined;
    return queued;
  }

  /** There is nothing to be made any more. */
  #end(move: "putBack" | "renewed"): void {
    this.#candidate?.abort(superseded(this));
    this.#candidate = undefined;
    this.#move(move);
  }

  #move(move: UpdateMove): void {
    const next = nextUpdateState(this.#update, move);
    if (next === undefined) {
      const message = `The update of ${this.id} is ${this.#update} and can't be told "${move}".`;
      throw new ExtensionError("INTERNAL", message, { extensionId: this.id });
    }
    this.#update = next;
  }
}
