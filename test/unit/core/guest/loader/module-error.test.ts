import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anExtensionFolder, failureOf, load, summaryOf } from "./extension-folder.js";

test.each([
  [
    "a package that is not installed",
    { "main.ts": `interface X {\n  a: 1\n}\nimport slug from "slugify";\nexport const s = slug("x");` },
    { code: "MODULE_NOT_FOUND", file: "main.ts", line: 4, column: 18 },
    /Cannot find module "slugify" \(.*main\.ts:4:18\)\. Run "npm install slugify" in /,
  ],
  [
    "a missing ending",
    { "main.mjs": `\nimport "./lib/part";`, "lib/part.js": "" },
    { code: "MODULE_NOT_FOUND", file: "main.mjs", line: 2, column: 8 },
    /Did you mean "\.\/lib\/part\.js"\?/,
  ],
  [
    "a misspelled file",
    { "main.mjs": `import "./greting.mjs";`, "greeting.mjs": "" },
    { code: "MODULE_NOT_FOUND", file: "main.mjs", line: 1, column: 8 },
    /Did you mean "\.\/greeting\.mjs"\?/,
  ],
  [
    "a misspelled built-in",
    { "main.mjs": `import "chld_process";` },
    { code: "MODULE_NOT_FOUND", file: "main.mjs", line: 1, column: 8 },
    /Did you mean "node:child_process"\?/,
  ],
  [
    "a built-in that does not exist",
    { "main.mjs": `import "node:slugify";` },
    { code: "MODULE_NOT_FOUND", file: "main.mjs", line: 1, column: 8 },
    /no such built-in/,
  ],
  [
    "a subpath that a package does not export",
    {
      "main.mjs": `import "dep/secret.js";`,
      "node_modules/dep/package.json": `{ "exports": { ".": "./a.js", "./b": "./b.js" } }`,
      "node_modules/dep/secret.js": "",
    },
    { code: "MODULE_NOT_FOUND", file: "main.mjs", line: 1, column: 8 },
    /exports \., \.\/b/,
  ],
  [
    "a file that import() does not find",
    { "main.mjs": `const a = 1;\n\nawait import("./nothing.js");` },
    { code: "MODULE_NOT_FOUND", file: "main.mjs", line: 3, column: 7 },
    /Cannot find module/,
  ],
  [
    "a file that require does not find",
    { "main.cjs": `\n  require("./nothing");` },
    { code: "MODULE_NOT_FOUND", file: "main.cjs", line: 2, column: 3 },
    /Cannot find module/,
  ],
  [
    "a name that a module does not export",
    { "main.mjs": `import {\n  there,\n  missing } from "./lib.mjs";`, "lib.mjs": `export const there = 1;` },
    { code: "MODULE_EXPORT_MISSING", file: "main.mjs", line: 3, column: 3 },
    /"\.\/lib\.mjs" does not export "missing" \(.*main\.mjs:3:3\)\. It exports there/,
  ],
  [
    "a name that a CommonJS module turns out not to have",
    { "main.mjs": `import { missing } from "./lib.cjs";`, "lib.cjs": `exports.there = 1;` },
    { code: "MODULE_EXPORT_MISSING", file: "main.mjs", line: 1, column: 10 },
    /It exports there, default/,
  ],
  [
    "a syntax error in an ES module",
    { "main.mjs": `export const a = 1;\nconst = 2;` },
    { code: "MODULE_SYNTAX", file: "main.mjs", line: 2, column: 7 },
    /main\.mjs:2:7/,
  ],
  [
    "a syntax error in a CommonJS module",
    { "main.cjs": `exports.a = 1;\nexports.b = = 2;` },
    { code: "MODULE_SYNTAX", file: "main.cjs", line: 2, column: 13 },
    /main\.cjs:2:13/,
  ],
  [
    "a syntax error in a file of undeclared kind",
    { "main.js": `import "node:fs";\nconst = 2;` },
    { code: "MODULE_SYNTAX", file: "main.js", line: 2, column: 7 },
    /main\.js:2:7/,
  ],
  [
    "a syntax error in TypeScript after characters of several bytes",
    { "main.ts": `const s = "äé𝒳";\nlet x: = 3;` },
    { code: "MODULE_SYNTAX", file: "main.ts", line: 2, column: 8 },
    /main\.ts:2:8/,
  ],
  [
    "an import statement in a package that says CommonJS",
    { "main.js": `import "node:fs";`, "package.json": `{ "type": "commonjs" }` },
    { code: "MODULE_SYNTAX", file: "main.js", line: 1, column: 1 },
    /"type": "module"/,
  ],
  [
    "broken JSON",
    { "main.mjs": `import "./data.json";`, "data.json": `{\n  "a": 1,\n}` },
    { code: "MODULE_SYNTAX", file: "data.json", line: 3, column: 1 },
    /data\.json:3:1/,
  ],
  [
    "a broken package.json",
    { "main.js": ``, "package.json": `{ "type" }` },
    { code: "MODULE_SYNTAX", file: "package.json", line: 1, column: 10 },
    /package\.json:1:10/,
  ],
  [
    "a decorator in JavaScript",
    { "main.mjs": `\n@decorate class K {}` },
    { code: "MODULE_SYNTAX", file: "main.mjs", line: 2, column: 1 },
    /Decorators need a TypeScript file/,
  ],
  [
    "a file of another kind",
    { "main.mjs": `import "./style.css";`, "style.css": "" },
    { code: "MODULE_UNSUPPORTED", file: "style.css", line: undefined, column: undefined },
    /\.css can't be imported/,
  ],
  [
    "a module from the network",
    { "main.mjs": `import "https://example.com/x.js";` },
    { code: "MODULE_UNSUPPORTED", file: "main.mjs", line: 1, column: 8 },
    /can't be loaded from/,
  ],
  [
    "a file that throws at top level",
    { "main.mjs": `import "./lib.ts";`, "lib.ts": `interface A {\n}\n\nJSON.parse("{");` },
    { code: "MODULE_FAILED", file: "lib.ts", line: 4, column: 6 },
    /threw while it was loaded: SyntaxError: .*lib\.ts:4:6/,
  ],
])("%s is reported at its place", async (_, files, expected, message) => {
  const folder = await anExtensionFolder(files as unknown as Record<string, string>);
  const error = await failureOf(load(folder, `./${Object.keys(files)[0]}`));
  expect(summaryOf(error, folder)).toEqual(expected);
  expect(error.message).toMatch(message);
});

test("the error of a file that throws carries what was thrown as its cause", async () => {
  const folder = await anExtensionFolder({ "main.mjs": `throw "plain text";` });
  const error = await failureOf(load(folder, "./main.mjs"));
  expect([error.code, error.cause]).toEqual(["MODULE_FAILED", "plain text"]);
});

test("a main outside the folder is refused, also through a link", async () => {
  const outside = await anExtensionFolder({ "evil.mjs": "export {};" });
  const folder = await anExtensionFolder({ "main.mjs": "" });
  await symlink(join(outside, "evil.mjs"), join(folder, "link.mjs"));
  expect((await failureOf(load(folder, join("..", "evil.mjs")))).code).toBe("MANIFEST_PATH");
  expect((await failureOf(load(folder, "./link.mjs"))).code).toBe("MANIFEST_PATH");
  expect((await failureOf(load(folder, "./absent.mjs"))).code).toBe("MODULE_NOT_FOUND");
});

test("an aborted load rejects with the signal's reason and runs nothing more", async () => {
  const ran: string[] = [];
  const controller = new AbortController();
  const folder = await anExtensionFolder({
    "main.mjs": `import { ran } from "host"; import "./waits.mjs"; ran.push("main");`,
    "waits.mjs": `import { ran, abort } from "host"; ran.push("waits"); setImmediate(abort); await new Promise((resolve) => setTimeout(resolve, 20));`,
  });
  const provided = new Map([["host", { ran, abort: () => controller.abort(new Error("stopped")) }]]);
  await expect(load(folder, "./main.mjs", { provided, signal: controller.signal })).rejects.toThrow(
    "stopped",
  );
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(ran).toEqual(["waits"]);
});
