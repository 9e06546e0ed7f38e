import { expect, onTestFinished, test, vi } from "vitest";
import {
  OutputLines,
  type TextLine,
} from "../../../../extensions/runtime-go-plugin/src/launch/output-lines.js";

function linesOf(...chunks: readonly (string | Uint8Array)[]): readonly TextLine[] {
  const told: TextLine[] = [];
  const lines = new OutputLines((line) => told.push(line));
  for (const chunk of chunks) lines.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  lines.end();
  return told;
}

test("lines are whole whatever the pieces, also the last one without an end, and characters stay whole", () => {
  const bytes = Buffer.from("ñandú\n");
  expect(
    linesOf("one\ntw", "o\r\n\nlast ", bytes.subarray(0, 1), bytes.subarray(1), "end").map(
      ({ text }) => text,
    ),
  ).toEqual(["one", "two", "", "last ñandú", "end"]);
});

test("a line over 64 KiB is told in pieces that say so", () => {
  const told = linesOf(`${"x".repeat(150 * 1024)}\nnext\n`);
  expect(told.map(({ text, isCut }) => [text.length, isCut])).toEqual([
    [64 * 1024, true],
    [64 * 1024, true],
    [22 * 1024, true],
    [4, false],
  ]);
});

test("what is printed faster than anybody reads is counted", () => {
  holdTime();
  const told = linesOf("flood\n".repeat(30_000));
  const left = told.filter(({ text }) => /^\([\d,]+ more lines were printed and left out\)$/.test(text));
  const counted = left.reduce((sum, { text }) => sum + Number(text.replace(/\D/g, "")), 0);
  expect(left.length).toBeGreaterThan(0);
  expect(told.length - left.length + counted).toBe(30_000);
});

test("a flood without the end of a line is told up to so many bytes, and the rest is counted", () => {
  holdTime();
  const piece = Buffer.alloc(1024 * 1024, "x");
  const told = linesOf(...Array.from({ length: 200 }, () => piece));
  expect(told.length).toBeLessThan(200 * 16);
  expect(told.at(-1)?.text).toMatch(/ more lines were printed and left out\)$/);
});

test("what was counted is told though nothing more is printed", () => {
  holdTime();
  const told: TextLine[] = [];
  const lines = new OutputLines((line) => told.push(line));
  lines.push(Buffer.from("flood\n".repeat(10_001)));
  expect(told).toHaveLength(10_000);
  vi.advanceTimersByTime(1_000);
  expect(told.at(-1)?.text).toBe("(1 more lines were printed and left out)");
});

/** So much is told a second, and a slow machine takes several for a flood. */
function holdTime(): void {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
}
