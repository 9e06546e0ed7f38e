/**
 * TypeScript in public doc comments and in the pages compiles. Each example becomes a module of its own: what it uses
 * of the public packages is imported for it, and a few names that every reader understands are declared for it.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as core from "@plugboard/core";
import * as control from "@plugboard/core/control";
import * as testing from "@plugboard/core/testing";
import ts from "typescript";
import { expect, test } from "vitest";
import { markOf, readSnippets } from "../../core/scripts/doc-page.ts";
import { documentPages, readText } from "../support/repository.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What an example may use without saying where it comes from. */
const understood: Readonly<Record<string, string>> = {
  assert: `import assert from "node:assert/strict";`,
  host: `declare const host: import("@plugboard/core").ExtensionHost;`,
  greeter: `declare const greeter: import("@plugboard/core").Stub<import("@plugboard/core").Greeter>;`,
  context: `declare const context: import("@plugboard/core").ExtensionContext;`,
  folder: `declare const folder: string;`,
  orders: `declare const orders: { find(id: string): Promise<string | undefined> };`,
  Orders: `declare const Orders: import("@plugboard/core").ServiceToken<{ find(id: string): Promise<string | undefined> }>;`,
};

interface Example {
  /** Below the folder of the tests; examples of one page stand side by side, so that they can import each other. */
  readonly module: string;
  readonly text: string;
}

function pageExamples(): readonly Example[] {
  return documentPages().flatMap((page) =>
    readSnippets(page, readText(page))
      .filter((snippet) => snippet.language === "ts" && markOf(snippet, "not run") === undefined)
      .map(({ file, line, text }) => ({
        module: `${page.replaceAll("/", "_")}/${file ?? `line-${line}.ts`}`,
        text,
      })),
  );
}

function commentExamples(): readonly Example[] {
  const files = globSync("{core,extension-api}/src/**/*.ts", { cwd: root }).sort();
  return files.flatMap((file) => {
    const source = readFileSync(join(root, file), "utf8");
    return [...source.matchAll(/\/\*\*(?:[^*]|\*(?!\/))*\*\//g)].flatMap((comment) => {
      const lines = comment[0].split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
      const start = lines.findIndex((line) => line.startsWith("@example"));
      if (start === -1) return [];
      const end = lines.findIndex(
        (line, i) => i > start && /^(@\w|\/)/.test(line) && !line.startsWith("@inject"),
      );
      const text = lines
        .slice(start + 1, end === -1 ? undefined : end)
        .filter((line) => !line.startsWith("```"))
        .join("\n");
      const line = source.slice(0, comment.index).split("\n").length + start;
      return [{ module: `${file.replaceAll("/", "_")}_${line}.ts`, text }];
    });
  });
}

function asModule({ text }: Example): string {
  const declared = new Set(
    [...text.matchAll(/\b(?:const|let|class|function|interface|type)\s+(\w+)/g)].map((m) => m[1]),
  );
  const imported = new Set(
    [...text.matchAll(/import\s*(\w+|\{[^}]*\})\s*from/g)].flatMap((m) => m[1]!.match(/\w+/g) ?? []),
  );
  const used = new Set(text.match(/\b[A-Za-z_]\w*\b/g) ?? []);
  const missing = [...used].filter((name) => !declared.has(name) && !imported.has(name));
  const from = (module: string, names: readonly string[]) =>
    names.length === 0 ? "" : `import { ${names.join(", ")} } from "${module}";\n`;
  return [
    from(
      "@plugboard/core",
      missing.filter((name) => name in core),
    ),
    from(
      "@plugboard/core/control",
      missing.filter((name) => name in control),
    ),
    from(
      "@plugboard/core/testing",
      missing.filter((name) => name in testing && !(name in core)),
    ),
    ...missing.flatMap((name) => (Object.hasOwn(understood, name) ? [`${understood[name]}\n`] : [])),
    text,
    "\nexport {};\n",
  ].join("");
}

function complaints(modules: ReadonlyMap<string, string>): readonly string[] {
  const configFile = join(root, "test/tsconfig.json");
  const config = ts.getParsedCommandLineOfConfigFile(
    configFile,
    { noEmit: true, incremental: false },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
      },
    },
  );
  if (config === undefined) throw new Error(`${configFile} can't be read.`);
  // Extensions may have parameter properties: their host compiles them.
  const { tsBuildInfoFile: _, ...options } = { ...config.options, erasableSyntaxOnly: false };
  const disk = ts.createCompilerHost(options);
  const folders = new Set([...modules.keys()].map((path) => dirname(path)));
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => modules.has(path) || disk.fileExists(path),
    directoryExists: (path) => folders.has(path) || disk.directoryExists?.(path) === true,
    readFile: (path) => modules.get(path) ?? disk.readFile(path),
    getSourceFile(path, language, ...rest) {
      const text = modules.get(path);
      return text === undefined
        ? disk.getSourceFile(path, language, ...rest)
        : ts.createSourceFile(path, text, language);
    },
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
    return `${diagnostic.file?.fileName.slice(dirname(configFile).length + 1) ?? ""}: ${message}`;
  });
}

test("every example in a doc comment and in a page compiles", () => {
  const [inComments, inPages] = [commentExamples(), pageExamples()];
  expect(inComments.length).toBeGreaterThan(5);
  expect(inPages.length).toBeGreaterThan(5);
  const modules = new Map(
    [...inComments, ...inPages].map((example) => [join(root, "test", example.module), asModule(example)]),
  );

  expect(complaints(modules)).toEqual([]);
}, 60_000);

test("the runtime that the page on runtimes shows is the one that the conformance suite runs", () => {
  const page = "core/docs/runtimes.md";
  const shown = readSnippets(page, readText(page)).find(({ file }) => file === "extension.ts");
  expect(shown?.text.trimEnd()).toBe(readText("core/examples/runtime-python/extension.ts").trimEnd());
});
