/**
 * Activation of many trivial extensions and unloading of single ones, against the plugin registry of
 * Lumino. Lumino loads no files, so ours is shown twice: as it is, and with code that is loaded already;
 * and loading has a floor of its own, a plain `require` of the same files.
 */
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { RuntimeSession } from "@plugboard/core";
import { figureOf, type Figure } from "../figures.ts";
import type { Bench, Row } from "../row.ts";
import { inTurns } from "../taking-turns.ts";

interface Input {
  readonly folder: string;
  /** Whether the code is loaded before the clock starts. */
  readonly isLoaded?: boolean;
}

interface Times {
  readonly activateMs: number;
  /** Of one extension. */
  readonly unloadUs: number;
}

/** Activating and unloading. */
export const activateRow: Row = {
  name: "activate",
  title: "activate trivial extensions, unload one",
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const count = 1_000;
    const folder = await bench.sharedTree(count);
    const unload: Record<"ours" | "lumino", number[]> = { ours: [], lumino: [] };
    const samples = await inTurns(
      bench.choose(11, 3),
      {
        lumino: async () => {
          const times = await bench.probe<Times>("lumino", { folder });
          unload.lumino.push(times.unloadUs);
          return times.activateMs;
        },
        lifecycle: async () =>
          (await bench.probe<Times>("host", { folder, isLoaded: true } satisfies Input)).activateMs,
        require: () => bench.probe<number>("require", { folder }),
        whole: async () => {
          const times = await bench.probe<Times>("host", { folder } satisfies Input);
          unload.ours.push(times.unloadUs);
          return times.activateMs;
        },
      },
      { warmUp: 0 },
    );
    const extensions = `${count.toLocaleString("en")} extensions`;
    return [
      figureOf({
        what: `activate ${extensions}, code loaded before`,
        unit: "ms",
        floorName: "Lumino's PluginRegistry",
        floor: samples.lumino,
        ours: samples.lifecycle,
        comparison: "ratio",
      }),
      figureOf({
        what: `activate ${extensions}, loading their files`,
        unit: "ms",
        floorName: "Lumino's PluginRegistry, which loads none",
        floor: samples.lumino,
        ours: samples.whole,
        comparison: "ratio",
      }),
      figureOf({
        what: `activate ${extensions}, loading their files`,
        unit: "ms",
        floorName: "require + activate",
        floor: samples.require,
        ours: samples.whole,
        comparison: "ratio",
        goal: 3.5,
      }),
      figureOf({
        what: "unload of one",
        unit: "us",
        floorName: "Lumino's deactivatePlugin",
        floor: unload.lumino,
        ours: unload.ours,
        comparison: "ratio",
        goal: 2,
        note: "mean over all, one after the other; its own code does nothing",
      }),
    ];
  },
  probes: { lumino: measureLumino, host: measureHost, require: measureRequire },
};

async function measureHost({ folder, isLoaded = false }: Input): Promise<Times> {
  const { createExtensionHost, greeters } = await import("@plugboard/core");
  const host = createExtensionHost({
    extensionFolders: [folder],
    points: [greeters],
    ...(isLoaded
      ? {
          runtimes: [{ kind: "loaded", start: async () => loadedSession() }],
          runtimePolicy: () => "loaded",
        }
      : {}),
  });
  await host.start();
  const start = performance.now();
  const report = await host.activateByEvent("onBenchmark");
  const activateMs = performance.now() - start;
  const active = report.outcomes.filter(({ state }) => state === "active");
  if (active.length !== host.extensions.size) throw new Error(`Only ${active.length} are active.`);
  const unloadStart = performance.now();
  for (const { id } of active) await host.deactivate(id);
  const unloadUs = ((performance.now() - unloadStart) / active.length) * 1_000;
  await host.stop();
  return { activateMs, unloadUs };
}

/** A session whose code was there before: what remains is what the host itself does. */
function loadedSession(): RuntimeSession {
  return {
    activate: async ({ contributions }) => ({
      supplied: contributions,
      findings: [],
      savesState: false,
      times: { call: 0, settle: 0 },
    }),
    handler: () => () => "Hello",
    exports: {},
    saveState: async () => undefined,
    deactivate: async () => undefined,
    dispose: () => undefined,
    leftovers: () => ({}),
    exited: new Promise(() => undefined),
  };
}

async function measureLumino({ folder }: Input): Promise<Times> {
  const { PluginRegistry } = await import("@lumino/coreutils");
  const registry = new PluginRegistry<object>();
  registry.application = {};
  const names = readdirSync(folder);
  const greeters = new Map<string, object>();
  registry.registerPlugins(
    names.map((id) => ({
      id,
      autoStart: true,
      activate: () => void greeters.set(id, { greet: (name: string) => `Hello, ${name}` }),
      deactivate: () => void greeters.delete(id),
    })),
  );
  const start = performance.now();
  await registry.activatePlugins("startUp");
  const activateMs = performance.now() - start;
  if (greeters.size !== names.length) throw new Error(`Only ${greeters.size} are active.`);
  const unloadStart = performance.now();
  for (const id of names) await registry.deactivatePlugin(id);
  return { activateMs, unloadUs: ((performance.now() - unloadStart) / names.length) * 1_000 };
}

async function measureRequire({ folder }: Input): Promise<number> {
  const require = createRequire(import.meta.url);
  const names = readdirSync(folder);
  const greeters = new Map<string, object>();
  const context = {
    contribute: (_point: string, id: string, greeter: object) => void greeters.set(id, greeter),
  };
  const start = performance.now();
  for (const name of names) {
    const extension = require(join(folder, name, "extension.js")) as {
      activate(given: typeof context): void;
    };
    extension.activate(context);
  }
  const elapsed = performance.now() - start;
  if (greeters.size !== names.length) throw new Error(`Only ${greeters.size} are active.`);
  return elapsed;
}
