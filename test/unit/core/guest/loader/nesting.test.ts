import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nestsDeeply } from "../../../../../core/src/guest/loader/nesting.js";

const deep: Readonly<Record<string, (levels: number) => string>> = {
  brackets: (n) => `x = ${"[".repeat(n)}${"]".repeat(n)}`,
  objects: (n) => `x = ${"{ a: ".repeat(n)}1${"}".repeat(n)}`,
  types: (n) => `type A = ${"A<".repeat(n)}1${">".repeat(n)}`,
  "operators before": (n) => `x = ${"!".repeat(n)}1`,
  sums: (n) => `x = ${Array(n).fill("a").join(" +\n")}`,
  members: (n) => `x${".a".repeat(n)}`,
  arrows: (n) => `x = ${"a => ".repeat(n)}1`,
  "else if": (n) => Array(n).fill("if (x) { y(); }").join(" else "),
  "else if without blocks": (n) => Array(n).fill("if (x) y();").join("\nelse "),
  loops: (n) => `${"for (;;)\n".repeat(n)};`,
  choices: (n) => `x = ${"a ? b : ".repeat(n)}c`,
  templates: (n) => `x = ${"`${".repeat(n)}1${"}`".repeat(n)}`,
  classes: (n) => `${"class { a() { return ".repeat(n)}1${"}}".repeat(n)}`,
};

test.each(Object.entries(deep))("%s are deep from their thousandth on", (_, write) => {
  expect(nestsDeeply(write(1_200))).toBe(true);
  expect(nestsDeeply(write(50))).toBe(false);
});

test.each([
  ["statements", "const a = f(b, [c]) + 1;\n"],
  ["functions", "export function f(a: A, b?: B): C<D> { return a; }\n"],
  ["class members", "class A { a: B; c(): void {} get d() { return 1; } }\n"],
  ["blocks with else", "if (a) { b(); } else { c(); }\nfor (const x of y) z(x);\n"],
  ["elements", "x([1, 2, 3], { a: 1, b: [2] });\n"],
  ["brackets in texts", "f('[[[[', \"((((\", `{{{{`, /[/[({]/, 1 / 2); // ((((\n/* [[[[ */;"],
])("any number of %s side by side is not deep", (_, text) => {
  expect(nestsDeeply(text.repeat(2_000))).toBe(false);
});

test("no file of the host itself is taken for deep", () => {
  const folder = join(import.meta.dirname, "../../../../../core/src");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((name) => nestsDeeply(readFileSync(join(folder, name), "utf8")))).toEqual([]);
});
