import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PluginPulse } from "../../../../extensions/runtime-go-plugin/src/contract/plugin-pulse.js";
import { GrpcError } from "../../../../extensions/runtime-go-plugin/src/wire/grpc-status.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function pulseOf(ping: () => Promise<unknown>): { pulse: PluginPulse; marks: boolean[] } {
  const report = (error: unknown) => {
    throw error;
  };
  const pulse = new PluginPulse({ processId: undefined, ping, report });
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
    pulse.heard();
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
  pulse.heard();
});

test("a plugin that does not answer for three seconds is marked until anything comes", async () => {
  const { pulse, marks } = pulseOf(() => new Promise(() => undefined));
  pulse.begin();
  await vi.advanceTimersByTimeAsync(3_900);
  expect(pulse.unresponsive).toBeUndefined();
  await vi.advanceTimersByTimeAsync(700);
  expect(pulse.unresponsive).toMatchObject({ place: undefined });
  expect(pulse.unresponsive?.forMs).toBeGreaterThanOrEqual(3_000);
  pulse.heardPart();
  expect(marks).toEqual([true, false]);
  pulse.heard();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(vi.getTimerCount()).toBe(0);
});

test("a question that is given up is no answer, and is put again", async () => {
  let error: Error | undefined = new GrpcError("DEADLINE_EXCEEDED", "The call took more than 100 ms.");
  const ping = vi.fn(() => (error === undefined ? Promise.resolve() : Promise.reject(error)));
  const { pulse, marks } = pulseOf(ping);
  pulse.begin();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(marks).toEqual([true]);
  error = new GrpcError("UNIMPLEMENTED", "There is no health here.");
  await vi.advanceTimersByTimeAsync(500);
  expect(marks).toEqual([true, false]);
  pulse.heard();
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

test("the memory is that of the process until the end, where the system tells", async () => {
  vi.useRealTimers();
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const pulse = new PluginPulse({
    processId: child.pid,
    ping: () => Promise.resolve(),
    report: () => undefined,
  });
  expect(pulse.processId).toBe(child.pid);
  const memory = await pulse.memory();
  if (process.platform === "linux") expect(memory).toBeGreaterThan(0);
  else expect(memory).toBeUndefined();
  pulse.end();
  expect(await pulse.memory()).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
});
