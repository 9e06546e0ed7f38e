/** Guesses what a specifier that leads nowhere was meant to be. Used for advice only. */
import { lookInto } from "../../common/look-at.js";
import { nearest } from "../../common/nearest.js";
import { nodeModule } from "../../common/node-module.js";
import { basename, dirname, join, resolve } from "node:path";
import { decodeText, type SourceFiles } from "./source-files.js";

/** A specifier that may be an alias. @internal */
export interface AliasQuestion {
  readonly specifier: string;
  /** The extension's folder. */
  readonly root: string;
  readonly files: SourceFiles;
}

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

/** What is told of a specifier that may be an alias, which only a compiler or a bundler knows. @internal */
export function suggestAlias({ specifier, root, files }: AliasQuestion): string | undefined {
  const prefix = /^(?:@|~|#)\//.exec(specifier)?.[0] ?? tsconfigAlias(specifier, root, files);
  if (prefix === undefined) return undefined;
  return `"${prefix}" looks like a path alias, and neither tsconfig.json nor a bundler's settings are read. Write a relative path, or map it under "imports" of the extension's package.json, where names start with #: { "#app/*": "./src/*" }`;
}

/** The start of the specifier, if "paths" of the tsconfig.json maps it. */
function tsconfigAlias(specifier: string, root: string, files: SourceFiles): string | undefined {
  const file = join(root, "tsconfig.json");
  if (!files.isFile(file)) return undefined;
  const paths = /"paths"\s*:\s*\{([^}]*)\}/.exec(textOf(file, files))?.[1] ?? "";
  const starts = Array.from(paths.matchAll(/"([^"*]+)\*?"\s*:/g), ([, start = ""]) => start);
  return starts.find((start) => specifier.startsWith(start));
}

function textOf(file: string, files: SourceFiles): string {
  try {
    return decodeText(files.readSource(file).bytes);
  } catch {
    // advice may do without
    return "";
  }
}

function namesIn(folder: string): readonly string[] {
  const names = lookInto(folder).found?.map(({ name }) => name) ?? [];
  return names.filter((name) => /\.(?:[mc]?[jt]s|json)$/.test(name));
}
