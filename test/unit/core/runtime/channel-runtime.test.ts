/** What a runtime over channels opens ahead, and what it leaves behind when it ends. */
import { afterEach, expect, test, vi } from "vitest";
import type {
  Channel,
  ChannelDriver,
  ExitReason,
  StartRequest,
} from "../../../../extension-api/src/index.js";
import { ChannelRuntime } from "../../../../core/src/runtime/channel-runtime.js";
import { nothingGranted } from "../../../support/nothing-granted.js";

afterEach(() => vi.useRealTimers());

const signal = new AbortController().signal;

const request: StartRequest = {
  extension: { id: "acme.slow", version: "1.0.0", path: "/nowhere" },
  generation: 1,
  main: "./extension.js",
  runtime: { kind: "test" },
  group: undefined,
  capabilities: nothingGranted,
  logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  onFile: () => undefined,
  onProblem: () => undefined,
  extendTimeout: () => undefined,
  reuse: undefined,
  openSession: unasked,
  startChild: unasked,
  heartbeat: unasked,
  cutLines: unasked,
  createFolder: unasked,
};

function unasked(): never {
  throw new Error("A runtime over channels of the host's own needs nothing of it.");
}

const spareAfterMs = 500;

function aRuntime(driver: ChannelDriver): ChannelRuntime {
  return new ChannelRuntime({
    kind: "test",
    trust: "full rights",
    driver,
    patience: { pingAfterMs: 1_000, unresponsiveMs: 3_000 },
    environment: () => ({}),
    spareAfterMs,
    withStacks: false,
    report: (error) => {
      throw error;
    },
  });
}

function aChannel(closed: Promise<ExitReason>, close: () => void): Channel {
  return {
    closed,
    processId: undefined,
    send: () => undefined,
    receive: () => undefined,
    close,
    memory: () => Promise.resolve(undefined),
    busyPlace: () => Promise.resolve(undefined),
  };
}

test("the end of a runtime waits for a channel that is being opened, and for that channel's end", async () => {
  const opened = Promise.withResolvers<Channel>();
  const closed = Promise.withResolvers<ExitReason>();
  const events: string[] = [];
  const runtime = aRuntime({ connect: () => opened.promise });
  runtime.start(request, { signal }).catch(() => events.push("refused"));
  await new Promise(setImmediate);
  const ending = runtime.dispose().then(() => events.push("ended"));
  await new Promise(setImmediate);
  expect(events).toEqual([]);

  opened.resolve(aChannel(closed.promise, () => void events.push("closing")));
  await new Promise(setImmediate);
  expect(events).toEqual(["closing", "refused"]);
  closed.resolve({ kind: "disposed", message: "closed" });
  await ending;
  expect(events.at(-1)).toBe("ended");
});

test("a channel that was opened ahead is looked at again before it is used", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let opened = 0;
  let isFolderSound = true;
  const closed: number[] = [];
  const runtime = aRuntime({
    spareKey: () => "the same for all",
    checkSpare: () => (isFolderSound ? Promise.resolve() : Promise.reject(new Error("A link leads out."))),
    connect: () => {
      const number = ++opened;
      const end = Promise.withResolvers<ExitReason>();
      const close = () => {
        closed.push(number);
        end.resolve({ kind: "disposed", message: "closed" });
      };
      return Promise.resolve(aChannel(end.promise, close));
    },
  });
  const start = async () => (await runtime.start(request, { signal })).dispose();

  await start();
  await vi.advanceTimersByTimeAsync(spareAfterMs);
  expect({ opened, closed }).toEqual({ opened: 2, closed: [1] });
  await start();
  await vi.advanceTimersByTimeAsync(spareAfterMs);
  expect({ opened, closed }).toEqual({ opened: 3, closed: [1, 2] });
  isFolderSound = false;
  await expect(start()).rejects.toThrow("A link leads out.");
  expect(closed).toEqual([1, 2, 3]);
  await runtime.dispose();
});

test("nothing is opened ahead before it has been quiet for a while, and nothing once the runtime has ended", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let opened = 0;
  const runtime = aRuntime({
    spareKey: () => "the same for all",
    connect: () => {
      opened++;
      const end = Promise.withResolvers<ExitReason>();
      return Promise.resolve(
        aChannel(end.promise, () => end.resolve({ kind: "disposed", message: "closed" })),
      );
    },
  });
  const start = async () => (await runtime.start(request, { signal })).dispose();

  await start();
  await vi.advanceTimersByTimeAsync(spareAfterMs - 1);
  await start();
  await vi.advanceTimersByTimeAsync(spareAfterMs - 1);
  expect(opened).toBe(2);
  await runtime.dispose();
  await vi.advanceTimersByTimeAsync(spareAfterMs);
  expect(opened).toBe(2);
});
