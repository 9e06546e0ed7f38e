import type { Child } from "../../../../extension-api/src/index.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CallHeartbeat } from "../../../../core/src/runtime/heartbeat.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const patience = { pingAfterMs: 1_000, unresponsiveMs: 3_000 };

function pulseOf(ping: () => Promise<unknown>): { pulse: CallHeartbeat; marks: boolean[] } {
  const report = (error: unknown) => {
    throw error;
  };
  const pulse = new CallHeartbeat({ child: undefined, ping }, patience, report);
  const marks: boolean[] = [];
  pulse.onDidChange(() => marks.push(pulse.unresponsive !== undefined));
  return { pulse, marks };
}

test("nothing is asked of a plugin that has no call, nor of one that answers within a second", async () => {
  const ping = vi.fn(() => Promise.resolve());
  const { pulse, marks } = pulseOf(ping);
  await vi.advanceTimersByTimeAsync(10_000);
  for (let count = 0; count < 10; count++) {
    pulse.begin();
    await vi.advanceTimersByTimeAsync(500);
    pulse.answered();
    await vi.advanceTimersByTimeAsync(500);
  }
  expect([ping.mock.calls.length, marks, vi.getTimerCount()]).toEqual([0, [], 0]);
});

test("a plugin that answers about its health while a call takes long is not marked", async () => {
  const ping = vi.fn(() => Promise.resolve("SERVING"));
  const { pulse, marks } = pulseOf(ping);
  pulse.begin();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ping.mock.calls.length).toBeGreaterThan(3);
  expect(marks).toEqual([]);
  pulse.answered();
});

test("a plugin that does not answer for three seconds is marked until anything comes", async () => {
  const { pulse, marks } = pulseOf(() => new Promise(() => undefined));
  pulse.begin();
  await vi.advanceTimersByTimeAsync(3_900);
  expect(pulse.unresponsive).toBeUndefined();
  await vi.advanceTimersByTimeAsync(700);
  expect(pulse.unresponsive).toMatchObject({ place: undefined });
  expect(pulse.unresponsive?.forMs).toBeGreaterThanOrEqual(3_000);
  pulse.heard();
  expect(marks).toEqual([true, false]);
  pulse.answered();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(vi.getTimerCount()).toBe(0);
});

test("a question that is given up is no answer, and is put again", async () => {
  let error: Error | undefined = new Error("The question took more than 100 ms.");
  const ping = vi.fn(() => (error === undefined ? Promise.resolve() : Promise.reject(error)));
  const { pulse, marks } = pulseOf(ping);
  pulse.begin();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(marks).toEqual([true]);
  error = undefined;
  await vi.advanceTimersByTimeAsync(500);
  expect(marks).toEqual([true, false]);
  pulse.answered();
});

test("nothing is asked or told after the end", async () => {
  const ping = vi.fn(() => new Promise(() => undefined));
  const { pulse, marks } = pulseOf(ping);
  pulse.begin();
  pulse.end();
  pulse.begin();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([ping.mock.calls.length, marks, vi.getTimerCount()]).toEqual([0, [], 0]);
});

test("the memory is that of the child until the end", async () => {
  const child = { processId: 7, memory: () => 1_024 } as unknown as Child;
  const pulse = new CallHeartbeat({ child, ping: () => Promise.resolve() }, patience, () => undefined);
  expect([pulse.processId, await pulse.memory()]).toEqual([7, 1_024]);
  pulse.end();
  expect(await pulse.memory()).toBeUndefined();
});
