import fc from "fast-check";
import { expect, test } from "vitest";
import { cutToWidth, tableLines, type Column } from "../../../../../core/src/cli/output/table.js";

interface Row {
  readonly name: string;
  readonly count: string;
  readonly note: string;
}

const columns: readonly Column<Row>[] = [
  { title: "NAME", text: (row) => row.name, minimum: 5 },
  { title: "COUNT", text: (row) => row.count, align: "right" },
  { title: "NOTE", text: (row) => row.note, minimum: 6, leaveOut: 1 },
];
const plain = (_format: unknown, text: string) => text;

test("columns are as wide as their widest cell, numbers on the right", () => {
  const rows = [
    { name: "english", count: "1", note: "says hello" },
    { name: "日本語", count: "1000", note: "" },
  ];
  expect(tableLines(rows, columns, { style: plain })).toEqual([
    "NAME     COUNT  NOTE",
    "english      1  says hello",
    "日本語    1000",
  ]);
});

test("the last column that may shrink shrinks first", () => {
  const rows = [{ name: "a-long-name", count: "1", note: "a long note" }];
  expect(tableLines(rows, columns, { style: plain, width: 26 })).toEqual([
    "NAME         COUNT  NOTE",
    "a-long-name      1  a lon…",
  ]);
});

test("a column is left out when shrinking is not enough", () => {
  const rows = [{ name: "a-long-name", count: "1", note: "a long note" }];
  expect(tableLines(rows, columns, { style: plain, width: 18 })).toEqual([
    "NAME         COUNT",
    "a-long-name      1",
  ]);
});

test("control characters of extensions do not reach the terminal", () => {
  const rows = [{ name: "\u001b[2Jevil\r\n\u0007", count: "1", note: "" }];
  expect(tableLines(rows, columns, { style: plain })[1]).toBe("evil      1");
});

test("no line is wider than the terminal, whatever the cells hold", () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 40 });
  const row = fc.record({ name: cell, count: cell, note: cell });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 1, max: 80 }), (rows, width) => {
      for (const line of tableLines(rows, columns, { style: plain, width })) {
        // A text that is cut to the width it has stays as it is.
        expect(cutToWidth(line, width)).toBe(line);
      }
    }),
  );
});

test("a cut text never splits a character that takes two columns", () => {
  expect(cutToWidth("日本語", 4)).toBe("日…");
  expect(cutToWidth("日本語", 6)).toBe("日本語");
  expect(cutToWidth("abc", 0)).toBe("");
});

test("ids are whole and what is wrong is shown at every width that people have", () => {
  const wholeColumns = columns.map((column, index) => (index === 0 ? { ...column, isWhole: true } : column));
  const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,127}$/);
  const row = fc.record({ name, count: fc.constantFrom("-", "1", "12"), note: name });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 40, max: 200 }),
      (rows, width) => {
        const lines = tableLines(rows, wholeColumns, { style: plain, width });
        for (const line of lines) expect(cutToWidth(line, width)).toBe(line);
        const text = lines.join("").replaceAll(" ", "");
        let from = 0;
        for (const { name, count } of rows) {
          const at = text.indexOf(name, from);
          expect(at).toBeGreaterThanOrEqual(0);
          from = text.indexOf(count, at + name.length);
          expect(from).toBeGreaterThanOrEqual(at + name.length);
        }
      },
    ),
  );
});
