import { expect, test } from "vitest";
import { nearest } from "../../../../core/src/common/nearest.js";

const fields = ["main", "id", "version", "displayName", "description", "contributes", "activationEvents"];

test.each([
  ["mian", "main"],
  ["Main", "main"],
  ["displayname", "displayName"],
  ["contributs", "contributes"],
  ["activationEvent", "activationEvents"],
  ["versoin", "version"],
])("%s suggests %s", (word, expected) => {
  expect(nearest(word, fields)).toBe(expected);
});

test.each(["x", "name", "somethingElse", "", "ix"])("%j suggests nothing", (word) => {
  expect(nearest(word, fields)).toBeUndefined();
});

test("of equally near candidates the first is suggested, and never the word itself", () => {
  expect(nearest("cart", ["card", "care"])).toBe("card");
  expect(nearest("card", ["card", "care"])).toBe("care");
});

test("a very long word is not measured against short candidates", () => {
  expect(nearest("a".repeat(200_000), fields)).toBeUndefined();
});
