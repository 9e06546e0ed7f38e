import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExtensionDescription } from "../../../../../core/src/discovery/extension-description.js";
import { Generation } from "../../../../../core/src/lifecycle/extension/generation.js";
import { ManagedExtension } from "../../../../../core/src/lifecycle/extension/managed-extension.js";
import {
  nextUpdateState,
  type UpdateMove,
  type UpdateState,
} from "../../../../../core/src/lifecycle/extension/update-state.js";

const states: readonly UpdateState[] = [
  "current",
  "joining",
  "due",
  "preparing",
  "outdated",
  "waiting",
  "failed",
];
const moves: readonly UpdateMove[] = [
  "changed",
  "included",
  "putBack",
  "prepared",
  "served",
  "dropped",
  "blocked",
  "failed",
  "forgiven",
  "renewed",
];

/** Written down once more on purpose: whoever changes the table has to mean it. */
const arrows: readonly (readonly [UpdateState, UpdateMove, UpdateState])[] = [
  ["current", "changed", "due"],
  ["current", "prepared", "joining"],
  ["current", "dropped", "current"],
  ["current", "renewed", "current"],
  ["joining", "changed", "outdated"],
  ["joining", "included", "preparing"],
  ["joining", "served", "current"],
  ["joining", "dropped", "current"],
  ["joining", "blocked", "current"],
  ["joining", "failed", "current"],
  ["joining", "renewed", "current"],
  ["due", "changed", "due"],
  ["due", "putBack", "current"],
  ["due", "prepared", "preparing"],
  ["due", "dropped", "due"],
  ["due", "renewed", "current"],
  ["preparing", "changed", "outdated"],
  ["preparing", "putBack", "current"],
  ["preparing", "served", "current"],
  ["preparing", "dropped", "due"],
  ["preparing", "blocked", "waiting"],
  ["preparing", "failed", "failed"],
  ["preparing", "renewed", "current"],
  ["outdated", "changed", "outdated"],
  ["outdated", "putBack", "current"],
  ["outdated", "served", "due"],
  ["outdated", "dropped", "due"],
  ["outdated", "blocked", "due"],
  ["outdated", "failed", "due"],
  ["outdated", "renewed", "current"],
  ["waiting", "changed", "due"],
  ["waiting", "putBack", "current"],
  ["waiting", "dropped", "due"],
  ["waiting", "renewed", "current"],
  ["failed", "changed", "due"],
  ["failed", "putBack", "current"],
  ["failed", "dropped", "due"],
  ["failed", "forgiven", "due"],
  ["failed", "renewed", "current"],
];

describe("the table of updates", () => {
  test("has the moves that are drawn, and no others", () => {
    const found = states.flatMap((state) =>
      moves.flatMap((move) => {
        const next = nextUpdateState(state, move);
        return next === undefined ? [] : [[state, move, next] as const];
      }),
    );
    expect(found).toEqual(arrows);
  });

  test("leads from every state to every other", () => {
    for (const from of states) {
      const reached = new Set<UpdateState>([from]);
      for (const state of reached) for (const [at, , to] of arrows) if (at === state) reached.add(to);
      expect([...reached].sort(), from).toEqual([...states].sort());
    }
  });
});

const description = { id: "acme.one" } as ExtensionDescription;
const queues = { enqueue: () => Promise.resolve() };
const own = { code: "MODULE_SYNTAX", message: "Unexpected end" };
const foreign = { code: "DEPENDENCY_FAILED", message: "acme.one waits for acme.two" };

const steps = [
  "change",
  "include",
  "put back",
  "prepare",
  "take over",
  "drop",
  "fail",
  "wait",
  "forgive",
  "renew",
] as const;

/** An extension beside a second account of the same: which wish the generations were made of, counted. */
class Counted {
  readonly extension = new ManagedExtension(description, 1, queues);
  number = 1;
  wish = 1;
  serving = 1;
  candidate: number | undefined;
  outcome: "failed" | "waiting" | undefined;

  get isPending(): boolean {
    return this.serving !== this.wish;
  }

  get isBeingPrepared(): boolean {
    return this.candidate !== undefined && this.outcome === undefined;
  }

  get isUntried(): boolean {
    return this.isPending && this.candidate !== this.wish;
  }

  get isDue(): boolean {
    return this.isUntried || (this.isPending && this.outcome === "waiting");
  }

  /** Whether the step can be made now: of what is being prepared, and of an update that is pending. */
  allows(step: (typeof steps)[number]): boolean {
    if (step === "put back") return this.isPending;
    if (step === "prepare") return !this.isBeingPrepared;
    if (step === "take over" || step === "fail" || step === "wait") return this.isBeingPrepared;
    return true;
  }

  make(step: (typeof steps)[number]): void {
    const { extension } = this;
    switch (step) {
      case "change":
        extension.changed();
        this.wish++;
        return;
      case "include":
        extension.included();
        // What was told of before has been counted.
        if (!this.isPending && this.isBeingPrepared) this.candidate = ++this.wish;
        return;
      case "put back":
        extension.putBack();
        this.#leave(this.wish);
        return;
      case "prepare":
        extension.prepare(new Generation(++this.number, description));
        this.candidate = this.wish;
        this.outcome = undefined;
        return;
      case "take over":
        extension.serve(extension.candidate!);
        this.#leave(this.candidate!);
        return;
      case "drop":
        extension.dropCandidate();
        this.#leave(this.serving);
        return;
      case "fail":
        extension.candidate!.move("resolved");
        extension.candidate!.move("requested");
        extension.holdBack("failed", own);
        this.outcome = "failed";
        return;
      case "wait":
        extension.holdBack("unresolved", foreign);
        this.outcome = "waiting";
        return;
      case "forgive":
        extension.forgive();
        if (this.isPending && this.candidate === this.wish && this.outcome === "failed") this.candidate = 0;
        return;
      case "renew":
        extension.renew(new Generation(++this.number, description));
        this.#leave(this.wish);
    }
  }

  #leave(serving: number): void {
    this.serving = serving;
    this.candidate = undefined;
    this.outcome = undefined;
  }
}

describe("an extension", () => {
  test("tells what is pending, untried and due as counted wishes do, whatever happens to it", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 30 }), (walk) => {
        const counted = new Counted();
        for (const step of walk) {
          if (!counted.allows(step)) continue;
          counted.make(step);
          const { isPending, isUntried, isDue } = counted;
          expect({
            isPending: counted.extension.isPending,
            isUntried: counted.extension.isUntried,
            isDue: counted.extension.isDue,
            hasCandidate: counted.extension.candidate !== undefined,
          }).toEqual({ isPending, isUntried, isDue, hasCandidate: counted.candidate !== undefined });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("refuses what its update can't be told, and stays where it is", () => {
    const extension = new ManagedExtension(description, 1, queues);
    expect(() => extension.putBack()).toThrow(
      'The update of acme.one is current and can\'t be told "putBack".',
    );
    expect(() => extension.holdBack("failed", own)).toThrow("can't be told");
    expect(extension.isPending).toBe(false);
    extension.changed();
    expect(() => extension.holdBack("failed", own)).toThrow("can't be told");
    expect(extension.isDue).toBe(true);
  });

  test("that a person wants loaded anew marks the generations that are there, and none that comes later", () => {
    const extension = new ManagedExtension(description, 1, queues);
    extension.changed();
    const candidate = new Generation(2, description);
    extension.prepare(candidate);
    extension.wanted();
    expect([extension.serving.isUnwanted, candidate.isUnwanted]).toEqual([true, true]);
    extension.serve(candidate);
    expect(extension.isDue).toBe(true);
    const next = new Generation(3, description);
    extension.prepare(next);
    extension.serve(next);
    expect([extension.isPending, next.isUnwanted]).toEqual([false, false]);
  });
});
