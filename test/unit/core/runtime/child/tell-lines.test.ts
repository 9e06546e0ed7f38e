import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { OutputLine } from "../../../../../extension-api/src/index.js";
import { tellLines } from "../../../../../core/src/runtime/child/tell-lines.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

function follow(limits: Parameters<typeof tellLines>[3] = {}) {
  const stream = new PassThrough();
  const lines: OutputLine[] = [];
  const told = tellLines(stream, "stdout", (line) => lines.push(line), limits);
  const print = async (chunk: string | Buffer): Promise<string[]> => {
    stream.write(chunk);
    await new Promise(setImmediate);
    return lines.map(({ text }) => text);
  };
  return { stream, print, lines, told };
}

test("text is cut at the ends of its lines, wherever chunks end", async () => {
  const { print } = follow();
  expect(await print("one\ntw")).toEqual(["one"]);
  expect(await print("o\r\n\nthr")).toEqual(["one", "two", ""]);
  expect(await print(Buffer.from("ée\n").subarray(0, 1))).toHaveLength(3);
  expect(await print(Buffer.from("ée\n").subarray(1))).toEqual(["one", "two", "", "thrée"]);
});

test("the last line is told at the end, also without an end of line", async () => {
  const { stream, print, lines } = follow();
  await print("last words");
  stream.destroy();
  await new Promise(setImmediate);
  expect(lines).toEqual([{ stream: "stdout", text: "last words" }]);
});

test("a line beyond the limit is cut with a mark", async () => {
  const { print } = follow({ lineLength: 5 });
  expect(await print("12345\n123456\n")).toEqual(["12345", "12345 … (cut)"]);
  expect(await print("123")).toHaveLength(2);
  expect(await print("4567890".repeat(1000))).toHaveLength(2);
  expect(await print("\nnext\n")).toEqual(["12345", "12345 … (cut)", "12345 … (cut)", "next"]);
});

test("lines beyond the limit of a second are counted, and the next second starts anew", async () => {
  const { print } = follow({ linesPerSecond: 2 });
  expect(await print("1\n2\n3\n4\n5")).toEqual(["1", "2"]);
  expect(await print("5\n6\n7\n")).toEqual(["1", "2"]);
  vi.advanceTimersByTime(1_000);
  expect(await print("8\n")).toEqual(["1", "2", "(5 more lines were printed and left out)", "8"]);
});

test("code that prints more bytes than are read in a second has to wait", async () => {
  const { stream, print } = follow({ bytesPerSecond: 10 });
  await print("0123456789abcdef\n");
  expect(stream.isPaused()).toBe(true);
  vi.advanceTimersByTime(1_000);
  expect(stream.isPaused()).toBe(false);
});

test("code that has ended waits no longer, and what it printed is told", async () => {
  const { stream, print, lines, told } = follow({ bytesPerSecond: 10 });
  await print("0123456789abcdef\n");
  expect(stream.isPaused()).toBe(true);
  told.finish();
  await print("last words of many bytes\n");
  expect(stream.isPaused()).toBe(false);
  expect(lines.map(({ text }) => text)).toEqual(["0123456789abcdef", "last words of many bytes"]);
});
