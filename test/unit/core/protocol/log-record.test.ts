import { expect, test } from "vitest";
import { logRecord } from "../../../../core/src/protocol/log-record.js";

test("what would never be written out is told in words, and the rest as it is", () => {
  let list: unknown = 0;
  for (let depth = 0; depth < 60; depth++) list = [list, list];
  const { message, fields } = logRecord("m", {
    list,
    error: new Error("m", { cause: list }),
    proxy: new Proxy([], {}),
    fine: { a: [1] },
  });
  expect(message).toBe("m");
  expect(fields).toMatchObject({
    list: "[ [Array], [Array] ]",
    error: { name: "Error", message: "m", stack: expect.stringContaining("log-record.test") as unknown },
    fine: { a: [1] },
  });
  expect(JSON.stringify(fields).length).toBeLessThan(100_000);
});

test("no more is kept than a record may hold", () => {
  const half = "x".repeat(500_000);
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field${index}`, half]));
  const kept = Object.keys(logRecord("m", many).fields ?? {}).length;
  expect(kept).toBeGreaterThan(3);
  expect(kept).toBeLessThan(20);
});
