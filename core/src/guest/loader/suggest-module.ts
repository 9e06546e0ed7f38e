/** Guesses what a specifier that leads nowhere was meant to be. Used for advice only. */
import { readdirSync } from "node:fs";
import { nodeModule } from "../../common/node-module.js";
import { basename, dirname, resolve } from "node:path";
import type { SourceFiles } from "./source-files.js";

/** A specifier that leads nowhere. @internal */
export interface MissedModule {
  readonly specifier: string;
  readonly from: string;
  readonly files: SourceFiles;
}

const endings = [".js", ".ts", ".mjs", ".mts", ".cjs", ".cts", ".json", "/index.js", "/index.ts"];

/** A sentence that names the likely intent, or undefined. @internal */
export function suggestModule({ specifier, from, files }: MissedModule): string | undefined {
  if (!specifier.startsWith(".")) {
    const nearest = nearestName(
      specifier,
      nodeModule().builtinModules.filter((name) => !name.startsWith("_")),
    );
    const beside = files.isFile(resolve(dirname(from), specifier));
    if (beside) return `Did you mean "./${specifier}"?`;
    return nearest === undefined ? undefined : `Did you mean "node:${nearest}"?`;
  }
  const path = resolve(dirname(from), specifier);
  const ending = endings.find((candidate) => files.isFile(path + candidate));
  if (ending !== undefined) return `Did you mean "${specifier}${ending}"?`;
  const nearest = nearestName(basename(path), namesIn(dirname(path)));
  if (nearest === undefined) return undefined;
  return `Did you mean "${specifier.slice(0, specifier.length - basename(path).length)}${nearest}"?`;
}

/** The name that differs in a third of its letters at most; letter case counts little. */
function nearestName(wanted: string, names: readonly string[]): string | undefined {
  const stem = (name: string): string => name.replace(/\.[mc]?[jt]s$/, "").toLowerCase();
  const limit = Math.max(Math.floor(stem(wanted).length / 3), 1);
  return names
    .map((name) => ({ name, distance: editDistance(stem(wanted), stem(name)) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance)[0]?.name;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(?:[mc]?[jt]s|json)$/.test(name));
  } catch {
    return [];
  }
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
