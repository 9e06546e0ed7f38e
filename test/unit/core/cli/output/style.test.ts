import { expect, test } from "vitest";
import { harmless, harmlessJson, singleLine, styleFor } from "../../../../../core/src/cli/output/style.js";
import { KeptOutput } from "../command-world.js";

const terminal = new KeptOutput({ columns: 80 });

test("text is coloured on a terminal", () => {
  expect(styleFor(terminal, {})("red", "no")).toBe("\u001b[31mno\u001b[39m");
});

test("text is not coloured where no terminal is", () => {
  expect(styleFor(new KeptOutput(), {})("red", "no")).toBe("no");
});

test("text is not coloured when NO_COLOR is set to something", () => {
  expect(styleFor(terminal, { NO_COLOR: "1" })("red", "no")).toBe("no");
  expect(styleFor(terminal, { NO_COLOR: "" })("red", "no")).not.toBe("no");
});

test("text is not coloured on a dumb terminal", () => {
  expect(styleFor(terminal, { TERM: "dumb" })("red", "no")).toBe("no");
});

test("a single line holds no line break and no escape sequence", () => {
  expect(singleLine("one\r\n\u001b[31mtwo\u001b[39m\tthree\u0007")).toBe("one two three");
});

const steering = "a\u001b[2J\u001b]0;title\u0007b\u009b31mc\r\bd\u202ee\u2066f";

test("no text steers the terminal or turns the order round, whatever writes it", () => {
  expect(singleLine(steering)).toBe("abc def");
  expect(harmless(`\u001b[31m${steering}\u001b[39m\n\tg`, { keepsColours: true })).toBe(
    "\u001b[31mabc def\u001b[39m\n\tg",
  );
  expect(harmless(`\u001b[31m${steering}\n`, { keepsColours: false })).toBe("abc def\n");
});

test("JSON holds what would steer a terminal as escapes, and is read as what it was", () => {
  const json = harmlessJson(JSON.stringify({ steering }));
  expect(json).not.toMatch(/[^\n\x20-\x7e]/);
  expect(JSON.parse(json)).toEqual({ steering });
});
