/**
 * The states of a generation and the moves between them, as data. Pure. A generation makes only the moves
 * of this table; everything that happens to an extension is a walk through it.
 */

/** The state of a generation. @public */
export type ExtensionState =
  | "discovered"
  | "invalid"
  | "blocked"
  | "ready"
  | "activating"
  | "active"
  | "failed"
  | "deactivating"
  | "removed";

/** The reason why a generation is blocked or has failed. @public */
export interface StateReason {
  /** An {@link ErrorCode}, or one of INCOMPLETE, SHADOWED, DISABLED. */
  readonly code: string;
  /** In words, naming the root cause. */
  readonly message: string;
  /** The error behind it. */
  readonly cause?: unknown;
}

/** The moves of a generation from state to state. @internal */
export type ExtensionMove =
  | "rejected"
  | "unresolved"
  | "resolved"
  | "requested"
  | "settled"
  | "failed"
  | "stopping"
  | "stopped"
  | "gone";

const moves: Readonly<Record<ExtensionState, Readonly<Partial<Record<ExtensionMove, ExtensionState>>>>> = {
  discovered: { rejected: "invalid", unresolved: "blocked", resolved: "ready", gone: "removed" },
  invalid: { gone: "removed" },
  blocked: { resolved: "ready", unresolved: "blocked", gone: "removed" },
  ready: { requested: "activating", unresolved: "blocked", gone: "removed" },
  activating: { settled: "active", failed: "failed", unresolved: "blocked", stopping: "deactivating" },
  active: { stopping: "deactivating", failed: "failed" },
  failed: { gone: "removed" },
  deactivating: { stopped: "removed", gone: "removed" },
  removed: {},
};

/**
 * The state after a move, or undefined if the table has no such move.
 *
 * @internal
 */
export function nextState(state: ExtensionState, move: ExtensionMove): ExtensionState | undefined {
  return moves[state][move];
}
