/**
 * What thousands of edits and reloads leave in memory: growth of the heap per reload once everything that
 * can go has gone, and whether a small old space survives them with ordinary collections only.
 * The text differs each time. Growth is counted from where the host's bounded cache of transformed text is
 * full, for until then it is the cache that grows.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createExtensionHost, greeters } from "@plugboard/core";
import { entryOf, largeSource, writeLargeExtension, type Language } from "../extension-folders.ts";
import { figureOf, type Figure } from "../figures.ts";
import type { Bench, Row } from "../row.ts";
import { heapAfterCollection } from "../taking-turns.ts";

interface Input {
  readonly folder: string;
  readonly language: Language;
  readonly reloads: number;
  /** Whether to collect by hand, which is how growth is seen; never under a capped heap. */
  readonly collects: boolean;
}

interface Outcome {
  readonly growthKb: number;
  readonly reloadMs: readonly number[];
  readonly firstRssMb: number;
  readonly lastRssMb: number;
  readonly mostRssMb: number;
}

const name = "reloaded";

/** Editions of 50 KB that are sure to fill the cache of 16 MiB. */
const cacheFilling = 420;

/** Reloading. */
export const reloadRow: Row = {
  name: "reload",
  title: "edits and reloads in process of a 50 KB extension",
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const reloads = bench.choose(2_000, 60);
    const cappedReloads = bench.choose(1_500, 150);
    const run = async (language: Language): Promise<readonly Figure[]> => {
      const label = language === "esm" ? "ESM" : "TypeScript";
      bench.progress(`${String(reloads)} reloads, ${label}`);
      const free = await bench.probe<Outcome>("reloads", {
        folder: await bench.ownFolder(),
        language,
        reloads,
        collects: true,
      } satisfies Input);
      bench.progress(`${String(cappedReloads)} reloads under a 64 MB old space, ${label}`);
      const capped = await survive(bench, language, cappedReloads);
      return [
        figureOf({
          what: `${label}, heap growth per reload, ${reloads.toLocaleString("en")} reloads`,
          unit: "KB",
          ours: [free.growthKb],
          comparison: "alone",
          goal: 2,
          note: `RSS ${words(free)}`,
        }),
        figureOf({
          what: `${label}, one reload`,
          unit: "ms",
          ours: free.reloadMs,
          comparison: "alone",
          note: "the other language reloads at the same time",
        }),
        figureOf({
          what: `${label}, reloads that died of ${cappedReloads.toLocaleString("en")} under a 64 MB old space`,
          unit: "",
          ours: [typeof capped === "string" ? cappedReloads : 0],
          comparison: "alone",
          goal: 0,
          note: typeof capped === "string" ? capped : `survived; RSS ${words(capped)}`,
        }),
      ];
    };
    // Memory, not time, is what counts here: both languages may share the machine.
    return (await Promise.all([run("esm"), run("typescript")])).flat();
  },
  probes: { reloads: measureReloads },
};

async function survive(bench: Bench, language: Language, reloads: number): Promise<Outcome | string> {
  const folder = await bench.ownFolder();
  const input: Input = { folder, language, reloads, collects: false };
  try {
    return await bench.probe<Outcome>("reloads", input, { nodeOptions: ["--max-old-space-size=64"] });
  } catch (error) {
    const text = String(error);
    return /heap out of memory/.exec(text)?.[0] ?? text.split("\n")[0]!;
  }
}

async function measureReloads({ folder, language, reloads, collects }: Input): Promise<Outcome> {
  const extension = join(folder, name);
  const file = join(extension, entryOf(language));
  writeLargeExtension(extension, name, language);
  const host = createExtensionHost({ extensionFolders: [folder], points: [greeters] });
  await host.start();
  const greeter = host.contributions(greeters).get(name)!;
  await greeter.greet("World");
  const warmUp = collects ? cacheFilling : 0;
  const times: number[] = [];
  let firstHeap = 0;
  let firstRssMb = rssMb();
  let mostRssMb = firstRssMb;
  for (let edition = 1; edition <= reloads + warmUp; edition++) {
    writeFileSync(file, largeSource(name, language, edition));
    const start = performance.now();
    await host.reload(`bench.${name}`);
    times.push(performance.now() - start);
    const greeting = await greeter.greet("World");
    if (!greeting.includes(`edition ${edition} `))
      throw new Error(`Edition ${edition} answered ${greeting}.`);
    if (edition === warmUp) {
      firstHeap = collects ? heapAfterCollection() : 0;
      firstRssMb = rssMb();
    }
    if (edition % 50 === 0) mostRssMb = Math.max(mostRssMb, rssMb());
  }
  const lastRssMb = rssMb();
  const growthKb = collects ? (heapAfterCollection() - firstHeap) / reloads / 1024 : 0;
  await host.stop();
  return { growthKb, reloadMs: times.slice(warmUp), firstRssMb, lastRssMb, mostRssMb };
}

function rssMb(): number {
  return process.memoryUsage.rss() / 1024 / 1024;
}

function words({ firstRssMb, lastRssMb, mostRssMb }: Outcome): string {
  return `${firstRssMb.toFixed(0)} MB at first, ${lastRssMb.toFixed(0)} MB at last, at most ${Math.max(mostRssMb, lastRssMb).toFixed(0)} MB`;
}
