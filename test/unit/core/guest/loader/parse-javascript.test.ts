import { expect, test } from "vitest";
import { parseJavaScript } from "../../../../../core/src/guest/loader/parse-javascript.js";

const options = { ecmaVersion: "latest", sourceType: "module" } as const;
const many = (write: (n: number) => string): string =>
  Array.from({ length: 500 }, (_, n) => write(n)).join("\n");

test.each([
  ["two constants", many((n) => `const a${n} = 1;`), "const a499 = 2;"],
  ["two functions", many((n) => `function a${n}() {}`), "function a3() {}"],
  ["a variable and a class", many((n) => `var a${n};`), "class a100 {}"],
  ["an import and a constant", many((n) => `import { a${n} } from "a";`), "const a0 = 1;"],
  ["a variable of a block", `{ ${many((n) => `let a${n};`)}`, "var a77; }"],
])("%s of one name among many are refused", (_, declarations, again) => {
  expect(() => parseJavaScript(`${declarations}\n${again}`, options)).toThrow(/has already been declared/);
});

test("names that may be declared again may be so among many", () => {
  const code = many((n) => `var a${n}; { let a${n}; function b() { var a${n}; } }`);
  expect(parseJavaScript(`${code}\nvar a3;`, options).body).toHaveLength(1_001);
});

test("an export of a name that is not declared is refused among many that are", () => {
  const code = many((n) => `const a${n} = 1;`);
  expect(() => parseJavaScript(`${code}\nexport { a7 };`, options)).not.toThrow();
  expect(() => parseJavaScript(`${code}\nexport { b };`, options)).toThrow(/'b' is not defined/);
});

test("text that nests deeper than the stack is told from text that is wrong", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  expect(() => parseJavaScript(deep, options)).toThrow(RangeError);
});
