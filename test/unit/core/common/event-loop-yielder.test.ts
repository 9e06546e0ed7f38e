import { expect, test } from "vitest";
import { EventLoopYielder } from "../../../../core/src/common/event-loop-yielder.js";

test("work that goes from one promise to the next leaves the event loop its turn", async () => {
  const turns = new EventLoopYielder();
  const seen: string[] = [];
  setImmediate(() => seen.push("turn"));
  for (let round = 0; round < 10_000_000 && seen.length === 0; round++) await turns.due();
  expect(seen).toEqual(["turn"]);
});

test("a little work does not wait for a turn", () => {
  expect(new EventLoopYielder().due()).toBeUndefined();
});
