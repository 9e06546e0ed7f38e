/** Gives the two ways to write dependencies one form. */
import type { ExtensionManifest } from "@plugboard/schemas";

/**
 * Ids that the extension depends on, in the order of the manifest, with the range of versions that fits;
 * `*` where the manifest only lists ids.
 *
 * @internal
 */
export function dependencyRanges(
  manifest: Pick<ExtensionManifest, "extensionDependencies">,
): ReadonlyMap<string, string> {
  return ranges(manifest.extensionDependencies);
}

/** The same for the extensions that it only uses when they are there. @internal */
export function optionalDependencyRanges(
  manifest: Pick<ExtensionManifest, "optionalExtensionDependencies">,
): ReadonlyMap<string, string> {
  return ranges(manifest.optionalExtensionDependencies);
}

const none: ReadonlyMap<string, string> = new Map();

function ranges(dependencies: ExtensionManifest["extensionDependencies"]): ReadonlyMap<string, string> {
  if (dependencies === undefined) return none;
  if (isList(dependencies)) return new Map(dependencies.map((id) => [id, "*"]));
  return new Map(Object.entries(dependencies));
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}
