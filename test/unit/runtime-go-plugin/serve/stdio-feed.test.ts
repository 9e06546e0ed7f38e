import { expect, test } from "vitest";
import { StdioFeed } from "../../../../extensions/runtime-go-plugin/src/serve/stdio-feed.js";

test("what was printed before and after the reader came is read in order, in pieces of 1 KiB", async () => {
  const feed = new StdioFeed(() => expect.unreachable("something was lost"));
  feed.print("stdout", Buffer.from("a".repeat(1500)));
  const reading = readAll(feed);
  feed.print("stderr", Buffer.from("b"));
  feed.end();
  expect(await reading).toEqual([
    ["stdout", 1024],
    ["stdout", 476],
    ["stderr", 1],
  ]);
});

test("memory that is used again after printing does not change what is read", async () => {
  const feed = new StdioFeed(() => expect.unreachable("something was lost"));
  const data = Buffer.from("first");
  feed.print("stdout", data);
  data.fill("x");
  feed.end();
  const [piece] = await allOf(feed.read(new AbortController().signal));
  expect(Buffer.from(piece?.data ?? []).toString()).toBe("first");
});

test("an aborted reader ends, and leaves what comes then to the next", async () => {
  const feed = new StdioFeed(() => expect.unreachable("something was lost"));
  const controller = new AbortController();
  const reading = allOf(feed.read(controller.signal));
  await Promise.resolve();
  expect(feed.isRead).toBe(true);
  controller.abort();
  expect(await reading).toEqual([]);
  expect(feed.isRead).toBe(false);
  feed.print("stdout", Buffer.from("x"));
  feed.end();
  expect(await readAll(feed)).toEqual([["stdout", 1]]);
});

test("what nobody reads is kept up to a bound, and the rest is counted", () => {
  let lost = 0;
  const feed = new StdioFeed((bytes) => (lost += bytes));
  for (let count = 0; count < 1100; count++) feed.print("stdout", Buffer.alloc(1024));
  const kept = feed.take().reduce((sum, { data }) => sum + data.length, 0);
  expect(kept).toBeLessThanOrEqual(2 ** 20);
  expect(kept + lost).toBe(1100 * 1024);
  expect(feed.take()).toEqual([]);
});

async function readAll(feed: StdioFeed): Promise<(readonly [string, number])[]> {
  const pieces = await allOf(feed.read(new AbortController().signal));
  return pieces.map(({ stream, data }) => [stream, data.length]);
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
