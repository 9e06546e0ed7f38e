/**
 * Titles of tests read as a specification: present tense, no two alike in a file, at most one describe around
 * them. Looks at titles that are written out; what a table fills in is looked at with its blanks.
 */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { descendants, parseSource, placeOf, repositoryFiles } from "../support/repository.ts";

interface Title {
  readonly place: string;
  readonly text: string;
  readonly kind: "describe" | "test";
  /** The titles of the describes around it. */
  readonly above: readonly string[];
}

const titles = repositoryFiles()
  .filter((file) => /^test\/.*\.test(?:-d)?\.ts$/.test(file) && !file.startsWith("test/fixtures/"))
  .map((file) => [...descendants(parseSource(file))].flatMap(titleOf));
const tests = titles.flat().filter(({ kind }) => kind === "test");
const name = ({ place, text }: Title): string => `${place} "${text}"`;

describe("a test's title", () => {
  it("states a fact", () => {
    const unwelcome = /\b(?:should|works|correctly|as expected)\b/i;
    expect(tests.filter(({ text }) => unwelcome.test(text)).map(name)).toEqual([]);
  });

  it("occurs once in its file", () => {
    const twins = titles.flatMap((inFile) => {
      const keys = inFile
        .filter(({ kind }) => kind === "test")
        .map((title) => ({ title, key: JSON.stringify([...title.above, title.text]) }));
      return keys
        .filter(({ key }, index) => keys.findIndex((other) => other.key === key) < index)
        .map(({ title }) => name(title));
    });
    expect(twins).toEqual([]);
  });

  it("stands within one describe at most", () => {
    expect(tests.filter(({ above }) => above.length > 1).map(name)).toEqual([]);
  });

  it("is present and not numbered", () => {
    expect(tests.filter(({ text }) => /^\s*$|^\W*\d+[.):]?\s/.test(text)).map(name)).toEqual([]);
  });
});

/** The title that a call of `it`, `test` or `describe` gives, modifiers such as `it.each(…)` included. */
function titleOf(node: ts.Node): Title[] {
  const call = readCall(node);
  if (call === undefined) return [];
  const above: string[] = [];
  for (let parent = node.parent; !ts.isSourceFile(parent); parent = parent.parent) {
    const around = readCall(parent);
    if (around?.kind === "describe") above.unshift(around.text);
  }
  return [{ place: placeOf(node), above, ...call }];
}

function readCall(node: ts.Node): Pick<Title, "text" | "kind"> | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  // `it.each(table)` is itself called; only the outer call has the title.
  if (ts.isCallExpression(node.parent) && node.parent.expression === node) return undefined;
  const [first] = node.arguments;
  if (first === undefined || !ts.isStringLiteralLike(first)) return undefined;
  let callee: ts.Expression = node.expression;
  while (!ts.isIdentifier(callee)) {
    if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) callee = callee.expression;
    else if (ts.isTaggedTemplateExpression(callee)) callee = callee.tag;
    else return undefined;
  }
  if (callee.text === "describe") return { text: first.text, kind: "describe" };
  return callee.text === "it" || callee.text === "test" ? { text: first.text, kind: "test" } : undefined;
}
