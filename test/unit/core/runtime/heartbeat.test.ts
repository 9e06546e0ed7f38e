import type { Child } from "../../../../extension-api/src/index.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CallHeartbeat } from "../../../../core/src/runtime/heartbeat.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const timeouts = { pingAfterMs: 1_000, unresponsiveMs: 3_000 };

function heartbeatOf(ping: () => Promise<unknown>): { heartbeat: CallHeartbeat; marks: boolean[] } {
  const report = (error: unknown) => {
    throw error;
  };
  const heartbeat = new CallHeartbeat({ child: undefined, ping }, timeouts, report);
  const marks: boolean[] = [];
  heartbeat.onDidChange(() => marks.push(heartbeat.unresponsive !== undefined));
  return { heartbeat, marks };
}

test("nothing is asked of a plugin that has no call, nor of one that answers within a second", async () => {
  const ping = vi.fn(() => Promise.resolve());
  const { heartbeat, marks } = heartbeatOf(ping);
  await vi.advanceTimersByTimeAsync(10_000);
  for (let count = 0; count < 10; count++) {
    heartbeat.begin();
    await vi.advanceTimersByTimeAsync(500);
    heartbeat.answered();
    await vi.advanceTimersByTimeAsync(500);
  }
  expect([ping.mock.calls.length, marks, vi.getTimerCount()]).toEqual([0, [], 0]);
});

test("a plugin that answers about its health while a call takes long is not marked", async () => {
  const ping = vi.fn(() => Promise.resolve("SERVING"));
  const { heartbeat, marks } = heartbeatOf(ping);
  heartbeat.begin();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ping.mock.calls.length).toBeGreaterThan(3);
  expect(marks).toEqual([]);
  heartbeat.answered();
});

test("a plugin that does not answer for three seconds is marked until anything comes", async () => {
  const { heartbeat, marks } = heartbeatOf(() => new Promise(() => undefined));
  heartbeat.begin();
  await vi.advanceTimersByTimeAsync(3_900);
  expect(heartbeat.unresponsive).toBeUndefined();
  await vi.advanceTimersByTimeAsync(700);
  expect(heartbeat.unresponsive).toMatchObject({ place: undefined });
  expect(heartbeat.unresponsive?.forMs).toBeGreaterThanOrEqual(3_000);
  heartbeat.heard();
  expect(marks).toEqual([true, false]);
  heartbeat.answered();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(vi.getTimerCount()).toBe(0);
});

test("a question that is given up is no answer, and is put again", async () => {
  let error: Error | undefined = new Error("The question took more than 100 ms.");
  const ping = vi.fn(() => (error === undefined ? Promise.resolve() : Promise.reject(error)));
  const { heartbeat, marks } = heartbeatOf(ping);
  heartbeat.begin();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(marks).toEqual([true]);
  error = undefined;
  await vi.advanceTimersByTimeAsync(500);
  expect(marks).toEqual([true, false]);
  heartbeat.answered();
});

test("nothing is asked or told after the end", async () => {
  const ping = vi.fn(() => new Promise(() => undefined));
  const { heartbeat, marks } = heartbeatOf(ping);
  heartbeat.begin();
  heartbeat.end();
  heartbeat.begin();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([ping.mock.calls.length, marks, vi.getTimerCount()]).toEqual([0, [], 0]);
});

test("the memory is that of the child until the end", async () => {
  const child = { processId: 7, memory: () => 1_024 } as unknown as Child;
  const heartbeat = new CallHeartbeat({ child, ping: () => Promise.resolve() }, timeouts, () => undefined);
  expect([heartbeat.processId, await heartbeat.memory()]).toEqual([7, 1_024]);
  heartbeat.end();
  expect(await heartbeat.memory()).toBeUndefined();
});
