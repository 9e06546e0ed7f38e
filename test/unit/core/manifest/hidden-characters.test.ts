import { expect, test } from "vitest";
import { codePointText, hiddenCharacters } from "../../../../core/src/manifest/hidden-characters.js";

const found = (text: string) =>
  hiddenCharacters(text).map(({ offset, codePoint, count }) => [offset, codePointText(codePoint), count]);

const hidden: readonly (readonly [string, string, readonly (readonly [number, string, number])[]])[] = [
  [
    "an override that swaps code and comment",
    "/*\u202e } \u2066if (isAdmin)\u2069 \u2066 begin*/",
    [
      [2, "U+202E (right-to-left override)", 1],
      [6, "U+2066 (left-to-right isolate)", 1],
      [19, "U+2069 (pop directional isolate)", 1],
      [21, "U+2066 (left-to-right isolate)", 1],
    ],
  ],
  ["an override among right-to-left letters", "שלום\u202eabc", [[4, "U+202E (right-to-left override)", 1]]],
  ["a direction mark among left-to-right letters", "a\u200fb", [[1, "U+200F (right-to-left mark)", 1]]],
  ["a space of no width in a word", "admin\u200b", [[5, "U+200B (zero width space)", 1]]],
  [
    "joiners between Latin letters",
    "a\u200db\u200cc",
    [
      [1, "U+200D (zero width joiner)", 1],
      [3, "U+200C (zero width non-joiner)", 1],
    ],
  ],
  ["a second joiner in Persian", "می\u200c\u200cخواهم", [[2, "U+200C (zero width non-joiner)", 2]]],
  ["a letter that is a blank", "const \u3164 = 1", [[6, "U+3164 (Hangul filler)", 1]]],
  [
    "bytes hidden in variation selectors behind an emoji",
    "😀\ufe0f\u{e0101}\u{e0102}",
    [[3, "U+E0101 (variation selector)", 2]],
  ],
  ["a variation selector behind a letter", "a\ufe0f", [[1, "U+FE0F (variation selector)", 1]]],
  ["a variation selector behind a digit", "1\ufe0f", [[1, "U+FE0F (variation selector)", 1]]],
  ["text hidden in tags", "x\u{e0069}\u{e0067}\u{e006e}", [[1, "U+E0069 (tag)", 3]]],
  ["tags behind a flag that no country has", "🏴\u{e0069}\u{e0067}", [[2, "U+E0069 (tag)", 2]]],
  ["a byte order mark within the text", "a\ufeffb", [[1, "U+FEFF (zero width no-break space)", 1]]],
  ["a line that ends unseen", "// comment\u2028run()", [[10, "U+2028 (line separator)", 1]]],
  ["a sequence for a terminal", "a\x1b[2K", [[1, "U+001B (control character)", 1]]],
  ["a soft hyphen", "con\u00adfig", [[3, "U+00AD (soft hyphen)", 1]]],
  ["an ignorable that nobody has a name for", "a\u206ab", [[1, "U+206A", 1]]],
  ["something on a later line, by its offset", "a\nb\u200b", [[3, "U+200B (zero width space)", 1]]],
];

test.for(hidden)("%s is found", ([, text, expected]) => {
  expect(found(text)).toEqual(expected);
});

const legitimate: readonly (readonly [string, string])[] = [
  ["plain text", "export const x = 1;\r\n\tgrüße 世界 Привет"],
  ["a byte order mark at the start", "\ufeffconst x = 1;"],
  ["a family of emoji", "👨‍👩‍👧‍👦 🧑🏽‍💻 ❤️‍🔥 🏳️‍🌈 👩🏾‍⚕️"],
  ["emoji that are shown in colour", "❤️ ☀︎ ©️ ▶️"],
  ["a keycap", "1️⃣ #️⃣"],
  ["the flag of Scotland", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
  ["Persian", "می‌خواهم کتاب‌ها"],
  ["Hindi and Sinhala", "क्‍ष ශ්‍රී"],
  ["Hebrew with direction marks", "שלום (world)\u200f!"],
  ["Khmer with breaks", "ភាសា\u200bខ្មែរ"],
  ["a variant of a Han character", "葛\u{e0100}"],
  ["Mongolian with a variant of a letter", "ᠠ\u180b"],
  ["a mathematical variant", "∩\ufe00"],
  ["escapes that can be read", String.raw`"\u202e\u200b"`],
];

test.for(legitimate)("nothing is found in %s", ([, text]) => {
  expect(found(text)).toEqual([]);
});
