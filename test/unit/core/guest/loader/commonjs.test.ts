import { execFileSync } from "node:child_process";
import { join } from "node:path";
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

test("createRequire of a folder looks in that folder", async () => {
  const { found } = await loadFiles({
    "sub/main.mjs": `
      import { createRequire } from "node:module";
      const url = new URL(".", import.meta.url);
      export const found = [import.meta.dirname + "/", url, url.href].map((from) => createRequire(from)("./x.cjs"));
    `,
    "sub/x.cjs": `module.exports = "inside";`,
    "x.cjs": `module.exports = "above";`,
  });
  expect(found).toEqual(["inside", "inside", "inside"]);
});

test("require looks at its own loader as in Node", async () => {
  const files = {
    "main.cjs": `
      const { join } = require("node:path");
      const first = require("./counter.cjs");
      const parent = require("./child.cjs");
      delete require.cache[require.resolve("./counter.cjs")];
      const second = require("./counter.cjs");
      require.cache[join(__dirname, "absent.cjs")] = { exports: "put there" };
      const paths = [join(__dirname, "elsewhere"), join(__dirname, "other")];
      const name = (file) => file.slice(__dirname.length + 1);
      const failure = (work) => { try { return work(); } catch (error) { return error.code; } };
      exports.seen = JSON.parse(JSON.stringify({
        runs: [first.runs, second.runs, first === second],
        parent: name(parent.file),
        children: module.children.map(({ filename }) => name(filename)),
        main: require.main === module,
        cached: Object.keys(require.cache).filter((file) => file.startsWith(__dirname)).map(name).filter((file) => file !== "absent.cjs").sort(),
        isCached: require.cache[__filename] === module,
        resolved: [name(require.resolve("pack", { paths })), name(require.resolve("./x", { paths }))],
        none: failure(() => require.resolve("pack", { paths: [__dirname] })) !== undefined,
        builtin: require.resolve.paths("fs"),
        relative: require.resolve.paths("./x").map(name),
        folders: require.resolve.paths("x")[0] === join(__dirname, "node_modules"),
        data: require("./data.json") === require.cache[require.resolve("./data.json")].exports,
      }));
    `,
    "counter.cjs": `globalThis.counterRuns = (globalThis.counterRuns ?? 0) + 1; exports.runs = globalThis.counterRuns;`,
    "child.cjs": `exports.file = module.parent.filename;`,
    "data.json": "{}",
    "other/node_modules/pack/index.js": "",
    "other/x.js": "",
  };
  const folder = await anExtensionFolder({
    ...files,
    "run.mjs": `import main from "./main.cjs"; console.log(JSON.stringify(main.seen));`,
  });
  const { seen } = await load(folder, "./main.cjs");
  const inNode: unknown = JSON.parse(
    execFileSync(process.execPath, [join(folder, "run.mjs")], { encoding: "utf8" }),
  );
  Reflect.deleteProperty(globalThis, "counterRuns");
  expect(seen).toEqual(inNode);
});

test.each([
  `require.extensions[".txt"] = () => {};`,
  `require("node:module")._extensions[".txt"] = () => {};`,
  `require("node:module")._load = () => {};`,
  `require("node:module").registerHooks({});`,
  `require("module").register("./hooks.mjs");`,
])("code that would change the loader is told that it can't: %s", async (code) => {
  const { error } = await loadFiles({
    "main.cjs": `try { ${code} } catch (error) { exports.error = error; }`,
  });
  expect(error).toMatchObject({
    code: "MODULE_UNSUPPORTED",
    message: expect.stringMatching(
      /^(require\.extensions|.*module).* can't be used to change how modules/,
    ) as unknown,
  });
});

test("a package.json may start with a byte order mark", async () => {
  const { value } = await loadFiles({
    "main.mjs": `export { value } from "pack";`,
    "node_modules/pack/package.json": `\ufeff{ "type": "module", "main": "./main.js" }`,
    "node_modules/pack/main.js": `export const value = 1;`,
  });
  expect(value).toBe(1);
});
