import { expect, test } from "vitest";
import { TerminalFrame } from "../../../../../core/src/cli/start/terminal-frame.js";
import { KeptOutput } from "../command-world.js";

/** What a terminal shows after the output, as far as the frame's few sequences go. */
function screen(output: string, columns: number): string[] {
  const lines: string[] = [""];
  let row = 0;
  const type = (text: string) => {
    for (const character of text.replaceAll("\r", "")) {
      if (character === "\n") {
        lines[++row] ??= "";
        continue;
      }
      if (lines[row]!.length === columns) lines[++row] = "";
      lines[row]! += character;
    }
  };
  const [first = "", ...rest] = output.split("\u001b[");
  type(first);
  for (const part of rest) {
    const [, number, command] = /^\??(\d*)([A-Za-z])/.exec(part) ?? [];
    if (command === "A") row = Math.max(0, row - Number(number));
    if (command === "J") lines.splice(row, Infinity, "");
    type(part.replace(/^\??\d*[A-Za-z]/, ""));
  }
  return lines;
}

function frameOn(columns: number, rows: number) {
  const stream = new KeptOutput({ columns, rows });
  const frame = new TerminalFrame(stream);
  return { frame, stream, shown: () => screen(stream.text, columns) };
}

test("a terminal that tells no size is taken for a usual one", () => {
  const { frame, stream } = frameOn(0, 0);
  frame.draw(Array.from({ length: 20 }, (_, index) => `line ${String(index)}`));
  expect(frame.columns).toBe(80);
  expect(stream.text).toContain("line 0");
  expect(stream.text).not.toContain("more lines");
});

test("a frame that is drawn again replaces what it showed", () => {
  const { frame, shown } = frameOn(20, 10);
  frame.draw(["one", "two", "three"]);
  frame.draw(["four"]);
  expect(shown()).toEqual(["four", ""]);
});

test("a line that wraps is replaced as a whole", () => {
  const { frame, shown } = frameOn(10, 10);
  frame.draw(["a line that takes three rows", "two"]);
  frame.draw(["four"]);
  expect(shown()).toEqual(["four", ""]);
});

test("a frame that looks the same is not drawn again", () => {
  const { frame, stream } = frameOn(20, 10);
  frame.draw(["one"]);
  const before = stream.text;
  frame.draw(["one"]);
  expect(stream.text).toBe(before);
});

test("printed lines stand above the frame", () => {
  const { frame, shown } = frameOn(20, 10);
  frame.draw(["one", "two"]);
  frame.print(["logged"]);
  frame.draw(["three"]);
  expect(shown()).toEqual(["logged", "three", ""]);
});

test("a frame taller than the terminal keeps its last line and says what is missing", () => {
  const { frame, shown } = frameOn(80, 5);
  frame.draw(["one", "two", "three", "four", "five", "hint"]);
  expect(shown()).toEqual(["one", "two", expect.stringContaining("3 more lines") as unknown, "hint", ""]);
});

test("the cursor is given back at the end", () => {
  const { frame, stream, shown } = frameOn(20, 10);
  frame.draw(["one"]);
  frame.end(["stopped"]);
  expect(shown()).toEqual(["one", "stopped", ""]);
  expect(stream.text.endsWith("\u001b[?25h")).toBe(true);
});
