/**
 * Reads the `exports` and `imports` maps of a package.json. Pure: knows no files.
 * The order of keys decides, as in Node; a pattern with the longer start wins over a shorter one.
 */
import { isRecord } from "../../common/is-record.js";

/** Where a map leads: a target, nothing because the path is closed by `null`, or nothing at all. @internal */
export type PackageTarget = string | undefined;

/** Finds the target of a subpath such as `.` or `./feature`. @internal */
export function exportsTarget(
  exports: unknown,
  subpath: string,
  conditions: ReadonlySet<string>,
): PackageTarget {
  return findTarget(exportsMap(exports), subpath, conditions);
}

/** Finds the target of a specifier that starts with `#`. @internal */
export function importsTarget(
  imports: unknown,
  specifier: string,
  conditions: ReadonlySet<string>,
): PackageTarget {
  return isRecord(imports) ? findTarget(imports, specifier, conditions) : undefined;
}

/** The subpaths that a package names, for advice. @internal */
export function exportedSubpaths(exports: unknown): readonly string[] {
  return Object.keys(exportsMap(exports));
}

type TargetMap = Readonly<Record<string, unknown>>;

function exportsMap(exports: unknown): TargetMap {
  const isSubpathMap = isRecord(exports) && Object.keys(exports).some((key) => key.startsWith("."));
  return isSubpathMap ? exports : { ".": exports };
}

function findTarget(map: TargetMap, key: string, conditions: ReadonlySet<string>): PackageTarget {
  if (Object.hasOwn(map, key) && !key.includes("*")) return chooseTarget(map[key], conditions) ?? undefined;
  const pattern = Object.keys(map)
    .filter((candidate) => matchOf(candidate, key) !== undefined)
    .toSorted((a, b) => b.indexOf("*") - a.indexOf("*") || b.length - a.length)[0];
  if (pattern === undefined) return undefined;
  const target = chooseTarget(map[pattern], conditions) ?? undefined;
  return target?.replaceAll("*", () => matchOf(pattern, key) ?? "");
}

/** What the star of the pattern stands for in the key. */
function matchOf(pattern: string, key: string): string | undefined {
  const [start, end, ...more] = pattern.split("*");
  if (start === undefined || end === undefined || more.length > 0) return undefined;
  const isMatch = key.startsWith(start) && key.endsWith(end) && key.length >= pattern.length;
  return isMatch ? key.slice(start.length, key.length - end.length) : undefined;
}

/** null closes the path: no later condition may open it again. */
function chooseTarget(target: unknown, conditions: ReadonlySet<string>): string | null | undefined {
  if (typeof target === "string") return target;
  if (target === null) return null;
  if (Array.isArray(target)) {
    for (const choice of target as readonly unknown[]) {
      const found = chooseTarget(choice, conditions);
      if (typeof found === "string") return found;
    }
    return undefined;
  }
  if (!isRecord(target)) return undefined;
  for (const [condition, choice] of Object.entries(target)) {
    if (condition !== "default" && !conditions.has(condition)) continue;
    const found = chooseTarget(choice, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}
