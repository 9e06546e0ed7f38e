/** Memory of an extension that is known and not active: the heap with many of them, less that with none. */
import { createExtensionHost, greeters } from "@plugboard/core";
import { figureOf, type Figure } from "../figures.ts";
import type { Bench, Row } from "../row.ts";
import { heapAfterCollection, inTurns } from "../taking-turns.ts";

interface Input {
  readonly folder: string;
  readonly watch: boolean;
}

/** Memory. */
export const memoryRow: Row = {
  name: "memory",
  title: "memory of an extension that is not active",
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const count = bench.choose(10_000, 3_000);
    const folder = await bench.sharedTree(count);
    const none = await bench.ownFolder();
    const heap = (input: Input) => bench.probe<number>("heap", input);
    const samples = await inTurns(
      bench.choose(3, 1),
      {
        none: () => heap({ folder: none, watch: false }),
        all: () => heap({ folder, watch: false }),
        watched: () => heap({ folder, watch: true }),
      },
      { warmUp: 0 },
    );
    const each = (bytes: readonly number[]) =>
      bytes.map((used, index) => (used - samples.none[index]!) / count / 1024);
    return [
      figureOf({
        what: `each of ${count.toLocaleString("en")}, not watched`,
        unit: "KB",
        ours: each(samples.all),
        comparison: "alone",
        goal: 4,
        note: "heap after a last-resort collection, less that of a host without extensions",
      }),
      figureOf({
        what: `each of ${count.toLocaleString("en")}, with its watcher`,
        unit: "KB",
        ours: each(samples.watched),
        comparison: "alone",
      }),
    ];
  },
  probes: {
    async heap({ folder, watch }: Input): Promise<number> {
      const host = createExtensionHost({ extensionFolders: [folder], points: [greeters], watch });
      await host.start();
      // Watchers are made behind the start.
      if (watch) await host.rescan();
      const { size } = host.extensions;
      const used = heapAfterCollection();
      await host.stop();
      return size < 0 ? NaN : used;
    },
  },
};
