import { expect, test } from "vitest";
import { StartSemaphore } from "../../../../core/src/runtime/start-semaphore.js";

function queueOf(semaphore: StartSemaphore, count: number) {
  const begun: number[] = [];
  const taken = Array.from({ length: count }, (_, index) => {
    const permit = semaphore.acquire();
    if (permit.acquired === undefined) begun.push(index);
    else void permit.acquired.then(() => begun.push(index));
    return permit;
  });
  const leave = async (index: number) => {
    taken[index]?.release();
    await new Promise(setImmediate);
    return begun;
  };
  return { begun, leave };
}

test("as many as there are permits begin at once, the others in their order", async () => {
  const { begun, leave } = queueOf(new StartSemaphore(2), 5);
  expect(begun).toEqual([0, 1]);
  expect(await leave(1)).toEqual([0, 1, 2]);
  expect(await leave(0)).toEqual([0, 1, 2, 3]);
});

test("who leaves the queue lets the next one through in its place, and nobody leaves twice", async () => {
  const { begun, leave } = queueOf(new StartSemaphore(1), 4);
  await leave(1);
  await leave(1);
  expect(begun).toEqual([0]);
  await leave(0);
  expect(await leave(0)).toEqual([0, 2]);
});

test("a permit that all have released is free for the next", async () => {
  const semaphore = new StartSemaphore(1);
  await queueOf(semaphore, 1).leave(0);
  expect(semaphore.acquire().acquired).toBeUndefined();
});
