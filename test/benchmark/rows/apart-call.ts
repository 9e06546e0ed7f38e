/**
 * Calls of an active contribution in a thread and in a process, against the bare way there and back, and against
 * the libraries that people call threads and processes with.
 */
import { figureOf, type Figure } from "../figures.ts";
import { greeterOf, startGreeterHost, writeGreeter, type ApartKind } from "../greeter-host.ts";
import {
  bareChild,
  bareWorker,
  comlinkWorker,
  jsonRpcChannel,
  jsonRpcStdio,
  jsonRpcWorker,
  numberedWorker,
  type BaselineClient,
} from "../baseline-clients.ts";
import { placer, type Placement } from "../placement.ts";
import type { Bench, Row } from "../row.ts";
import { inTurns } from "../taking-turns.ts";

interface Input {
  readonly folder: string;
  readonly kind: ApartKind;
  readonly rounds: number;
  /** Calls a round, one after the other. */
  readonly calls: number;
  readonly flyingRounds: number;
  /** Calls a round, 64 of them in flight. */
  readonly flyingCalls: number;
}

interface Samples {
  /** Where the two ends were. */
  readonly placement: Placement;
  /** Microseconds a call, one after the other. */
  readonly single: Readonly<Record<"bare" | "ours", number[]>>;
  /** Calls a second, 64 of them in flight. */
  readonly flying: Readonly<Record<string, number[]>>;
}

const inFlight = 64;

/** On one processor whatever one end does beside its messages is waited for by the other. */
const oneByOneGoals: Readonly<Record<Placement, number>> = {
  "one core": 1.6,
  "two cores": 1.3,
  "any core": 1.6,
};

/** Node's own channel between processes, at which vscode-jsonrpc is fastest. */
const jsonRpcOverChannel = "vscode-jsonrpc over Node IPC";

/** What ours is compared with: the bare way, and others by what they are called in the report. */
interface Others {
  readonly bareName: string;
  readonly bare: () => BaselineClient;
  readonly bareFlying: () => BaselineClient;
  readonly jsonRpc: Readonly<Record<string, () => BaselineClient>>;
  readonly rest: Readonly<Record<string, () => BaselineClient>>;
}

const others: Readonly<Record<ApartKind, Others>> = {
  worker: {
    bareName: "bare postMessage",
    bare: bareWorker,
    bareFlying: numberedWorker,
    jsonRpc: {
      "vscode-jsonrpc over a worker's port": jsonRpcWorker,
      [jsonRpcOverChannel]: jsonRpcChannel,
    },
    rest: { comlink: comlinkWorker },
  },
  process: {
    bareName: "bare length-prefixed socket",
    bare: bareChild,
    bareFlying: bareChild,
    jsonRpc: { "vscode-jsonrpc over stdio": jsonRpcStdio, [jsonRpcOverChannel]: jsonRpcChannel },
    rest: {},
  },
};

/** Calls into a thread. */
export const workerCallRow: Row = callRow("worker", "call of an active contribution in a worker");

/** Calls into a process. */
export const processCallRow: Row = callRow("process", "call of an active contribution in a process");

function callRow(kind: ApartKind, title: string): Row {
  const { bareName, jsonRpc, rest } = others[kind];
  return {
    name: `${kind}-call`,
    title,
    async measure(bench: Bench): Promise<readonly Figure[]> {
      const input: Input = {
        folder: await bench.ownFolder(),
        kind,
        rounds: bench.choose(61, 31),
        calls: bench.choose(300, 200),
        flyingRounds: bench.choose(31, 9),
        flyingCalls: bench.choose(8_000, 4_000),
      };
      const samples = await bench.probe<readonly Samples[]>("calls", input);
      return samples.flatMap(({ placement, single, flying }) => {
        const flyingFigure = (floorName: string, goal?: number): Figure =>
          figureOf({
            what: `${String(inFlight)} in flight, ${placement}`,
            unit: "calls/s",
            floorName,
            floor: flying[floorName]!,
            ours: flying.ours!,
            comparison: "ratio",
            ...(goal === undefined ? {} : { goal }),
          });
        return [
          figureOf({
            what: `one by one, ${placement}`,
            unit: "us",
            floorName: bareName,
            floor: single.bare,
            ours: single.ours,
            comparison: "ratio",
            goal: oneByOneGoals[placement],
          }),
          ...Object.keys(jsonRpc).map((name) => flyingFigure(name, name === jsonRpcOverChannel ? 4 : 5)),
          ...[bareName, ...Object.keys(rest)].map((name) => flyingFigure(name)),
        ];
      });
    },
    probes: { calls: measureCalls },
  };
}

async function measureCalls(input: Input): Promise<readonly Samples[]> {
  const { folder, kind, rounds, calls, flyingRounds, flyingCalls } = input;
  writeGreeter(folder, 0);
  const host = await startGreeterHost(folder, kind);
  const greeter = greeterOf(host, 0);
  const ours: BaselineClient = { call: (name) => greeter.greet(name), end: () => undefined };
  const { bare, bareFlying, bareName, jsonRpc, rest } = others[kind];
  const makers = Object.entries({ [bareName]: bareFlying, ...jsonRpc, ...rest });
  const single = { bare: bare(), ours };
  const flying: Record<string, BaselineClient> = { ours };
  for (const [name, make] of makers) flying[name] = make();
  const ends = new Set([...Object.values(single), ...Object.values(flying)]);
  // What starts with the first call is not measured, nor what is opened ahead for the next.
  await Promise.all([...ends].map((end) => assertAnswers(end)));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const processors = placer();
  const samples: Samples[] = [];
  for (const placement of processors.placements) {
    processors.place(placement);
    samples.push({
      placement,
      single: await inTurns(
        rounds,
        { bare: () => oneByOne(single.bare, calls), ours: () => oneByOne(ours, calls) },
        { warmUp: 4 },
      ),
      flying: await inTurns(
        flyingRounds,
        Object.fromEntries(
          Object.entries(flying).map(([name, end]) => [name, () => manyAtOnce(end, flyingCalls)]),
        ),
        { warmUp: 4 },
      ),
    });
  }
  for (const end of ends) await end.end();
  await host.stop();
  return samples;
}

async function assertAnswers(end: BaselineClient): Promise<void> {
  const answer = await end.call("World");
  if (answer !== "Hello, World") throw new Error(`The answer is ${answer}.`);
}

/** Microseconds a call. */
async function oneByOne(end: BaselineClient, calls: number): Promise<number> {
  const start = performance.now();
  for (let call = 0; call < calls; call++) await end.call("World");
  return ((performance.now() - start) * 1_000) / calls;
}

/** Calls a second; whenever one is answered the next is made. */
async function manyAtOnce(end: BaselineClient, calls: number): Promise<number> {
  let left = calls;
  const start = performance.now();
  const caller = async (): Promise<void> => {
    while (left-- > 0) await end.call("World");
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return calls / ((performance.now() - start) / 1_000);
}
