/**
 * What a folder or an archive says of an extension before it is installed: who it is, what it needs, who signed it.
 * Runs nothing. Whether all of the manifest is in order is found later.
 */
import { join } from "node:path";
import { contentOf, type ContentOptions, type ExtensionContent } from "../archive/extension-content.js";
import { identityOf, manifestTextIn, type ExtensionIdentity } from "../archive/extension-identity.js";
import { maximumPackageFileBytes, packageFileName } from "../archive/needed-packages.js";
import { isFolder } from "../common/look-at.js";
import { readRegularFile } from "../common/read-regular-file.js";
import { dependencyRanges } from "../manifest/dependency-ranges.js";
import { readJson5 } from "../manifest/read-json5.js";
import { asObject, objectIn } from "../source/source-record.js";

/** The facts about an extension. @internal */
export interface ExtensionFacts extends ExtensionIdentity {
  /** Ranges of the extensions that it depends on, by id. */
  readonly needs: ReadonlyMap<string, string>;
  /** Names of npm's packages by id, where its package.json gives them. */
  readonly packages: ReadonlyMap<string, string>;
  /** Its files; only an archive is read whole. */
  readonly content?: ExtensionContent | undefined;
}

/**
 * Looks at a folder or an archive.
 *
 * @throws ExtensionError with an `ARCHIVE_*` or a `MANIFEST_*` code
 * @internal
 */
export async function factsOf(path: string, options: ContentOptions = {}): Promise<ExtensionFacts> {
  if (isFolder(path)) return factsInFolder(path);
  const content = await contentOf(path, options);
  return { ...factsIn(content.manifest, content.packageFile), content };
}

/** The same of a folder. @internal */
export function factsInFolder(folder: string): ExtensionFacts {
  return factsIn(manifestTextIn(folder), packageFileIn(folder));
}

function factsIn(manifest: string, packageFile: string | undefined): ExtensionFacts {
  const { extensionDependencies } = asObject(readJson5(manifest).value) ?? {};
  const named = asObject(asObject(objectIn(packageFile ?? "")?.["plugboard"])?.["packages"]) ?? {};
  return {
    ...identityOf(manifest),
    needs: stringsIn(dependencyRanges({ extensionDependencies: wellFormed(extensionDependencies) })),
    packages: stringsIn(Object.entries(named)),
  };
}

/** What has another form is left to whoever validates the manifest. */
function wellFormed(value: unknown): readonly string[] | Readonly<Record<string, string>> {
  if (Array.isArray(value)) return value.filter((id) => typeof id === "string");
  return Object.fromEntries(stringsIn(Object.entries(asObject(value) ?? {})));
}

function stringsIn(entries: Iterable<readonly [string, unknown]>): ReadonlyMap<string, string> {
  return new Map([...entries].filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function packageFileIn(folder: string): string | undefined {
  try {
    return readRegularFile(join(folder, packageFileName), maximumPackageFileBytes);
  } catch {
    // Whether it needs one is found when its packages are looked for.
    return undefined;
  }
}
