import { expect, test } from "vitest";
import type { EmitFrame, Frame } from "@plugboard/schemas";
import { Outbox } from "../../../../core/src/protocol/outbox.js";

const frame = (number: number): EmitFrame => ({ type: "emit", session: 1, event: "test", args: [number] });

function recorded() {
  const writes: (readonly Frame[])[] = [];
  const outbox = new Outbox({ send: (frames) => writes.push(frames) }, () => undefined);
  return { writes, outbox };
}

const nextTick = () => new Promise<void>((resolve) => setImmediate(resolve));

test("what is sent in one tick is one write, also by the promises of that tick", async () => {
  const { writes, outbox } = recorded();
  outbox.enqueue(frame(1));
  await Promise.resolve();
  outbox.enqueue(frame(2));
  expect(writes).toEqual([]);
  await nextTick();
  expect(writes).toEqual([[frame(1), frame(2)]]);
});

test("of much that is sent in one tick the other end gets portions, in order, before the tick is over", async () => {
  const { writes, outbox } = recorded();
  const frames = Array.from({ length: 60 }, (_, number) => frame(number));
  for (const each of frames) outbox.enqueue(each);
  expect(writes.length).toBe(2);
  await nextTick();
  expect(writes.map(({ length }) => length)).toEqual([24, 24, 12]);
  expect(writes.flat()).toEqual(frames);
});

test("frames after a tick that ended with a full portion leave as well", async () => {
  const { writes, outbox } = recorded();
  for (let number = 0; number < 24; number++) outbox.enqueue(frame(number));
  outbox.enqueue(frame(24));
  await nextTick();
  outbox.enqueue(frame(25));
  await nextTick();
  expect(writes.map(({ length }) => length)).toEqual([24, 1, 1]);
});
