/**
 * The entry file of an active extension of 50 KB is saved: until a call is answered by the new text,
 * against reading, stripping, compiling and running the same text by hand. Ours includes hearing of it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { createExtensionHost, greeters, type ExtensionHost } from "@plugboard/core";
import { entryOf, largeSource, writeLargeExtension, type Language } from "../extension-folders.ts";
import { figureOf, type Figure } from "../figures.ts";
import type { Bench, Row } from "../row.ts";
import { inTurns } from "../taking-turns.ts";

interface Input {
  readonly folder: string;
  readonly language: Language;
  readonly rounds: number;
}

interface Samples {
  readonly bare: number[];
  readonly serving: number[];
}

const name = "saved";
const limitMs = 20_000;

/** Saving a file. */
export const saveRow: Row = {
  name: "save",
  title: "saved file → new generation serving",
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const figures: Figure[] = [];
    for (const language of ["esm", "typescript"] as const) {
      const input: Input = { folder: await bench.ownFolder(), language, rounds: bench.choose(40, 12) };
      const samples = await bench.probe<Samples>("save", input);
      figures.push(
        figureOf({
          what: `50 KB ${language === "esm" ? "ESM" : "TypeScript"}, call answered by the new text`,
          unit: "ms",
          floorName: language === "esm" ? "read + compile + run" : "read + strip types + compile + run",
          floor: samples.bare,
          ours: samples.serving,
          comparison: "difference",
          goal: 25,
        }),
      );
    }
    return figures;
  },
  probes: { save: measureSaves },
};

async function measureSaves({ folder, language, rounds }: Input): Promise<Samples> {
  const extension = join(folder, "extensions", name);
  const file = join(extension, entryOf(language));
  const other = join(folder, `bare-${entryOf(language)}`);
  writeLargeExtension(extension, name, language);
  const host = createExtensionHost({
    extensionFolders: [join(folder, "extensions")],
    points: [greeters],
    watch: true,
  });
  await host.start();
  await host.contributions(greeters).get(name)!.greet("World");
  // The watchers of an active extension's files are made behind its activation.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const samples = await inTurns(
    rounds,
    {
      bare: (round) => runBare(other, largeSource("bare", language, 2 * round + 1), language),
      serving: (round) => answerAfterSave(host, file, language, 2 * round + 2),
    },
    { warmUp: 4 },
  );
  await host.stop();
  return samples;
}

function runBare(file: string, source: string, language: Language): number {
  writeFileSync(file, source);
  const start = performance.now();
  const text = readFileSync(file, "utf8");
  const stripped = language === "typescript" ? stripTypeScriptTypes(text) : text;
  const body = stripped.replaceAll(/^export (?=const|function)/gm, "");
  const load = compileFunction(`${body}\nreturn { activate };`, [], { filename: file });
  const { activate } = (load as () => { readonly activate: (context: object) => void })();
  let greeting = "";
  activate({
    contribute: (_point: string, _id: string, greeter: { greet(name: string): string }) => {
      greeting = greeter.greet("World");
    },
  });
  if (!greeting.endsWith("true")) throw new Error(`The file answered ${greeting}.`);
  return performance.now() - start;
}

async function answerAfterSave(
  host: ExtensionHost,
  file: string,
  language: Language,
  edition: number,
): Promise<number> {
  const source = largeSource(name, language, edition);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const greeter = host.contributions(greeters).get(name)!;
  const changed = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    changed.reject(new Error("The new text did not serve in time."));
  }, limitMs);
  const undo = host.onDidChangeContributions(({ changed: ids }) => {
    if (ids.includes(name)) changed.resolve(undefined);
  });
  const start = performance.now();
  writeFileSync(file, source);
  await changed.promise;
  const greeting = await greeter.greet("World");
  const elapsed = performance.now() - start;
  clearTimeout(timer);
  undo.dispose();
  if (!greeting.includes(`edition ${edition} `)) throw new Error(`The host answered ${greeting}.`);
  return elapsed;
}
