import { spawnSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import {
  CommandFolder,
  greeterFiles,
  plugboardProgram,
  type RunningCommand,
} from "../support/plugboard-process.js";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`");
const broken = { "extensions/broken/plugin.json5": "{\n  id: 5,\n}\n" };

const terminalScript = fileURLToPath(new URL("../support/pseudo-terminal.py", import.meta.url));
const hasTerminal = spawnSync("python3", ["-c", "import pty, fcntl"]).status === 0;
const reason = hasTerminal ? "" : " (skipped: python3 with its pty module is not here to make a terminal)";
const onTerminal = test.skipIf(!hasTerminal);

function startOnTerminal(
  folder: CommandFolder,
  columns: number,
  env: NodeJS.ProcessEnv = {},
): RunningCommand {
  const words = [terminalScript, String(columns), "40", process.execPath, plugboardProgram, "start"];
  return folder.startProgram("python3", words, { TERM: "xterm-256color", ...env });
}

/** What the last whole redraw shows, without colours. */
function lastFrame(output: string): string {
  const end = output.lastIndexOf("\u001b[?2026l");
  const start = output.lastIndexOf("\u001b[?2026h", end);
  return stripVTControlCharacters(output.slice(Math.max(0, start), Math.max(0, end))).replaceAll("\r", "");
}

onTerminal(`start on a terminal keeps one table up to date and gives the cursor back${reason}`, async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = startOnTerminal(folder, 100);
  const frameWith = (text: string) =>
    host.until(() => (lastFrame(host.stdout).includes(text) ? lastFrame(host.stdout) : undefined));
  const first = await frameWith("running");
  expect(first).toMatch(/acme\.english +1\.0\.0 +ready +in-process +1 +greeters: english +-/);
  expect(first).toContain("Drop a folder into ./extensions");
  await folder.write(broken);
  expect(await frameWith("MANIFEST_INVALID")).toContain("extensions/broken/plugin.json5:2:7 error");
  await rm(join(folder.path, "extensions/broken"), { recursive: true });
  const third = await host.until(() => {
    const frame = lastFrame(host.stdout);
    return frame.includes("MANIFEST_INVALID") ? undefined : frame;
  });
  expect(third).toContain("acme.english");
  host.process.stdin.write("\u0003");
  expect(await host.exit).toBe(0);
  expect(host.stdout).toContain("\u001b[?25l");
  expect(host.stdout.lastIndexOf("\u001b[?25h")).toBeGreaterThan(host.stdout.lastIndexOf("\u001b[?25l"));
  expect(stripVTControlCharacters(host.stdout).trimEnd().endsWith("plugboard stopped")).toBe(true);
});

onTerminal(`the table fits a narrow terminal${reason}`, async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = startOnTerminal(folder, 40);
  await host.until(() => (lastFrame(host.stdout).includes("running") ? true : undefined));
  const rows = lastFrame(host.stdout)
    .split("\n")
    .filter((line) => /^(?:EXTENSION|acme)/.test(line));
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(row.length).toBeLessThanOrEqual(40);
  host.process.stdin.write("\u0003");
  expect(await host.exit).toBe(0);
});

onTerminal(`NO_COLOR leaves the table without colours${reason}`, async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = startOnTerminal(folder, 100, { NO_COLOR: "1" });
  await host.until(() => (lastFrame(host.stdout).includes("running") ? true : undefined));
  expect(host.stdout.split("\u001b").filter((part) => /^\[[\d;]*m/.test(part))).toEqual([]);
  host.process.stdin.write("\u0003");
  expect(await host.exit).toBe(0);
});
