import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { textWidth } from "../../../../../core/src/cli/output/text-width.js";
import { inRepository } from "../../../../support/repository.ts";

const { default: stringWidth } = createRequire(inRepository("core/package.json"))("string-width") as {
  default: (text: string) => number;
};

test("the characters that are counted without tables are one column wide", () => {
  const wrong: string[] = [];
  for (let codePoint = 0x20; codePoint < 0x2600; codePoint++) {
    const text = `a${String.fromCodePoint(codePoint)}b`;
    if (codePoint !== 0x9b && textWidth(text) !== stringWidth(text)) wrong.push(codePoint.toString(16));
  }
  expect(wrong).toEqual([]);
});

test.each(["\u001b[31mréd\u001b[39m", "日本語", "👩‍👩‍👧", "e\u0301", "┌──┐", ""])(
  "%j is as wide as it is shown",
  (text) => {
    expect(textWidth(text)).toBe(stringWidth(text));
  },
);
