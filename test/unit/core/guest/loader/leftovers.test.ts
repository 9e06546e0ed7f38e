import { expect, onTestFinished, test } from "vitest";
import { LeftoverCounter } from "../../../../../core/src/guest/leftover-counter.js";
import { typeEraser } from "../../../../../core/src/guest/loader/transform-typescript.js";
import { loadFiles } from "./extension-folder.js";

/** Loads files and tells what they left; timers are cleared when the test ends. */
async function leftoversOf(
  files: Readonly<Record<string, string>>,
  options: Parameters<typeof loadFiles>[1] = {},
): Promise<{ readonly found: Record<string, any>; readonly counts: Readonly<Record<string, number>> }> {
  const leftovers = new LeftoverCounter();
  const found = await loadFiles(files, { ...options, leftovers });
  const counts = leftovers.counts();
  onTestFinished(() => {
    for (const timer of found["timers"] ?? found["default"]?.timers ?? []) clearTimeout(timer);
  });
  return { found, counts };
}

test("timers of ES modules, CommonJS modules, TypeScript and packages are counted together", async () => {
  const { counts } = await leftoversOf({
    "main.ts": `
      import { esm } from "./esm.mjs";
      import common from "./common.cjs";
      import { typed } from "./typed.cjs";
      import { timer } from "pack";
      import lazy from "./lazy.cjs";
      const own: NodeJS.Timeout = setInterval(() => {}, 1_000_000);
      export const timers = [own, esm, common, typed, timer, await lazy.load()];
    `,
    "esm.mjs": `export let esm = setTimeout(() => {}, 1_000_000); esm = esm;`,
    "common.cjs": `module.exports = setInterval(() => {}, 1_000_000);`,
    "typed.cts": `const delay: number = 1_000_000; exports.typed = setTimeout(() => {}, delay);`,
    "typed.cjs": `module.exports = require("./typed.cts");`,
    "lazy.cjs": `exports.load = async () => (await import("./late.mjs")).default;`,
    "late.mjs": `export default setTimeout(() => {}, 1_000_000);`,
    "node_modules/pack/package.json": `{ "name": "pack", "main": "./index.js" }`,
    "node_modules/pack/index.js": `"use strict"; exports.timer = setTimeout(() => {}, 1_000_000);`,
  });
  expect(counts).toEqual({ interval: 2, timeout: 4 });
});

test("types erased by Node leave the same to count", async () => {
  const { counts } = await leftoversOf(
    { "main.ts": `export const timers: unknown[] = [setTimeout(() => {}, 1_000_000)];` },
    { typescript: typeEraser },
  );
  expect(counts).toEqual({ timeout: 1 });
});

test("listeners of the process are counted, by its global and by its module", async () => {
  const event = "plugboard-loader-test";
  onTestFinished(() => void process.removeAllListeners(event));
  const { counts } = await leftoversOf({
    "main.mjs": `
      import own from "node:process";
      import "./common.cjs";
      own.on("${event}", () => {});
      export const timers = [];
    `,
    "common.cjs": `
      process.once("${event}", () => {});
      require("process").on("${event}", () => {});
      for (const emitter of [process]) emitter.on("${event}", () => {});
    `,
  });
  expect(counts).toEqual({ "process listener": 4 });
});

test("a module that only reads from the process has the process itself", async () => {
  const { found } = await leftoversOf({
    "main.mjs": `
      export const reads = () => [process.pid, process?.env.HOME, process . platform];
      export const same = eval("pro" + "cess") === (0, eval)("pro" + "cess");
    `,
  });
  expect(found["same"]).toBe(true);
});

test("what an ES module declares or imports under the name of a global is its own", async () => {
  const { found, counts } = await leftoversOf({
    "main.mjs": `
      import { setTimeout } from "node:timers/promises";
      import { own } from "./declares.mjs";
      import process from "./process.mjs";
      export const results = [await setTimeout(1, "imported"), ...own, process.on("x")];
      export const timers = [setInterval(() => {}, 1_000_000)];
    `,
    "declares.mjs": `
      const setTimeout = () => "const";
      let setInterval = () => "let";
      class process { static on() { return "class"; } }
      export function setImmediate() { return "function"; }
      export const own = [setTimeout(), setInterval(), process.on(), setImmediate()];
    `,
    "process.mjs": `export default { on: (event) => event };`,
  });
  expect(found["results"]).toEqual(["imported", "const", "let", "class", "function", "x"]);
  expect(counts).toEqual({ interval: 1 });
});

test("what a CommonJS module declares under the name of a global is its own", async () => {
  const { found, counts } = await leftoversOf({
    "main.cjs": `
      const { setTimeout } = require("timers/promises");
      const a = 1, setImmediate = () => "const";
      var process = process || { on: () => "var" };
      module.exports = {
        load: async () => [await setTimeout(1, "required"), setImmediate(), process.on("x"), require("./typed.cts"), require("./sloppy.cjs")],
        timers: [setInterval(() => {}, 1_000_000)],
      };
    `,
    "typed.cts": `let setTimeout: () => string = () => "let"; module.exports = setTimeout();`,
    "sloppy.cjs": `if (true) { function process(item) { return item; } } module.exports = process("function");`,
  });
  expect(await found["load"]()).toEqual(["required", "const", "var", "let", "function"]);
  expect(counts).toEqual({ interval: 1 });
});

test("a global that a module assigns is the global itself", async () => {
  onTestFinished(() => void Reflect.deleteProperty(globalThis, "plugboardTestTimeout"));
  const original = globalThis.setTimeout;
  onTestFinished(() => void (globalThis.setTimeout = original));
  await leftoversOf({
    "main.mjs": `
      const original = setTimeout;
      setTimeout = (...values) => original(...values);
      export const timers = [];
    `,
  });
  expect(globalThis.setTimeout).not.toBe(original);
});

test("a syntax error keeps its place in a module that uses watched globals", async () => {
  await expect(
    leftoversOf({ "main.cjs": `const setTimeout = 1;\nsetInterval(\nlet let = 1;` }),
  ).rejects.toMatchObject({ code: "MODULE_SYNTAX", details: { line: 3 } });
});

test("a stack names the same lines and columns whether leftovers are counted or not", async () => {
  const files = {
    "main.mjs": `setTimeout; export const place = new Error("here").stack.split("\\n")[1].replace(/.*main/, "");`,
  };
  const { found } = await leftoversOf(files);
  expect(found["place"]).toBe((await loadFiles(files))["place"]);
  expect(found["place"]).toMatch(/mjs:1:34/);
});
