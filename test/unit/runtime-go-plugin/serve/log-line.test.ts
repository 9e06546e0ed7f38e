import { expect, test } from "vitest";
import { logLine } from "../../../../extensions/runtime-go-plugin/src/serve/log-line.js";

function parsed(...args: Parameters<typeof logLine>): unknown {
  const line = logLine(...args);
  expect(line.endsWith("\n")).toBe(true);
  expect(line.slice(0, -1)).not.toContain("\n");
  return JSON.parse(line);
}

test("a record has hclog's names, and microseconds in its time", () => {
  expect(parsed("warn", "two\nlines", { count: 1, absent: undefined })).toEqual({
    "@level": "warn",
    "@message": "two\nlines",
    "@module": "plugboard",
    "@timestamp": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    count: 1,
  });
});

test("an extension's record names it as the module", () => {
  expect(parsed("info", "x", { extensionId: "acme.a" })).toMatchObject({ "@module": "plugboard.acme.a" });
});

test("a field can't take the place of the record's own", () => {
  expect(parsed("info", "x", { "@level": "error" })).toMatchObject({ "@level": "info", "@level_": "error" });
});

test("an error is told with its stack", () => {
  expect(parsed("error", "x", { error: new Error("broken") })).toMatchObject({
    error: expect.stringContaining("broken\n"),
  });
});

test("what can't be written as JSON is told as text", () => {
  const loop: Record<string, unknown> = {};
  loop["loop"] = loop;
  expect(parsed("info", "x", { loop, big: 1n })).toMatchObject({ loop: "[object Object]", big: "1" });
});

test("a record that a host would cut is shortened", () => {
  const line = logLine("info", "m".repeat(100_000), { text: "t".repeat(100_000) });
  expect(line.length).toBeLessThan(65_536);
  expect(JSON.parse(line)).toMatchObject({ shortened: true });
});
