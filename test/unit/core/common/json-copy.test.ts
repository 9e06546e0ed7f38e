import { isExtensionError } from "@plugboard/extension-api";
import { expect, test } from "vitest";
import { jsonCopy } from "../../../../core/src/common/json-copy.js";

function found(value: unknown): unknown {
  try {
    jsonCopy(value, "acme.kept");
  } catch (error) {
    if (isExtensionError(error, "STATE_INVALID")) return error.details["found"];
    throw error;
  }
  return undefined;
}

test("a part that occurs twice is copied, and the copy is not what was given", () => {
  const part = { list: [1, "two", null] };
  const copy = jsonCopy({ one: part, two: part }, "acme.kept") as { readonly one: object };
  expect(copy).toEqual({ one: part, two: part });
  expect(copy.one).not.toBe(part);
});

test("parts that hold each other twice are refused for what JSON would write", () => {
  for (const double of [(half: unknown) => [half, half], (half: unknown) => ({ one: half, two: half })]) {
    let value: unknown = "leaf";
    for (let depth = 0; depth < 60; depth++) value = double(value);
    expect(found(value)).toBe("beyond the limit of 16777216 bytes");
  }
});

test("a circle is named as one, though its parts may occur twice", () => {
  const circle: unknown[] = [[]];
  circle.push(circle[0], circle);
  expect(found(circle)).toBe("an object that holds itself: a circle");
});
