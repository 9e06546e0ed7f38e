/**
 * A call of an active contribution in the same process, against the same function called directly. The
 * function comes from the application, so that both sides call one object, compiled once.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createExtensionHost, greeters } from "@plugboard/core";
import { manifestOf } from "../extension-folders.ts";
import { figureOf, type Figure } from "../figures.ts";
import type { Bench, Row } from "../row.ts";
import { inTurns } from "../taking-turns.ts";

type Greet = (name: string) => string | Promise<string>;
type AsyncGreet = (name: string) => Promise<string>;
type Turns = Readonly<Record<"direct" | "ours", number[]>>;
/** With a promise that can be rejected before its author settles, and nothing else: what limits cost at the least. */
type AsyncTurns = Readonly<Record<"direct" | "rejectable" | "ours", number[]>>;

interface Samples {
  readonly async: AsyncTurns;
  readonly sync: Turns;
  readonly outstanding: AsyncTurns;
}

interface Input {
  readonly folder: string;
  readonly rounds: number;
  readonly calls: number;
}

const authors: { readonly async: AsyncGreet; readonly sync: Greet } = {
  async: async (name) => `Hello, ${name}`,
  sync: (name) => `Hello, ${name}`,
};

/** Calls in process. */
export const callRow: Row = {
  name: "call",
  title: "in-process call of an active contribution",
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const input: Input = {
      folder: await bench.ownFolder(),
      rounds: bench.choose(41, 15),
      calls: bench.choose(50_000, 30_000),
    };
    const samples = await bench.probe<Samples>("calls", input);
    const { async, sync, outstanding } = samples;
    const shared = { unit: "ns", comparison: "ratio" } as const;
    const note = `${rate(outstanding.ours)} calls/s; the function itself ${rate(outstanding.direct)}`;
    return [
      figureOf({
        what: "one after the other, async author",
        floorName: "a promise that can time out around the function",
        floor: async.rejectable,
        ours: async.ours,
        goal: 2,
        ...shared,
      }),
      figureOf({
        what: "the same",
        floorName: "await of the function itself",
        floor: async.direct,
        ours: async.ours,
        ...shared,
      }),
      figureOf({
        what: "one after the other, sync author",
        floorName: "await of the function itself",
        floor: sync.direct,
        ours: sync.ours,
        goal: 2,
        ...shared,
      }),
      figureOf({
        what: "64 in flight, async author, per call",
        floorName: "promises that can time out around the function",
        floor: outstanding.rejectable,
        ours: outstanding.ours,
        goal: 2,
        note,
        ...shared,
      }),
      figureOf({
        what: "the same",
        floorName: "Promise.all of the function itself",
        floor: outstanding.direct,
        ours: outstanding.ours,
        ...shared,
      }),
    ];
  },
  probes: { calls: measureCalls },
};

async function measureCalls({ folder, rounds, calls }: Input): Promise<Samples> {
  for (const name of Object.keys(authors)) writeCaller(folder, name);
  const host = createExtensionHost({
    extensionFolders: [folder],
    points: [greeters],
    packages: { "bench-authors": { authors } },
  });
  await host.start();
  const stubs = host.contributions(greeters);
  const stub = (name: string): Greet => {
    const greeter = stubs.get(name);
    if (greeter === undefined) throw new Error(`Nobody contributes ${name}.`);
    return (text) => greeter.greet(text);
  };
  await Promise.all([stub("async")("World"), stub("sync")("World")]);
  const asyncStub = stubs.get("async")!;
  const syncStub = stubs.get("sync")!;
  const { async: asyncAuthor, sync: syncAuthor } = authors;
  const rejectable = () =>
    new Promise<string>((resolve, reject) => {
      asyncAuthor("World").then(resolve, reject);
    });
  const options = { warmUp: 6 };
  const result = {
    async: await inTurns(
      rounds,
      {
        direct: () =>
          perCall(calls, async () => {
            let length = 0;
            for (let call = 0; call < calls; call++) length += (await asyncAuthor("World")).length;
            return length;
          }),
        rejectable: () =>
          perCall(calls, async () => {
            let length = 0;
            for (let call = 0; call < calls; call++) length += (await rejectable()).length;
            return length;
          }),
        ours: () =>
          perCall(calls, async () => {
            let length = 0;
            for (let call = 0; call < calls; call++) length += (await asyncStub.greet("World")).length;
            return length;
          }),
      },
      options,
    ),
    sync: await inTurns(
      rounds,
      {
        direct: () =>
          perCall(calls, async () => {
            let length = 0;
            for (let call = 0; call < calls; call++) length += (await syncAuthor("World")).length;
            return length;
          }),
        ours: () =>
          perCall(calls, async () => {
            let length = 0;
            for (let call = 0; call < calls; call++) length += (await syncStub.greet("World")).length;
            return length;
          }),
      },
      options,
    ),
    outstanding: await inTurns(
      rounds,
      {
        direct: () =>
          perCall(calls, async () => {
            let length = 0;
            for (let call = 0; call < calls; call += 64) {
              const answers: Promise<string>[] = [];
              for (let index = 0; index < 64; index++) answers.push(asyncAuthor("World"));
              for (const answer of await Promise.all(answers)) length += answer.length;
            }
            return length;
          }),
        rejectable: () =>
          perCall(calls, async () => {
            let length = 0;
            for (let call = 0; call < calls; call += 64) {
              const answers: Promise<string>[] = [];
              for (let index = 0; index < 64; index++) answers.push(rejectable());
              for (const answer of await Promise.all(answers)) length += answer.length;
            }
            return length;
          }),
        ours: () =>
          perCall(calls, async () => {
            let length = 0;
            for (let call = 0; call < calls; call += 64) {
              const answers: Promise<string>[] = [];
              for (let index = 0; index < 64; index++) answers.push(asyncStub.greet("World"));
              for (const answer of await Promise.all(answers)) length += answer.length;
            }
            return length;
          }),
      },
      options,
    ),
  };
  await host.stop();
  return result;
}

function writeCaller(root: string, name: string): void {
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, "plugin.json5"), manifestOf(name, "./extension.mjs"));
  writeFileSync(
    join(root, name, "extension.mjs"),
    `import { authors } from "bench-authors";
export const activate = (context) => context.contribute("greeters", "${name}", { greet: authors.${name} });
`,
  );
}

/** Nanoseconds per call. The work's result is used, so that none of it can be left out. */
async function perCall(calls: number, work: () => Promise<number>): Promise<number> {
  const start = process.hrtime.bigint();
  const length = await work();
  const elapsed = Number(process.hrtime.bigint() - start);
  if (length < calls) throw new Error("A call was not answered.");
  return elapsed / calls;
}

function rate(nanoseconds: readonly number[]): string {
  const sorted = nanoseconds.toSorted((a, b) => a - b);
  return `${(1_000 / sorted[Math.floor(sorted.length / 2)]!).toFixed(2)} M`;
}
