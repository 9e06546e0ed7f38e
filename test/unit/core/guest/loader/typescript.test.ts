import "reflect-metadata";
import * as inversify from "inversify";
import { expect, test } from "vitest";
import { typeEraser } from "../../../../../core/src/guest/loader/transform-typescript.js";
import { anExtensionFolder, failureOf, load, loadFiles, summaryOf } from "./extension-folder.js";

const provided = new Map<string, object>([["inversify", inversify]]);

test("a decorated class gets its constructor's services from the provided container", async () => {
  const { default: English } = await loadFiles(
    {
      "extension.ts": `
        import { inject, injectable, named, optional } from "inversify";
        import type { Orders } from "./orders.js";
        enum Mood { Plain, Glad = "glad" }
        export interface Unused { readonly x: number }
        @injectable()
        export default class English {
          readonly mood: string = Mood.Glad;
          @inject("prefix") private readonly prefix!: string;
          constructor(@inject("orders") private readonly orders: Orders, @inject("none") @optional() public none?: string) {}
          greet(name: string): string { return this.prefix + name + this.orders.count + this.mood + this.none; }
        }
      `,
      "orders.ts": `export interface Orders { readonly count: number }`,
    },
    { provided },
  );
  const container = new inversify.Container();
  container.bind("orders").toConstantValue({ count: 3 });
  container.bind("prefix").toConstantValue("Hello ");
  container.bind("english").to(English);
  expect(container.get<{ greet(name: string): string }>("english").greet("Ada")).toBe(
    "Hello Ada3gladundefined",
  );
});

test("decorators of members run last one first and may replace what they decorate", async () => {
  const { log, K } = await loadFiles({
    "main.ts": `
      export const log: string[] = [];
      const mark = (name: string) => (target: any, key?: any, descriptor?: any) => {
        log.push([name, String(key), typeof descriptor].join(" "));
      };
      const double = (target: any, key: string, descriptor: PropertyDescriptor) =>
        ({ ...descriptor, value() { return descriptor.value.call(this) * 2; } });
      const parameter = (target: any, key: string | undefined, index: number) => { log.push("parameter " + index); };
      @mark("class")
      export class K {
        @mark("field") field = 1;
        @mark("outer") @double method(@parameter a?: number) { return 21; }
        @mark("accessor") get value() { return 1; }
        @mark("static") static make() {}
      }
    `,
  });
  expect(new K().method()).toBe(42);
  expect(log).toEqual([
    "field field undefined",
    "parameter 0",
    "outer method object",
    "accessor value object",
    "static make object",
    "class undefined undefined",
  ]);
});

test("what only TypeScript has runs: enums, namespaces, parameter properties, assertions", async () => {
  const namespace = await loadFiles({
    "main.ts": `
      export enum Color { Red, Green = "g", Blue = 1 << 2 }
      export namespace Geometry { export const sides = 4; export namespace Inner { export const deep = true; } }
      abstract class Base<T> { constructor(protected readonly value: T, public extra = "e") {} abstract get(): T; }
      export class Box extends Base<number> { declare readonly nothing: string; get = () => this.value!; }
      export const box = new Box(7).get() satisfies number;
      export const angle = <string>"angle";
      export function overloaded(a: string): string;
      export function overloaded(a: number): string;
      export function overloaded(a: unknown) { return String(a as any); }
    `,
  });
  expect(namespace).toMatchObject({
    Color: { 0: "Red", Red: 0, Green: "g", Blue: 4 },
    Geometry: { sides: 4, Inner: { deep: true } },
    box: 7,
    angle: "angle",
  });
  expect(namespace["overloaded"](5)).toBe("5");
});

test("a TypeScript file may import its neighbour by the name of the JavaScript it would compile to", async () => {
  const namespace = await loadFiles({
    "main.ts": `
      export { a } from "./a.js";
      export { b } from "./b.mjs";
      export { c } from "./c.cjs";
      export { d } from "./d.ts";
      export { both } from "./both.js";
    `,
    "a.ts": `export const a: number = 1;`,
    "b.mts": `export const b: number = 2;`,
    "c.cts": `const c: number = 3; module.exports = { c };`,
    "d.ts": `export const d: number = 4;`,
    "both.ts": `export const both = "ts";`,
    "both.js": `export const both = "js";`,
  });
  expect({ ...namespace }).toEqual({ a: 1, b: 2, c: 3, d: 4, both: "js" });
});

test("types may be imported and exported without the word type", async () => {
  const namespace = await loadFiles({
    "main.ts": `
      import { Shape, area } from "./shapes.js";
      export { Shape, area } from "./shapes.js";
      export const value = area({ side: 3 } as Shape);
    `,
    "shapes.ts": `export interface Shape { side: number } export const area = (shape: Shape) => shape.side ** 2;`,
  });
  expect(Object.keys(namespace)).toEqual(["area", "value"]);
});

test("a TypeScript file without a package is a module if it looks like one, else CommonJS", async () => {
  const folder = await anExtensionFolder({
    "typed.ts": `import type { X } from "./x.js"; export type Y = X;`,
    "common.ts": `const { sep } = require("node:path"); exports.sep = sep as string;`,
    "typed-package/package.json": `{ "type": "commonjs" }`,
    "typed-package/main.ts": `export const a = 1;`,
  });
  expect(Object.keys(await load(folder, "./typed.ts"))).toEqual([]);
  expect(Object.keys(await load(folder, "./common.ts"))).toEqual(["sep", "default"]);
  expect(await load(folder, "./typed-package/main.ts")).toMatchObject({ a: 1 });
});

test("without oxc-transform plain types still load, at their exact place", async () => {
  const { fail } = await loadFiles(
    {
      "main.ts": `interface A {\n  x: number\n}\nexport const fail = (a: A): never => { throw new Error("x"); };`,
    },
    { typescript: typeEraser },
  );
  expect(() => fail()).toThrow(expect.objectContaining({ stack: expect.stringMatching(/main\.ts:4:46/) }));
});

test.each([
  ["a decorator", "const d = (x: any) => x;\n  @d class K {}", 2, 3],
  ["an enum", "export const a = 1;\nenum E { A }", 2, 1],
])("without oxc-transform %s is refused with advice", async (_, text, line, column) => {
  const folder = await anExtensionFolder({ "main.ts": text });
  const error = await failureOf(load(folder, "./main.ts", { typescript: typeEraser }));
  expect(summaryOf(error, folder)).toEqual({ code: "MODULE_UNSUPPORTED", file: "main.ts", line, column });
  expect(error.message).toContain("npm install oxc-transform");
});

test.each([
  [
    `namespace Shape { export const unit = 2; } namespace Shape { export const double = unit * 2; }`,
    "Shape",
    "unit",
  ],
  [`namespace Shape { export function f() {} } namespace Shape { const all = { f }; }`, "Shape", "f"],
  [`namespace A.B { export class C {} } namespace A.B { export class D extends C {} }`, "A.B", "C"],
])(
  "a namespace whose second part uses a name of the first is refused: %s",
  async (source, namespace, name) => {
    const folder = await anExtensionFolder({ "main.ts": `\n${source}\nexport const x = 1;` });
    const error = await failureOf(load(folder, "./main.ts"));
    expect(summaryOf(error, folder)).toMatchObject({ code: "MODULE_UNSUPPORTED", file: "main.ts", line: 2 });
    expect(error.message).toContain(`"${name}" is exported by another part of the namespace ${namespace}`);
    expect(error.message).toContain(`Write ${namespace}.${name}`);
  },
);

test("a namespace loads in parts that each use their own names", async () => {
  const { value } = await loadFiles({
    "main.ts": `
      namespace Shape { export const unit = 2; export const sides = { unit: 4 }; }
      namespace Shape { export const double = Shape.unit * Shape.sides.unit; export const of = (unit: number) => ({ unit }); }
      export const value = [Shape.double, Shape.of(3).unit];
    `,
  });
  expect(value).toEqual([8, 3]);
});

test.each([
  ["of a method", `const d = (method: Function, context: any) => () => method; class A { @d m() {} }`],
  [
    "of a field",
    `const d = (value: undefined, context: any) => (first: number) => first; class A { @d x = 1; }`,
  ],
  ["of a private member", `const d = () => undefined; class A { @d #x = 1; }`],
  ["by its type", `export function d(value: Function, context: ClassMethodDecoratorContext) {}`],
  ["of a class, by its type", `export const d = (value: unknown, { kind }: ClassDecoratorContext) => {};`],
])("a standard decorator is refused: %s", async (_, source) => {
  const folder = await anExtensionFolder({ "main.ts": `\n${source}\n export const x = 1; // @` });
  const error = await failureOf(load(folder, "./main.ts"));
  expect(summaryOf(error, folder)).toMatchObject({ code: "MODULE_UNSUPPORTED", file: "main.ts", line: 2 });
  expect(error.message).toMatch(/standard \(TC39\).*experimentalDecorators/);
});
