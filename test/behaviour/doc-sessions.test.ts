/** The pages do what they say: each is one session, its commands run in order, and what it shows is what they print. */
import { spawnSync } from "node:child_process";
import { afterAll, expect, test } from "vitest";
import { startCommandServer } from "../../core/scripts/command-server.ts";
import { markOf, readSnippets } from "../../core/scripts/doc-page.ts";
import { runPage } from "../../core/scripts/doc-session.ts";
import { documentPages, readText } from "../support/repository.js";

const hasTerminal = spawnSync("python3", ["-c", "import pty, fcntl"]).status === 0;

const commands = await startCommandServer();
afterAll(() => commands.close());

for (const page of documentPages()) {
  const snippets = readSnippets(page, readText(page));
  const isSession = snippets.some(
    (snippet) => snippet.language === "sh" && markOf(snippet, "not run") === undefined,
  );
  if (!isSession) continue;
  const lacks = !hasTerminal && snippets.some((snippet) => markOf(snippet, "goes on") !== undefined);
  const reason = lacks ? " (skipped: python3 with its pty module is not here to make a terminal)" : "";
  test
    .skipIf(lacks)
    .concurrent(`${page} shows what its commands print${reason}`, { timeout: 120_000 }, async () => {
      const differences = await runPage(snippets, { commandPort: commands.port });

      expect(differences.map(({ snippet, real }) => ({ line: snippet.line, shown: real }))).toEqual(
        differences.map(({ snippet }) => ({ line: snippet.line, shown: snippet.text })),
      );
    });
}
