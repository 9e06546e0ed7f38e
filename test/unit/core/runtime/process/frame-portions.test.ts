/** How many frames of a child have their turn at once. */
import { PassThrough } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Frame } from "../../../../../extension-api/src/index.js";
import { FramePortions } from "../../../../../core/src/runtime/process/frame-portions.js";

const frames = (count: number, first = 0): Frame[] =>
  Array.from({ length: count }, (_, index) => ({ type: "ok", session: 1, id: first + index }));
const idsOf = (given: readonly Frame[]) => given.map((frame) => (frame as { readonly id: number }).id);

test("what fits into a turn is handed on at once, batch by batch", () => {
  const heard: number[] = [];
  const portions = new FramePortions(new PassThrough(), (given) => heard.push(given.length));
  portions.add([frames(2), frames(998)]);

  expect(heard).toEqual([2, 998]);
});

test("what does not fit waits for the next turns in its order, and nothing is read meanwhile", async () => {
  const stream = new PassThrough();
  stream.resume();
  const heard: number[] = [];
  const portions = new FramePortions(stream, (given) => heard.push(...idsOf(given)));
  portions.add([frames(600), frames(1_700, 600), frames(200, 2_300)]);
  const counts = [heard.length];
  while (stream.isPaused()) {
    await nextTurn();
    counts.push(heard.length);
  }

  expect(counts).toEqual([1_000, 2_000, 2_500]);
  expect(heard).toEqual(heard.map((_, index) => index));
});
