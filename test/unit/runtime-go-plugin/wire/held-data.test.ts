import { expect, test } from "vitest";
import { HeldData } from "../../../../extensions/runtime-go-plugin/src/wire/held-data.js";
import { PieceQueue } from "../../../../extensions/runtime-go-plugin/src/wire/piece-queue.js";

function rest(held: HeldData): Buffer {
  const pieces: Buffer[] = [];
  for (let piece = held.shift(); piece !== undefined; piece = held.shift()) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("many small pieces become few, in their order, and count as what they came as", () => {
  const held = new HeldData();
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index));
  for (let at = 0; at < bytes.length; at++) held.push(bytes.subarray(at, at + 1), 3);
  expect(held.pieces).toBeLessThan(1_200);
  expect(held.wireBytes).toBe(300_000);
  expect(rest(held).equals(bytes)).toBe(true);
  expect([held.isEmpty, held.wireBytes]).toEqual([true, 0]);
});

test("empty pieces take no place, and large ones are not copied", () => {
  const held = new HeldData();
  const large = Buffer.alloc(16_000, 1);
  for (let count = 0; count < 5_000; count++) held.push(Buffer.alloc(0), 0);
  held.push(large, 16_000);
  expect(held.pieces).toBe(1);
  expect(held.shift()).toBe(large);
  held.push(Buffer.from("a"), 1);
  held.clear();
  expect([held.shift(), held.wireBytes]).toEqual([undefined, 0]);
});

test("a queue gives its pieces in order, in parts where less is asked for", () => {
  const queue = new PieceQueue();
  const expected: number[] = [];
  const taken: number[] = [];
  for (let count = 0; count < 10_000; count++) {
    const piece = Uint8Array.of(count % 251, count % 7);
    queue.push(piece);
    expected.push(...piece);
    if (count % 3 === 0) taken.push(...(queue.take(1 + (count % 2)) ?? []));
  }
  expect(queue.bytes).toBe(expected.length - taken.length);
  while (queue.length > 0) taken.push(...(queue.take() ?? []));
  expect(taken).toEqual(expected);
  expect([queue.bytes, queue.take()]).toEqual([0, undefined]);
});
