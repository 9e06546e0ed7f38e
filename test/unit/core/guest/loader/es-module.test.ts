import { expect, test } from "vitest";
import { load, loadFiles, anExtensionFolder } from "./extension-folder.js";

test("every form of export shows in the namespace, in alphabetical order", async () => {
  const namespace = await loadFiles({
    "main.mjs": `
      export const a = 1, { b, ...rest } = { b: 2, c: 3 };
      export function f() { return "f"; }
      export class K {}
      const local = 4;
      export { local as renamed, local as "with space" };
      export * from "./star.mjs";
      export * as star from "./star.mjs";
      export { default, x as y } from "./star.mjs";
      import imported from "./star.mjs";
      export { imported };
    `,
    "star.mjs": `export const x = "x"; export default "the default"; export let z = 26;`,
  });
  expect(Object.keys(namespace)).toEqual([
    "K",
    "a",
    "b",
    "default",
    "f",
    "imported",
    "renamed",
    "rest",
    "star",
    "with space",
    "x",
    "y",
    "z",
  ]);
  expect(namespace).toMatchObject({
    a: 1,
    b: 2,
    default: "the default",
    imported: "the default",
    renamed: 4,
    rest: { c: 3 },
    x: "x",
    y: "x",
    z: 26,
  });
  expect(namespace["star"]).toMatchObject({ default: "the default", x: "x" });
  expect(namespace[Symbol.toStringTag as never]).toBe("Module");
});

test("an import follows every change of the exported variable", async () => {
  const { snapshots } = await loadFiles({
    "main.mjs": `
      import { count, list, key, increase, viaPattern, viaLoop } from "./counter.mjs";
      export const snapshots = [count];
      increase(); snapshots.push(count);
      viaPattern(); snapshots.push(count, list);
      viaLoop(); snapshots.push(key);
    `,
    "counter.mjs": `
      export let count = 0, list, key;
      export function increase() { return ++count; }
      export const viaPattern = () => { [count, { list }] = [10, { list: "l" }]; };
      export const viaLoop = () => { for (key of ["first", "last"]) count += 1; };
    `,
  });
  expect(snapshots).toEqual([0, 1, 10, "l", "last"]);
});

test("writing a shadowing variable leaves the exported one alone", async () => {
  const namespace = await loadFiles({
    "main.mjs": `
      import { value, run } from "./shadow.mjs";
      export const result = run();
      export const after = value;
    `,
    "shadow.mjs": `
      early();
      function early() { let value = 0; value = 5; }
      export let value = 1;
      export function run() { let value = 2; value = 3; return value; }
    `,
  });
  expect(namespace).toMatchObject({ result: 3, after: 1 });
});

test("functions are callable across a circle before either module has run", async () => {
  const namespace = await loadFiles({
    "main.mjs": `
      import { isOdd, early } from "./odd.mjs";
      export function isEven(n) { return n === 0 || isOdd(n - 1); }
      export default function () { return "default"; }
      export const even = isEven(10);
      export const fromOdd = early;
    `,
    "odd.mjs": `
      import named, { isEven } from "./main.mjs";
      export function isOdd(n) { return n !== 0 && isEven(n - 1); }
      export const early = [isEven(4), named(), named.name];
    `,
  });
  expect(namespace).toMatchObject({ even: true, fromOdd: [true, "default", "default"] });
});

test("modules run once each, dependencies first, in the order of the imports", async () => {
  const { order } = await loadFiles({
    "main.mjs": `
      import { order } from "./order.mjs";
      export * from "./first.mjs";
      import "./second.cjs";
      import "./third.mjs";
      import "./first.mjs";
      order.push("main");
      export { order };
    `,
    "order.mjs": `export const order = globalThis.loaderOrder = [];`,
    "first.mjs": `import { order } from "./order.mjs"; order.push("first");`,
    "second.cjs": `globalThis.loaderOrder.push("second");`,
    "third.mjs": `import { order } from "./order.mjs"; order.push("third"); delete globalThis.loaderOrder;`,
  });
  expect(order).toEqual(["first", "second", "third", "main"]);
});

test("a name that two stars give is missing unless both mean the same variable", async () => {
  const namespace = await loadFiles({
    "main.mjs": `export * from "./a.mjs"; export * from "./b.mjs";`,
    "a.mjs": `export * from "./shared.mjs"; export const clash = 1;`,
    "b.mjs": `export * from "./shared.mjs"; export const clash = 2;`,
    "shared.mjs": `export const shared = 3;`,
  });
  expect({ ...namespace }).toEqual({ shared: 3 });
});

test("top-level await holds importers back and nothing else", async () => {
  const namespace = await loadFiles({
    "main.mjs": `
      import { value } from "./slow.mjs";
      export const seen = value;
      for await (const each of [Promise.resolve(1)]) globalThis.unused = each;
      delete globalThis.unused;
      export const late = await new Promise((resolve) => setImmediate(resolve, "late"));
    `,
    "slow.mjs": `export let value = "early"; await null; value = await Promise.resolve("settled");`,
  });
  expect(namespace).toMatchObject({ seen: "settled", late: "late" });
});

test("import() gives the same module as a static import, from every kind of file", async () => {
  const namespace = await loadFiles({
    "main.mjs": `
      import * as statically from "./lib.mjs";
      import common from "./common.cjs";
      export const same = (await import("./lib.mjs")) === statically;
      export const fromCommon = (await common()) === statically;
      export const json = (await import("./data.json", { with: { type: "json" } })).default;
    `,
    "lib.mjs": `export const x = 1;`,
    "common.cjs": `module.exports = () => import("./lib.mjs"); // import("nothing") in a comment`,
    "data.json": `{ "answer": 42 }`,
  });
  expect(namespace).toMatchObject({ same: true, fromCommon: true, json: { answer: 42 } });
});

test("import.meta names the real file and resolves beside it", async () => {
  const folder = await anExtensionFolder({
    "src/main file.ts": `
      export const { url, filename, dirname, main } = import.meta;
      export const beside = import.meta.resolve("./asset.txt?raw");
      export const builtin = import.meta.resolve("fs");
      export const dependency = import.meta.resolve("dep");
    `,
    "node_modules/dep/package.json": `{ "exports": "./entry.js" }`,
    "node_modules/dep/entry.js": "",
  });
  expect({ ...(await load(folder, "./src/main file.ts")) }).toEqual({
    url: `file://${folder}/src/main%20file.ts`,
    filename: `${folder}/src/main file.ts`,
    dirname: `${folder}/src`,
    main: false,
    beside: `file://${folder}/src/asset.txt?raw`,
    builtin: "node:fs",
    dependency: `file://${folder}/node_modules/dep/entry.js`,
  });
});

test("default exports without a name are called default", async () => {
  const namespace = await loadFiles({
    "main.mjs": `
      export { default as arrow } from "./arrow.mjs";
      export { default as klass } from "./class.mjs";
      export { default as async } from "./async.mjs";
      export { default as named } from "./named.mjs";
    `,
    "arrow.mjs": `export default () => 1\n`,
    "class.mjs": `export default class { static make() { return new this(); } }`,
    "async.mjs": `export default async function* () {}`,
    "named.mjs": `export default (function inner() {})`,
  });
  const names = Object.entries(namespace).map(([key, value]) => [key, value.name]);
  expect(Object.fromEntries(names)).toEqual({
    arrow: "default",
    klass: "default",
    async: "default",
    named: "inner",
  });
});

test("code that uses the names of generated code keeps its own", async () => {
  const namespace = await loadFiles({
    "main.mjs": `
      import { $val0, arguments_ } from "./lib.mjs";
      const $init0 = 1, $pub0 = 2, $load0 = 3, $meta0 = 4, $0 = 5;
      export default [$init0, $pub0, $load0, $meta0, $0, $val0, arguments_];
      export const self = import.meta.filename.endsWith("main.mjs") && typeof (await import("./lib.mjs"));
    `,
    "lib.mjs": `export const $val0 = 6; export const arguments_ = 7;`,
  });
  expect(namespace).toMatchObject({ default: [1, 2, 3, 4, 5, 6, 7], self: "object" });
});

test("a hashbang, a byte order mark and strict mode are as in Node", async () => {
  const namespace = await loadFiles({
    "main.mjs": `#!/usr/bin/env node\nimport bom from "./bom.mjs"; export { bom }; export const self = this; export const strict = (function () { return this; })();`,
    "bom.mjs": `\ufeffexport default "bom";`,
  });
  expect({ ...namespace }).toEqual({ bom: "bom", self: undefined, strict: undefined });
});

test("a graph that fails to link leaves its sound modules to the next import", async () => {
  const { runs, failure } = await loadFiles({
    "main.mjs": `
      import { runs } from "./runs.mjs";
      export { runs };
      export const failure = await import("./broken.mjs").catch((error) => error.code);
      await import("./sound.mjs");
      await import("./sound.mjs");
    `,
    "runs.mjs": `export const runs = [];`,
    "broken.mjs": `import { nothing } from "./runs.mjs"; import "./sound.mjs";`,
    "sound.mjs": `import { runs } from "./runs.mjs"; runs.push("sound");`,
  });
  expect([failure, runs]).toEqual(["MODULE_EXPORT_MISSING", ["sound"]]);
});
