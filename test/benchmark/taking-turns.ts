/** Ways to take samples: the floor and ours in turns, so that a slow moment of the machine meets both. */

/** Samples of each, as many as there are rounds, taken A B A B. A first round goes unrecorded. */
export async function inTurns<Name extends string>(
  rounds: number,
  ways: Readonly<Record<Name, (round: number) => number | Promise<number>>>,
  { warmUp = 1 }: { readonly warmUp?: number } = {},
): Promise<Readonly<Record<Name, number[]>>> {
  const names = Object.keys(ways) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of names) {
      const sample = await ways[name](round + warmUp);
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}

/** Bytes in use once everything that can go has gone, compiled code that nobody uses included. */
export function heapAfterCollection(): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("Measuring processes run with --expose-gc.");
  for (let pass = 0; pass < 3; pass++) gc({ type: "major", execution: "sync", flavor: "last-resort" });
  return process.memoryUsage().heapUsed;
}
