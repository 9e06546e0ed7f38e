import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  frameMessage,
  MessageDeframer,
} from "../../../../extensions/runtime-go-plugin/src/wire/message-framing.js";

function readerInto(messages: Buffer[], maxBytes?: number): MessageDeframer {
  return new MessageDeframer({
    maxBytes,
    onMessage: (message) => {
      messages.push(Buffer.from(message));
    },
  });
}

describe("messages", () => {
  test("are found however the bytes are cut", () => {
    const message = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat()), (messages, places) => {
        const whole = Buffer.concat(messages.map(frameMessage));
        const ends = places.map((place) => place % (whole.length + 1)).sort((a, b) => a - b);
        const found: Buffer[] = [];
        const reader = readerInto(found);
        [...ends, whole.length].forEach((end, index) => {
          reader.push(whole.subarray(ends[index - 1] ?? 0, end));
        });
        expect(found).toEqual(messages.map((one) => Buffer.from(one)));
        expect(reader.isPartial).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("that are large are put together", () => {
    const large = Buffer.alloc(11_000_000, "large");
    const framed = frameMessage(large);
    const found: Buffer[] = [];
    const reader = readerInto(found);
    for (let at = 0; at < framed.length; at += 65_536) reader.push(framed.subarray(at, at + 65_536));
    expect(found.map((one) => one.equals(large))).toEqual([true]);
  });

  test("are partial until their last byte", () => {
    const reader = readerInto([]);
    const framed = frameMessage(Buffer.from("abc"));
    const states = [...framed].map((_, at) => {
      reader.push(framed.subarray(at, at + 1));
      return reader.isPartial;
    });
    expect(states).toEqual([true, true, true, true, true, true, true, false]);
  });

  test("take no memory that their length alone asks for", () => {
    const reader = readerInto([]);
    const before = process.memoryUsage().arrayBuffers;
    reader.push(Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1]));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  test("are refused if they are too long or compressed", () => {
    expect(() => {
      readerInto([], 3).push(frameMessage(Buffer.from("four")));
    }).toThrow(expect.objectContaining({ statusName: "RESOURCE_EXHAUSTED" }));
    expect(() => {
      readerInto([]).push(Buffer.from([1, 0, 0, 0, 0]));
    }).toThrow(expect.objectContaining({ statusName: "UNIMPLEMENTED" }));
  });
});
