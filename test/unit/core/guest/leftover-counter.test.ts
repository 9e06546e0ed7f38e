import { promisify } from "node:util";
import { setImmediate as untilImmediates, setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { LeftoverCounter } from "../../../../core/src/guest/leftover-counter.js";

interface StandIns {
  readonly counter: LeftoverCounter;
  readonly setTimeout: typeof globalThis.setTimeout;
  readonly setInterval: typeof globalThis.setInterval;
  readonly setImmediate: typeof globalThis.setImmediate;
  readonly process: NodeJS.Process;
}

function standIns(): StandIns {
  const counter = new LeftoverCounter();
  const find = <Value>(name: Parameters<LeftoverCounter["standIn"]>[0]): Value =>
    counter.standIn(name) as Value;
  return {
    counter,
    setTimeout: find("setTimeout"),
    setInterval: find("setInterval"),
    setImmediate: find("setImmediate"),
    process: find("process"),
  };
}

const nothing = (): void => undefined;

afterEach(() => vi.useRealTimers());

test("timers count by kind until they have fired", async () => {
  const { counter, ...own } = standIns();
  const fired: unknown[] = [];
  own.setTimeout((...values) => fired.push(...values), 1, "a", "b");
  own.setImmediate((value) => fired.push(value), "c");
  const interval = own.setInterval(nothing, 1);
  expect(counter.counts()).toEqual({ timeout: 1, interval: 1, immediate: 1 });

  while (fired.length < 3) await wait(1);
  await untilImmediates();
  expect(fired.sort()).toEqual(["a", "b", "c"]);
  expect(counter.counts()).toEqual({ interval: 1 });
  clearInterval(interval);
  expect(counter.counts()).toEqual({});
});

test("a timer no longer counts, whichever way it is cleared", () => {
  const { counter, ...own } = standIns();
  const start = (): NodeJS.Timeout => own.setTimeout(nothing, 1_000_000);
  const [cleared, byNumber, closed, disposed] = [start(), start(), start(), start()];
  const immediate = own.setImmediate(nothing);
  expect(counter.counts()).toEqual({ timeout: 4, immediate: 1 });

  clearTimeout(cleared);
  expect(counter.counts()).toEqual({ timeout: 3, immediate: 1 });
  clearInterval(byNumber[Symbol.toPrimitive]());
  closed.close();
  disposed[Symbol.dispose]();
  immediate[Symbol.dispose]();
  expect(counter.counts()).toEqual({});
});

test("a timer that nothing else would wait for counts, and one that is started again counts again", async () => {
  const { counter, ...own } = standIns();
  own.setInterval(nothing, 1_000_000).unref();
  let fires = 0;
  const timeout = own.setTimeout(() => (fires += 1), 1);
  while (fires === 0) await wait(1);
  expect(counter.counts()).toEqual({ interval: 1 });
  timeout.refresh();
  expect(counter.counts()).toEqual({ interval: 1, timeout: 1 });
  clearTimeout(timeout);
});

test("the stand-in of a timer function has all the original has", async () => {
  const own = standIns();
  expect([own.setTimeout.name, own.setTimeout.length]).toEqual([setTimeout.name, setTimeout.length]);
  expect(Reflect.ownKeys(own.setTimeout)).toEqual(Reflect.ownKeys(setTimeout));
  expect(await promisify(own.setTimeout)(1, "value")).toBe("value");
  expect(await promisify(own.setImmediate)("value")).toBe("value");
  expect(() => own.setTimeout("not a function" as never)).toThrow(
    expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE" }),
  );
});

test("timers that were faked after the code was loaded are the ones it uses", () => {
  const { counter, ...own } = standIns();
  vi.useFakeTimers();
  const fired = vi.fn();
  own.setTimeout(fired, 1_000_000);
  vi.advanceTimersByTime(1_000_000);
  expect(fired).toHaveBeenCalledOnce();
  expect(counter.counts()).toEqual({});
});

test("timers without number come and go, and the one that stays is counted", () => {
  const { counter, ...own } = standIns();
  const first = own.setTimeout(nothing, 1_000_000);
  for (let round = 0; round < 100_000; round += 1) clearTimeout(own.setTimeout(nothing, 1_000_000));
  expect(counter.counts()).toEqual({ timeout: 1 });
  clearTimeout(first);
});

test("listeners of the process count until they are removed, by whatever way", () => {
  const { counter, process: own } = standIns();
  const event = "plugboard-test" as "message";
  onTestFinished(() => void process.removeAllListeners(event));
  const [a, b, c] = [vi.fn(), vi.fn(), vi.fn()];
  expect(own.on(event, a).once(event, b).prependListener(event, c).addListener(event, a)).toBe(own);
  own.prependOnceListener(event, b);
  expect(counter.counts()).toEqual({ "process listener": 5 });
  expect(process.listeners(event)).toEqual([b, c, a, b, a]);

  process.emit(event, "message", undefined);
  expect([a, b, c].map((listener) => listener.mock.calls.length)).toEqual([2, 2, 1]);
  expect(counter.counts()).toEqual({ "process listener": 3 });
  own.off(event, a);
  expect(counter.counts()).toEqual({ "process listener": 2 });
  process.removeListener(event, c);
  own.removeAllListeners(event);
  expect(counter.counts()).toEqual({});
});

test("a listener that somebody else added does not count", () => {
  const { counter, process: own } = standIns();
  const event = "plugboard-test" as "message";
  onTestFinished(() => void process.removeAllListeners(event));
  process.on(event, nothing);
  expect(own.listenerCount(event)).toBe(1);
  expect(counter.counts()).toEqual({});
});

test("the stand-in of the process is the process in all other respects", () => {
  const { process: own } = standIns();
  expect(own).toBeInstanceOf(Object.getPrototypeOf(process).constructor);
  expect(Object.prototype.toString.call(own)).toBe("[object process]");
  expect(Reflect.ownKeys(own)).toEqual(Reflect.ownKeys(process));
  expect(own.env).toBe(process.env);
  expect(Reflect.get(own, "nextTick")).toBe(Reflect.get(process, "nextTick"));
  expect(Reflect.get(own, "on")).toBe(Reflect.get(own, "on"));
  expect(own.cwd()).toBe(process.cwd());
  const { title } = process;
  onTestFinished(() => void (process.title = title));
  own.title = "stand-in";
  expect(process.title).toBe("stand-in");
});
