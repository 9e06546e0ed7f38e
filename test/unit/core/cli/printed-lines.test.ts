import fc from "fast-check";
import { expect, test } from "vitest";
import { PrintedLines, type PrintedLine } from "../../../../core/src/cli/printed-lines.js";

const one = { id: "acme.one", generation: 1 };
const two = { id: "acme.two", generation: 1 };

function collected() {
  const told: PrintedLine[] = [];
  return { told, lines: new PrintedLines((line) => told.push(line)) };
}

test("lines come whole wherever the pieces end, each owner's apart from the others'", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 30 }).filter((line) => !/[\r\n]/.test(line));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 8 }), (expected, cuts) => {
      const { told, lines } = collected();
      const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(""));
      const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
      ends.forEach((end, index) => {
        lines.add("stdout", bytes.subarray(ends[index - 1] ?? 0, end), one);
        lines.add("stdout", Buffer.from("x"), two);
      });
      lines.end();
      expect(told.filter(({ owner }) => owner === one).map((line) => line.text)).toEqual(expected);
      expect(told.filter(({ owner }) => owner === two)).toMatchObject([{ text: "x".repeat(ends.length) }]);
    }),
  );
});

test("a line without an end is told in pieces before it takes much memory", () => {
  const { told, lines } = collected();
  for (let piece = 0; piece < 10; piece++) lines.add("stderr", Buffer.alloc(50_000, "a"), undefined);
  lines.end();
  expect(told.map(({ text }) => text).join("")).toHaveLength(500_000);
  expect(told.length).toBeGreaterThan(3);
});

test("lines that nobody ends any more are told when many others have written since", () => {
  const { told, lines } = collected();
  for (let generation = 1; generation <= 100; generation++)
    lines.add("stdout", Buffer.from(`of ${generation}`), { id: "acme.one", generation });
  expect(told.map(({ text }) => text)).toEqual(Array.from({ length: 36 }, (_, index) => `of ${index + 1}`));
});
