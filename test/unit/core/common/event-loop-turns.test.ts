import { expect, test } from "vitest";
import { EventLoopTurns } from "../../../../core/src/common/event-loop-turns.js";

test("work that goes from one promise to the next leaves the event loop its turn", async () => {
  const turns = new EventLoopTurns();
  let isOver = false;
  let rounds = 0;
  setImmediate(() => (isOver = true));
  while (!isOver && rounds < 10_000_000) {
    rounds++;
    await turns.due();
  }
  expect(isOver).toBe(true);
});

test("a little work does not wait for a turn", () => {
  expect(new EventLoopTurns().due()).toBeUndefined();
});
