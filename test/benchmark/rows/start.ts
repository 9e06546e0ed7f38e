/**
 * Start with many extensions, nothing activated, no container: cold, and with the index of an earlier
 * start. Each sample is a fresh process; the page cache is warm. Loading the library is told apart.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import { figureOf, type Figure } from "../figures.ts";
import type { Bench, Row } from "../row.ts";
import { inTurns } from "../taking-turns.ts";

interface StartInput {
  readonly folder: string;
  readonly stateFolder?: string;
  readonly watch?: boolean;
}

interface StartTimes {
  /** From making the host to the first listing of contributions. */
  readonly servingMs: number;
  /** Until `start` resolved. */
  readonly startedMs: number;
  readonly importMs: number;
  readonly listed: number;
}

/** As much of the index's first line as it takes to know what there is. */
interface IndexHeader {
  readonly roots: readonly {
    readonly columns: Readonly<Record<"names" | "ids" | "outlines", readonly string[]>>;
  }[];
}

/** A manifest younger than this may change without a trace in its times, so the index leaves it out. */
const settledMs = 2_500;

/** Starting. */
export const startRow: Row = {
  name: "start",
  title: "start, nothing activated, no container",
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const count = bench.choose(10_000, 3_000);
    const rounds = bench.choose(9, 3);
    const folder = await bench.sharedTree(count);
    const stateFolder = await bench.ownFolder();
    bench.progress("writing the index");
    await bench.probe("writeIndex", { folder, stateFolder });
    bench.progress("starting");
    const imports: number[] = [];
    const start = async (input: StartInput): Promise<number> => {
      const times = await bench.probe<StartTimes>("start", input);
      if (times.listed !== count) throw new Error(`${times.listed} of ${count} extensions were listed.`);
      imports.push(times.importMs);
      return times.startedMs;
    };
    const samples = await inTurns(
      rounds,
      {
        read: () => bench.probe<number>("readEach", { folder }),
        parse: () => bench.probe<number>("parseEach", { folder }),
        cold: () => start({ folder }),
        stat: () => bench.probe<number>("statEach", { folder }),
        recall: () => bench.probe<number>("recallEach", { folder, stateFolder }),
        indexed: () => start({ folder, stateFolder }),
      },
      { warmUp: 1 },
    );
    bench.progress("waiting for watchers");
    const watched = await inTurns(
      bench.choose(3, 1),
      {
        ready: () => bench.probe<number>("watcherReady", { folder }),
        serving: async () =>
          (await bench.probe<StartTimes>("start", { folder, watch: true } satisfies StartInput)).servingMs,
      },
      { warmUp: 0 },
    );
    const extensions = `${count.toLocaleString("en")} extensions`;
    return [
      figureOf({
        what: `${extensions}, cold`,
        unit: "ms",
        floorName: "readdir + json5 of each manifest",
        floor: samples.parse,
        ours: samples.cold,
        comparison: "ratio",
        goal: 0.5,
      }),
      figureOf({
        what: "the same",
        unit: "ms",
        floorName: "readdir + readFileSync of each manifest",
        floor: samples.read,
        ours: samples.cold,
        comparison: "ratio",
      }),
      figureOf({
        what: `${extensions}, with the index`,
        unit: "ms",
        floorName: "readdir + stat of each manifest + the index, an object each",
        floor: samples.recall,
        ours: samples.indexed,
        comparison: "ratio",
        goal: 4,
      }),
      figureOf({
        what: "the same",
        unit: "ms",
        floorName: "readdir + stat of each manifest",
        floor: samples.stat,
        ours: samples.indexed,
        comparison: "ratio",
      }),
      figureOf({
        what: `${extensions}, serving while watching`,
        unit: "ms",
        floorName: "a bare chokidar is ready",
        floor: watched.ready,
        ours: watched.serving,
        comparison: "ratio",
        goal: 1,
      }),
      figureOf({ what: "loading the library", unit: "ms", ours: imports, comparison: "alone" }),
    ];
  },
  probes: {
    async readEach({ folder }: StartInput): Promise<number> {
      const start = performance.now();
      let size = 0;
      for (const name of readdirSync(folder))
        size += readFileSync(join(folder, name, "plugin.json5"), "utf8").length;
      return size > 0 ? performance.now() - start : NaN;
    },
    async statEach({ folder }: StartInput): Promise<number> {
      const start = performance.now();
      let size = 0;
      for (const name of readdirSync(folder)) size += statSync(join(folder, name, "plugin.json5")).size;
      return size > 0 ? performance.now() - start : NaN;
    },
    async parseEach({ folder }: StartInput): Promise<number> {
      const { default: json5 } = await import("json5");
      const start = performance.now();
      const kept = new Map<string, unknown>();
      for (const name of readdirSync(folder))
        kept.set(name, json5.parse(readFileSync(join(folder, name, "plugin.json5"), "utf8")));
      return kept.size > 0 ? performance.now() - start : NaN;
    },
    async recallEach({ folder, stateFolder }: Required<StartInput>): Promise<number> {
      const start = performance.now();
      const index = readFileSync(join(stateFolder, "index.json"), "utf8");
      const header = JSON.parse(index.slice(0, index.indexOf("\n"))) as IndexHeader;
      const { names, ids, outlines } = header.roots[0]!.columns;
      const rows = new Map(names.map((name, row) => [name, row]));
      const kept = new Map<string, unknown>();
      for (const name of readdirSync(folder)) {
        const { size } = statSync(join(folder, name, "plugin.json5"));
        const row = rows.get(name)!;
        kept.set(name, { id: ids[row], outline: outlines[row], size });
      }
      return kept.size > 0 ? performance.now() - start : NaN;
    },
    async watcherReady({ folder }: StartInput): Promise<number> {
      const { watch } = await import("chokidar");
      const start = performance.now();
      const watcher = watch(folder, {
        depth: 1,
        ignoreInitial: true,
        ignored: (path, stats) => stats?.isFile() === true && !path.endsWith("plugin.json5"),
      });
      await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
      const elapsed = performance.now() - start;
      await watcher.close();
      return elapsed;
    },
    async writeIndex({
      folder,
      stateFolder,
    }: Required<Pick<StartInput, "folder" | "stateFolder">>): Promise<void> {
      const newest = Math.max(
        ...readdirSync(folder).map((name) => statSync(join(folder, name, "plugin.json5")).mtimeMs),
      );
      await delay(Math.max(0, newest + settledMs - Date.now()));
      const { createExtensionHost, greeters } = await import("@plugboard/core");
      const host = createExtensionHost({ extensionFolders: [folder], points: [greeters], stateFolder });
      await host.start();
      // Stopping writes the index if that is still to be done.
      await host.stop();
    },
    start: measureStart,
  },
};

async function measureStart(input: StartInput): Promise<StartTimes> {
  const { folder, stateFolder, watch = false } = input;
  const importStart = performance.now();
  const { createExtensionHost, greeters } = await import("@plugboard/core");
  const start = performance.now();
  const host = createExtensionHost({
    extensionFolders: [folder],
    points: [greeters],
    watch,
    ...(stateFolder === undefined ? {} : { stateFolder }),
  });
  let servingMs = NaN;
  host.onDidChangeContributions(() => {
    if (Number.isNaN(servingMs)) servingMs = performance.now() - start;
  });
  await host.start();
  const startedMs = performance.now() - start;
  const listed = host.contributions(greeters).size;
  await host.stop();
  return { servingMs, startedMs, importMs: start - importStart, listed };
}
