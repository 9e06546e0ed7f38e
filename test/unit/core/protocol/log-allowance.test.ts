import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LogAllowance } from "../../../../core/src/protocol/log-allowance.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

function anAllowance() {
  const lines: string[] = [];
  const limits = { burstMessages: 5, messagesPerSecond: 2, burstBytes: 100, bytesPerSecond: 10 };
  const allowance = new LogAllowance(limits, (text) => lines.push(text));
  const told = (messages: number, bytes = 1) =>
    Array.from({ length: messages }, () => allowance.take(bytes)).filter((isTold) => isTold).length;
  return { allowance, lines, told };
}

test("a burst is told whole, and what goes beyond it counted in one line after a second", () => {
  const { told, lines } = anAllowance();
  expect(told(1_205)).toBe(5);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(lines).toEqual(["(1,200 more messages were logged and left out)"]);
});

test("whoever goes on and on is told of as often as the limit of a second says", () => {
  const { told, lines } = anAllowance();
  told(10);
  const seconds = Array.from({ length: 3 }, () => {
    vi.advanceTimersByTime(1_000);
    return told(10);
  });
  expect(seconds).toEqual([2, 2, 2]);
  expect(lines).toHaveLength(3);
});

test("a burst is possible again after a rest", () => {
  const { told, lines } = anAllowance();
  told(5);
  vi.advanceTimersByTime(60_000);
  expect([told(5), lines]).toEqual([5, []]);
});

test("large messages are counted as soon as their bytes are beyond the limit", () => {
  const { told } = anAllowance();
  expect(told(3, 40)).toBe(2);
  expect(told(1, Infinity)).toBe(0);
});

test("the end tells at once what was left out, and nothing if nothing was", () => {
  const { allowance, told, lines } = anAllowance();
  told(5);
  allowance.end();
  expect(lines).toEqual([]);
  told(1);
  allowance.end();
  vi.advanceTimersByTime(5_000);
  expect(lines).toEqual(["(1 more messages were logged and left out)"]);
});
