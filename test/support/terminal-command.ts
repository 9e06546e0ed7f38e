/** A command on a terminal of its own, as somebody who types has it; Python's pty module makes the terminal. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { plugboardProgram, type CommandFolder, type RunningCommand } from "./plugboard-process.js";

const script = fileURLToPath(new URL("./pseudo-terminal.py", import.meta.url));
const hasTerminal = spawnSync("python3", ["-c", "import pty, fcntl"]).status === 0;

/** A test that needs a terminal. */
export const onTerminal = test.skipIf(!hasTerminal);

/** Ends the title of such a test: why it was skipped, if it was. */
export const terminalNote = hasTerminal
  ? ""
  : " (skipped: python3 with its pty module is not here to make a terminal)";

/** Starts a command on a terminal of 40 rows; what is written to its standard input is typed. */
export function startOnTerminal(
  folder: CommandFolder,
  words: readonly string[],
  { columns, env = {} }: { readonly columns: number; readonly env?: NodeJS.ProcessEnv },
): RunningCommand {
  const command = [script, String(columns), "40", process.execPath, plugboardProgram, ...words];
  return folder.startProgram("python3", command, { TERM: "xterm-256color", ...env });
}
