import { expect, test } from "vitest";
import { sizeText } from "../../../../../core/src/cli/output/size-text.js";

test.each([
  [0, "0 B"],
  [1_023, "1023 B"],
  [1_024, "1.0 KB"],
  [10 * 1_024, "10 KB"],
  [1_023.4 * 1_024, "1023 KB"],
  [1_023.6 * 1_024, "1.0 MB"],
  [190_000_000, "181 MB"],
  [5_000 * 2 ** 30, "5000 GB"],
])("%d bytes read as %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
