import { expect, test } from "vitest";
import { singleLine, styleFor } from "../../../../../core/src/cli/output/style.js";
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
