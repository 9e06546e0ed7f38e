/**
 * Finds what a child has to be able to read beside the extension: the host's own files, the packages they import,
 * and what the application gives to extensions; nothing of the application else.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { ownFolder } from "../../common/own-files.js";

/** The packages that a guest imports; all else is within its program. */
const guestPackages = ["@plugboard/extension-api", "inversify", "reflect-metadata"];

/** Paths of files and folders. @param more - files of the application's packages @internal */
export function readablePackages(more: readonly string[]): readonly string[] {
  const core = realpathSync(ownFolder());
  const paths = new Set([join(core, "bundle"), join(core, "package.json")]);
  const seen = new Set<string>();
  for (const name of guestPackages) addPackage(name, core, paths, seen);
  for (const file of more) addFile(file, paths, seen);
  return [...paths];
}

/**
 * A package by name, as seen from a folder, with those that it depends on. Where Node looks for it in vain has to be
 * readable as well: it takes what it may not look at for an error, not for nothing.
 */
function addPackage(name: string, from: string, paths: Set<string>, seen: Set<string>): void {
  const candidates: string[] = [];
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name);
    if (existsSync(path)) {
      for (const each of candidates) paths.add(each);
      paths.add(path);
      addFolder(realpathSync(path), paths, seen);
      return;
    }
    // not there, so that it stands for itself only
    candidates.push(path, join(path, "package.json"));
    if (folder === dirname(folder)) return;
  }
}

function addFolder(folder: string, paths: Set<string>, seen: Set<string>): void {
  if (seen.has(folder)) return;
  seen.add(folder);
  paths.add(folder);
  for (const name of dependenciesOf(folder)) addPackage(name, folder, paths, seen);
}

/** A file of a package stands for the package; a file of the application itself only for its own folder. */
function addFile(file: string, paths: Set<string>, seen: Set<string>): void {
  const real = realpathSync(file);
  const installed = packageFolder(real);
  if (installed === undefined) paths.add(dirname(real));
  else addFolder(installed, paths, seen);
  paths.add(file);
}

function packageFolder(file: string): string | undefined {
  const marker = `${sep}node_modules${sep}`;
  const start = file.lastIndexOf(marker);
  if (start === -1) return undefined;
  const [first = "", second = ""] = file.slice(start + marker.length).split(sep);
  return file.slice(0, start + marker.length) + (first.startsWith("@") ? join(first, second) : first);
}

function dependenciesOf(folder: string): readonly string[] {
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      readonly dependencies?: Readonly<Record<string, string>>;
      readonly peerDependencies?: Readonly<Record<string, string>>;
    };
  } catch {
    // a folder that is no package depends on none
    return [];
  }
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
}
