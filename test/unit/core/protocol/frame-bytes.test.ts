import { deepStrictEqual } from "node:assert/strict";
import { serialize } from "node:v8";
import { isExtensionError } from "@plugboard/extension-api";
import type { Frame } from "@plugboard/schemas";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeFrames, FrameReader } from "../../../../core/src/protocol/frame-bytes.js";

const limitBytes = 1_000_000;
const call = (...args: unknown[]): Frame => ({ type: "call", session: 1, id: 1, target: "export/x", args });
const reader = () => new FrameReader({ limitBytes });

/** The arguments, as they arrive. */
function sent(...args: unknown[]): unknown {
  const [batch] = reader().push(encodeFrames([call(...args)]));
  return (batch?.[0] as { args: unknown }).args;
}

const isJson = (...frames: Frame[]): boolean => encodeFrames(frames)[4] === 0;

/** Cuts the bytes at the places given. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
}

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
});

describe("a value", () => {
  test("arrives as a structured clone of it", () => {
    fc.assert(
      fc.property(fc.array(anything), (values) => {
        deepStrictEqual(sent(...values), structuredClone(values));
      }),
      { numRuns: 500 },
    );
  });

  const holes: number[] = [1];
  holes[2] = 3;
  const shared = { a: 1 };
  test.each<readonly [string, unknown, boolean]>([
    ["a text", "Hello, \u{1f30d}! \ud800", true],
    ["plain data", { a: [1, { b: null, c: false }], d: 0.5 }, true],
    ["minus nought", [-0], false],
    ["a number that is none", NaN, false],
    ["undefined in a list", [undefined], false],
    ["undefined in an object", { a: undefined }, false],
    ["holes", holes, false],
    ["names beside elements", Object.assign([1], { name: "x" }), false],
    ["the key __proto__", JSON.parse('{ "__proto__": { "a": 1 } }'), false],
    ["a date", new Date(0), false],
    ["a map", new Map([[{ a: 1 }, new Set([1])]]), false],
    ["a big integer", 10n, false],
    ["bytes", new Uint8Array([1, 2]), false],
    ["numbers of two bytes, from the middle of a buffer", new Int16Array(new ArrayBuffer(16), 6, 2), false],
    ["a look at bytes", new DataView(new ArrayBuffer(4), 1, 2), false],
    ["a long text", "a".repeat(100_000), false],
    ["a long text of wide characters", "\u20ac".repeat(100_000), false],
    ["many numbers", Array.from({ length: 10_000 }, (_, index) => index), false],
    ["many fractions", Array.from({ length: 100 }, (_, index) => index / 3), false],
    ["an error", new TypeError("no", { cause: 1 }), false],
    ["circles", (() => { const a: any = {}; a.a = a; return a; })(), false], // prettier-ignore
    ["what writes itself", new (class { toJSON() { return 1; } })(), false], // prettier-ignore
  ])("that is %s arrives as its clone, by the way that keeps it", (_name, value, json) => {
    deepStrictEqual(sent(value), structuredClone([value]));
    expect(isJson(call(value))).toBe(json);
  });

  test("that occurs twice in a clone is one object there", () => {
    const [, first, second] = sent(new Map(), shared, shared) as readonly unknown[];
    expect(first).toBe(second);
  });

  test("that is a part of a buffer takes nothing else of the buffer along", () => {
    const [bytes] = sent(Buffer.from("abc")) as [Uint8Array];
    expect(bytes).toStrictEqual(new Uint8Array([97, 98, 99]));
    expect(bytes.buffer.byteLength).toBe(3);
    expect(encodeFrames([call(Buffer.from("abc"))]).length).toBeLessThan(200);
  });

  test("that teaches all objects to write themselves changes nothing", () => {
    const prototype = Object.prototype as { toJSON?: unknown };
    prototype.toJSON = () => "mine";
    try {
      expect(isJson(call({ a: 1 }))).toBe(false);
    } finally {
      delete prototype.toJSON;
    }
  });

  test("that can't be cloned is refused at once", () => {
    expect(() => encodeFrames([call(() => 1)])).toThrow();
    const { port1 } = new MessageChannel();
    expect(() => encodeFrames([call(port1)])).toThrow();
    port1.close();
  });
});

describe("a frame", () => {
  test("without a value is JSON, whether it has none or an undefined one", () => {
    expect(isJson({ type: "ok", session: 1, id: 1 })).toBe(true);
    expect(isJson({ type: "ok", session: 1, id: 1, value: undefined })).toBe(true);
  });

  test("that is large with others gets a batch of its own, in order", () => {
    const frames = Array.from({ length: 5 }, (_, id) => call(id, new Uint8Array(400_000)));
    const batches = reader().push(encodeFrames(frames));
    expect(batches.map((batch) => batch.map((frame) => (frame as any).args[0]))).toEqual([
      [0],
      [1],
      [2],
      [3],
      [4],
    ]);
  });
});

describe("the bytes", () => {
  test("give the same batches however they are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.array(anything, { maxLength: 3 }), { minLength: 1, maxLength: 3 }), {
          maxLength: 4,
        }),
        fc.array(fc.nat()),
        (lists, places) => {
          const batches = lists.map((list) => list.map((args) => call(...args)));
          const bytes = Buffer.concat(batches.map((batch) => encodeFrames(batch)));
          const whole = reader();
          const pieces = cut(bytes, places).flatMap((piece) => whole.push(piece));
          deepStrictEqual(pieces, reader().push(bytes));
          deepStrictEqual(pieces, structuredClone(batches));
        },
      ),
    );
  });

  test("may come one by one, in a piece that is used again", () => {
    const bytes = encodeFrames([call("a", new Map([[1, 2]])), call("b")]);
    const one = reader();
    const piece = new Uint8Array(1);
    const batches = [...bytes].flatMap((byte) => {
      piece[0] = byte;
      return one.push(piece);
    });
    expect(batches).toEqual([[call("a", new Map([[1, 2]])), call("b")]]);
  });

  test("of a large batch are copied once, however many pieces they come in", () => {
    const content = new Uint8Array(900_000).fill(7);
    const one = reader();
    const batches = cut(
      encodeFrames([call(content)]),
      Array.from({ length: 9_000 }, (_, index) => index * 100),
    ).flatMap((piece) => one.push(piece));
    expect(batches).toEqual([[call(content)]]);
  });
});

describe("what is no batch", () => {
  const batch = (encoding: number, content: Uint8Array | string): Buffer => {
    const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, encoding]), Buffer.from(content as Uint8Array)]);
    bytes.writeUInt32BE(bytes.length - 4, 0);
    return bytes;
  };
  test.each([
    [
      "a length beyond the limit",
      Buffer.from([0xff, 0xff, 0xff, 0xff]),
      /a batch of 4294967295 bytes, where 1000000 are/,
    ],
    ["a length of nothing", Buffer.from([0, 0, 0, 0]), /no bytes/],
    ["an unknown way of writing", batch(7, "[]"), /in the way 7/],
    ["broken JSON", batch(0, "[{"), /not JSON/],
    ["JSON that is no list", batch(0, "{}"), /no list of frames/],
    ["bytes that are no UTF-8", batch(0, Buffer.from([0x22, 0xff, 0x22])), /not UTF-8/],
    ["a broken clone", batch(1, Buffer.from([0xff, 0x0f, 0x6f, 0x22])), /can't be read/],
    ["a clone that is no list", batch(1, serialize({})), /no list of frames/],
    [
      "a clone with an unknown kind of view",
      batch(1, Buffer.from([0xff, 0x0f, 0x5c, 0x63, 0x01])),
      /can't be read/,
    ],
    [
      "a clone of a view longer than the batch",
      batch(1, Buffer.from([0xff, 0x0f, 0x5c, 0x02, 0x7f])),
      /can't be read/,
    ],
  ])("such as %s ends the reading", (_name, bytes, message) => {
    const one = reader();
    const push = (piece: Uint8Array) => {
      try {
        return one.push(piece);
      } catch (error) {
        return error;
      }
    };
    const error = push(bytes);
    expect(isExtensionError(error, "RUNTIME_PROTOCOL")).toBe(true);
    expect(String(error)).toMatch(message);
    expect(push(encodeFrames([call()]))).toBe(error);
  });

  test.each([
    ["JSON, which is never so long", batch(0, `[${"[".repeat(600_000)}${"]".repeat(600_000)}]`), /as JSON/],
    [
      "several frames in a clone that should have been divided",
      batch(1, serialize(Array.from({ length: 300 }, () => [new Uint8Array(5_000)]))),
      /several frames in one batch/,
    ],
  ])("such as a long one of %s ends the reading", (_name, bytes, message) => {
    expect(() => new FrameReader({ limitBytes: 4_000_000 }).push(bytes)).toThrow(message);
  });

  test("such as any bytes at all gives nothing but that error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0, 1), (content, encoding) => {
        try {
          reader().push(batch(encoding, content));
        } catch (error) {
          expect(isExtensionError(error, "RUNTIME_PROTOCOL")).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
