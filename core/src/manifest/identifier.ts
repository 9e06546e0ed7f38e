/**
 * The form of ids and versions, for manifests and whatever names extensions: archives, indexes, registries. The same
 * patterns stand in plugin.schema.json; a test holds them together.
 */
import validVersion from "semver/functions/valid.js";

/** Name of the manifest in every extension's folder. @internal */
export const manifestName = "plugin.json5";

/** Form of the ids of extensions, points and contributions. @internal */
export const identifierPattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** Longest id of an extension. @internal */
export const maximumExtensionIdLength = 128;

/** Three numbers and nothing else. @internal */
export const simpleVersion = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;

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
  // Most are three numbers; semver takes ten times as long.
  return (
    typeof value === "string" &&
    (simpleVersion.test(value) || validVersion(value) === value.replace(/\+.*$/, ""))
  );
}

/** Tells whether a value can be the id of a contribution or a contribution point. @internal */
export function isContributionId(value: unknown): value is string {
  return typeof value === "string" && identifierPattern.test(value);
}
