/**
 * How far an extension is in becoming what is wanted, and the moves between these states, as data. Pure. What is
 * wanted is what its folder holds, loaded once more if a person asked for that.
 */

/** Where the update of an extension is. @internal */
export type UpdateState =
  /** What serves is what is wanted. A candidate that could not join another's update may still be in sight. */
  | "current"
  /** What serves is what is wanted; a candidate is being prepared because what it runs on is updated. */
  | "joining"
  /** Something else is wanted than what serves, and nothing is being made of it. */
  | "due"
  /** A candidate of what is wanted is being prepared. */
  | "preparing"
  /** Something newer is wanted than what is being prepared. */
  | "outdated"
  /** The candidate could not take over because of another extension. */
  | "waiting"
  /** The candidate could not take over by its own fault. It is not made again before something changes. */
  | "failed";

/** What happens to the update of an extension. @internal */
export type UpdateMove =
  /** Something else is wanted. */
  | "changed"
  /** Something else is wanted, and the candidate is made of it already. */
  | "included"
  /** What serves is again what is wanted. */
  | "putBack"
  /** A candidate was made, of what is wanted now. */
  | "prepared"
  /** The candidate serves. */
  | "served"
  /** The candidate is no longer wanted, and has no fault. */
  | "dropped"
  /** Another extension keeps the candidate from taking over. */
  | "blocked"
  /** The candidate's own fault keeps it from taking over. */
  | "failed"
  /** What failed may succeed now. */
  | "forgiven"
  /** A generation of what is wanted was put in the place of one that does not run. */
  | "renewed";

const moves: Readonly<Record<UpdateState, Readonly<Partial<Record<UpdateMove, UpdateState>>>>> = {
  current: { changed: "due", prepared: "joining", dropped: "current", renewed: "current" },
  joining: {
    changed: "outdated",
    included: "preparing",
    served: "current",
    dropped: "current",
    blocked: "current",
    failed: "current",
    renewed: "current",
  },
  due: { changed: "due", putBack: "current", prepared: "preparing", dropped: "due", renewed: "current" },
  preparing: {
    changed: "outdated",
    putBack: "current",
    served: "current",
    dropped: "due",
    blocked: "waiting",
    failed: "failed",
    renewed: "current",
  },
  outdated: {
    changed: "outdated",
    putBack: "current",
    served: "due",
    dropped: "due",
    blocked: "due",
    failed: "due",
    renewed: "current",
  },
  waiting: { changed: "due", putBack: "current", dropped: "due", renewed: "current" },
  failed: { changed: "due", putBack: "current", dropped: "due", forgiven: "due", renewed: "current" },
};

/**
 * The state after a move, or undefined if the table has no such move.
 *
 * @internal
 */
export function nextUpdateState(state: UpdateState, move: UpdateMove): UpdateState | undefined {
  return moves[state][move];
}
