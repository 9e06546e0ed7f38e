import { expect, test } from "vitest";
import { loggedFields } from "../../../../core/src/protocol/logged-fields.js";

test("fields of a usual size are what was logged", () => {
  const fields = { text: "t", error: new Error("e"), map: new Map([[1, 2]]), list: [1, { a: 1 }] };
  expect(loggedFields(fields)).toEqual(fields);
  expect(loggedFields(fields)["error"]).toBe(fields.error);
  expect(loggedFields(undefined)).toEqual({});
});

test("what would never be written out is told in words, and the rest as it is", () => {
  class Pair {
    readonly one: unknown;
    readonly two: unknown;
    constructor(half: unknown) {
      this.one = half;
      this.two = half;
    }
  }
  let list: unknown = 0;
  let pair: unknown = 0;
  for (let depth = 0; depth < 60; depth++) {
    list = [list, list];
    pair = new Pair(pair);
  }
  const throws = {
    get bad(): never {
      throw new Error("gotcha");
    },
  };
  const told = loggedFields({
    list,
    pair,
    error: new Error("m", { cause: list }),
    proxy: new Proxy([], {}),
    throws,
    fine: 1,
  });
  expect(told).toMatchObject({
    list: "[ [Array], [Array] ]",
    pair: "Pair { one: [Pair], two: [Pair] }",
    error: { name: "Error", message: "m", stack: expect.stringContaining("logged-fields.test") as unknown },
    fine: 1,
  });
  expect(JSON.stringify(told).length).toBeLessThan(100_000);
});
