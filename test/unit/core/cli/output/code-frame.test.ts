import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { codeFrame, codeFrameAt } from "../../../../../core/src/cli/output/code-frame.js";

const plain = { style: (_format: unknown, text: string) => text };
const text = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`).join("\n");

test("a frame shows two lines on either side and a caret under the column", () => {
  expect(codeFrame(text, { line: 9, column: 6 }, plain)).toEqual([
    "   7 | line 7",
    "   8 | line 8",
    ">  9 | line 9",
    "     |      ^",
    "  10 | line 10",
    "  11 | line 11",
  ]);
});

test("a frame at either end of a text, and without a column, shows what there is", () => {
  expect(codeFrame(text, { line: 1 }, plain)).toEqual(["> 1 | line 1", "  2 | line 2", "  3 | line 3"]);
  expect(codeFrame(text, { line: 12, column: 8 }, plain).at(-1)).toBe("     |        ^");
  expect(codeFrame(text, { line: 13 }, plain)).toEqual([]);
});

test.each([
  ["a tab", "\tab", 2, "  ab", "  ^"],
  ["blanks before the column", "  throw new Error()", 9, "  throw new Error()", "        ^"],
  ["wide characters", "「日本」x", 5, "「日本」x", "        ^"],
  ["what would move the cursor", "a\u001b[2Jb\u0008c", 7, "ab c", "  ^"],
])("the caret stands under the column behind %s", (_what, source, column, shown, caret) => {
  expect(codeFrame(source, { line: 1, column }, plain)).toEqual([`> 1 | ${shown}`, `    | ${caret}`]);
});

test("of a line that is too wide the part around the column is shown", () => {
  const source = `${"x".repeat(500)}HERE${"y".repeat(500)}`;
  const [line = "", caret = ""] = codeFrame(source, { line: 1, column: 501 }, { ...plain, width: 60 });
  expect(line.length).toBeLessThanOrEqual(60);
  expect(line.slice(caret.indexOf("^"), caret.indexOf("^") + 4)).toBe("HERE");
});

test("a place in a file that is not there, or no file, has no frame", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-frame-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "extension.js");
  await writeFile(file, "one\r\ntwo\r\n");
  expect(codeFrameAt({ file, line: 2, column: 1 }, plain)).toEqual([
    "  1 | one",
    "> 2 | two",
    "    | ^",
    "  3 |",
  ]);
  expect(codeFrameAt({ file: join(folder, "gone.js"), line: 1 }, plain)).toEqual([]);
  expect(codeFrameAt({ file: folder, line: 1 }, plain)).toEqual([]);
});
