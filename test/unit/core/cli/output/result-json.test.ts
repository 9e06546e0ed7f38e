import { expect, test } from "vitest";
import { resultJson } from "../../../../../core/src/cli/output/result-json.js";
import { resultText } from "../../../../../core/src/cli/named-call.js";

class Pair {
  readonly one: unknown;
  readonly two: unknown;
  constructor(half: unknown) {
    this.one = half;
    this.two = half;
  }
}

test("a result is written as JSON", () => {
  expect(resultJson({ a: [1, "two", new Pair(null)] })).toBe('{"a":[1,"two",{"one":null,"two":null}]}');
  expect(resultJson([1], { indent: 2 })).toBe("[\n  1\n]");
  expect(resultJson(() => 1)).toBeUndefined();
});

test("objects whose parts occur in many places are refused, for programs and for people", () => {
  let value: unknown = 0;
  for (let depth = 0; depth < 60; depth++) value = new Pair(value);
  for (const write of [resultJson, resultText]) {
    expect(() => write(value)).toThrow(expect.objectContaining({ code: "CALL_TOO_LARGE" }) as Error);
  }
});

test("what has no JSON is shown to a person", () => {
  const circle: Record<string, unknown> = { n: 1n };
  circle["self"] = circle;
  expect(resultText(circle)).toContain("[Circular");
});
