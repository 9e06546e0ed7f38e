import fc from "fast-check";
import { expect, test } from "vitest";
import { LineSplitter } from "../../../../core/src/control/line-splitter.js";

test("lines come whole wherever the pieces end, and the rest is what no line end follows", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 20 }).filter((line) => !/[\r\n]/.test(line));
  fc.assert(
    fc.property(fc.array(text), text, fc.array(fc.nat()), (lines, rest, cuts) => {
      const whole = lines.map((line) => `${line}\n`).join("") + rest;
      const ends = [...cuts.map((cut) => cut % (whole.length + 1)), whole.length].toSorted((a, b) => a - b);
      const splitter = new LineSplitter(1_000);
      const split = ends.flatMap((end, index) => [...splitter.split(whole.slice(ends[index - 1] ?? 0, end))]);
      expect(split).toEqual(lines.map((line) => ({ text: line })));
      expect(splitter.rest()).toBe(rest);
    }),
  );
});

test("of a line that is too long nothing is kept, it is told once, and the next comes whole", () => {
  const splitter = new LineSplitter(10);
  const told = ["12345", "678901", "2345\nnext", "\r\n"].flatMap((piece) => [...splitter.split(piece)]);
  expect(told).toEqual([{ tooLong: true }, { text: "next" }]);
  expect(splitter.rest()).toBe("");
});
