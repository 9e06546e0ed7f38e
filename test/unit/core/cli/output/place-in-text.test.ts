import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { placeInText } from "../../../../../core/src/cli/output/place-in-text.js";

const folder = resolve("/project/german");
const file = resolve("/project/german/extension.ts");

test.each([
  ["a frame with a function", `Error: no\n    at greet (${file}:4:20)\n    at other (${file}:9:1)`],
  ["a frame without one", `Error: no\n    at ${file}:4:20`],
  ["a frame by URL", `Error: no\n    at async ${pathToFileURL(file).href}:4:20`],
  ["a message that ends with it", `It ended with code 1: Error: no (${file}:4:20).`],
  ["frames of others first", `Error\n    at x (node:internal/timers:1:1)\n    at y (${file}:4:20)`],
  [
    "frames of its packages first",
    `Error\n    at x (${folder}/node_modules/a/b.js:1:1)\n    at y (${file}:4:20)`,
  ],
])("a place in the folder is found in %s", (_what, text) => {
  expect(placeInText(text, [folder])).toEqual({ file, line: 4, column: 20 });
});

test("a place in a folder whose name only begins alike is not its own", () => {
  expect(placeInText(`    at greet (${folder}-old/extension.ts:4:20)`, [folder])).toBeUndefined();
});
