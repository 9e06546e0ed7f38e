import { expect, test } from "vitest";
import { failureOf, load, loadFiles, anExtensionFolder } from "./extension-folder.js";

test("a CommonJS main gives its own names and default", async () => {
  const namespace = await loadFiles({
    "main.js": `
      "use strict";
      exports.__esModule = true;
      exports.activate = () => [typeof require, module.filename === __filename, module.id, require.main === module];
      exports.default = 1;
      exports.dirname = __dirname;
    `,
  });
  expect(Object.keys(namespace)).toEqual(["activate", "dirname", "default"]);
  expect(namespace["activate"]().slice(0, 2)).toEqual(["function", true]);
  expect(namespace["default"]).toMatchObject({ default: 1 });
});

test("require finds files without their ending, folders, JSON and built-ins", async () => {
  const { default: found } = await loadFiles({
    "main.cjs": `
      module.exports = [
        require("./lib"), require("./folder"), require("./data"), require("./with-main"),
        require("fs") === require("node:fs"), require.resolve("./lib").endsWith("lib.js"), require.resolve("fs"),
      ];
    `,
    "lib.js": `module.exports = "lib";`,
    "folder/index.js": `module.exports = "index";`,
    "data.json": `["data"]`,
    "with-main/package.json": `{ "main": "./lib/entry" }`,
    "with-main/lib/entry.js": `module.exports = "entry";`,
  });
  expect(found).toEqual(["lib", "index", ["data"], "entry", true, true, "node:fs"]);
});

test("a circle of CommonJS modules sees what has been exported so far", async () => {
  const { default: seen } = await loadFiles({
    "main.cjs": `exports.early = 1; const b = require("./b.cjs"); exports.late = 2; exports.b = b;`,
    "b.cjs": `const main = require("./main.cjs"); exports.seen = Object.keys(main);`,
  });
  expect(seen.b.seen).toEqual(["early"]);
});

test("require loads an ES module unless it awaits", async () => {
  const folder = await anExtensionFolder({
    "main.cjs": `
      const lib = require("./lib.mjs");
      module.exports = { lib, replaced: require("./replaced.mjs"), same: require("./lib.mjs") === lib };
    `,
    "lib.mjs": `export const x = 1; export default "d";`,
    "replaced.mjs": `export { value as "module.exports" }; const value = "replaced";`,
    "awaits.cjs": `module.exports = require("./await.mjs");`,
    "await.mjs": `export const x = await 1;`,
  });
  const { default: exports } = await load(folder, "./main.cjs");
  expect({ ...exports.lib }).toEqual({ x: 1, default: "d", __esModule: true });
  expect(exports).toMatchObject({ replaced: "replaced", same: true });
  const error = await failureOf(load(folder, "./awaits.cjs"));
  expect(error.message).toMatch(/awaits at top level \(.*await\.mjs\)\. Load it with import\(\)/);
});

test("named imports of CommonJS are read when asked for, getters included", async () => {
  const namespace = await loadFiles({
    "main.mjs": `
      import whole, { eager, make } from "./lib.cjs";
      import * as all from "./lib.cjs";
      export const result = [eager, make(), all.eager, whole === all.default];
      export * from "./lib.cjs";
    `,
    "lib.cjs": `
      module.exports = function lib() {};
      module.exports.eager = 1;
      module.exports.make = () => 2;
      Object.defineProperty(module.exports, "broken", { enumerable: true, get() { throw new Error("not installed"); } });
    `,
  });
  expect(namespace["result"]).toEqual([1, 2, 1, true]);
  expect(Object.keys(namespace)).toEqual(["result", "broken", "eager", "make"]);
});

test("createRequire gives the loader's require", async () => {
  const namespace = await loadFiles({
    "main.mjs": `
      import module, { createRequire, isBuiltin } from "node:module";
      const require = createRequire(import.meta.url);
      export const lib = require("./lib.cjs");
      export const same = module.createRequire(import.meta.filename)("./lib.cjs") === lib;
      export const builtin = isBuiltin("fs") && require("module").isBuiltin("fs");
    `,
    "lib.cjs": `module.exports = { generation: {} };`,
  });
  expect(namespace).toMatchObject({ same: true, builtin: true });
  const { createRequire } = await import("node:module");
  expect(
    Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("plugboard-loader-")),
  ).toEqual([]);
});

test("a module that throws is run again by the next require, and an optional one can be caught", async () => {
  const { default: result } = await loadFiles({
    "main.cjs": `
      const results = [];
      for (let i = 0; i < 2; i++) try { require("./fails-once.cjs"); results.push("ok"); } catch (error) { results.push(error.message); }
      try { require("not-there"); } catch (error) { results.push(error.code); }
      module.exports = results;
    `,
    "fails-once.cjs": `if (!globalThis.loaderFailed) { globalThis.loaderFailed = true; throw new Error("once"); } delete globalThis.loaderFailed;`,
  });
  expect(result).toEqual(["once", "ok", "MODULE_NOT_FOUND"]);
});
