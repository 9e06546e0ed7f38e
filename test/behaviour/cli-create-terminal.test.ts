import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { CommandFolder, plugboardProgram, type RunningCommand } from "../support/plugboard-process.js";

const terminalScript = fileURLToPath(new URL("../support/pseudo-terminal.py", import.meta.url));
const hasTerminal = spawnSync("python3", ["-c", "import pty, fcntl"]).status === 0;
const reason = hasTerminal ? "" : " (skipped: python3 with its pty module is not here to make a terminal)";
const onTerminal = test.skipIf(!hasTerminal);

const enter = "\r";
const down = "\u001b[B";

function createOnTerminal(folder: CommandFolder, words: readonly string[]): RunningCommand {
  const program = [terminalScript, "100", "40", process.execPath, plugboardProgram, "create", ...words];
  return folder.startProgram("python3", program, { TERM: "xterm-256color" });
}

/** Types the answer when the question, and what is taken to be the answer, are on the screen. */
async function answer(command: RunningCommand, question: RegExp, keys: string): Promise<void> {
  await command.until(() => (question.test(stripVTControlCharacters(command.stdout)) ? true : undefined));
  command.process.stdin.write(keys);
}

onTerminal(`create on a terminal asks for what is not said, and for an id that can be${reason}`, async () => {
  const folder = await CommandFolder.create();
  const command = createOnTerminal(folder, ["Quick Hello"]);
  await answer(command, /Which template\?[^]*go {11}a greeter in Go/, down + enter);
  await answer(command, /id, among all extensions\?[^]*quick-hello/, `!${enter}`);
  await answer(command, /has to consist of lower-case letters/, `\u007f${enter}`);
  await answer(command, /called, for people\?[^]*Quick hello/, ` there${enter}`);
  expect(await command.exit).toBe(0);
  expect(stripVTControlCharacters(command.stdout)).toContain("created quick-hello in ./Quick Hello");
  const manifest = await readFile(join(folder.path, "Quick Hello/plugin.json5"), "utf8");
  expect(manifest).toContain(`transformers: [{ id: "quick-hello", name: "Quick hello there" }]`);
});

onTerminal(`Ctrl-C at a question of create leaves nothing behind${reason}`, async () => {
  const folder = await CommandFolder.create();
  const command = createOnTerminal(folder, ["hello", "--template", "greeter", "--name", "Hello"]);
  await answer(command, /id, among all extensions\?/, "\u0003");
  expect(await command.exit).toBe(130);
  expect(await readdir(folder.path)).toEqual([]);
});

onTerminal(`create asks nothing on a terminal when it is told to take the defaults${reason}`, async () => {
  const folder = await CommandFolder.create();
  const command = createOnTerminal(folder, ["hello", "--yes"]);
  expect(await command.exit).toBe(0);
  expect(await readdir(folder.path)).toEqual(["hello"]);
});
