/** Guesses what a specifier that leads nowhere was meant to be. Used for advice only. */
import { lookInto } from "../../common/look-at.js";
import { nearest } from "../../common/nearest.js";
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
    const builtin = nearest(
      specifier,
      nodeModule().builtinModules.filter((name) => !name.startsWith("_")),
    );
    const beside = files.isFile(resolve(dirname(from), specifier));
    if (beside) return `Did you mean "./${specifier}"?`;
    return builtin === undefined ? undefined : `Did you mean "node:${builtin}"?`;
  }
  const path = resolve(dirname(from), specifier);
  const ending = endings.find((candidate) => files.isFile(path + candidate));
  if (ending !== undefined) return `Did you mean "${specifier}${ending}"?`;
  const name = nearest(basename(path), namesIn(dirname(path)));
  if (name === undefined) return undefined;
  return `Did you mean "${specifier.slice(0, specifier.length - basename(path).length)}${name}"?`;
}

function namesIn(folder: string): readonly string[] {
  const names = lookInto(folder).found?.map(({ name }) => name) ?? [];
  return names.filter((name) => /\.(?:[mc]?[jt]s|json)$/.test(name));
}
