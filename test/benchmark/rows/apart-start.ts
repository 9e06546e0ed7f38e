/**
 * The first call of an extension in a thread or process, which starts one, loads the code and activates it, against
 * a bare thread or process until it has answered. With one that was opened ahead, and without.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { ExtensionHost } from "@plugboard/core";
import { figureOf, type Figure } from "../figures.ts";
import { greeterOf, startGreeterHost, writeGreeter, type ApartKind } from "../greeter-host.ts";
import { baselineServer } from "../baseline-clients.ts";
import type { Bench, Row } from "../row.ts";
import { inTurns } from "../taking-turns.ts";

interface Input {
  readonly folder: string;
  readonly kind: ApartKind;
  readonly rounds: number;
}

type Samples = Readonly<Record<"bare" | "cold" | "spare", number[]>>;

/** Starting a thread. */
export const workerStartRow: Row = startRow("worker", { goal: 1.3, coldGoal: 1.3 });

/** Starting a process. */
export const processStartRow: Row = startRow("process", { goal: 1.2, coldGoal: 2 });

function startRow(
  kind: ApartKind,
  { goal, coldGoal }: { readonly goal: number; readonly coldGoal: number },
): Row {
  return {
    name: `${kind}-start`,
    title: `activation in a ${kind}, up to the answer to the first call`,
    async measure(bench: Bench): Promise<readonly Figure[]> {
      const input: Input = { folder: await bench.ownFolder(), kind, rounds: bench.choose(21, 7) };
      const samples = await bench.probe<Samples>("starts", input);
      const shared = {
        unit: "ms",
        floorName: `a bare ${kind} up to its first answer`,
        floor: samples.bare,
        comparison: "ratio",
        goal,
      } as const;
      return [
        // What an application waits for is the figure below: one is kept open.
        figureOf({ what: "nothing opened ahead", ours: samples.cold, ...shared, goal: coldGoal }),
        figureOf({
          what: `a ${kind} opened ahead`,
          ours: samples.spare,
          ...shared,
          // Rights belong to an extension, and a process is born with them.
          ...(kind === "process"
            ? { note: "for the same extension: its reload, up to the next answer" }
            : {}),
        }),
      ];
    },
    probes: { starts: measureStarts },
  };
}

async function measureStarts({ folder, kind, rounds }: Input): Promise<Samples> {
  for (const index of kind === "worker" ? [0, 1] : [0]) writeGreeter(folder, index);
  let host: ExtensionHost | undefined;
  return inTurns(
    rounds,
    {
      bare: kind === "worker" ? startBareWorker : startBareChild,
      cold: async () => {
        host = await startGreeterHost(folder, kind);
        return firstCall(host, 0);
      },
      spare: async () => {
        // The one that is opened ahead is on its way since the first extension is active.
        await pause(aheadMs);
        const elapsed = kind === "worker" ? await firstCall(host!, 1) : await reloadAndCall(host!);
        await host!.stop();
        return elapsed;
      },
    },
    { warmUp: 2 },
  );
}

/** For what is opened ahead to be ready, also on a machine with much to do. */
const aheadMs = 1_500;

async function firstCall(host: ExtensionHost, index: number): Promise<number> {
  const greeter = greeterOf(host, index);
  const start = performance.now();
  await greeter.greet("World");
  return performance.now() - start;
}

async function reloadAndCall(host: ExtensionHost): Promise<number> {
  const [extension] = host.extensions;
  const start = performance.now();
  await host.reload(extension!.id!);
  await greeterOf(host, 0).greet("World");
  return performance.now() - start;
}

async function startBareWorker(): Promise<number> {
  const start = performance.now();
  const worker = new Worker(baselineServer("bare-worker"));
  worker.postMessage("World");
  await once(worker, "message");
  const elapsed = performance.now() - start;
  await worker.terminate();
  return elapsed;
}

async function startBareChild(): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(baselineServer("echo-child"))], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const socket = child.stdio[3] as Socket;
  socket.write("World");
  await once(socket, "data");
  const elapsed = performance.now() - start;
  child.kill("SIGKILL");
  await once(child, "exit");
  return elapsed;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
