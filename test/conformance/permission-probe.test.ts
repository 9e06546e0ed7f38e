/** What an extension reaches that is granted nothing: tried by one, in every runtime, in a process of its own. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { columns, nodeMajors, outcomeOn, permissionTable, type Column } from "./permission-table.js";
import type { Attempt } from "./probe-main.js";

const execute = promisify(execFile);
const nodeMajor = nodeMajors.find((major) => process.versions.node.startsWith(`${major}.`));
const noTable =
  process.platform !== "linux"
    ? "the table is Linux's: /etc/passwd, /proc and Unix sockets are tried"
    : nodeMajor === undefined
      ? "the table holds no such version of Node"
      : undefined;

/** Programs that the host may find, and with them the means to cut off the network. */
const programs = mkdtempSync(join(tmpdir(), "plugboard-programs-"));
afterAll(() => rmSync(programs, { recursive: true }));

/** What cuts a process off, as a program and how to see that it can. */
const means: Partial<Record<Column, readonly [program: string, ...trial: string[]]>> = {
  "process in a namespace": ["unshare", "--net", "--user", "--map-current-user", "true"],
  "process in bubblewrap": [
    "bwrap",
    ...["--unshare-net", "--unshare-pid", "--ro-bind", "/", "/", "--proc", "/proc", "true"],
  ],
};

/** Why the means are not here; undefined where they are. */
function lacking([program, ...trial]: readonly [string, ...string[]]): string | undefined {
  try {
    execFileSync(program, trial, { stdio: "ignore" });
    return undefined;
  } catch {
    return `${program} is not there, or may not do its work on this machine`;
  }
}

/** What the probe says, and what the table says. */
async function probed(column: Column): Promise<{ found: object; expected: object }> {
  const main = fileURLToPath(new URL("probe-main.ts", import.meta.url));
  const [program] = means[column] ?? [];
  const PATH = join(programs, program ?? "none");
  if (program !== undefined) symlinkSync(whereIs(program), PATH);
  const [kind = column] = column.split(" ");
  const { stdout } = await execute(process.execPath, [main, kind], {
    timeout: 60_000,
    env: { ...process.env, PATH: program === undefined ? PATH : programs },
  });
  if (program !== undefined) rmSync(PATH);
  const attempts = Object.entries(JSON.parse(stdout) as Record<string, Attempt>);
  return {
    found: Object.fromEntries(attempts.map(([action, { result }]) => [action, result])),
    expected: Object.fromEntries(
      [...permissionTable].map(([action, cells]) => [action, outcomeOn(cells[column], nodeMajor!)]),
    ),
  };
}

function whereIs(program: string): string {
  return execFileSync("/bin/sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
}

test.for(columns)(
  "%s lets an extension reach what the permission table says",
  { timeout: 70_000 },
  async (column, { skip }) => {
    skip(noTable !== undefined, noTable);
    const missing = means[column] && lacking(means[column]);
    skip(missing !== undefined, missing);
    const { found, expected } = await probed(column);
    expect(found).toEqual(expected);
  },
);
