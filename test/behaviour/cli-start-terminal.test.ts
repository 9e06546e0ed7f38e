import { rm } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";
import { onTerminal, startOnTerminal, terminalNote } from "../support/terminal-command.js";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`");
const broken = { "extensions/broken/plugin.json5": "{\n  id: 5,\n}\n" };

/** What the last whole redraw shows, without colours. */
function lastFrame(output: string): string {
  const end = output.lastIndexOf("\u001b[?2026l");
  const start = output.lastIndexOf("\u001b[?2026h", end);
  return stripVTControlCharacters(output.slice(Math.max(0, start), Math.max(0, end))).replaceAll("\r", "");
}

onTerminal(
  `start on a terminal keeps one table up to date and gives the cursor back${terminalNote}`,
  async () => {
    const folder = await CommandFolder.create();
    await folder.write(english);
    const host = startOnTerminal(folder, ["start"], { columns: 100 });
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
  },
);

onTerminal(`a folder that is missing is told for as long as it is${terminalNote}`, async () => {
  const folder = await CommandFolder.create();
  const host = startOnTerminal(folder, ["start"], { columns: 100 });
  await host.until(() => (lastFrame(host.stdout).includes("does not exist") ? true : undefined));
  await folder.write(english);
  const found = await host.until(() => {
    const frame = lastFrame(host.stdout);
    return frame.includes("acme.english") && !frame.includes("does not exist") ? frame : undefined;
  });
  expect(found).toContain("Drop a folder into ./extensions");
  host.process.stdin.write("\u0003");
  expect(await host.exit).toBe(0);
});

onTerminal(`the table fits a narrow terminal${terminalNote}`, async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = startOnTerminal(folder, ["start"], { columns: 40 });
  await host.until(() => (lastFrame(host.stdout).includes("running") ? true : undefined));
  const rows = lastFrame(host.stdout)
    .split("\n")
    .filter((line) => /^(?:EXTENSION|acme)/.test(line));
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(row.length).toBeLessThanOrEqual(40);
  host.process.stdin.write("\u0003");
  expect(await host.exit).toBe(0);
});

onTerminal(`NO_COLOR leaves the table without colours${terminalNote}`, async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = startOnTerminal(folder, ["start"], { columns: 100, env: { NO_COLOR: "1" } });
  await host.until(() => (lastFrame(host.stdout).includes("running") ? true : undefined));
  expect(host.stdout.split("\u001b").filter((part) => /^\[[\d;]*m/.test(part))).toEqual([]);
  host.process.stdin.write("\u0003");
  expect(await host.exit).toBe(0);
});

for (const columns of [40, 80, 120, 200]) {
  onTerminal(
    `a table of more extensions than lines shows what is broken, ${columns} wide${terminalNote}`,
    async () => {
      const folder = await CommandFolder.create();
      const id = (number: number) => `acme.extension-number-${number}`;
      for (let number = 1; number <= 60; number++) {
        const version = number === 50 ? "one" : "1.0.0";
        await folder.write({
          [`extensions/e${number}/plugin.json5`]: `{ manifestVersion: 1, id: "${id(number)}", version: "${version}" }`,
        });
      }
      const host = startOnTerminal(folder, ["start"], { columns });
      const drawn = await host.until(() => {
        const text = lastFrame(host.stdout);
        return /running[^]*Ctrl-C/.test(text) ? text : undefined;
      });
      const rows = drawn.split("\n");
      expect(drawn).toContain("60 extensions, 0 active, 1 broken");
      expect(drawn).toContain("MANIFEST_INVALID");
      expect(rows.findIndex((line) => line.startsWith(id(50)))).toBeLessThan(5);
      expect(drawn).toMatch(/… \d+ more extensions: a taller window/);
      expect(
        rows.reduce((total, line) => total + Math.max(1, Math.ceil(line.length / columns)), 0),
      ).toBeLessThanOrEqual(40);
      host.process.stdin.write("\u0003");
      await host.exit;
    },
  );
}
