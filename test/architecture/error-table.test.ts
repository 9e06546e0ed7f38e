/**
 * The table of error codes is the truth: what the sources name stands in it, and it holds nothing that
 * nobody raises.
 */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { errorTable } from "../../extension-api/src/error-table.js";
import { descendants, parseSource, placeOf, repositoryFiles } from "../support/repository.ts";

const codes = Object.keys(errorTable);
const families = new Set(codes.filter((code) => code.includes("_")).map((code) => code.split("_")[0] ?? ""));
const looksLikeCode = new RegExp(`^(?:${[...families].join("|")})_[A-Z]+(?:_[A-Z]+)*$`);

/** Literals of the sources that are codes by their look. */
const named = repositoryFiles()
  .filter((file) => /^(?:core\/src|extension-api\/src|schemas\/src|extensions)\/.*\.[mc]?[jt]s$/.test(file))
  .filter((file) => file !== "extension-api/src/error-table.ts")
  .flatMap((file) => [...descendants(parseSource(file))])
  .filter((node) => ts.isStringLiteralLike(node))
  .filter(({ text }) => looksLikeCode.test(text) || codes.includes(text));

describe("the error table", () => {
  it("has a row for every code that the sources name", () => {
    const unknown = named.filter(({ text }) => !codes.includes(text));
    expect(unknown.map((node) => `${placeOf(node)} names ${node.text}, which has no row`)).toEqual([]);
  });

  it("has a summary and an advice in every row, each a sentence", () => {
    const poor = Object.entries(errorTable).filter(
      ([, { summary, advice }]) => !/^\S.*\.$/.test(summary) || !/^\S.*[^\s,;:]$/.test(advice),
    );
    expect(poor).toEqual([]);
  });

  it("has no row that nobody raises", () => {
    const raised = new Set(named.map(({ text }) => text));
    expect(codes.filter((code) => !raised.has(code))).toEqual([]);
  });

  it("is what the documentation page says; npm run test:architecture -- -u writes it anew", async () => {
    const rows = Object.entries(errorTable).map(
      ([code, { summary, advice }]) => `- \`${code}\`: ${summary} ${advice}`,
    );
    const page = [
      "# Error codes",
      "",
      "Errors, Problems and this page come from one table, `extension-api/src/error-table.ts`. Recognise an error with",
      '`isExtensionError(error, "CALL_TIMEOUT")`. Beside these, a state\'s reason may be `INCOMPLETE` (a copy under way), `SHADOWED` (another',
      "folder provides the id) or `DISABLED`.",
      "",
      ...rows,
      "",
    ].join("\n");
    await expect(page).toMatchFileSnapshot("../../core/docs/error-codes.md");
  });
});
