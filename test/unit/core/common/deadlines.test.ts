import { expect, test } from "vitest";
import { Deadlines, type Abortable, type AbortListener } from "../../../../core/src/common/deadlines.js";

const never = new Promise<never>(() => undefined);

function fail(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

function abortable(): Abortable & { abort(reason: Error): void; readonly listeners: Set<AbortListener> } {
  const listeners = new Set<AbortListener>();
  return {
    listeners,
    addAbortListener: (listener) => void listeners.add(listener),
    removeAbortListener: (listener) => void listeners.delete(listener),
    abort: (reason) => {
      for (const listener of [...listeners]) listener.abort(reason);
    },
  };
}

test("a wait ends as its promise does", async () => {
  const deadlines = new Deadlines();
  const work = abortable();
  await expect(deadlines.within(5_000, Promise.resolve(1), fail("late"), work)).resolves.toBe(1);
  await expect(deadlines.within(5_000, Promise.reject(new Error("own")), fail("late"))).rejects.toThrow(
    "own",
  );
  expect(work.listeners.size).toBe(0);
});

test("waits of several lengths end each at its time, the shortest first", async () => {
  const deadlines = new Deadlines();
  const ended: number[] = [];
  const wait = (milliseconds: number) =>
    deadlines.within<unknown>(milliseconds, never, () => ended.push(milliseconds));
  await Promise.all([wait(30), wait(5), wait(60), wait(15)]);
  expect(ended).toEqual([5, 15, 30, 60]);
});

test("a wait that begins when all others are over ends at its time as well", async () => {
  const deadlines = new Deadlines();
  await deadlines.within(5, Promise.resolve(), fail("late"));
  await expect(deadlines.within(20, never, fail("late"))).rejects.toThrow("late");
  await expect(deadlines.within(5, never, fail("late again"))).rejects.toThrow("late again");
});

test("a wait without limit goes on until what it is for is given up", async () => {
  const work = abortable();
  const wait = new Deadlines().within(0, never, fail("late"), work);
  work.abort(new Error("given up"));
  await expect(wait).rejects.toThrow("given up");
  expect(work.listeners.size).toBe(0);
});

test("nothing keeps the process alive once all waits are over", async () => {
  const before = timers();
  const deadlines = new Deadlines();
  const wait = deadlines.within(5_000, Promise.resolve(), fail("late"));
  expect(timers()).toBe(before + 1);
  await wait;
  expect(timers()).toBe(before);
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}
