/**
 * What is kept of an extension that has been in trouble: its crashes, its history and the restart that is
 * due. Made with the first trouble, so that the many that have none keep nothing.
 * Invariant: at most one restart is due, and whoever waits for it is told when it begins or is void.
 */
import { CrashBudget, type RestartPolicy } from "./crash-budget.js";
import { IncidentHistory, type Incident } from "./incident.js";

/** A restart that is due. @internal */
export interface DueRestart {
  /** Milliseconds from the crash to the restart. */
  readonly delayMs: number;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
  /** Settles when it begins, or when something else took its place. */
  readonly begun: Promise<void>;
}

interface PendingRestart extends DueRestart {
  readonly begin: () => void;
  readonly timer: NodeJS.Timeout;
  readonly incident: Incident;
}

/** The troubles of one extension. @internal */
export class Supervision {
  readonly history = new IncidentHistory();
  readonly #budget = new CrashBudget();
  #restart: PendingRestart | undefined;

  /** The restart that is due; undefined while none is. */
  get restart(): DueRestart | undefined {
    return this.#restart;
  }

  /** Counts a crash. Returns the milliseconds to wait before a restart, or undefined if there were too many. */
  consume(policy: RestartPolicy): number | undefined {
    return this.#budget.consume(performance.now(), policy);
  }

  /** How many crashes count now. */
  crashes(policy: RestartPolicy): number {
    return this.#budget.count(performance.now(), policy);
  }

  /** Has a restart be due. `start` is called then, unless something else comes first. */
  scheduleRestart(incident: Incident, delayMs: number, start: () => void): void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#endWait();
    this.#restart = {
      delayMs,
      at: Date.now() + delayMs,
      begun: promise,
      begin: () => {
        resolve(undefined);
      },
      timer: setTimeout(start, delayMs),
      incident,
    };
  }

  /** Begins the restart that is due: `start` makes the generation and returns its number. */
  beginRestart(start: () => number): void {
    const due = this.#endWait();
    const generation = start();
    if (due === undefined) return;
    const { incident, delayMs } = due;
    this.history.amend(incident, { outcome: { kind: "restarted", delayMs, generation } });
  }

  /** Another generation takes the place of the one that was to be restarted. */
  replaced(generation: number): void {
    const due = this.#endWait();
    if (due !== undefined) this.history.amend(due.incident, { outcome: { kind: "replaced", generation } });
  }

  /** Forgets the crashes, not the history: the folder changed, or somebody wants the extension to run. */
  reset(): void {
    this.#budget.reset();
  }

  /** Starts nothing any more. */
  dispose(): void {
    const due = this.#endWait();
    if (due !== undefined) this.history.amend(due.incident, { outcome: { kind: "ended" } });
  }

  #endWait(): PendingRestart | undefined {
    const due = this.#restart;
    this.#restart = undefined;
    clearTimeout(due?.timer);
    due?.begin();
    return due;
  }
}
