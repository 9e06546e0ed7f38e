/**
 * Calls of a plugin that is written in Go, by Plugboard and by those who can also call it: a host in Go, as go-plugin
 * makes one, and a host in Node with grpc-js. And its launch, up to the first answer.
 */
import { missingGo } from "../../support/go-toolchain.ts";
import { figureOf, type Figure, type FigureSource } from "../figures.ts";
import {
  greeterClient,
  startGoExtensions,
  startGoHost,
  startGrpcJs,
  writeGoExtension,
  type GoWay,
  type OwnWay,
  type Round,
} from "../go-clients.ts";
import { greeterOf, startGreeterHost, writeGreeter } from "../greeter-host.ts";
import type { BaselineClient } from "../baseline-clients.ts";
import { placer, type Placement } from "../placement.ts";
import type { Bench, Row } from "../row.ts";
import { inTurns } from "../taking-turns.ts";

interface Input {
  readonly placement: Placement;
  readonly folder: string;
  readonly rounds: number;
  /** Calls a round, one after the other. */
  readonly calls: number;
  readonly flyingRounds: number;
  /** Calls a round, 64 of them in flight. */
  readonly flyingCalls: number;
}

const ways = {
  goGrpc: "a Go host, gRPC",
  goNetRpc: "a Go host, net/rpc (another program)",
  grpcJs: "Node with grpc-js",
  mapped: "ours, services mapped",
  guest: "ours, a guest written for Plugboard",
  process: "ours, the process runtime, a greeter in JavaScript",
} as const;

type Way = keyof typeof ways;

interface Samples {
  readonly placement: Placement;
  /** Microseconds of the median call, one after the other. */
  readonly single: Readonly<Record<Way, number[]>>;
  /** Calls a second, 64 of them in flight. */
  readonly flying: Readonly<Record<Way, number[]>>;
  /** Processor time of the caller in microseconds a call, in the same rounds. */
  readonly used: Readonly<Record<Way, number[]>>;
}

type Launches = Readonly<Record<"go" | "ours" | "goTls" | "oursTls" | "goNetRpc" | "guest", number[]>>;

const inFlight = 64;

/** Calls into a plugin in Go. */
export const goCallRow: Row = {
  name: "go-call",
  title: "call of a go-plugin program in Go",
  absent: missingGo,
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const input: Omit<Input, "placement" | "folder"> = {
      rounds: bench.choose(31, 11),
      calls: bench.choose(300, 200),
      flyingRounds: bench.choose(11, 7),
      flyingCalls: bench.choose(6_400, 3_200),
    };
    const samples: Samples[] = [];
    for (const placement of placer().placements) {
      bench.progress(`calls, ${placement}`);
      const folder = await bench.ownFolder();
      samples.push(await bench.probe<Samples>("calls", { ...input, placement, folder } satisfies Input));
    }
    bench.progress("launches");
    const launches = await bench.probe<Launches>("launches", {
      folder: await bench.ownFolder(),
      rounds: bench.choose(21, 7),
    });
    return [...samples.flatMap(callFigures), ...launchFigures(launches)];
  },
  probes: { calls: measureCalls, launches: measureLaunches },
};

function callFigures({ placement, single, flying, used }: Samples): readonly Figure[] {
  const line = (
    what: string,
    unit: FigureSource["unit"],
    samples: Readonly<Record<Way, number[]>>,
    [ours, floor, goal]: readonly [Way, Way, number?],
  ): Figure =>
    figureOf({
      what: `${what}, ${placement}`,
      unit,
      floorName: ways[floor],
      floor: samples[floor],
      ours: samples[ours],
      comparison: "ratio",
      note: ways[ours],
      ...(goal === undefined ? {} : { goal }),
    });
  const many = `${String(inFlight)} in flight`;
  return [
    ...(
      [
        ["mapped", "goGrpc", 1.6],
        ["guest", "goGrpc", 1.6],
        ["process", "goGrpc", 1],
        ["grpcJs", "goGrpc"],
        ["goNetRpc", "goGrpc"],
      ] as const
    ).map((pair) => line("one by one", "us", single, pair)),
    ...(
      [
        ["mapped", "grpcJs", 2],
        ["guest", "grpcJs", 2],
        ["mapped", "goGrpc"],
        ["guest", "goGrpc"],
        ["process", "goGrpc"],
        ["goNetRpc", "goGrpc"],
      ] as const
    ).map((pair) => line(many, "calls/s", flying, pair)),
    ...(
      [
        ["mapped", "grpcJs"],
        ["guest", "grpcJs"],
      ] as const
    ).map((pair) => line(`processor time of the caller, ${many}`, "us", used, pair)),
  ];
}

function launchFigures(launches: Launches): readonly Figure[] {
  const line = (what: string, floor: number[], ours: number[], floorName: string, goal?: number): Figure =>
    figureOf({
      what,
      unit: "ms",
      floorName,
      floor,
      ours,
      comparison: "difference",
      ...(goal === undefined ? {} : { goal }),
    });
  const { go, ours, goTls, oursTls, goNetRpc, guest } = launches;
  return [
    line("launch to first answer, services mapped", go, ours, "a Go host, gRPC", 8),
    line("launch to first answer, AutoMTLS", goTls, oursTls, "a Go host, AutoMTLS", 0),
    line("launch to first answer, a guest written for Plugboard", go, guest, "a Go host, gRPC"),
    line("launch to first answer, services mapped", goNetRpc, ours, "a Go host, net/rpc"),
  ];
}

async function measureCalls(input: Input): Promise<Samples> {
  const { placement, folder, rounds, calls, flyingRounds, flyingCalls } = input;
  const [goFolder, processFolder] = [`${folder}/go`, `${folder}/process`];
  await writeGoExtension(goFolder, "mapped", "mapped");
  await writeGoExtension(goFolder, "guest", "gopher");
  writeGreeter(processFolder, 0);
  const hosts = [await startGoExtensions(goFolder), await startGreeterHost(processFolder, "process")];
  const greeter = greeterOf(hosts[1]!, 0);
  const near: Readonly<Partial<Record<Way, BaselineClient>>> = {
    grpcJs: await startGrpcJs(),
    mapped: greeterClient(hosts[0]!, "mapped"),
    guest: greeterClient(hosts[0]!, "gopher"),
    process: { call: (name) => greeter.greet(name), end: () => undefined },
  };
  const goHosts = { goGrpc: await startGoHost("grpc"), goNetRpc: await startGoHost("net/rpc") };
  for (const end of Object.values(near)) {
    const answer = await end.call("World");
    if (!/^(?:Bonjour|Hello), World/.test(answer)) throw new Error(`The answer is ${answer}.`);
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  placer().place(placement, {
    near: Object.values(goHosts).map(({ processId }) => processId),
  });
  const used = Object.fromEntries(Object.keys(ways).map((way) => [way, [] as number[]])) as Record<
    Way,
    number[]
  >;
  const each = (
    node: (end: BaselineClient) => Promise<Round>,
    go: (end: (typeof goHosts)["goGrpc"]) => Promise<Round>,
    take: (round: Round, way: Way) => number,
  ) => {
    const makers = [
      ...Object.entries(goHosts).map(([way, end]) => [way, () => go(end)] as const),
      ...Object.entries(near).map(([way, end]) => [way, () => node(end)] as const),
    ];
    return Object.fromEntries(
      makers.map(([way, run]) => [way, async () => take(await run(), way as Way)]),
    ) as Record<Way, () => Promise<number>>;
  };
  const single = await inTurns(
    rounds,
    each(
      (end) => oneByOne(end, calls),
      (end) => end.calls(calls),
      ({ medianUs }) => medianUs!,
    ),
    { warmUp: 4 },
  );
  const flying = await inTurns(
    flyingRounds,
    each(
      (end) => manyAtOnce(end, flyingCalls),
      (end) => end.burst(flyingCalls),
      ({ perSecond, cpuUs }, way) => {
        used[way].push(cpuUs!);
        return perSecond!;
      },
    ),
    { warmUp: 3 },
  );
  // The rounds of the warm-up go unrecorded here as well.
  for (const all of Object.values(used)) all.splice(0, all.length - flyingRounds);
  for (const end of [...Object.values(near), ...Object.values(goHosts)]) await end.end();
  for (const host of hosts) await host.stop();
  return { placement, single, flying, used };
}

/** As many calls as a host in Go leaves unrecorded, then those that count. */
async function oneByOne(end: BaselineClient, calls: number): Promise<Round> {
  for (let call = 0; call < calls / 10; call++) await end.call("World");
  const took = new Float64Array(calls);
  for (let call = 0; call < calls; call++) {
    const start = performance.now();
    await end.call("World");
    took[call] = performance.now() - start;
  }
  return { medianUs: took.sort()[calls >> 1]! * 1_000 };
}

/** Whenever one is answered the next is made. */
async function manyAtOnce(end: BaselineClient, calls: number): Promise<Round> {
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await end.call("World");
  };
  const before = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, caller));
  const perSecond = calls / ((performance.now() - start) / 1_000);
  const { user, system } = process.cpuUsage(before);
  return { perSecond, cpuUs: (user + system) / calls };
}

async function measureLaunches({ folder, rounds }: Pick<Input, "folder" | "rounds">): Promise<Launches> {
  const own = { ours: "mapped", oursTls: "mapped with AutoMTLS", guest: "guest" } as const satisfies Record<
    string,
    OwnWay
  >;
  const names = { ours: "mapped", oursTls: "secured", guest: "gopher" } as const;
  for (const [key, way] of Object.entries(own))
    await writeGoExtension(folder, way, names[key as keyof typeof names]);
  const host = await startGoExtensions(folder);
  const byGo = (way: GoWay) => async (): Promise<number> => {
    const end = await startGoHost(way);
    await end.end();
    return end.firstMs;
  };
  const byUs = (key: keyof typeof names) => async (): Promise<number> => {
    const greeter = greeterClient(host, names[key]);
    const start = performance.now();
    await greeter.call("World");
    const elapsed = performance.now() - start;
    await host.deactivate(key === "guest" ? "samples.gopher" : `bench.${names[key]}`);
    return elapsed;
  };
  // A file that has just been written is read again for every launch, as it might still change.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const samples = await inTurns(
    rounds,
    {
      go: byGo("grpc"),
      ours: byUs("ours"),
      goTls: byGo("grpc with AutoMTLS"),
      oursTls: byUs("oursTls"),
      goNetRpc: byGo("net/rpc"),
      guest: byUs("guest"),
    },
    { warmUp: 2 },
  );
  await host.stop();
  return samples;
}
