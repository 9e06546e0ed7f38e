/** Collects the licences of what others wrote and a bundle holds: they ask to be told wherever their code goes. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * One text with the licence of each package that a module is of, and of those it depends on: their code may be within
 * its own.
 *
 * @throws Error for a package that has none
 */
export function thirdPartyLicenses(modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((module) => packageFolder(module) ?? []));
  for (const folder of folders)
    for (const name of Object.keys(packageIn(folder).dependencies ?? {}))
      folders.add(installed(name, folder));
  const parts = [...folders].map(licenseIn).sort((one, other) => one.title.localeCompare(other.title, "en"));
  // A package may be installed twice.
  const unique = new Map(parts.map((part) => [part.title, part.text]));
  return [
    "The files in this folder hold code of the packages named below, under the licence that stands with each.\n",
    ...Array.from(unique, ([title, text]) => `${"-".repeat(80)}\n${title}\n\n${text.trim()}\n`),
  ].join("\n");
}

function packageFolder(module: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module)?.[0];
}

/** The folder of a package as another sees it. */
function installed(name: string, from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(found)) return found;
  }
  throw new Error(`${name}, which ${from} depends on, is not installed`);
}

function packageIn(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageFile;
}

function licenseIn(folder: string): { readonly title: string; readonly text: string } {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as PackageFile;
  const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
  if (file === undefined)
    throw new Error(`${name} ${version} (${license ?? "no licence"}) ships no licence to tell`);
  return {
    title: `${name} ${version} (${license ?? "see below"})`,
    text: readFileSync(join(folder, file), "utf8"),
  };
}
