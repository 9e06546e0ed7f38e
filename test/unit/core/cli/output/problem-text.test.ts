import { expect, test } from "vitest";
import type { Problem } from "../../../../../core/src/index.js";
import {
  problemCounts,
  problemDocument,
  problemLines,
} from "../../../../../core/src/cli/output/problem-text.js";

const plain = (_format: unknown, text: string) => text;
const unknownKey: Problem = {
  code: "MANIFEST_UNKNOWN_KEY",
  severity: "warning",
  file: "/project/extensions/english/plugin.json5",
  line: 3,
  column: 5,
  path: "/dispalyName",
  message: 'The key "dispalyName" is not known.',
  suggestion: "displayName",
};

test("a problem names its place, severity and code, and beneath it what to do", () => {
  expect(problemLines(unknownKey, "/project", plain)).toEqual([
    'extensions/english/plugin.json5:3:5 warning MANIFEST_UNKNOWN_KEY The key "dispalyName" is not known.',
    "    Did you mean displayName? Check the key's spelling, or remove it.",
  ]);
});

test("a problem without a place in a text names the folder alone", () => {
  const problem: Problem = {
    code: "MANIFEST_MISSING",
    severity: "error",
    file: "/project/extensions/empty",
    message: "The folder holds no plugin.json5.",
  };
  expect(problemLines(problem, "/project", plain)[0]).toBe(
    "extensions/empty: error MANIFEST_MISSING The folder holds no plugin.json5.",
  );
});

test("a problem for a program has a relative path and the advice", () => {
  expect(problemDocument(unknownKey, "/project/extensions")).toEqual({
    ...unknownKey,
    file: "english/plugin.json5",
    advice: "Check the key's spelling, or remove it.",
  });
});

test("problems are counted by severity", () => {
  expect(problemCounts([])).toBe("no problems");
  expect(problemCounts([unknownKey, unknownKey, { ...unknownKey, severity: "error" }])).toBe(
    "1 error, 2 warnings",
  );
});
