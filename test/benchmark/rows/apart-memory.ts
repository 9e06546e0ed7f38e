/**
 * Memory of an active extension in a thread and in a process, alone and as one of a group of ten, beside a bare
 * thread or process. Only what is shared with no other process counts, so that Node itself does not.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { figureOf, type Figure } from "../figures.ts";
import { greeterOf, startGreeterHost, writeGreeter, type ApartKind } from "../greeter-host.ts";
import { baselineServer } from "../baseline-clients.ts";
import type { Bench, Probe, Row } from "../row.ts";
import { heapAfterCollection, inTurns } from "../taking-turns.ts";

interface Input {
  readonly folder: string;
  readonly kind: ApartKind;
}

const groupSize = 10;

/** Memory of threads. */
export const workerMemoryRow: Row = memoryRow("worker", { bare: measureBareWorkers, ours: measureWorkers });

/** Memory of processes. */
export const processMemoryRow: Row = memoryRow("process", { bare: measureBareChild, ours: measureProcesses });

function memoryRow(kind: ApartKind, probes: Readonly<Record<"bare" | "ours", Probe>>): Row {
  return {
    name: `${kind}-memory`,
    title: `memory of an active extension in a ${kind}`,
    async measure(bench: Bench): Promise<readonly Figure[]> {
      if (process.platform !== "linux")
        throw new Error("Only Linux tells what a process shares with no other.");
      const [alone, grouped] = [await bench.ownFolder(), await bench.ownFolder()];
      for (const folder of [alone, grouped]) {
        // The first one is there before memory is looked at, with all that is there once.
        writeGreeter(folder, 0);
        for (let index = 1; index <= groupSize; index++)
          writeGreeter(folder, index, folder === grouped ? "bench" : undefined);
      }
      const ours = (folder: string) => bench.probe<number>("ours", { folder, kind } satisfies Input);
      const samples = await inTurns(
        bench.choose(5, 2),
        {
          bare: () => bench.probe<number>("bare", {}),
          alone: () => ours(alone),
          grouped: () => ours(grouped),
        },
        { warmUp: 0 },
      );
      const shared = {
        unit: "MB",
        floorName: `a bare ${kind}`,
        floor: samples.bare,
        comparison: "difference",
      } as const;
      return [
        figureOf({ what: `each in a ${kind} of its own`, ours: samples.alone, ...shared }),
        figureOf({ what: `each of ${String(groupSize)} in one ${kind}`, ours: samples.grouped, ...shared }),
      ];
    },
    probes,
  };
}

async function measureWorkers({ folder, kind }: Input): Promise<number> {
  const host = await startGreeterHost(folder, kind);
  await greeterOf(host, 0).greet("World");
  const before = await settledMegabytes();
  for (let index = 1; index <= groupSize; index++) await greeterOf(host, index).greet("World");
  const after = await settledMegabytes();
  await host.stop();
  return (after - before) / groupSize;
}

async function measureBareWorkers(): Promise<number> {
  const start = async () => {
    const worker = new Worker(baselineServer("bare-worker"));
    worker.postMessage("World");
    await once(worker, "message");
    return worker;
  };
  const workers = [await start()];
  const before = await settledMegabytes();
  for (let index = 0; index < groupSize; index++) workers.push(await start());
  const after = await settledMegabytes();
  for (const worker of workers) await worker.terminate();
  return (after - before) / groupSize;
}

async function measureProcesses({ folder, kind }: Input): Promise<number> {
  const host = await startGreeterHost(folder, kind);
  const processes = new Set<string>();
  for (let index = 1; index <= groupSize; index++) {
    await greeterOf(host, index).greet("World");
    processes.add(await greeterOf(host, index).greet(""));
  }
  await settle();
  let sum = 0;
  for (const id of processes) sum += privateMegabytes(id);
  await host.stop();
  return sum / groupSize;
}

async function measureBareChild(): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(baselineServer("echo-child"))], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const socket = child.stdio[3] as Socket;
  socket.write("World");
  await once(socket, "data");
  await settle();
  const used = privateMegabytes(String(child.pid));
  child.kill("SIGKILL");
  await once(child, "exit");
  return used;
}

async function settledMegabytes(): Promise<number> {
  await settle();
  heapAfterCollection();
  return privateMegabytes("self");
}

/** Lets what was begun for later, such as the opening of the next thread, come to its end. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1_000));
}

function privateMegabytes(process: string): number {
  const lines = readFileSync(`/proc/${process}/smaps_rollup`, "utf8").matchAll(/^Private_\w+: +(\d+) kB$/gm);
  return [...lines].reduce((sum, [, kilobytes]) => sum + Number(kilobytes), 0) / 1_024;
}
