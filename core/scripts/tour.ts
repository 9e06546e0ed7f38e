/**
 * Takes the tour of README.md for real, puts what it printed into the page where that is stale, and draws the
 * picture of it: `npm run tour`. Other pages are given by name. With --check nothing is written; what is stale is
 * told, and the exit code is 1.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { placeOf, readSnippets, replaceSnippet } from "./doc-page.ts";
import { runPage, withoutChance } from "./doc-session.ts";
import { terminalPicture } from "./terminal-picture.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const isCheck = process.argv.includes("--check");
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const named = process.argv.slice(2).filter((word) => word !== "--check");

const stale: string[] = [];
for (const page of named.length === 0 ? ["README.md"] : named) {
  const text = await take(page);
  if (page === "README.md") await keep("core/docs/tour.svg", terminalPicture(readSnippets(page, text)));
}
if (stale.length === 0) say("What the pages show is what their commands print.");
else say(`${stale.join(" and ")} ${isCheck ? "would be" : "was"} written anew.`);
if (stale.length > 0 && isCheck) process.exitCode = 1;

/** Runs a page and gives it as it has to be. */
async function take(page: string): Promise<string> {
  let source = await readFile(repository + page, "utf8");
  const differences = await runPage(readSnippets(page, source));
  for (const { snippet, real } of differences) say(`${placeOf(snippet)} should show:\n${real}`);
  // From the end, so that the lines before stay where they are.
  for (const { snippet, real } of differences.toReversed())
    source = replaceSnippet(source, snippet, withoutChance(real));
  source = await format(source, { parser: "markdown", printWidth: 110 });
  await keep(page, source);
  return source;
}

async function keep(file: string, text: string): Promise<void> {
  const before = await readFile(repository + file, "utf8").catch(() => "");
  if (before === text) return;
  stale.push(file);
  if (!isCheck) await writeFile(repository + file, text);
}
