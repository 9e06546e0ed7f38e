import { expect, test } from "vitest";
import { encodeMessage, TextSplitter } from "../../../../../core/src/runtime/transform/text-pipe.js";

test("messages come out as they went in, however they are cut", () => {
  const messages = [{ file: "é.ts", source: "x".repeat(1_000) }, {}, { source: "" }];
  const bytes = Buffer.concat(messages.map(encodeMessage));
  for (const size of [1, 2, 3, 7, 500, bytes.length]) {
    const reader = new TextSplitter(2_000);
    const read: unknown[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      for (const each of reader.push(bytes.subarray(at, at + size))) read.push(JSON.parse(each.toString()));
    }
    expect(read).toEqual(messages);
  }
});

test("a message beyond the limit is refused before it has come", () => {
  const head = encodeMessage("x".repeat(100)).subarray(0, 4);
  expect(() => new TextSplitter(99).push(head)).toThrow(RangeError);
});
