import fc from "fast-check";
import { expect, test } from "vitest";
import { foldedLines } from "../../../../../core/src/cli/output/folded-lines.js";
import { textWidth } from "../../../../../core/src/cli/output/text-width.js";

test("a line that is too wide breaks between words, set in as its text is", () => {
  expect(foldedLines("problem  folders  ./extensions can't be read by anybody", 40)).toEqual([
    "problem  folders  ./extensions can't be",
    "                  read by anybody",
  ]);
  expect(foldedLines("    Create it, or name a folder that is there.", 30)).toEqual([
    "    Create it, or name a",
    "    folder that is there.",
  ]);
  expect(foldedLines("error CALL_FAILED the extension threw", 30)).toEqual([
    "error CALL_FAILED the",
    "  extension threw",
  ]);
});

test("colours take no room", () => {
  expect(foldedLines("\u001b[31merror\u001b[39m one two", 13)).toEqual(["\u001b[31merror\u001b[39m one two"]);
});

test("a folded line has the words it had, and is too wide only where a word is", () => {
  const words = fc.array(
    fc.constantFrom("a", "host", "  set", "apart", "./extensions/acme.english", "日本語"),
  );
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 80 }), (words, width) => {
      const line = words.join(" ");
      const lines = foldedLines(line, width);
      const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== "");
      expect(wordsOf(lines.join(" "))).toEqual(wordsOf(line));
      for (const one of lines) expect(textWidth(one) <= width || wordsOf(one).length === 1).toBe(true);
    }),
  );
});
