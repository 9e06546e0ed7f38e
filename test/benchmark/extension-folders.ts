/** Writes the extensions that are measured: many trivial ones, and one of 50 KB that changes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes extension folders, of about 1 KB of manifest and a trivial entry file each. */
export function writeTrivialExtensions(root: string, count: number): void {
  mkdirSync(root, { recursive: true });
  for (let index = 0; index < count; index++)
    writeTrivialExtension(root, `ext-${String(index).padStart(5, "0")}`);
}

/** Writes one extension folder; it contributes the greeter of its own name. */
export function writeTrivialExtension(root: string, name: string): void {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "extension.js"), trivialSource(name));
  writeFileSync(join(folder, "plugin.json5"), manifestOf(name, "./extension.js"));
}

/** An entry file that only registers its greeter. */
export function trivialSource(name: string): string {
  return `exports.activate = (context) => {
  context.contribute("greeters", ${JSON.stringify(name)}, { greet: (name) => "Hello, " + name });
};
`;
}

/** A manifest as people write them: commented, with everything that describes an extension. */
export function manifestOf(name: string, main: string): string {
  return `{
  $schema: "https://example.com/schemas/plugin.schema.json",
  manifestVersion: 1,

  // Who it is.
  id: "bench.${name}",
  version: "1.4.2",
  displayName: "Greeter number ${name}",
  description: "Greets people by name, in the language of the place where they are, and wishes them a good day.",
  publisher: "Example Publishing Company",
  license: "MIT",
  keywords: ["greeting", "language", "benchmark", "example"],
  homepage: "https://example.com/extensions/${name}",
  repository: "https://example.com/extensions/${name}.git",

  // What it runs with.
  engines: { plugboard: "^1.0.0" },
  main: "${main}",
  runtime: "in-process",
  activationEvents: ["onBenchmark"],

  // What it brings.
  contributes: {
    greeters: [{ id: "${name}", lang: "Language of ${name}" }],
    commands: [{ id: "${name}.hello", title: "Say hello" }, { id: "${name}.goodbye", title: "Say goodbye" }],
  },
}
`;
}

/** The languages that a changing extension is written in. */
export type Language = "esm" | "typescript";

/** Name of the entry file of a changing extension. */
export const entryOf = (language: Language): string =>
  language === "esm" ? "extension.mjs" : "extension.ts";

/** Writes an extension whose entry file is then replaced again and again. */
export function writeLargeExtension(folder: string, name: string, language: Language): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, entryOf(language)), largeSource(name, language, 0));
  writeFileSync(join(folder, "plugin.json5"), manifestOf(name, `./${entryOf(language)}`));
}

/**
 * A source of 50 KB in which every function differs from one edition to the next, as after a real edit: an
 * engine that met the same text again would answer from its cache. All of its functions run once.
 */
export function largeSource(name: string, language: Language, edition: number): string {
  const isTyped = language === "typescript";
  const parts = [`export const edition = ${String(edition)};\n`];
  if (isTyped) parts.push("interface Shape { readonly side: number; readonly name: string }\n");
  let size = 0;
  const names: string[] = [];
  for (let index = 0; size < 49_500; index++) {
    const part = functionSource(index, edition, isTyped);
    size += part.length;
    parts.push(part);
    names.push(`shape${String(index)}`);
  }
  const type = isTyped ? ": { contribute(point: string, id: string, what: object): void }" : "";
  const string = isTyped ? ": string" : "";
  parts.push(`export function run()${isTyped ? ": number" : ""} {
  return [${names.join(", ")}].reduce((sum, shape) => sum + shape(1, "x").length, 0);
}
export function activate(context${type}) {
  const sum = run();
  context.contribute("greeters", ${JSON.stringify(name)}, {
    greet: (name${string}) => "Hello, " + name + " from edition " + edition + " of " + (sum > 0),
  });
}
`);
  return parts.join("");
}

function functionSource(index: number, edition: number, isTyped: boolean): string {
  const number = `${String(index)}_${String(edition)}`;
  const head = isTyped ? "(side: number, name: string): string" : "(side, name)";
  const constant = isTyped ? "const area: number" : "const area";
  const shape = isTyped ? "const shape: Shape" : "const shape";
  return `function shape${String(index)}${head} {
  // The area of shape ${number}, and what it is called.
  ${constant} = side * side * ${String(index + 1)} + ${String(edition)};
  ${shape} = { side: area, name: name + "_${number}" };
  if (shape.side > 1_000_000) throw new RangeError("shape ${number} is too large: " + shape.name);
  return \`\${shape.name}: \${shape.side.toFixed(2)}\`;
}
`;
}
