import { afterEach, expect, test, vi } from "vitest";
import { settledWithin } from "../../../../extensions/runtime-go-plugin/src/process/settled-within.js";

afterEach(() => void vi.useRealTimers());

test("no timer is left of a wait whose promise has settled, and one that never does ends in time", async () => {
  vi.useFakeTimers();
  await settledWithin(Promise.resolve(), 1_000);
  await settledWithin(Promise.reject(new Error("no")), 1_000);
  expect(vi.getTimerCount()).toBe(0);
  const late = settledWithin(new Promise(() => undefined), 1_000);
  vi.advanceTimersByTime(1_000);
  await late;
  expect(vi.getTimerCount()).toBe(0);
});
