/** What an extension reaches that is granted nothing: tried by one, in every runtime, in a process of its own. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { nodeMajors, outcomeOn, permissionTable, type Column } from "./permission-table.js";
import type { Attempt } from "./probe-main.js";

const execute = promisify(execFile);
const nodeMajor = nodeMajors.find((major) => process.versions.node.startsWith(`${major}.`));
const noTable =
  process.platform !== "linux"
    ? "the table is Linux's: /etc/passwd, /proc and Unix sockets are tried"
    : nodeMajor === undefined
      ? "the table holds no such version of Node"
      : undefined;

/** What the probe says, and what the table says. */
async function probed(column: Column): Promise<{ found: object; expected: object }> {
  const main = fileURLToPath(new URL("probe-main.ts", import.meta.url));
  const { stdout } = await execute(process.execPath, [main, column], { timeout: 60_000 });
  const attempts = Object.entries(JSON.parse(stdout) as Record<string, Attempt>);
  return {
    found: Object.fromEntries(attempts.map(([action, { result }]) => [action, result])),
    expected: Object.fromEntries(
      [...permissionTable].map(([action, cells]) => [action, outcomeOn(cells[column], nodeMajor!)]),
    ),
  };
}

const runtimes = ["in-process", "worker"] as const satisfies readonly Column[];

test.for(runtimes)("%s lets an extension reach what the permission table says", async (column, { skip }) => {
  skip(noTable !== undefined, noTable);
  const { found, expected } = await probed(column);
  expect(found).toEqual(expected);
});
