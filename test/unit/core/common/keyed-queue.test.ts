import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyedQueue } from "../../../../core/src/common/keyed-queue.js";

/** Tasks that run until they are told to end. */
function tasksOf(queue: KeyedQueue) {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const begin = (name: string, ...keys: string[]): Promise<void> =>
    queue.run(keys, () => {
      log.push(name);
      return new Promise((resolve) => {
        ends.set(name, resolve);
      });
    });
  return {
    log,
    begin,
    async end(name: string): Promise<void> {
      ends.get(name)?.();
      await turn();
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a task whose keys are free starts in the same turn", () => {
  const tasks = tasksOf(new KeyedQueue());
  void tasks.begin("one", "a");
  void tasks.begin("two", "b");
  expect(tasks.log).toEqual(["one", "two"]);
});

test("tasks of one key run one after the other, in the order they came", async () => {
  const tasks = tasksOf(new KeyedQueue());
  void tasks.begin("one", "a");
  void tasks.begin("two", "a");
  void tasks.begin("three", "a");
  await tasks.end("one");
  expect(tasks.log).toEqual(["one", "two"]);
  await tasks.end("two");
  expect(tasks.log).toEqual(["one", "two", "three"]);
});

test("a task of several keys waits for all of them, and later ones of any key wait for it", async () => {
  const tasks = tasksOf(new KeyedQueue());
  void tasks.begin("a", "a");
  void tasks.begin("both", "a", "b");
  void tasks.begin("b", "b");
  void tasks.begin("c", "c");
  expect(tasks.log).toEqual(["a", "c"]);
  await tasks.end("a");
  expect(tasks.log).toEqual(["a", "c", "both"]);
  await tasks.end("both");
  expect(tasks.log).toEqual(["a", "c", "both", "b"]);
});

test("a task settles as its work does, and a failure frees the keys", async () => {
  const queue = new KeyedQueue();
  await expect(queue.run(["a"], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await expect(
    queue.run(["a"], () => {
      throw new Error("at once");
    }),
  ).rejects.toThrow("at once");
  await expect(queue.run(["a"], () => Promise.resolve(1))).resolves.toBe(1);
});

test("a task without keys never waits", async () => {
  const queue = new KeyedQueue();
  void tasksOf(queue).begin("one", "a");
  await expect(queue.run([], () => Promise.resolve("done"))).resolves.toBe("done");
});

test("whatever keys are asked for, no two tasks share one, all run, and each key keeps its order", async () => {
  const keys = fc.uniqueArray(fc.constantFrom<string>("a", "b", "c"), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(keys, fc.nat(3)), { maxLength: 8 }), async (wanted) => {
      const queue = new KeyedQueue();
      const held = new Set<string>();
      const started: number[] = [];
      await Promise.all(
        wanted.map(([needed, turns], index) =>
          queue.run(needed, async () => {
            expect(needed.filter((key) => held.has(key))).toEqual([]);
            for (const key of needed) held.add(key);
            started.push(index);
            for (let turn = 0; turn < turns; turn++) await Promise.resolve();
            for (const key of needed) held.delete(key);
          }),
        ),
      );
      for (const key of ["a", "b", "c"]) {
        const order = started.filter((index) => wanted[index]![0].includes(key));
        expect(order).toEqual([...order].sort((one, other) => one - other));
      }
      expect(started).toHaveLength(wanted.length);
    }),
  );
});
