/**
 * Who imports whom in the repository, as dependency-cruiser resolves it, types included. Built files are
 * named by their sources, so that an import by package name and one by path end at the same place.
 */
import { existsSync } from "node:fs";
import { cruise } from "dependency-cruiser";
import { inRepository, repositoryRoot } from "./repository.ts";

/** One import statement. */
export interface Import {
  /** The importing file, from the top of the repository. */
  readonly from: string;
  /** What the statement says. */
  readonly specifier: string;
  /** A file of ours, a package, or a Node module. */
  readonly to:
    { readonly file: string } | { readonly package: string } | { readonly node: string } | "unresolved";
  /** Whether only types are imported. */
  readonly isTypeOnly: boolean;
}

/** The imports of the repository. */
export interface ImportGraph {
  readonly imports: readonly Import[];
  /** Each cycle as a path of files. */
  readonly cycles: readonly (readonly string[])[];
}

export async function readImportGraph(): Promise<ImportGraph> {
  const folders = ["schemas/src", "extension-api/src", "core/src", "extensions", "test"];
  const { output } = await cruise(
    folders.filter((folder) => existsSync(inRepository(folder))),
    {
      baseDir: repositoryRoot,
      validate: true,
      tsPreCompilationDeps: true,
      exclude: { path: "^test/fixtures/" },
      doNotFollow: { path: "(^|/)(node_modules|dist)/" },
      enhancedResolveOptions: {
        exportsFields: ["exports"],
        conditionNames: ["import", "types", "default"],
      },
      ruleSet: { forbidden: [{ name: "cycle", severity: "error", from: {}, to: { circular: true } }] },
    },
  );
  if (typeof output === "string") throw new TypeError("dependency-cruiser answered with text");
  const ours = output.modules.filter(({ source }) => !/(^|\/)(?:node_modules|dist)\//.test(source));
  return {
    imports: ours.flatMap(({ source, dependencies }) =>
      dependencies.map((dependency): Import => {
        const types: readonly string[] = dependency.dependencyTypes;
        return {
          from: source,
          specifier: dependency.module,
          to: dependency.couldNotResolve ? "unresolved" : target(dependency.resolved, types),
          isTypeOnly: types.includes("type-only"),
        };
      }),
    ),
    cycles: output.summary.violations.flatMap(({ from, cycle }) =>
      cycle === undefined ? [] : [[from, ...cycle.map(({ name }) => name)]],
    ),
  };
}

function target(resolved: string, types: readonly string[]): Import["to"] {
  if (types.includes("core")) return { node: resolved };
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(resolved) ?? [];
  if (name !== undefined) return { package: name.replace(/^@types\//, "") };
  return {
    file: resolved.replace(/^([^/]+|extensions\/[^/]+)\/dist\//, "$1/src/").replace(/\.d\.ts$|\.js$/, ".ts"),
  };
}
