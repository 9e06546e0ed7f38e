/**
 * What starting costs before anything is done: the library, and the command. Time of a processor, against a Node that
 * does nothing, in turns: that hardly depends on what else the machine does.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { join } from "node:path";
import { promisify } from "node:util";
import { npm } from "../../support/node-binaries.ts";
import { inRepository, repositoryRoot } from "../../support/repository.ts";
import { writeTrivialExtension } from "../extension-folders.ts";
import { figureOf, type Figure } from "../figures.ts";
import type { Bench, Row } from "../row.ts";
import { inTurns } from "../taking-turns.ts";

const command = inRepository("core/bin/plugboard.js");
const meter = inRepository("test/benchmark/processor-time.cjs");

/** Loading. */
export const loadRow: Row = {
  name: "load",
  title: "load the library and the command: processor time",
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const greeting = await bench.ownFolder();
    mkdirSync(join(greeting, "extensions"));
    for (const name of ["one", "two", "three", "four"])
      writeTrivialExtension(join(greeting, "extensions"), name);
    const entry = JSON.stringify(import.meta.resolve("@plugboard/core"));
    const samples = await inTurns(
      bench.choose(31, 9),
      {
        bare: () => processorMs(["-e", "0"]),
        library: () => processorMs(["--input-type=module", "-e", `import ${entry}`]),
        version: () => processorMs([command, "--version"]),
        list: () => processorMs([command, "list"]),
        greet: () => processorMs([command, "greet", "World"], greeting),
      },
      // The command keeps what it has compiled.
      { warmUp: 2 },
    );
    const figure = (what: string, ours: readonly number[], goal: number): Figure =>
      figureOf({
        what,
        unit: "ms",
        floorName: "node -e 0",
        floor: samples.bare,
        ours,
        comparison: "ratio",
        goal,
      });
    return [
      figure('import "@plugboard/core"', samples.library, 2.2),
      figure("plugboard --version", samples.version, 1.4),
      figure("plugboard list, of the bundled extensions", samples.list, 3),
      figure("plugboard greet World, four greeters in-process", samples.greet, 4),
    ];
  },
  probes: {},
};

/** Installing. */
export const installRow: Row = {
  name: "install",
  title: "install for production",
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const archives = await bench.ownFolder();
    const project = await bench.ownFolder();
    bench.progress("packing and installing");
    await promisify(execFile)(process.execPath, [inRepository("core/scripts/pack-packages.ts"), archives]);
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "measured", private: true }));
    const packed = readdirSync(archives).filter((name) => !name.includes("runtime-go-plugin"));
    const files = packed.map((name) => join(archives, name));
    await npm(["install", "--omit=dev", ...files, "inversify", "reflect-metadata"], project);
    const entries = readdirSync(join(project, "node_modules"), { recursive: true, withFileTypes: true });
    const packages = entries.filter(
      ({ name, parentPath }) =>
        name === "package.json" && /node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+$/.test(parentPath),
    );
    const bytes = entries
      .filter((entry) => entry.isFile())
      .reduce((sum, { name, parentPath }) => sum + statSync(join(parentPath, name)).size, 0);
    return [
      figureOf({ what: "packages", unit: "", ours: [packages.length], comparison: "alone", goal: 16 }),
      figureOf({ what: "on the disk", unit: "MB", ours: [bytes / 1e6], comparison: "alone", goal: 20 }),
    ];
  },
  probes: {},
};

async function processorMs(words: readonly string[], cwd = repositoryRoot): Promise<number> {
  const child = spawn(process.execPath, ["--require", meter, ...words], {
    cwd,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const [told, errors, [code]] = await Promise.all([
    text(child.stdio[3] as Readable),
    text(child.stderr as Readable),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`${words.join(" ")} ended with ${String(code)}. ${errors}`);
  return Number(told) / 1_000;
}
