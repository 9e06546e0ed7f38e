/**
 * One folder comes and goes beside many active extensions, and beside few. What it costs is counted in
 * processor time of the whole process: most of the elapsed time is the host waiting for the disk to be quiet.
 */
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createExtensionHost, greeters, type ExtensionHost } from "@plugboard/core";
import { writeTrivialExtension, writeTrivialExtensions } from "../extension-folders.ts";
import { figureOf, type Figure } from "../figures.ts";
import type { Bench, Row } from "../row.ts";
import { whenListed, whenUnlisted, whenWatching } from "../watched-host.ts";

interface Input {
  readonly folder: string;
  readonly live: number;
  readonly rounds: number;
}

interface Samples {
  /** Milliseconds of processor time for one coming and going. */
  readonly processor: number[];
  /** Milliseconds from a folder's coming to the listing of its greeter. */
  readonly elapsed: number[];
}

/** One delta. */
export const deltaRow: Row = {
  name: "delta",
  title: "one delta beside many live extensions",
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const rounds = bench.choose(40, 12);
    const many = bench.choose(10_000, 1_000);
    const few = await bench.probe<Samples>("deltas", { folder: await bench.ownFolder(), live: 100, rounds });
    bench.progress(`activating ${String(many)} extensions`);
    const all = await bench.probe<Samples>("deltas", { folder: await bench.ownFolder(), live: many, rounds });
    const beside = `beside ${many.toLocaleString("en")} live extensions`;
    return [
      figureOf({
        what: `a folder comes and goes ${beside}, processor time`,
        unit: "ms",
        floorName: "the same beside 100",
        floor: few.processor,
        ours: all.processor,
        comparison: "ratio",
        goal: 2,
        note: "cost is to grow with the change: about 1; not in turns, each total is a process of its own",
      }),
      figureOf({
        what: `a folder comes ${beside}, until listed`,
        unit: "ms",
        floorName: "the same beside 100",
        floor: few.elapsed,
        ours: all.elapsed,
        comparison: "ratio",
      }),
    ];
  },
  probes: { deltas: measureDeltas },
};

async function measureDeltas({ folder, live, rounds }: Input): Promise<Samples> {
  const root = join(folder, "extensions");
  const aside = join(folder, "aside");
  mkdirSync(aside);
  writeTrivialExtensions(root, live);
  const host = createExtensionHost({ extensionFolders: [root], points: [greeters], watch: true });
  await host.start();
  const report = await host.activateByEvent("onBenchmark");
  if (report.failed.length > 0) throw new Error(`${report.failed.length} extensions did not activate.`);
  await whenWatching(host, root);
  await delay(1_000);
  const samples: Samples = { processor: [], elapsed: [] };
  for (let round = -5; round < rounds; round++) {
    const { processorMs, elapsedMs } = await comeAndGo(host, aside, root, `guest-${round + 5}`);
    if (round < 0) continue;
    samples.processor.push(processorMs);
    samples.elapsed.push(elapsedMs);
  }
  await host.stop();
  return samples;
}

async function comeAndGo(
  host: ExtensionHost,
  aside: string,
  root: string,
  name: string,
): Promise<{ readonly processorMs: number; readonly elapsedMs: number }> {
  writeTrivialExtension(aside, name);
  await delay(60);
  const before = process.cpuUsage();
  const listed = whenListed(host, name);
  const start = performance.now();
  renameSync(join(aside, name), join(root, name));
  await listed;
  const elapsedMs = performance.now() - start;
  const unlisted = whenUnlisted(host, name);
  renameSync(join(root, name), join(aside, name));
  await unlisted;
  // What the host does behind the listing counts as well.
  await delay(60);
  const { user, system } = process.cpuUsage(before);
  return { processorMs: (user + system) / 1_000, elapsedMs };
}
