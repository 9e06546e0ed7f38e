/**
 * Where a new extension gets its packages from: from npm in this program's own version, or, if the program runs from a
 * checkout, from there, as npm need not know that version yet. Only looks; installs nothing.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { inCore } from "../core-folder.js";

/** Where the packages of a new extension come from. @internal */
export interface PackageSources {
  /**
   * `found`: they lie in a folder above, so that nothing needs to be installed. `checkout`: npm takes them from a path.
   * `published`: npm gets them where it gets packages.
   */
  readonly kind: "found" | "checkout" | "published";
  /** The `node_modules` in which they are, or will be, seen from the extension's folder. */
  readonly modules: string;
  /** The range of versions of the host that the extension is for. */
  readonly engine: string;
  /** What to write behind each name, given what the template asks for. */
  specifiers(wanted: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
}

/** The parts of core's package.json that are read here. */
interface OwnPackage {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const ownName = "@plugboard/core";

/** Looks where the packages of an extension in this folder would come from. @internal */
export function findPackages(folder: string, wanted: readonly string[]): PackageSources {
  const own = JSON.parse(readFileSync(inCore("package.json"), "utf8")) as OwnPackage;
  const versions: Readonly<Record<string, string>> = {
    ...own.dependencies,
    ...own.peerDependencies,
    [ownName]: own.version,
  };
  const ranges = (names: Readonly<Record<string, string>>) =>
    mapValues(names, (range, name) =>
      name.startsWith("@plugboard/") ? `^${versions[name] ?? own.version}` : range,
    );
  const engine = `^${versions["@plugboard/extension-api"] ?? own.version}`;
  const found = modulesAbove(folder, wanted);
  if (found !== undefined) {
    return { kind: "found", modules: slashed(relative(folder, found)), engine, specifiers: ranges };
  }
  const checkout = checkoutModules();
  if (checkout === undefined) {
    return { kind: "published", modules: "./node_modules", engine, specifiers: ranges };
  }
  return {
    kind: "checkout",
    modules: "./node_modules",
    engine,
    specifiers: (names) => {
      // The Node that the checkout brings for machines whose own is too old.
      const all = { ...names, ...Object.fromEntries(nodePackages(checkout).map((name) => [name, "*"])) };
      return mapValues(ranges(all), (range, name) => {
        const place = join(checkout, name);
        return existsSync(place) ? `file:${slashed(realpathSync(place))}` : range;
      });
    },
  };
}

/** The nearest `node_modules` above that holds all of them, this very program among them. */
function modulesAbove(folder: string, wanted: readonly string[]): string | undefined {
  for (let above = dirname(folder); ; above = dirname(above)) {
    const modules = join(above, "node_modules");
    if (wanted.every((name) => existsSync(join(modules, name))) && isOwn(join(modules, ownName))) {
      return modules;
    }
    if (above === dirname(above)) return undefined;
  }
}

function isOwn(folder: string): boolean {
  return realpathSync(folder) === realpathSync(inCore());
}

/** The `node_modules` of the checkout that this program runs from; undefined if it was installed. */
function checkoutModules(): string | undefined {
  const own = realpathSync(inCore());
  const modules = join(dirname(own), "node_modules");
  const isInstalled = own.split(sep).includes("node_modules");
  return !isInstalled && existsSync(join(modules, ownName)) ? modules : undefined;
}

function nodePackages(modules: string): readonly string[] {
  return readdirSync(modules).filter((name) => /^node-(?:linux|darwin|win)-/.test(name));
}

function mapValues(
  record: Readonly<Record<string, string>>,
  map: (value: string, key: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}
