import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExtensionDescription } from "../../../../../core/src/discovery/extension-description.js";
import {
  nextState,
  type ExtensionMove,
  type ExtensionState,
} from "../../../../../core/src/lifecycle/extension/extension-state.js";
import { Generation } from "../../../../../core/src/lifecycle/extension/generation.js";

const states: readonly ExtensionState[] = [
  "discovered",
  "invalid",
  "blocked",
  "ready",
  "activating",
  "active",
  "failed",
  "deactivating",
  "removed",
];
const moves: readonly ExtensionMove[] = [
  "rejected",
  "unresolved",
  "resolved",
  "requested",
  "settled",
  "failed",
  "stopping",
  "stopped",
  "gone",
];

/** Written down once more on purpose: whoever changes the table has to mean it. */
const arrows: readonly (readonly [ExtensionState, ExtensionMove, ExtensionState])[] = [
  ["discovered", "rejected", "invalid"],
  ["discovered", "unresolved", "blocked"],
  ["discovered", "resolved", "ready"],
  ["discovered", "gone", "removed"],
  ["invalid", "gone", "removed"],
  ["blocked", "unresolved", "blocked"],
  ["blocked", "resolved", "ready"],
  ["blocked", "gone", "removed"],
  ["ready", "unresolved", "blocked"],
  ["ready", "requested", "activating"],
  ["ready", "gone", "removed"],
  ["activating", "unresolved", "blocked"],
  ["activating", "settled", "active"],
  ["activating", "failed", "failed"],
  ["activating", "stopping", "deactivating"],
  ["active", "failed", "failed"],
  ["active", "stopping", "deactivating"],
  ["failed", "gone", "removed"],
  ["deactivating", "stopped", "removed"],
  ["deactivating", "gone", "removed"],
];

const description = { id: "acme.one" } as ExtensionDescription;

describe("the table of states", () => {
  test("has the moves that are drawn, and no others", () => {
    const found = states.flatMap((state) =>
      moves.flatMap((move) => {
        const next = nextState(state, move);
        return next === undefined ? [] : [[state, move, next] as const];
      }),
    );
    expect(found).toEqual(arrows);
  });

  test("leads out of every state but the last", () => {
    const ends = states.filter((state) => moves.every((move) => nextState(state, move) === undefined));
    expect(ends).toEqual(["removed"]);
  });

  test("leads to every state from the first", () => {
    const reached = new Set<ExtensionState>(["discovered"]);
    for (const state of reached) {
      for (const move of moves) {
        const next = nextState(state, move);
        if (next !== undefined) reached.add(next);
      }
    }
    expect([...reached].sort()).toEqual([...states].sort());
  });
});

describe("a generation", () => {
  test("makes the moves of the table and refuses all others, staying where it is", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 12 }), (walk) => {
        const generation = new Generation(1, description);
        for (const move of walk) {
          const before = generation.state;
          const arrow = arrows.find(([from, name]) => from === before && name === move);
          if (arrow === undefined) expect(() => generation.move(move)).toThrow(/can't be told/);
          else generation.move(move);
          expect(generation.state).toBe(arrow?.[2] ?? before);
        }
      }),
    );
  });

  test("carries the reason of its last move only", () => {
    const generation = new Generation(1, description);
    generation.move("unresolved", { code: "DISABLED", message: "acme.one is disabled." });
    expect(generation.reason?.code).toBe("DISABLED");
    generation.move("resolved");
    expect(generation.reason).toBeUndefined();
  });

  test("that has not failed has not failed within any time", () => {
    expect(new Generation(1, description).hasFailedWithin(Number.MAX_VALUE)).toBe(false);
  });
});
