import { tokenizer } from "acorn";
import { readdirSync, readFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { ModuleRecord } from "../../../../../core/src/guest/loader/module-record.js";
import { transformSource } from "../../../../../core/src/guest/loader/transform-source.js";
import { findTypeScriptTransformer } from "../../../../../core/src/guest/loader/transform-typescript.js";
import { anExtensionFolder, failureOf, load, writeFiles } from "./extension-folder.js";

/** Runs `export function run()` of the text and gives the place, as line:column, where it throws. */
async function placeOfThrow(text: string, name = "main.ts"): Promise<string> {
  const folder = await anExtensionFolder({ [name]: text });
  const { run } = await load(folder, `./${name}`);
  try {
    await run();
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    return stack.split(`${join(folder, name)}:`)[1]?.match(/^\d+:\d+/)?.[0] ?? stack;
  }
  throw new Error("run() did not throw");
}

/** Where the text has the mark, which is taken for a place where an error is made. */
function placeOf(text: string, mark: string): string {
  const before = text.slice(0, text.indexOf(mark)).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

test.each([
  [
    "after an erased interface and an enum",
    `interface A {\n  x: number;\n}\nenum E {\n  One,\n  Two,\n}\ntype B =\n  | A\n  | E;\nexport function run(a?: A) {\n  new Error().x.y;\n}`,
    ".y",
    1,
  ],
  [
    "after `return (`",
    `export function run() {\n  return (\n    // why\n    JSON.missing() as any\n  );\n}`,
    "missing",
    0,
  ],
  [
    "after `throw (`",
    `export function run() {\n  throw (\n    JSON.missing() as Error\n  );\n}`,
    "missing",
    0,
  ],
  [
    "in a nested return",
    `export const run = () => {\n  return (\n    [1].map((x) => {\n      return (\n        JSON.missing(x)\n      );\n    })\n  );\n}`,
    "missing",
    0,
  ],
  [
    "after `yield (`",
    `function* g() {\n  yield (\n    JSON.missing()\n  );\n}\nexport const run = () => [...g()];`,
    "missing",
    0,
  ],
  [
    "after a template literal of several lines",
    "const a = 1;\nconst text = `one\n  two ${a as number}\n\tthree ${`in\n${a}`}\n`;\nexport function run() {\n  JSON.missing(text);\n}",
    "missing",
    0,
  ],
  [
    "in a template literal",
    "export function run() {\n  return `one\n    ${JSON.missing()}\n  `;\n}",
    "missing",
    0,
  ],
  [
    "in a getter after erased members",
    `export abstract class K {\n  declare a: string;\n  abstract b(): void;\n  private c?: number;\n  // comment\n  get d() {\n    return JSON.missing();\n  }\n}\nexport const run = () => (new (class extends K { b() {} })()).d;`,
    "missing",
    0,
  ],
  [
    "in a callback inside a broken array",
    `export const run = () => [\n  1,\n  2,\n].map((value: number) =>\n  JSON.missing(value),\n);`,
    "missing",
    0,
  ],
  [
    "in chained calls",
    `export const run = () =>\n  "a"\n    .trim()\n    .split("")\n    .missing();`,
    "missing",
    0,
  ],
  [
    "in a decorated class",
    `const d = (...a: any[]): any => (a.length < 2 && typeof a[0] !== "function" ? d : undefined);\n@d("x")\nexport class K {\n  @d\n  field!: string;\n\n  @d(1)\n  method(@d a?: string) {\n    return JSON.missing();\n  }\n}\nexport const run = () => new K().method();`,
    "missing",
    0,
  ],
  [
    "in a constructor with parameter properties",
    `class K {\n  constructor(\n    private readonly a: number,\n    public b = 2,\n  ) {\n    JSON.missing();\n  }\n}\nexport const run = () => new K(1);`,
    "missing",
    0,
  ],
  [
    "after overloads and a comment of several lines",
    `/**\n * doc\n */\nexport function run(a: string): void;\nexport function run(): void;\nexport function run(a?: string): void {\n  /* one\n     two */ JSON.missing(a);\n}`,
    "missing",
    0,
  ],
  [
    "after labels, loops and switches",
    `export function run() {\n  outer:\n  for (const a of [1, 2]) {\n    switch (a) {\n      case 1:\n        continue outer;\n      default:\n        JSON.missing();\n    }\n  }\n}`,
    "missing",
    0,
  ],
  [
    "in an async arrow function",
    `export const run = async (\n  a?: number,\n): Promise<void> => {\n  await null;\n  JSON.missing();\n};`,
    "missing",
    0,
  ],
  [
    "in a field before a constructor with parameter properties",
    `class K {\n  field =\n    JSON.missing();\n\n  constructor(\n    private readonly a: number,\n    public b = 2,\n  ) {}\n}\nexport const run = () => new K(1);`,
    "missing",
    0,
  ],
  [
    "in a namespace",
    `namespace N {\n  export const a = 1;\n  export const f = () =>\n    JSON.missing();\n}\nexport const run = () => N.f();`,
    "missing",
    0,
  ],
  [
    "with Windows line ends",
    `interface A {\r\n  x: 1;\r\n}\r\nexport function run() {\r\n  JSON.missing();\r\n}`,
    "missing",
    0,
  ],
  [
    "with an object literal after return",
    `export function run() {\n  return {\n    a: 1,\n    b: JSON.missing(),\n  };\n}`,
    "missing",
    0,
  ],
])("an error %s names the exact line and column", async (_, text, mark, shift) => {
  const [line, column] = placeOf(text, mark).split(":").map(Number);
  expect(await placeOfThrow(text)).toBe(`${line}:${(column ?? 0) + shift}`);
});

test.each(["main.mjs", "main.js", "main.cjs"])(
  "an error in %s names the exact line and column",
  async (name) => {
    const text = `const before = 1;\nfunction run() {\n  /* a\n  b */ JSON.missing();\n}\n`;
    const exports = name === "main.cjs" ? "exports.run = run;" : `import "node:fs";\nexport {\n run };`;
    expect(await placeOfThrow(text + exports, name)).toBe("4:13");
  },
);

test("an error on the line of an export keeps its column", async () => {
  const text = `export const run = () => JSON.missing();`;
  expect(await placeOfThrow(text, "main.mjs")).toBe(placeOf(text, "missing"));
  expect(await placeOfThrow(text)).toBe(placeOf(text, "missing"));
});

test("a stack names the real source file of each frame", async () => {
  const folder = await anExtensionFolder({
    "main.ts": `import { call } from "./lib.js";\ntype T = 1;\nexport function run(): T {\n  return call(() => { throw new Error("x"); });\n}`,
    "lib.ts": `interface X {}\n\n\nexport function call(f: () => never): never {\n  return f();\n}`,
  });
  const { run } = await load(folder, "./main.ts");
  const stack = await Promise.resolve()
    .then(run)
    .then(
      () => "",
      (error: unknown) => String((error as Error).stack),
    );
  expect(Array.from(stack.matchAll(/\/(\w+\.ts):(\d+):/g), ([, file, line]) => `${file}:${line}`)).toEqual([
    "main.ts:4",
    "lib.ts:5",
    "main.ts:4",
  ]);
});

test("joining and breaking lines changes no token", () => {
  const typescript = findTypeScriptTransformer();
  const folder = join(import.meta.dirname, "../../../../../core/src/guest/loader");
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const text = readFileSync(file, "utf8");
    const plain = typescript.transform(file, text).code;
    const record = transformSource({ file, text, packageType: "module", typescript: () => typescript });
    expect({ name, tokens: tokensOf(bodyOf(record)) }).toEqual({ name, tokens: tokensOf(plain) });
  }
});

/** The code between head and tail, with the publish calls and their parentheses still in it. */
function bodyOf(record: ModuleRecord): string {
  if (record.format !== "module") return record.body;
  return record.body.slice(record.headLength, record.body.lastIndexOf("\n})]"));
}

/** Identifiers, literals and template parts in order; punctuation may be added by the transform. */
function tokensOf(code: string): readonly string[] {
  const tokens: string[] = [];
  const options = { ecmaVersion: "latest", sourceType: "module", allowAwaitOutsideFunction: true } as const;
  let isSkipping = false;
  for (const token of tokenizer(code, options)) {
    const { type, start, end } = token;
    const { value } = token as { readonly value?: unknown };
    const text = typeof value === "string" ? value : code.slice(start, end);
    if (type.keyword === "import" || type.keyword === "export") isSkipping = code[end] === " ";
    if (/^(?:async|function|class|const|;)$/.test(text)) isSkipping = false;
    const isWord = type.label === "name" || type.label === "privateId" || type.keyword !== undefined;
    const isText = type.label === "string" || type.label === "template" || type.label === "regexp";
    const isGenerated = /^(?:\$\w+0|import|meta)$/.test(text);
    if ((isWord || isText) && !isSkipping && !isGenerated) tokens.push(text);
  }
  return tokens;
}

test("a breakpoint set by file holds over reloads", async () => {
  const source = (edit: number): string =>
    `interface A {\n  x: number;\n}\n\nexport function run(a: A): number {\n  const sum = a.x + ${edit};\n  return sum;\n}\n`;
  const folder = await anExtensionFolder({ "main.ts": source(0) });
  const session = new Session();
  session.connect();
  const hits: unknown[] = [];
  session.on("Debugger.paused", ({ params }) => {
    const frame = params.callFrames[0];
    hits.push([frame?.functionName, (frame?.location.lineNumber ?? -1) + 1]);
  });
  try {
    session.post("Debugger.enable");
    session.post("Debugger.setBreakpointByUrl", {
      lineNumber: 6,
      url: pathToFileURL(join(folder, "main.ts")).href,
    });
    for (const edit of [1, 2, 3]) {
      await writeFiles(folder, { "main.ts": source(edit) });
      const { run } = await load(folder, "./main.ts");
      expect(run({ x: 10 })).toBe(10 + edit);
    }
  } finally {
    session.disconnect();
  }
  expect(hits).toEqual([
    ["run", 7],
    ["run", 7],
    ["run", 7],
  ]);
});

test("an error at top level names the exact line behind erased text", async () => {
  const folder = await anExtensionFolder({ "main.ts": `type A = {\n  b: 1;\n};\n\nthrow new Error("x");` });
  const { details } = await failureOf(load(folder, "./main.ts"));
  expect([details["line"], details["column"]]).toEqual([5, 7]);
});
