import { expect, test } from "vitest";
import { thrownText } from "../../../../core/src/common/thrown-text.js";

function doubled(leaf: unknown, double: (half: unknown) => unknown): unknown {
  let value = leaf;
  for (let depth = 0; depth < 60; depth++) value = double(value);
  return value;
}

test.each<readonly [string, unknown]>([
  ["lists that hold a part twice", doubled(0, (half) => [half, half])],
  ["objects that do", doubled(0, (half) => ({ one: half, two: half }))],
  [
    "an error with such a message",
    Object.assign(new Error(), { message: doubled(0, (half) => [half, half]) }),
  ],
  ["an error of long causes", doubled(new Error("m"), (cause) => new Error("m", { cause }))],
  ["a long text", "x".repeat(10_000_000)],
  ["an error with a long message", new Error("x".repeat(10_000_000))],
  [
    "an object of many members",
    Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [index, 0])),
  ],
  ["a long list", new Array(100_000).fill("text")],
  ["a long number", 1n << 80_000_000n],
])("%s: the text is no longer than a message", (_name, thrown) => {
  expect(thrownText(thrown).length).toBeLessThanOrEqual(64 * 1024);
});

test("what is short is told as it is", () => {
  expect(thrownText("no")).toBe("no");
  expect(thrownText(new TypeError("no"))).toBe("no");
  expect(thrownText({ a: 1, b: [1] })).toBe("{ a: 1, b: [Array] }");
  expect(thrownText(12n)).toBe("12n");
});
