/**
 * A folder is moved into a watched extension folder: until its greeter has answered a call, against a bare
 * `fs.watch` that hears of the same kind of move. A call is more than the goal asks for: it activates.
 */
import { mkdirSync, renameSync, rmSync, watch } from "node:fs";
import { join } from "node:path";
import { createExtensionHost, greeters, type ExtensionHost } from "@plugboard/core";
import { writeTrivialExtension, writeTrivialExtensions } from "../extension-folders.ts";
import { figureOf, type Figure } from "../figures.ts";
import type { Bench, Row } from "../row.ts";
import { inTurns } from "../taking-turns.ts";
import { whenListed, whenWatching } from "../watched-host.ts";

interface Input {
  readonly folder: string;
  readonly others: number;
  readonly rounds: number;
}

interface Samples {
  readonly inotify: number[];
  readonly answered: number[];
}

/** Dropping a folder. */
export const dropRow: Row = {
  name: "drop",
  title: "folder dropped → contribution callable",
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const figures: Figure[] = [];
    for (const others of bench.isQuick ? [20] : [20, 1_000]) {
      const input: Input = { folder: await bench.ownFolder(), others, rounds: bench.choose(40, 15) };
      const samples = await bench.probe<Samples>("drop", input);
      figures.push(
        figureOf({
          what: `beside ${others.toLocaleString("en")} others, call answered`,
          unit: "ms",
          floorName: "fs.watch tells of the folder",
          floor: samples.inotify,
          ours: samples.answered,
          comparison: "difference",
          goal: 25,
        }),
      );
    }
    return figures;
  },
  probes: { drop: measureDrops },
};

async function measureDrops({ folder, others, rounds }: Input): Promise<Samples> {
  const [aside, watched, bare] = ["aside", "watched", "bare"].map((name) => join(folder, name));
  for (const path of [aside!, bare!]) mkdirSync(path);
  writeTrivialExtensions(watched!, others);
  const host = createExtensionHost({ extensionFolders: [watched!], points: [greeters], watch: true });
  await host.start();
  await whenWatching(host, watched!);
  const samples = await inTurns(
    rounds,
    {
      inotify: (round) => hearOfMove(aside!, bare!, `bare-${round}`),
      answered: (round) => answerAfterMove(host, aside!, watched!, `dropped-${round}`),
    },
    { warmUp: 3 },
  );
  await host.stop();
  return samples;
}

async function hearOfMove(from: string, to: string, name: string): Promise<number> {
  writeTrivialExtension(from, name);
  const watcher = watch(to);
  const heard = new Promise<number>((resolve) => {
    watcher.on("change", () => {
      resolve(performance.now());
    });
  });
  await pause();
  const start = performance.now();
  renameSync(join(from, name), join(to, name));
  const elapsed = (await heard) - start;
  watcher.close();
  rmSync(join(to, name), { recursive: true });
  return elapsed;
}

async function answerAfterMove(host: ExtensionHost, from: string, to: string, name: string): Promise<number> {
  writeTrivialExtension(from, name);
  await pause();
  const listed = whenListed(host, name);
  const start = performance.now();
  renameSync(join(from, name), join(to, name));
  const greeter = await listed;
  await greeter.greet("World");
  return performance.now() - start;
}

/** Lets what the round before has left behind come to an end. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 30));
}
