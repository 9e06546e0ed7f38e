import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ExtensionError } from "../../../../../core/src/index.js";
import { InputError, UsageError } from "../../../../../core/src/cli/exit-code.js";
import { errorDocument, errorLines } from "../../../../../core/src/cli/output/error-text.js";

const plain = (_format: unknown, text: string) => text;

test("an error tells each cause that its message does not tell already", () => {
  const cause = new Error("x is undefined");
  const error = new ExtensionError("CALL_FAILED", "greet of english failed", { cause });
  expect(errorDocument(error).message).toBe("greet of english failed: x is undefined");
  const repeating = new ExtensionError("CALL_FAILED", "greet failed: x is undefined", { cause });
  expect(errorDocument(repeating).message).toBe("greet failed: x is undefined");
});

test("causes in a circle end", () => {
  const one = new Error("one");
  const other = new Error("other", { cause: one });
  one.cause = other;
  expect(errorDocument(one).message).toBe("one: other");
});

test("an extension's error names the extension and the advice for a program", () => {
  const error = new ExtensionError("CALL_TIMEOUT", "greet took too long", { extensionId: "acme.english" });
  expect(errorDocument(error)).toEqual({
    code: "CALL_TIMEOUT",
    message: "greet took too long",
    extensionId: "acme.english",
    advice: "Make it faster, or give a larger timeoutMs.",
  });
});

test("an error of the input shows its own advice", () => {
  const error = new InputError(
    "CALL_UNKNOWN_TARGET",
    'There is no greeter "englsh".',
    "Did you mean english?",
  );
  expect(errorLines(error, plain)).toEqual([
    'error CALL_UNKNOWN_TARGET There is no greeter "englsh".',
    "    Did you mean english?",
  ]);
});

test("wrong usage is told without a code", () => {
  expect(errorLines(new UsageError("there is no config file x"), plain)).toEqual([
    "error there is no config file x",
  ]);
});

test("a fault of the host shows its stack", () => {
  const lines = errorLines(new TypeError("oops"), plain);
  expect(lines[0]).toBe("error INTERNAL oops");
  expect(lines[1]).toMatch(/^\s+at /);
});

test("something thrown that is no error is told as text", () => {
  expect(errorDocument("oops")).toEqual({ code: "INTERNAL", message: "oops" });
});

test("an error that a built-in function threw shows the line that called it", () => {
  const cause = new SyntaxError("no JSON");
  const call = (stack: string) => {
    cause.stack = `SyntaxError: no JSON\n${stack}`;
    return errorLines(new ExtensionError("CALL_FAILED", "greet failed", { cause }), plain)[1];
  };
  const own = "    at Object.greet (/extensions/p/extension.js:2:54)";
  expect(call(`    at JSON.parse (<anonymous>)\n${own}`)).toBe(own);
  expect(call(`    at readFileSync (node:fs:441:20)\n    at node:internal/main:1:1\n${own}`)).toBe(own);
  expect(call(`    at Array.map (<anonymous>)\n    at new Promise (<anonymous>)\n${own}`)).toBe(own);
  expect(call("    at JSON.parse (<anonymous>)")).not.toContain("at JSON.parse");
});

test("what the system refused is told in words, once, and without a line of the host", () => {
  const cause = failureOf(() => readFileSync("/nowhere/a.tgz"));
  const caller = "    at async Command.parseAsync (file:///app/node_modules/commander/lib/command.js:1:1)";
  Object.assign(cause as Error, { stack: `Error: ENOENT\n    at readFileSync (node:fs:1:1)\n${caller}` });
  const error = new ExtensionError("ARCHIVE_UNREADABLE", "/nowhere/a.tgz can't be read.", { cause });
  expect(errorLines(error, plain)).toEqual([
    "error ARCHIVE_UNREADABLE /nowhere/a.tgz can't be read: no such file or directory (ENOENT)",
    "    Check the path and the file's permissions.",
  ]);
});

function failureOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
