/** The dependencies of a description: which other extensions it asks for. Pure. */
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import { dependencyRanges, optionalDependencyRanges } from "../../manifest/dependency-ranges.js";

const nothing: readonly string[] = [];

/** The ids without which the extension can't run. @internal */
export function requiredIds(description: ExtensionDescription): readonly string[] {
  const outline = outlineOf(description);
  // Asked of every extension at start, most of which need none.
  return outline.extensionDependencies === undefined ? nothing : [...dependencyRanges(outline).keys()];
}

/** The ids of the extensions that it needs or could use. @internal */
export function usedIds(description: ExtensionDescription): readonly string[] {
  if (!hasDependencies(description)) return nothing;
  const outline = outlineOf(description);
  return [...dependencyRanges(outline).keys(), ...optionalDependencyRanges(outline).keys()];
}

/** Whether it needs other extensions, or could use some. @internal */
export function hasDependencies(description: ExtensionDescription): boolean {
  const { extensionDependencies, optionalExtensionDependencies } = outlineOf(description);
  return extensionDependencies !== undefined || optionalExtensionDependencies !== undefined;
}
