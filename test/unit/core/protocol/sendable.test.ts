import { types } from "node:util";
import { isExtensionError, type ExtensionError } from "@plugboard/extension-api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sendable, sendableArguments } from "../../../../core/src/protocol/sendable.js";

const options = { what: "arguments", limitBytes: 100_000, extensionId: "acme.english" } as const;

function refused(value: unknown, limitBytes: number = options.limitBytes): ExtensionError {
  try {
    sendable(value, { ...options, limitBytes });
  } catch (error) {
    if (isExtensionError(error)) return error;
    throw error;
  }
  throw new Error("The value passed.");
}

const shared = { a: 1 };
const argumentsOf = function (..._args: number[]): unknown {
  // The object itself is what is looked at.
  // eslint-disable-next-line prefer-rest-params
  return arguments;
};
class Point {
  readonly x = 1;
}

describe("what can be sent", () => {
  test.each<readonly [string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a number that is none", NaN],
    ["minus nought", -0],
    ["a big integer", 10n],
    ["a text", "text"],
    ["no arguments", []],
    ["nothing in an object", {}],
    ["an object without a prototype", Object.assign(Object.create(null) as object, { a: 1 })],
    ["a map", new Map<unknown, unknown>([[{ id: 1 }, new Set([1, [2]])]])],
    ["a date", [new Date(0)]],
    ["a pattern", [/a/g]],
    ["boxed primitives", [Object(1), Object("a"), Object(true), Object(1n)]],
    ["bytes", [new ArrayBuffer(8), new Uint8Array(3), new DataView(new ArrayBuffer(2)), Buffer.from("a")]],
    ["an error with its cause", [new TypeError("no", { cause: new Error("because") })]],
    ["an array with holes", [1, , 3]], // eslint-disable-line no-sparse-arrays
    ["a long array with next to nothing in it", Object.assign([], { 4_000_000_000: 1 })],
    ["a long array with numbers in it", new Array(2_000).fill(1)],
    ["the same object twice", [shared, shared, { shared }, [shared]]],
    ["an object of a class", [new Point(), [[[new Point()]]]]],
    ["a property that a symbol names", { [Symbol("s")]: () => 1 }],
    ["a getter", { get a() { return 1; } }], // prettier-ignore
  ])("%s passes", (_name, value) => {
    sendable(value, options);
    expect(() => structuredClone(value)).not.toThrow();
  });

  test("any plain data passes that structured clone carries", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
        (value) => {
          sendable(value, options);
          structuredClone(value);
        },
      ),
    );
  });
});

describe("what can't be sent", () => {
  const circle: Record<string, unknown> = { name: "circle" };
  circle.inner = [{ circle }];
  test.each<readonly [string, unknown, string, string]>([
    ["a function", () => 1, "", "a function"],
    ["a symbol", Symbol("s"), "", "a symbol"],
    ["a function deep down", [{ user: { onClick: () => 1 } }], "/0/user/onClick", "a function"],
    ["a symbol in a list", ["a", Symbol("s")], "/1", "a symbol"],
    ["a boxed symbol", [Object(Symbol("s"))], "/0", "a symbol"],
    ["a name of special characters", [{ "a/b~c": () => 1 }], "/0/a~1b~0c", "a function"],
    ["a value of a map", [new Map([["key", () => 1]])], "/0/key", "a function"],
    ["a key of a map", [new Map([[() => 1, 1]])], "/0/key 0", "a function"],
    ["an element of a set", [new Set([1, () => 1])], "/0/1", "a function"],
    ["the cause of an error", [new Error("no", { cause: () => 1 })], "/0/cause", "a function"],
    ["a circle", circle, "/inner/0/circle", "the same object as the whole: a circle"],
    ["a circle further in", [[circle]], "/0/0/inner/0/circle", "the same object as /0/0: a circle"],
    ["a promise", [Promise.resolve(1)], "/0", "a Promise"],
    ["a weak map", [new WeakMap()], "/0", "a WeakMap"],
    ["a weak set", [new WeakSet()], "/0", "a WeakSet"],
    ["a weak reference", [new WeakRef({})], "/0", "a WeakRef"],
    ["a generator", [(function* () { yield 1; })()], "/0", "a generator"], // prettier-ignore
    ["a proxy", [new Proxy({}, {})], "/0", "a Proxy"],
    ["a proxy of a list", { list: new Proxy([], {}) }, "/list", "a Proxy"],
    ["shared memory", [new SharedArrayBuffer(1)], "/0", "shared memory, which a process can't share"],
    [
      "a view of shared memory",
      [new Uint8Array(new SharedArrayBuffer(1))],
      "/0",
      "shared memory, which a process can't share",
    ],
    ["an arguments object", [argumentsOf(1)], "/0", "an arguments object"],
    ["an iterator", [[1].values()], "/0", "an object of the class Iterator"],
    ["a formatter", { format: new Intl.NumberFormat() }, "/format", "an object of the class NumberFormat"],
    ["what only threads carry", [new Blob(["a"])], "/0", "an object of the class Blob"],
    ["an element after many holes", Object.assign([], { 5_000: () => 1 }), "/5000", "a function"],
  ])("%s is named by its place", (_name, value, path, found) => {
    const error = refused(value);
    expect(error).toMatchObject({
      code: "CALL_NOT_SERIALIZABLE",
      extensionId: "acme.english",
      details: { what: "arguments", path, found },
    });
    expect(error.message).toBe(
      `The arguments of the call hold what can't be sent: ${path === "" ? "it" : path} is ${found}.`,
    );
  });

  test("a getter that throws is named, with what it threw as the cause", () => {
    const cause = new Error("mine");
    const value = {
      get trap(): never {
        throw cause;
      },
    };
    expect(refused([value])).toMatchObject({
      details: { path: "/0/trap", found: "a getter that throws" },
      cause,
    });
  });

  test("a buffer that was transferred is named", () => {
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    expect(refused([buffer]).details.path).toBe("/0");
    expect(refused({ view }).details.path).toBe("/view");
  });

  test("nesting that a clone can't follow is named instead of overflowing the stack", () => {
    let deep: unknown = 0;
    for (let depth = 0; depth < 200_000; depth++) deep = { deep };
    expect(refused(deep, 10_000_000).details.found).toBe("nested deeper than 1000 levels");
  });

  test("nesting up to the limit is carried by a clone", () => {
    let deep: unknown = 0;
    for (let depth = 0; depth < 1_000; depth++) deep = { deep };
    sendable(deep, options);
    expect(() => structuredClone(deep)).not.toThrow();
  });

  test("what structured clone refuses is never let through", () => {
    const odd = fc.constantFrom<unknown>(
      () => 1,
      Symbol("s"),
      Promise.resolve(),
      new WeakSet(),
      new Proxy({}, {}),
    );
    fc.assert(
      fc.property(fc.anything({ withMap: true, withSet: true }), odd, (value, culprit) => {
        const holder = typeof value === "object" && value !== null && !types.isBoxedPrimitive(value);
        const whole = holder ? [value, { culprit }] : { value, culprit };
        expect(refused(whole).details.path).toBe(holder ? "/1/culprit" : "/culprit");
      }),
    );
  });
});

describe("the limit of bytes", () => {
  test.each<readonly [string, unknown]>([
    ["a text", "é".repeat(600)],
    ["a text in an argument", ["a".repeat(1_001)]],
    ["a list of numbers", new Array(200).fill(1)],
    ["a long list", new Array(5_000).fill(1)],
    ["bytes", [new Uint8Array(1_001)]],
    ["a map", new Map(Array.from({ length: 200 }, (_, index) => [index, index]))],
    ["an object of a class", Object.assign(new Point(), { text: "a".repeat(1_001) })],
    ["names", Object.fromEntries([["a".repeat(1_001), 1]])],
    ["an error's message", [new Error("a".repeat(1_001))]],
  ])("%s beyond it is refused", (_name, value) => {
    expect(refused(value, 1_000)).toMatchObject({
      code: "CALL_TOO_LARGE",
      message: "The arguments of the call hold more than 1000 bytes.",
      details: { what: "arguments", limitBytes: 1_000 },
    });
  });

  test("ends the walk of what has no end", () => {
    class Endless {
      get next() {
        return new Endless();
      }
      static of() {
        const endless = {};
        Object.defineProperty(endless, "list", { enumerable: true, get: () => [Endless.of(), Endless.of()] });
        return endless;
      }
    }
    expect(refused(Endless.of(), 1_000).code).toBe("CALL_TOO_LARGE");
  });

  test("counts an object as often as it occurs, and meets it once", () => {
    let value: unknown = ["a".repeat(100)];
    for (let depth = 0; depth < 100; depth++) value = [value, value];
    expect(refused(value, 2 ** 50).code).toBe("CALL_TOO_LARGE");
  });

  test.each<readonly [string, unknown]>([
    ["a whole number", 1n << 20_000n],
    ["a text as an object", new String("a".repeat(2_000))],
    ["a pattern", new RegExp("a".repeat(2_000))],
  ])("counts %s for what it is", (_name, value) => {
    for (const held of [value, { value }, Array.from({ length: 20 }, () => value)])
      expect(refused(held, 1_000).code).toBe("CALL_TOO_LARGE");
  });

  test("clones no more to see what instances are than a few times the limit", () => {
    const nested = (depth: number) => {
      let value: unknown = Array.from({ length: 1_000 }, (_, index) => index);
      for (let level = 0; level < depth; level++) {
        const held = value;
        value = new (class {
          readonly held = held;
        })();
      }
      return value;
    };
    expect(() => sendable(nested(3), options)).not.toThrow();
    expect(refused(nested(500), 20_000).code).toBe("CALL_TOO_LARGE");
  });
});

describe("a view of a part of a buffer", () => {
  const whole = Uint8Array.from({ length: 64 }, (_, index) => index);
  const part = whole.subarray(8, 12);

  test.each<readonly [string, unknown, (sent: never) => Uint8Array]>([
    ["the value itself", part, (sent: Uint8Array) => sent],
    ["in an object", { deep: [part] }, (sent: { deep: [Uint8Array] }) => sent.deep[0]],
    [
      "in a map",
      new Map([["part", part]]),
      (sent: Map<string, Uint8Array>) => sent.get("part") as Uint8Array,
    ],
  ])("is sent with its own bytes alone: %s", (_where, value, find) => {
    const sent = find(sendable(value, options) as never);
    expect([...new Uint8Array(sent.buffer)]).toEqual([8, 9, 10, 11]);
  });

  test("is sent with its own bytes alone among arguments, whatever is beside it", () => {
    const moved = new ArrayBuffer(8);
    const sent = sendableArguments(["text", part, { part }, moved], options, [moved]);
    const [text, argument, object, buffer] = sent as [string, Uint8Array, { part: Uint8Array }, ArrayBuffer];
    expect([text, argument.buffer.byteLength, object.part.buffer.byteLength]).toEqual(["text", 4, 4]);
    expect(buffer).toBe(moved);
  });

  test("is sent as it is when the buffer is moved along", () => {
    expect(sendable(part, options, [whole.buffer])).toBe(part);
  });

  test("is left as it was", () => {
    const value = { part };
    sendable(value, options);
    expect(value.part.buffer.byteLength).toBe(64);
  });
});

test("what shows all of its buffers is sent as it is", () => {
  const value = { bytes: new Uint8Array(4), words: new Uint16Array(2) };
  expect(sendable(value, options)).toBe(value);
});
