import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { contentHash } from "../../../../../core/src/guest/loader/content-hash.js";

const expected = (bytes: Uint8Array): string => createHash("sha1").update(bytes).digest("hex");

test("contents of every length up to three blocks are named by their SHA-1", () => {
  for (let length = 0; length <= 192; length += 1) {
    const bytes = randomBytes(length);
    expect(contentHash(bytes), bytes.toString("hex")).toBe(expected(bytes));
  }
});

test.each([16_383, 16_384, 16_385, 100_000])("contents of %d bytes are named by their SHA-1", (length) => {
  const bytes = randomBytes(length);
  expect(contentHash(bytes)).toBe(expected(bytes));
});

test("contents are named by their own bytes, not by those around them", () => {
  const bytes = randomBytes(300).subarray(7, 150);
  expect(contentHash(bytes)).toBe(expected(bytes));
});
