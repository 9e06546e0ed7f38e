import { expect, test } from "vitest";
import { StartPlaces } from "../../../../core/src/runtime/start-places.js";

function queueOf(places: StartPlaces, count: number) {
  const begun: number[] = [];
  const taken = Array.from({ length: count }, (_, index) => {
    const place = places.take();
    if (place.turn === undefined) begun.push(index);
    else void place.turn.then(() => begun.push(index));
    return place;
  });
  const leave = async (index: number) => {
    taken[index]?.leave();
    await new Promise(setImmediate);
    return begun;
  };
  return { begun, leave };
}

test("as many as there are places begin at once, the others in their order", async () => {
  const { begun, leave } = queueOf(new StartPlaces(2), 5);
  expect(begun).toEqual([0, 1]);
  expect(await leave(1)).toEqual([0, 1, 2]);
  expect(await leave(0)).toEqual([0, 1, 2, 3]);
});

test("who leaves the queue lets the next one through in its place, and nobody leaves twice", async () => {
  const { begun, leave } = queueOf(new StartPlaces(1), 4);
  await leave(1);
  await leave(1);
  expect(begun).toEqual([0]);
  await leave(0);
  expect(await leave(0)).toEqual([0, 2]);
});

test("a place that all have left is free for the next", async () => {
  const places = new StartPlaces(1);
  await queueOf(places, 1).leave(0);
  expect(places.take().turn).toBeUndefined();
});
