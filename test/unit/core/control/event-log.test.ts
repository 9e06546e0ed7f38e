import { expect, test } from "vitest";
import { EventLog } from "../../../../core/src/control/event-log.js";
import type { ControlEvent } from "../../../../core/src/control/host-control.js";

const anEvent = (seq: number, message = ""): ControlEvent => ({
  seq,
  time: "2030-01-31T00:00:00.000Z",
  event: "log",
  level: "info",
  message,
});

test("the newest events are kept, as many as the limit says, however many come", () => {
  const log = new EventLog({ events: 3, characters: 1_000_000 });
  for (let seq = 1; seq <= 5_000; seq++) log.add(anEvent(seq));
  expect(log.last).toBe(5_000);
  expect([4_996, 4_997, 4_998, 4_999, 5_000, 5_001].map((seq) => log.get(seq)?.seq)).toEqual([
    undefined,
    undefined,
    4_998,
    4_999,
    5_000,
    undefined,
  ]);
  expect([4_996, 4_997, 5_000, 5_001].map((seq) => log.holdsAfter(seq))).toEqual([false, true, true, false]);
});

test("large events leave room for fewer, and one that is larger than all room is kept alone", () => {
  const log = new EventLog({ events: 100, characters: 1_000 });
  for (let seq = 1; seq <= 10; seq++) log.add(anEvent(seq, "x".repeat(200)));
  expect(log.get(7)).toBeUndefined();
  expect(log.get(8)).toBeDefined();
  log.add(anEvent(11, "x".repeat(5_000)));
  expect(log.get(10)).toBeUndefined();
  expect(log.get(11)).toMatchObject({ seq: 11 });
});
