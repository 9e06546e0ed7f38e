import { expect, test } from "vitest";
import { cutMessage } from "../../../../core/src/common/cut-message.js";

test("a message beyond the longest is cut with a mark", () => {
  expect(cutMessage("short")).toBe("short");
  expect(cutMessage("x".repeat(100_000))).toMatch(/^x{65000,} … \(cut\)$/);
  expect(cutMessage("x".repeat(100_000))).toHaveLength(65_536);
});
