import fc from "fast-check";
import { expect, test } from "vitest";
import { exceeds, sizeUpTo, writesMoreThan } from "../../../../core/src/common/data-size.js";

test.each([undefined, null, 1, true, () => 1, Symbol("s")])("%o holds next to nothing", (value) => {
  expect(exceeds(value, 0)).toBe(false);
});

test("a string is measured in bytes, not in characters", () => {
  expect(exceeds("a".repeat(100), 100)).toBe(false);
  expect(exceeds("é".repeat(100), 199)).toBe(true);
  expect(exceeds("é".repeat(100), 200)).toBe(false);
});

test.each([
  ["an array", new Array(100).fill(1)],
  ["an object", Object.fromEntries(Array.from({ length: 100 }, (_, index) => [index, index]))],
  ["a set", new Set(Array.from({ length: 100 }, (_, index) => index))],
  ["a map", new Map(Array.from({ length: 50 }, (_, index) => [index, index]))],
  ["a buffer", Buffer.alloc(800)],
  ["an array buffer", new ArrayBuffer(800)],
  ["a string deep down", { one: [{ two: "a".repeat(800) }] }],
])("%s counts with everything in it", (_name, value) => {
  expect(exceeds(value, 799)).toBe(true);
  expect(exceeds(value, 2_000)).toBe(false);
});

test("an object of a class counts as a reference", () => {
  class Box {
    readonly content = "a".repeat(1_000);
  }
  expect(exceeds(new Box(), 100)).toBe(false);
});

test("what occurs twice counts twice, and a circle ends", () => {
  const shared = ["a".repeat(500)];
  expect(sizeUpTo([shared, shared], 10_000)).toBe(8 + 2 * 508);
  const circle: Record<string, unknown> = { shared };
  circle.self = circle;
  expect(sizeUpTo(circle, 10_000)).toBe(8 + "shared".length + 508 + "self".length + 8);
});

const doubled: readonly (readonly [string, (half: unknown) => unknown])[] = [
  ["lists", (half) => [half, half]],
  ["objects", (half) => ({ one: half, two: half })],
  [
    "maps",
    (half) =>
      new Map([
        ["one", half],
        ["two", half],
      ]),
  ],
  ["keys of maps", (half) => new Map([[{ half }, half]])],
  ["sets", (half) => new Set([[half], half])],
  ["causes", (half) => [new Error("", { cause: half }), half]],
];

test.each(doubled)("%s that hold a part twice count as what they would be written out", (_kind, double) => {
  let value: unknown = "leaf";
  for (let depth = 0; depth < 60; depth++) value = double(value);
  // A walk that met every part as often as it occurs would not come back.
  expect(exceeds(value, 2 ** 50)).toBe(true);
  expect(writesMoreThan({ value }, 2 ** 50)).toBe(true);
});

test("objects of a class count with what they hold where somebody writes them out", () => {
  class Pair {
    readonly one: unknown;
    readonly two: unknown;
    constructor(half: unknown) {
      this.one = half;
      this.two = half;
    }
  }
  let value: unknown = "leaf";
  for (let depth = 0; depth < 60; depth++) value = new Pair(value);
  expect(exceeds(value, 100)).toBe(false);
  expect(writesMoreThan(value, 2 ** 50)).toBe(true);
});

test.each<readonly [string, unknown]>([
  ["a list that claims a length", new Array(2 ** 32 - 1)],
  ["a whole number", 1n << 8_000n],
  ["a text as an object", new String("a".repeat(1_000))],
  ["a pattern", new RegExp("a".repeat(1_000))],
])("%s counts for what it is", (_name, value) => {
  expect(exceeds(value, 999)).toBe(true);
  expect(exceeds([value], 999)).toBe(true);
});

test("nesting as deep as anybody likes is walked", () => {
  let deep: unknown = 0;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  expect(exceeds(deep, 10_000_000)).toBe(false);
  expect(exceeds(deep, 1_000)).toBe(true);
});

test("what a larger limit refuses, a smaller one does too", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(200), fc.nat(200), (value, limit, more) => {
      if (exceeds(value, limit + more)) expect(exceeds(value, limit)).toBe(true);
    }),
  );
});

test("plain data never counts less than the text in it", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 20 }), (strings) => {
      const characters = strings.join("").length;
      fc.pre(characters > 0);
      expect(exceeds(strings, characters - 1)).toBe(true);
    }),
  );
});
