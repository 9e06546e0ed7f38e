/** What an install brings is what the page says, and what is bundled needs nothing else. */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inRepository, readText } from "../support/repository.ts";

type Packages = Readonly<Record<string, string>>;

interface LockedPackage {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Packages;
  readonly optionalDependencies?: Packages;
  readonly peerDependencies?: Packages;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const locked = (JSON.parse(readText("package-lock.json")) as { packages: Record<string, LockedPackage> })
  .packages;

describe("dependencies", () => {
  it("are those that the page lists", () => {
    const rows = readText("core/docs/dependencies.md").matchAll(/^\| (@?[a-z][^ ]*) +\|/gm);
    const listed = Array.from(rows, ([, name = ""]) => name).filter((name) => name !== "package");
    const brought = [...broughtBy("node_modules/@plugboard/core")].map(
      // Which of them is installed depends on the machine.
      (name) => name.replace(/^(@oxc-transform\/binding-).*/, "$1…"),
    );
    expect([...new Set(brought)].sort()).toEqual(listed.toSorted());
  });

  it("are all that the bundles import", () => {
    const strays = ["core", "extension-api"].flatMap((name) => {
      const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
        readText(`${name}/package.json`),
      ) as LockedPackage;
      const known = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
      return (
        importsIn(inRepository(name, "bundle"))
          .filter((specifier) => !specifier.startsWith("node:") && !builtinModules.includes(specifier))
          // What ajv would write into a validator for a file of its own; none is written at run time.
          .filter((specifier) => !specifier.startsWith("ajv/dist/runtime/"))
          .filter(
            (specifier) => !known.some((each) => specifier === each || specifier.startsWith(`${each}/`)),
          )
          .map((specifier) => `${name} imports ${specifier}`)
      );
    });
    expect(strays).toEqual([]);
  });
});

/** Names of the packages that come with the one at the path of the lockfile. */
function broughtBy(path: string, found = new Set<string>()): Set<string> {
  const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  if (found.has(name)) return found;
  found.add(name);
  const entry = locked[path]!;
  const place = entry.link === true ? entry.resolved! : path;
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = locked[place]!;
  const peers = Object.keys(peerDependencies ?? {}).filter(
    (peer) => peerDependenciesMeta?.[peer]?.optional !== true,
  );
  for (const needed of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
    const at = [`${place}/node_modules/${needed}`, `node_modules/${needed}`].find((each) => each in locked);
    if (at !== undefined) broughtBy(at, found);
  }
  return found;
}

/** What the JavaScript in a folder imports that is no file of its own. */
function importsIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.c?js$/.test(file),
  );
  const imported = files.flatMap((file) =>
    Array.from(
      readFileSync(join(folder, file), "utf8").matchAll(
        /^(?:import|export) [^"\n]*"([^"\n.][^"\n]*)";$|\b(?:require|import)\("([^".\n][^"\n]*)"\)/gm,
      ),
      ([, one, other]) => one ?? other ?? "",
    ),
  );
  return [...new Set(imported)];
}
