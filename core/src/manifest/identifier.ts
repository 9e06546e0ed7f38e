/**
 * The form of ids and versions, for manifests and whatever names extensions: archives, indexes, registries. The same
 * patterns stand in plugin.schema.json; a test holds them together.
 */
import { isVersion } from "./versions.js";

/** Name of the manifest in every extension's folder. @internal */
export const manifestName = "plugin.json5";

/** Form of the ids of extensions, points and contributions. @internal */
export const identifierPattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** Longest id of an extension. @internal */
export const maximumExtensionIdLength = 128;

/** The form in words, a clause without its subject. @internal */
export const identifierWording =
  "has to consist of lower-case letters and digits, with single dots, hyphens or underscores between them";

/** Tells whether a value can be the id of an extension. @internal */
export function isExtensionId(value: unknown): value is string {
  return (
    typeof value === "string" && value.length <= maximumExtensionIdLength && identifierPattern.test(value)
  );
}

/** Tells whether a value can be the version of an extension: a semantic version, written as itself. @internal */
export function isExtensionVersion(value: unknown): value is string {
  return typeof value === "string" && isVersion(value);
}

/** Tells whether a value can be the id of a contribution or a contribution point. @internal */
export function isContributionId(value: unknown): value is string {
  return typeof value === "string" && identifierPattern.test(value);
}
