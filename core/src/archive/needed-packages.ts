/**
 * Finds the installed packages that an extension needs at run time: the dependencies of its package.json and,
 * in turn, theirs, looked up as Node looks them up. Development dependencies and strays stay behind.
 * Invariant: every package found lies in the extension's own folder.
 */
import { existsSync, lstatSync } from "node:fs";
import { join, posix } from "node:path";
import { readRegularFile } from "../common/read-regular-file.js";
import { archiveError } from "./archive-error.js";

/** Name of the file in which npm keeps what a package needs. @internal */
export const packageFileName = "package.json";

/** Largest package.json that is read. @internal */
export const maximumPackageFileBytes = 4 * 2 ** 20;

/** The host brings these to every extension, and its copy wins. */
const providedByHost: ReadonlySet<string> = new Set([
  "@plugboard/extension-api",
  "inversify",
  "reflect-metadata",
]);

type Names = Readonly<Record<string, unknown>>;

interface PackageFile {
  readonly dependencies: Names;
  readonly optionalDependencies: Names;
  readonly peerDependencies: Names;
}

/**
 * Gives the folders of the packages, as paths below the extension's folder.
 *
 * @throws ExtensionError `ARCHIVE_DEPENDENCY_MISSING`, `ARCHIVE_LINK` for one that is only linked
 * @internal
 */
export function neededPackages(folder: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [""];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const file = readPackageFile(join(folder, place));
    if (file === undefined) continue;
    const required = Object.keys(file.dependencies).filter((name) => !(name in file.optionalDependencies));
    const wanted = [...Object.keys(file.optionalDependencies), ...Object.keys(file.peerDependencies)];
    for (const name of new Set([...required, ...wanted])) {
      if (providedByHost.has(name)) continue;
      const dependency = locate(folder, place, name);
      if (dependency === undefined) {
        if (required.includes(name)) throw missing(name, place);
        continue;
      }
      if (found.has(dependency)) continue;
      found.add(dependency);
      open.push(dependency);
    }
  }
  return found;
}

/** Where Node would find the package from a place, as long as that is in the extension's folder. */
function locate(folder: string, from: string, name: string): string | undefined {
  for (let place = from; ; place = posix.dirname(place) === "." ? "" : posix.dirname(place)) {
    if (posix.basename(place) !== "node_modules") {
      const candidate = posix.join(place, "node_modules", name);
      if (existsSync(join(folder, candidate, "package.json"))) {
        refuseLinked(folder, candidate, name);
        return candidate;
      }
    }
    if (place === "") return undefined;
  }
}

function refuseLinked(folder: string, candidate: string, name: string): void {
  if (!lstatSync(join(folder, candidate)).isSymbolicLink()) return;
  const message = `The package ${name} is only linked into the folder.`;
  throw archiveError("ARCHIVE_LINK", message, { entry: candidate });
}

function missing(name: string, place: string) {
  const user = place === "" ? "package.json" : `${place}/package.json`;
  const message = `The package ${name} that ${user} depends on is not installed in the extension's folder.`;
  return archiveError("ARCHIVE_DEPENDENCY_MISSING", message, { entry: user });
}

function readPackageFile(folder: string): PackageFile | undefined {
  const file = join(folder, packageFileName);
  let value: unknown;
  try {
    value = JSON.parse(readRegularFile(file, maximumPackageFileBytes));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw archiveError("ARCHIVE_UNREADABLE", `${file} can't be read.`, { cause });
  }
  const section = (name: string): Names => {
    const names = isObject(value) ? value[name] : undefined;
    return isObject(names) ? names : {};
  };
  return {
    dependencies: section("dependencies"),
    optionalDependencies: section("optionalDependencies"),
    peerDependencies: section("peerDependencies"),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
