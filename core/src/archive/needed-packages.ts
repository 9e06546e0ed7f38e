/**
 * Finds the installed packages that an extension needs at run time, looked up as Node looks them up: the dependencies of
 * each package.json in its folder and, in turn, theirs. Development dependencies and strays stay behind.
 * Invariant: every package found lies in the extension's own folder.
 */
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { isRecord } from "../common/is-record.js";
import { readRegularFile } from "../common/read-regular-file.js";
import { archiveError } from "./archive-error.js";

/** Name of the file in which npm keeps what a package needs. @internal */
export const packageFileName = "package.json";

/** Largest package.json that is read. @internal */
export const maximumPackageFileBytes = 4 * 2 ** 20;

/** Rules beside the packages themselves. @internal */
export interface PackageRules {
  /** Whether a path below the folder stays behind; that of a folder ends with a slash. */
  ignores(this: void, path: string): boolean;
  /** Whether the author says of a package's folder that the extension does without. */
  doesWithout(this: void, path: string): boolean;
}

/** The host brings these to every extension, and its copy wins. */
const providedByHost: ReadonlySet<string> = new Set([
  "@plugboard/extension-api",
  "inversify",
  "reflect-metadata",
]);

const modulesName = "node_modules";

type Names = Readonly<Record<string, unknown>>;

interface PackageFile {
  readonly dependencies: Names;
  readonly optionalDependencies: Names;
  readonly peerDependencies: Names;
  /** Whether it says anything of dependencies, be it that there are none. */
  readonly namesDependencies: boolean;
}

/**
 * Gives the folders of the packages, as paths below the extension's folder.
 *
 * @throws ExtensionError `ARCHIVE_DEPENDENCY_MISSING`, `ARCHIVE_LINKED_PACKAGE` for one that is only linked
 * @internal
 */
export function neededPackages(folder: string, rules: PackageRules): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [""];
  const add = (dependency: string, name: string): void => {
    if (found.has(dependency) || rules.ignores(`${dependency}/`)) return;
    refuseLinked(folder, dependency, name);
    found.add(dependency);
    open.push(dependency);
  };
  for (let root = open.pop(); root !== undefined; root = open.pop()) {
    for (const { place, hasModules } of placesIn(folder, root, rules)) {
      const file = place === root ? readPackageFile(join(folder, place)) : readIfSound(join(folder, place));
      // A package's own file tells of its packages; another in the middle, such as a bare "type", only if it says so.
      if (file !== undefined && (place === root || file.namesDependencies))
        addNamed({ folder, root, place, file, rules, add });
      else if (hasModules) addAll(folder, posix.join(place, modulesName), add);
    }
  }
  return found;
}

/** Somewhere that packages are looked up from. */
interface Place {
  readonly place: string;
  /** Whether packages lie in it. */
  readonly hasModules: boolean;
}

/** The folders below a package's own that hold a package.json or packages, itself first. */
function placesIn(folder: string, root: string, rules: PackageRules): readonly Place[] {
  const places: Place[] = [];
  const open = [root];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const children = childrenOf(join(folder, place));
    const hasModules = children.some((child) => child.name === modulesName);
    const hasFile = children.some((child) => child.name === packageFileName);
    if (hasModules || hasFile) places.push({ place, hasModules });
    for (const child of children) {
      const path = posix.join(place, child.name);
      if (child.isDirectory() && child.name !== modulesName && !rules.ignores(`${path}/`)) open.push(path);
    }
  }
  return places;
}

/** What a package.json names, as far as it is installed; what it can't do without has to be. */
function addNamed({
  folder,
  root,
  place,
  file,
  rules,
  add,
}: {
  readonly folder: string;
  readonly root: string;
  readonly place: string;
  readonly file: PackageFile;
  readonly rules: PackageRules;
  readonly add: (dependency: string, name: string) => void;
}): void {
  const required = Object.keys(file.dependencies).filter((name) => !(name in file.optionalDependencies));
  const wanted = [...Object.keys(file.optionalDependencies), ...Object.keys(file.peerDependencies)];
  for (const name of new Set([...required, ...wanted])) {
    if (providedByHost.has(name)) continue;
    const all = candidatesFor(place, name);
    // What is published can count on nothing around it that its own package.json does not name; fixtures and the like do.
    const candidates =
      place === root || root === "" ? all : all.filter((path) => path.startsWith(`${root}/`));
    if (candidates.some((candidate) => rules.doesWithout(candidate))) continue;
    const dependency = candidates.find((candidate) => existsSync(join(folder, candidate, packageFileName)));
    const isLeftBehind = dependency !== undefined && rules.ignores(`${dependency}/`);
    if (dependency !== undefined && !isLeftBehind) add(dependency, name);
    else if (place === root && required.includes(name)) throw missing(name, place, isLeftBehind);
  }
}

/** Nothing says which of them are needed. */
function addAll(folder: string, modules: string, add: (dependency: string, name: string) => void): void {
  for (const { name } of childrenOf(join(folder, modules))) {
    if (name.startsWith(".")) continue;
    const names = name.startsWith("@")
      ? childrenOf(join(folder, modules, name)).map((child) => `${name}/${child.name}`)
      : [name];
    for (const each of names) if (!providedByHost.has(each)) add(posix.join(modules, each), each);
  }
}

/** Where Node looks for a package from a place, as long as that is in the extension's folder. */
function candidatesFor(from: string, name: string): readonly string[] {
  const candidates: string[] = [];
  for (let place = from; ; place = posix.dirname(place) === "." ? "" : posix.dirname(place)) {
    if (posix.basename(place) !== modulesName) candidates.push(posix.join(place, modulesName, name));
    if (place === "") return candidates;
  }
}

/** A link on the way to it counts as well: of a scope, or of all packages. */
function refuseLinked(folder: string, candidate: string, name: string): void {
  const start = candidate.lastIndexOf(`${modulesName}/`);
  const ways = [start + modulesName.length];
  for (let slash = ways[0] ?? 0; slash !== -1; slash = candidate.indexOf("/", slash + 1)) ways.push(slash);
  for (const way of [...ways.map((end) => candidate.slice(0, end)), candidate]) {
    if (!lstatSync(join(folder, way)).isSymbolicLink()) continue;
    const message = `The package ${name} is only linked into the folder, by ${way}.`;
    throw archiveError("ARCHIVE_LINKED_PACKAGE", message, { entry: candidate });
  }
}

function missing(name: string, place: string, isLeftBehind: boolean) {
  const user = place === "" ? packageFileName : `${place}/${packageFileName}`;
  const why = isLeftBehind
    ? `is left behind by a pattern of .plugboardignore; if the extension does without it, name ${modulesName}/${name} there`
    : "is not installed in the extension's folder";
  const message = `The package ${name} that ${user} depends on ${why}.`;
  return archiveError("ARCHIVE_DEPENDENCY_MISSING", message, { entry: user });
}

function childrenOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // A file among the packages is one by itself.
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw archiveError("ARCHIVE_UNREADABLE", `${folder} can't be read.`, { cause });
  }
}

/** A template or a fixture in the middle of a package need not be sound. */
function readIfSound(folder: string): PackageFile | undefined {
  try {
    return readPackageFile(folder);
  } catch {
    return undefined;
  }
}

function readPackageFile(folder: string): PackageFile | undefined {
  const file = join(folder, packageFileName);
  let value: unknown;
  try {
    value = JSON.parse(readRegularFile(file, maximumPackageFileBytes));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw archiveError("ARCHIVE_UNREADABLE", `${file} can't be read.`, { cause });
  }
  const section = (name: string): Names | undefined => {
    const names = isRecord(value) ? value[name] : undefined;
    return isRecord(names) ? names : undefined;
  };
  const [dependencies, optionalDependencies, peerDependencies, devDependencies] = [
    "dependencies",
    "optionalDependencies",
    "peerDependencies",
    "devDependencies",
  ].map(section);
  return {
    dependencies: dependencies ?? {},
    optionalDependencies: optionalDependencies ?? {},
    peerDependencies: peerDependencies ?? {},
    namesDependencies:
      (dependencies ?? optionalDependencies ?? peerDependencies ?? devDependencies) !== undefined,
  };
}
