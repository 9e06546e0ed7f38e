import { expect, test } from "vitest";
import { CrashBudget, type RestartPolicy } from "../../../../../core/src/lifecycle/extension/crash-budget.js";

const policy: RestartPolicy = {
  delaysMs: [100, 500, 2_000],
  budget: 3,
  windowMs: 300_000,
  unresponsiveMs: 0,
};
const minute = 60_000;

/** What is decided about crashes at these minutes. */
function decisions(minutes: readonly number[], more: Partial<RestartPolicy> = {}) {
  const budget = new CrashBudget();
  return minutes.map((at) => budget.consume(at * minute, { ...policy, ...more }));
}

test("the third crash within the window is one too many", () => {
  expect(decisions([0, 1, 2])).toEqual([100, 500, undefined]);
});

test("crashes that are a window old no longer count", () => {
  expect(decisions([0, 4, 5, 9])).toEqual([100, 500, 2_000, 2_000]);
});

test("a whole window without a crash starts the delays from anew", () => {
  expect(decisions([0, 1, 7])).toEqual([100, 500, 100]);
});

test("the last delay holds for all further restarts", () => {
  expect(decisions([0, 1, 2, 3, 4], { budget: Infinity })).toEqual([100, 500, 2_000, 2_000, 2_000]);
});

test("a budget of one crash allows no restart", () => {
  expect(decisions([0], { budget: 1 })).toEqual([undefined]);
});

test("forgiveness forgets the crashes and the delays", () => {
  const budget = new CrashBudget();
  budget.consume(0, policy);
  budget.consume(1, policy);
  budget.reset();

  expect(budget.count(2, policy)).toBe(0);
  expect(budget.consume(2, policy)).toBe(100);
});
