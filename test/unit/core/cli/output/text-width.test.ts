import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import { textWidth } from "../../../../../core/src/cli/output/text-width.js";
import { inRepository } from "../../../../support/repository.js";

test("a text is as wide as its letters are on a terminal, and colours have no width", () => {
  expect(textWidth("Français … 1 → 2")).toBe(16);
  expect(textWidth("\u001b[31merror\u001b[39m")).toBe(5);
  expect(textWidth("日本語")).toBe(6);
  expect(textWidth("a\u0301")).toBe(1);
});

/** As core has it, whatever others have installed. */
const { default: stringWidth } = createRequire(inRepository("core/package.json"))("string-width") as {
  readonly default: (text: string) => number;
};

test("what is taken for narrow without looking it up is what the tables say", () => {
  // Control characters are taken out before anything is measured, and the two know different sequences of them.
  const printable = fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0xa0, max: 0x2ff }));
  const narrow = fc.array(printable).map((codes) => String.fromCodePoint(...codes));
  fc.assert(fc.property(narrow, (text) => textWidth(text) === stringWidth(text)));
  for (let code = 0x20; code < 0x300; code++) {
    const one = String.fromCodePoint(code);
    expect({ code, width: textWidth(one) }).toEqual({ code, width: stringWidth(one) });
  }
});
