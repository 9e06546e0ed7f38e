/**
 * Imports go downward only, by the table in layers.ts. A violation names the file, what it imports and why
 * it must not.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path/posix";
import { describe, expect, it } from "vitest";
import { readImportGraph, type Import } from "../support/import-graph.ts";
import { inRepository, librarySources, readText } from "../support/repository.ts";
import { drawRooms } from "../support/rooms-picture.ts";
import { layers, providedPackages, restrictedPackages, type Layer } from "./layers.ts";

const pictureBegin = "<!-- Who imports whom: drawn by npm run docs:rooms. -->";
const pictureEnd = "<!-- The end of the picture. -->";
const { imports, cycles } = await readImportGraph();
const isWithin = (file: string, path: string): boolean => file === path || file.startsWith(`${path}/`);
const layerOf = (file: string): Layer | undefined => layers.find(({ path }) => isWithin(file, path));
const say = ({ from, specifier }: Import, reason: string): string =>
  `${from} must not import ${specifier}: ${reason}`;

describe("imports", () => {
  it.each(layers)("$path imports only what stands below it", (layer) => {
    const violations = imports
      .filter(({ from }) => layerOf(from) === layer)
      .filter(({ to, isTypeOnly }) => {
        if (to === "unresolved") return true;
        if ("node" in to) return !layer.usesNode;
        if ("package" in to) return false;
        // A version is a fact about a package, not code of it.
        if (to.file.endsWith("/package.json")) return false;
        const below = layerOf(to.file);
        if (below === undefined) return true;
        const isAllowed =
          layer.imports.includes(below.path) || (isTypeOnly && layer.importsTypesOf.includes(below.path));
        return below !== layer && !isAllowed;
      });
    expect(violations.map((violation) => say(violation, layer.reason))).toEqual([]);
  });

  it.each(restrictedPackages)("$name is imported only where it belongs", (restricted) => {
    const violations = imports.filter(
      ({ from, to, isTypeOnly }) =>
        isWithin(from, "core/src") &&
        to !== "unresolved" &&
        "package" in to &&
        to.package === restricted.name &&
        !restricted.layers.some((path) => isWithin(from, path)) &&
        !(isTypeOnly && restricted.typeLayers.some((path) => isWithin(from, path))),
    );
    expect(violations.map((violation) => say(violation, restricted.reason))).toEqual([]);
  });

  it("every source file of core stands in a layer of the table", () => {
    const strays = librarySources().filter((file) => layerOf(file) === undefined);
    expect(strays.map((file) => `${file} is in no layer of test/architecture/layers.ts`)).toEqual([]);
  });

  it("no file imports itself through others", () => {
    expect(cycles.map((path) => path.join(" → "))).toEqual([]);
  });

  it("are drawn in CONTRIBUTING.md as they are; npm run docs:rooms draws them anew", async () => {
    const page = readText("CONTRIBUTING.md");
    const [start, stop] = [page.indexOf(pictureBegin), page.indexOf(pictureEnd)];
    expect(start).toBeGreaterThan(-1);
    expect(stop).toBeGreaterThan(start);
    const picture = drawRooms(
      layers.map(({ path }) => path),
      imports,
    );
    await expect(
      `${page.slice(0, start + pictureBegin.length)}\n\n${picture}\n\n${page.slice(stop)}`,
    ).toMatchFileSnapshot("../../CONTRIBUTING.md");
  });

  it("go from layer to layer in the order that core/README.md tells", () => {
    const [, table = ""] =
      /\| layer, top first .*\n\| -.*\n((?:\|.*\n)+)/.exec(readText("core/README.md")) ?? [];
    const told = table.split("\n").flatMap((row) => (row.split("|")[1] ?? "").match(/[a-z-]+/g) ?? []);
    const folders = layers.flatMap(({ path }) => /^core\/src\/([a-z-]+)$/.exec(path)?.[1] ?? []);
    expect(told).toEqual(folders.reverse());
  });

  it("a package imports only packages that its package.json brings to a user", () => {
    const violations = imports.filter(({ from, to }) => {
      if (!/^(?:extensions|[a-z-]+\/src)\//.test(from) || to === "unresolved" || !("package" in to))
        return false;
      if (from.startsWith("extensions/") && providedPackages.includes(to.package)) return false;
      return !broughtPackages(from).includes(to.package);
    });
    expect(violations.map((violation) => say(violation, "it stands under no dependencies there"))).toEqual(
      [],
    );
  });

  it("an extension imports the extension API, its own files and its own packages", () => {
    const violations = imports.filter(({ from, to }) => {
      const [folder] = /^extensions\/[^/]+/.exec(from) ?? [];
      if (folder === undefined || to === "unresolved" || !("file" in to)) return false;
      return !isWithin(to.file, folder) && !isWithin(to.file, "extension-api/src");
    });
    const reason = "what a bundled extension needs, anyone's can have";
    expect(violations.map((violation) => say(violation, reason))).toEqual([]);
  });

  it("only unit and architecture tests, benchmarks and what holds parts against Go import sources by path", () => {
    const violations = imports.filter(
      ({ from, specifier, to }) =>
        from.startsWith("test/") &&
        !/^test\/(?:unit|architecture|benchmark|go)\//.test(from) &&
        specifier.startsWith(".") &&
        to !== "unresolved" &&
        "file" in to &&
        !/^(?:test|core\/scripts)\//.test(to.file),
    );
    const reason = "a promise to users is tested through the package's name";
    expect(violations.map((violation) => say(violation, reason))).toEqual([]);
  });
});

/** Names under the dependencies of the nearest package.json, development ones left out. */
function broughtPackages(file: string): string[] {
  let folder = dirname(file);
  while (!existsSync(inRepository(folder, "package.json"))) folder = dirname(folder);
  const manifest = JSON.parse(readFileSync(inRepository(folder, "package.json"), "utf8")) as Partial<
    Record<string, Record<string, string>>
  >;
  const brought = ["dependencies", "peerDependencies", "optionalDependencies"];
  // What is bundled brings its packages within itself; the test of the archives sees to it that it names no other.
  const sections = folder === "core" ? [...brought, "devDependencies"] : brought;
  return sections.flatMap((section) => Object.keys(manifest[section] ?? {}));
}
