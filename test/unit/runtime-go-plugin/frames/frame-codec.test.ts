import { deepStrictEqual } from "node:assert/strict";
import { isExtensionError } from "@plugboard/extension-api";
import type { Frame } from "@plugboard/schemas";
import { frameFault } from "@plugboard/schemas/frame-fault";
import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import {
  decodeFrames,
  encodeFrames,
} from "../../../../extensions/runtime-go-plugin/src/frames/frame-codec.js";
import { messageHeadBytes } from "../../../../extensions/runtime-go-plugin/src/wire/message-framing.js";
import { inRepository } from "../../../support/repository.ts";

/** The frames, as they arrive. */
function sent(...frames: Frame[]): readonly Frame[] {
  return encodeFrames(frames).flatMap((message) => decodeFrames(message.subarray(messageHeadBytes)));
}

const call = (...args: unknown[]): Frame => ({ type: "call", session: 1, id: 1, target: "export/x", args });
const argumentsOf = (frame: Frame | undefined): unknown => (frame as { args: unknown }).args;

/** What guest.proto says, read by a library that knows nothing of ours. */
const frames = protobuf.loadSync(inRepository("schemas/guest.proto")).lookupType("plugboard.guest.v1.Frames");

/** A message as another program would write it. */
function written(...content: object[]): Uint8Array {
  return frames.encode(frames.fromObject({ frames: content })).finish();
}

function read(...content: Frame[]): object {
  const [message] = encodeFrames(content);
  return frames.toObject(frames.decode(message!.subarray(messageHeadBytes)), {
    longs: Number,
    enums: String,
  });
}

const anything = fc.anything({
  key: fc.string({ unit: "binary" }),
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
        deepStrictEqual(argumentsOf(sent(call(...values))[0]), structuredClone(values));
      }),
      { numRuns: 500 },
    );
  });

  const uneven: number[] = [1];
  uneven[2] = 3;
  uneven.length = 10;
  const sparse: string[] = [];
  sparse[4_000_000_000] = "far";
  const parts = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  test.each<readonly [string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a number that is none", NaN],
    ["minus nought", -0],
    ["infinity", -Infinity],
    ["a text with a lonely surrogate", "\ud800 and more"],
    ["a text of all kinds of characters", "Hello, \u{1f30d}! \0 ß"],
    ["large whole numbers", [0n, -1n, 255n, -256n, 123_456_789_012_345_678_901_234_567_890n]],
    ["a list with holes", uneven],
    ["a list of nearly nothing", sparse],
    ["names beside elements", Object.assign([1], { name: "x" })],
    ["the match of a pattern", /b(?<x>c)/.exec("abcd")],
    ["the key __proto__", JSON.parse('{ "__proto__": { "a": 1 }, "": 2, "\\udc00": 3 }')],
    ["a Buffer", Buffer.from("a part of a pool")],
    [
      "parts of memory",
      [parts.subarray(2, 4), new Uint16Array(parts.buffer, 2, 1), new DataView(parts.buffer, 1)],
    ],
    ["memory", parts.buffer],
    ["dates", [new Date(0), new Date(8.64e15)]],
    ["a pattern", /a\/b/giu],
    [
      "errors",
      [new TypeError("wrong", { cause: new Error("why") }), new RangeError("", { cause: undefined })],
    ],
    ["boxed values", [Object(1), Object("a"), Object(false), Object(5n)]],
    [
      "maps and sets",
      new Map<unknown, unknown>([
        [{ a: 1 }, new Set([undefined, null])],
        [undefined, 1],
      ]),
    ],
    [
      "an object of a class",
      new (class Point {
        readonly x = 1;
      })(),
    ],
  ])("arrives as a structured clone would: %s", (_, value) => {
    deepStrictEqual(argumentsOf(sent(call(value))[0]), [structuredClone(value)]);
  });

  test("that is no valid date arrives as one", () => {
    const [date] = argumentsOf(sent(call(new Date(NaN)))[0]) as [Date];
    expect(date).toBeInstanceOf(Date);
    expect(date.getTime()).toBeNaN();
  });

  test("that is an error of a class of its own arrives as an Error", () => {
    class OddError extends Error {
      override name = "OddError";
    }
    const [error] = argumentsOf(sent(call(new OddError("odd")))[0]) as [Error];
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
    expect(error.message).toBe("odd");
  });

  test("that is met twice stays one, also in another argument", () => {
    const shared = { bytes: new Uint8Array(100_000) };
    const [a, b] = argumentsOf(sent(call({ shared, list: [shared] }, [shared]))[0]) as [
      { shared: object; list: object[] },
      object[],
    ];
    expect([a.list[0] === a.shared, b[0] === a.shared]).toEqual([true, true]);
    expect(encodeFrames([call(...Array<unknown>(1_000).fill(shared))])[0]!.length).toBeLessThan(120_000);
  });

  test("keeps nothing of the message's memory", () => {
    const [message] = encodeFrames([call(new Uint8Array([1, 2, 3]))]);
    const [bytes] = argumentsOf(decodeFrames(message!.subarray(messageHeadBytes))[0]) as [Uint8Array];
    message!.fill(0);
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(bytes.buffer.byteLength).toBe(3);
  });

  test("may be nested a thousand levels deep, and no deeper", () => {
    const nest = (levels: number): unknown => {
      let value: unknown = {};
      for (let level = 1; level < levels; level++) value = level % 2 === 0 ? { value } : [value];
      return value;
    };
    const deep = nest(1_000);
    deepStrictEqual(argumentsOf(sent(call(deep))[0]), [deep]);
    expect(() => encodeFrames([call(nest(1_001))])).toThrow("deeper than 1000 levels");
  });

  test.each<readonly [string, unknown]>([
    ["a function", [() => 1]],
    ["a symbol", { a: Symbol("a") }],
    ["shared memory", new SharedArrayBuffer(1)],
    ["a promise", Promise.resolve()],
  ])("that can't be cloned is refused: %s", (_, value) => {
    expect(() => encodeFrames([call(value)])).toThrow(TypeError);
  });
});

const error = { name: "TypeError", message: "wrong" };
const full: readonly Frame[] = [
  {
    type: "hello",
    session: 1,
    protocol: 1,
    extension: { id: "acme.english", version: "1.0.0", path: "/e" },
    generation: 2,
    main: "./main",
    runtime: { kind: "go-plugin", command: "./x", versions: [1] },
    contributions: [{ point: "greeters", id: "english", methods: { greet: 1, all: "variadic", none: 0 } }],
    services: [{ id: "app.orders", methods: { find: 1 } }],
    undeclaredServices: ["app.secret"],
    dependencies: [
      { id: "acme.base", kind: "required", exports: { functions: ["add"], values: { pi: 3.14 } } },
      { id: "acme.extra", kind: "optional" },
    ],
    points: [
      {
        id: "panels",
        methods: { render: 1 },
        lines: [{ id: "p", extensionId: "acme.p", generation: 1, item: { title: "P" } }],
      },
    ],
    configuration: { loud: true },
    state: { version: 1.5, value: undefined },
    limits: { callMs: 30_000, callBytes: 16_000_000 },
    environment: { LANG: "de" },
    withStacks: true,
    reuse: 1,
  },
  {
    type: "ready",
    session: 1,
    supplied: [{ point: "greeters", id: "english" }],
    findings: [{ code: "CONTRIBUTION_MISSING", point: "greeters", id: "x", message: "not there" }],
    savesState: true,
    exports: { functions: ["f"], values: { v: [1] } },
    times: { load: 1, call: 0.5, settle: 0 },
  },
  { type: "call", session: 2 ** 50, id: 2 ** 33, target: "export/x", args: [], timeoutMs: 0 },
  { type: "call", session: 1, id: 3, target: "export/x", args: [undefined, 1] },
  { type: "ok", session: 1, id: 3, value: { a: 1 } },
  { type: "ok", session: 1, id: 4 },
  {
    type: "err",
    session: 1,
    id: 0,
    thrown: {
      error: {
        ...error,
        code: "CALL_FAILED",
        isExtensionError: true,
        extensionId: "acme.english",
        details: { at: 1 },
        stack: "at x",
        cause: { error: { ...error, code: 5, cause: { value: undefined } } },
        errors: [{ error }, { value: "text" }],
      },
    },
  },
  { type: "err", session: 1, id: 1, thrown: { error: { ...error, errors: [] } } },
  { type: "cancel", session: 1, id: 3, reason: { value: null } },
  { type: "emit", session: 0, event: "ping", args: [] },
  { type: "log", session: 1, level: "warn", message: "hm", fields: { a: 1n }, time: 1.5 },
  { type: "log", session: 1, level: "debug", message: "", time: 0 },
  { type: "bye", session: 1, deactivate: true, timeoutMs: 5_000 },
  { type: "gone", session: 1, thrown: { value: undefined }, leftovers: { timers: 3, "": 0 } },
  { type: "gone", session: 1, leftovers: {} },
];

describe("a frame", () => {
  test.each(full.map((frame) => [frame.type, frame] as const))("of every kind arrives: %s", (_, frame) => {
    const [arrived] = sent(frame);
    deepStrictEqual(arrived, frame);
    expect(frameFault(arrived)).toBeUndefined();
  });

  test("arrives with those that were sent in one go", () => {
    expect(encodeFrames(full)).toHaveLength(1);
    deepStrictEqual(sent(...full), full);
  });

  test("that is large goes alone", () => {
    const large = [1, 2, 3].map((id) => call("x".repeat(600_000), id));
    expect(encodeFrames(large)).toHaveLength(3);
    deepStrictEqual(sent(...large), large);
  });

  test("is laid out as guest.proto says", () => {
    expect(read(full[2]!, { type: "ok", session: 1, id: 2, value: { name: ["World", null] } })).toEqual({
      frames: [
        { call: { session: 2 ** 50, id: 2 ** 33, target: "export/x", timeoutMs: 0 } },
        {
          ok: {
            session: 1,
            id: 2,
            value: {
              object: {
                properties: [
                  { name: "name", value: { list: { items: [{ text: "World" }, { null: true }] } } },
                ],
              },
            },
          },
        },
      ],
    });
    expect(read(full[10]!)).toEqual({
      frames: [
        {
          log: {
            session: 1,
            level: "WARN",
            message: "hm",
            fields: { properties: [{ name: "a", value: { bigInt: { magnitude: Buffer.from([1]) } } }] },
            time: 1.5,
          },
        },
      ],
    });
  });

  test("that another program wrote is read, without the fields that it leaves out", () => {
    const message = written(
      { ready: { session: 1, supplied: [{ point: "greeters", id: "english" }] } },
      { ok: { session: 1, id: 1, value: { text: "Hello" } } },
      { err: { session: 1, id: 2, thrown: { error: { name: "Error", message: "no" } } } },
      { gone: { session: 1, leftovers: { goroutines: 2 } } },
    );
    expect(decodeFrames(message)).toEqual([
      {
        type: "ready",
        session: 1,
        supplied: [{ point: "greeters", id: "english" }],
        findings: [],
        savesState: false,
        exports: { functions: [], values: {} },
        times: { load: 0, call: 0, settle: 0 },
      },
      { type: "ok", session: 1, id: 1, value: "Hello" },
      { type: "err", session: 1, id: 2, thrown: { error: { name: "Error", message: "no" } } },
      { type: "gone", session: 1, leftovers: { goroutines: 2 } },
    ]);
  });
});

const ok = (value: object): Uint8Array => written({ ok: { session: 1, id: 1, value } });
const manyFrames = Buffer.concat(Array<Uint8Array>(65_537).fill(written({ emit: { event: "pong" } })));

describe("a message", () => {
  test.each<readonly [string, Uint8Array, string]>([
    ["cut off", written({ ok: { session: 1, id: 1 } }).subarray(0, 4), "goes beyond"],
    ["with a frame of no kind", written({}), "no kind"],
    ["with too many frames", manyFrames, "too many frames"],
    [
      "with a number that does not end",
      Buffer.from([0x0a, 13, 0x22, 11, 8, ...Array<number>(10).fill(0xff)]),
      "",
    ],
    ["with a number beyond all", written({ ok: { session: Number.MAX_SAFE_INTEGER * 2 } }), "too large"],
    ["with an object that was not met", ok({ same: 0 }), "no object 0"],
    ["with a circle", ok({ list: { items: [{ same: 0 }] } }), "contains itself"],
    ["with memory of no kind", ok({ view: { kind: 77, data: Buffer.from([1]) } }), "kind 77"],
    ["with half a number in memory", ok({ view: { kind: "INT16", data: Buffer.from([1]) } }), "multiple"],
    [
      "with a pattern that is none",
      ok({ pattern: { source: "(", flags: "" } }),
      "Invalid regular expression",
    ],
    ["with holes where there is no list", ok({ holes: 3 }), "missing"],
    [
      "with a list longer than any",
      ok({ list: { items: [{ holes: 4e9 }, { holes: 4e9 }] } }),
      "array length",
    ],
    ["with half a code unit", ok({ utf16: Buffer.from([1]) }), "UTF-16"],
    ["with a box around an object", ok({ boxed: { list: {} } }), "boxed"],
  ])("that can't be read is refused: %s", (_, message, words) => {
    let thrown: unknown;
    try {
      decodeFrames(message);
    } catch (error) {
      thrown = error;
    }
    expect(isExtensionError(thrown, "RUNTIME_PROTOCOL")).toBe(true);
    expect((thrown as Error).message).toContain(words);
  });

  test.each(["value", "cause"])("that is nested without end is refused: %s", (what) => {
    // Written by hand, from the inside out: no library writes that deep.
    let inner: Buffer = Buffer.alloc(0);
    const wrap = (field: number): void => {
      const length = new protobuf.Writer().uint32(inner.length).finish();
      inner = Buffer.concat([Buffer.from([field]), length, inner]);
    };
    for (let level = 0; level < 3_000; level++) {
      for (const field of what === "value" ? [0x0a, 0x2a] : [0x4a, 0x0a]) wrap(field);
    }
    for (const field of [0x1a, what === "value" ? 0x22 : 0x2a, 0x0a]) wrap(field);
    expect(() => decodeFrames(inner)).toThrow(/nested/);
  });

  test("of any bytes at all is read or refused", () => {
    const whole = encodeFrames(full)[0]!.subarray(messageHeadBytes);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(whole.length), (changes, end) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of changes) bytes[at] = byte;
        for (const message of [bytes, bytes.subarray(0, end)]) {
          try {
            decodeFrames(message);
          } catch (error) {
            if (!isExtensionError(error, "RUNTIME_PROTOCOL")) throw error;
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
