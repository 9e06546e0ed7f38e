import { mkdir, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FileComparer } from "../../../../../core/src/guest/loader/file-stamp.js";
import { TransformCache } from "../../../../../core/src/guest/loader/transform-cache.js";
import { aLoader, anExtensionFolder, load, loadFiles, writeFiles } from "./extension-folder.js";

test("each extension gets the major of a package that lies in its own node_modules", async () => {
  const files = (major: number) => ({
    "main.mjs": `import { major } from "slugger"; export { major };`,
    "node_modules/slugger/package.json": `{ "version": "${major}.0.0", "main": "index.js" }`,
    "node_modules/slugger/index.js": `exports.major = ${major};`,
  });
  const cache = new TransformCache();
  expect((await loadFiles(files(1), { cache }))["major"]).toBe(1);
  expect((await loadFiles(files(2), { cache }))["major"]).toBe(2);
});

test("conditions of exports and imports are chosen in the order of the package, by the kind of request", async () => {
  const namespace = await loadFiles({
    "main.mjs": `
      import { kind } from "dual";
      import { deep } from "dual/features/deep.js";
      import { createRequire } from "node:module";
      import internal from "#internal";
      import { version } from "#alias";
      export { kind, deep, internal, version };
      const require = createRequire(import.meta.url);
      export const required = require("dual").kind;
      export const single = require("single");
    `,
    "package.json": `{ "imports": { "#internal": { "browser": "./no.js", "default": "./inner.mjs" }, "#alias": "dual/package" } }`,
    "inner.mjs": `export default "inner";`,
    "node_modules/dual/package.json": JSON.stringify({
      exports: {
        ".": { browser: "./no.js", import: "./index.mjs", require: "./index.cjs" },
        "./features/*.js": "./src/*.mjs",
        "./features/private/*": null,
        "./package": "./package.mjs",
      },
    }),
    "node_modules/dual/index.mjs": `export const kind = "import";`,
    "node_modules/dual/index.cjs": `exports.kind = "require";`,
    "node_modules/dual/src/deep.mjs": `export const deep = "deep";`,
    "node_modules/dual/package.mjs": `export const version = 9;`,
    "node_modules/single/package.json": `{ "exports": { "module-sync": "./sync.mjs", "default": "./no.js" } }`,
    "node_modules/single/sync.mjs": `export { value as "module.exports" }; const value = "sync";`,
  });
  expect({ ...namespace }).toEqual({
    kind: "import",
    deep: "deep",
    internal: "inner",
    version: 9,
    required: "require",
    single: "sync",
  });
});

test("a package finds itself by its own name and its neighbours as nested and scoped packages", async () => {
  const namespace = await loadFiles({
    "main.mjs": `export { self, nested } from "@scope/outer";`,
    "node_modules/@scope/outer/package.json": `{ "name": "@scope/outer", "type": "module", "exports": { ".": "./index.js", "./part": "./part.js" } }`,
    "node_modules/@scope/outer/index.js": `export { default as self } from "@scope/outer/part"; export { default as nested } from "inner/lib/x.js";`,
    "node_modules/@scope/outer/part.js": `export default "part";`,
    "node_modules/@scope/outer/node_modules/inner/lib/x.js": `module.exports = "nested";`,
    "node_modules/inner/lib/x.js": `module.exports = "outer";`,
  });
  expect({ ...namespace }).toEqual({ self: "part", nested: "nested" });
});

test("a linked package is known by its real path and finds its own dependencies there", async () => {
  const elsewhere = await anExtensionFolder({
    "linked/package.json": `{ "main": "index.js" }`,
    "linked/index.js": `exports.file = __filename; exports.dependency = require("dep");`,
    "linked/node_modules/dep/index.js": `module.exports = "beside the real path";`,
  });
  const folder = await anExtensionFolder({ "main.mjs": `export * from "linked";` });
  await mkdir(join(folder, "node_modules"));
  await symlink(join(elsewhere, "linked"), join(folder, "node_modules/linked"));
  expect(await load(folder, "./main.mjs")).toMatchObject({
    file: join(elsewhere, "linked/index.js"),
    dependency: "beside the real path",
  });
});

test("a link to a package that is pointed elsewhere counts as a change", async () => {
  const elsewhere = await anExtensionFolder({
    "one/index.js": `module.exports = 1;`,
    "two/index.js": `module.exports = 22;`,
  });
  const folder = await anExtensionFolder({ "main.mjs": `export { default } from "linked";` });
  const link = join(folder, "node_modules/linked");
  await mkdir(join(folder, "node_modules"));
  await symlink(join(elsewhere, "one"), link);
  const loader = aLoader(folder);
  await loader.load("./main.mjs");
  await symlink(join(elsewhere, "two"), `${link}-new`);
  await rename(`${link}-new`, link);
  expect(await new FileComparer().changedFiles(loader.files)).toEqual([join(link, "index.js")]);
});

test("the host's copy of a provided package wins, for import and require", async () => {
  const given = { token: Symbol("token"), default: "d" };
  const namespace = await loadFiles(
    {
      "main.mjs": `import { token } from "given"; import common from "./common.cjs"; export { token, common };`,
      "common.cjs": `module.exports = [require("given").token, require("given").__esModule];`,
      "node_modules/given/index.js": `exports.token = "own copy";`,
    },
    { provided: new Map([["given", given]]) },
  );
  expect(namespace).toMatchObject({ token: given.token, common: [given.token, true] });
});

test("every generation has modules of its own, and a changed dependency is loaded anew", async () => {
  const folder = await anExtensionFolder({
    "main.mjs": `import dep, { state } from "dep"; import fs from "node:fs"; export { dep, state, fs };`,
    "node_modules/dep/package.json": `{ "type": "module", "exports": "./index.js" }`,
    "node_modules/dep/index.js": `export default "one"; export const state = {};`,
  });
  const cache = new TransformCache();
  const first = await load(folder, "./main.mjs", { cache });
  await writeFiles(folder, { "node_modules/dep/index.js": `export default "two"; export const state = {};` });
  const second = await load(folder, "./main.mjs", { cache });
  expect([first["dep"], second["dep"]]).toEqual(["one", "two"]);
  expect(second["state"]).not.toBe(first["state"]);
  expect(second["fs"]).toBe(first["fs"]);
});

test.each(["acorn", "ajv", "chokidar", "commander", "fast-check", "inversify", "json5", "semver"])(
  "the package %s loads with every name that Node gives",
  async (name) => {
    const folder = await anExtensionFolder({ "main.mjs": `export * as loaded from "${name}";` });
    await symlink(join(import.meta.dirname, "../../../../../node_modules"), join(folder, "node_modules"));
    const { loaded } = await load(folder, "./main.mjs");
    const native = (await import(/* @vite-ignore */ name)) as object;
    const expected = Object.keys(native).filter((key) => key !== "__esModule" && key !== "module.exports");
    expect(Object.keys(loaded)).toEqual(expect.arrayContaining(expected));
  },
);
