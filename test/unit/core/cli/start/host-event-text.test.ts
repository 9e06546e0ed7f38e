import { expect, test } from "vitest";
import { logLines } from "../../../../../core/src/cli/start/host-event-text.js";

const plain = (_format: unknown, text: string) => text;

test("a log message is one line with its extension and fields, but without what only programs need", () => {
  const fields = { extensionId: "acme.english", generation: 3, stream: "stdout", port: 80, mood: "good" };
  expect(logLines({ level: "info", message: "up", fields }, plain)).toEqual([
    "info acme.english: up port=80 mood=good",
  ]);
});

test("further lines of a message stand beneath it and can't move the cursor", () => {
  const message = "one\n  two\u001b[2J\n\u0008three";
  expect(logLines({ level: "warn", message, fields: {} }, plain)).toEqual([
    "warn one",
    "      two",
    "     three",
  ]);
});

test.each([
  ["itself", (error: Error) => error],
  ["as it arrives from a worker", ({ name, message, stack }: Error) => ({ name, message, stack })],
])(
  "the stack of an error that is logged %s stands beneath, without the frames of Node and the host",
  (_what, sent) => {
    const host = new URL("../../../../../core/src/lifecycle/base/activator.ts", import.meta.url).pathname;
    const error = new Error("no ink");
    error.stack = `Error: no ink\n    at print (/x/extension.js:1:2)\n    at start (${host}:3:4)\n    at run (node:internal/timers:5:6)`;
    expect(logLines({ level: "error", message: "oh", fields: { error: sent(error) } }, plain)).toEqual([
      "error oh error=no ink",
      "    at print (/x/extension.js:1:2)",
    ]);
  },
);

test("a stack that is all in the host is shown whole", () => {
  const host = new URL("../../../../../core/src/lifecycle/base/activator.ts", import.meta.url).pathname;
  const message = `nobody caught Error: no\n    at start (${host}:3:4)\n    at run (node:internal/timers:5:6)`;
  expect(logLines({ level: "error", message, fields: {} }, plain)).toHaveLength(3);
});
