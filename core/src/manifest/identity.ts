/**
 * Who an extension is and whom it goes with: the forms of ids, versions and ranges, the file that says them, and the
 * runtime where none is named. For manifests and whatever names extensions: archives, indexes, registries. The
 * patterns of ids stand in plugin.schema.json too; a test holds them together.
 */
import type { ExtensionManifest } from "@plugboard/schemas";
import { ownPackage } from "../common/own-files.js";
import type * as Semver from "./semver-parts.js";

/** Name of the manifest in every extension's folder. @internal */
export const manifestName = "plugin.json5";

/** Form of the ids of extensions, points and contributions. @internal */
export const identifierPattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** Longest id of an extension. @internal */
export const maximumExtensionIdLength = 128;

/** Kind of the runtime of a manifest that names none, and of a folder whose manifest can't be read. @internal */
export const defaultRuntime = "in-process";

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
    (simpleVersion.test(value) || semver().valid(value) === value.replace(/\+.*$/, ""))
  );
}

/** The id and the version in what a manifest's text holds, each if it is there and has the right form. @internal */
export function identityIn(value: unknown): { readonly id?: string; readonly version?: string } {
  const { id, version } = (value ?? {}) as { readonly id?: unknown; readonly version?: unknown };
  return {
    ...(isExtensionId(id) ? { id } : undefined),
    ...(isExtensionVersion(version) ? { version } : undefined),
  };
}

/** Kind of the runtime that a manifest asks for. @internal */
export function runtimeKindOf({ runtime = defaultRuntime }: Pick<ExtensionManifest, "runtime">): string {
  return typeof runtime === "string" ? runtime : runtime.kind;
}

/** Tells whether a text is a range of versions. @internal */
export function isVersionRange(range: string): boolean {
  return range === "*" || simpleRange.test(range) || semver().validRange(range) !== null;
}

/** Tells whether the version is in the range, pre-releases included; a text that is no range holds none. @internal */
export function isInRange(version: string, range: string): boolean {
  if (range === "*") return true;
  // Most ranges are a caret and a version; reading one as what it means takes a tenth of semver's time.
  const [, major, minor, patch] = simpleRange.exec(range) ?? [];
  const [, versionMajor, versionMinor, versionPatch] = simpleVersion.exec(version) ?? [];
  if (major === undefined || versionMajor === undefined || major === "0") {
    return semver().satisfies(version, range, { includePrerelease: true });
  }
  if (versionMajor !== major) return false;
  const difference = Number(versionMinor) - Number(minor);
  return difference > 0 || (difference === 0 && Number(versionPatch) >= Number(patch));
}

/** Tells whether a value can be the id of a contribution or a contribution point. @internal */
export function isContributionId(value: unknown): value is string {
  return typeof value === "string" && identifierPattern.test(value);
}

/** Three numbers and nothing else. */
const simpleVersion = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;

const simpleRange = /^\^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;

/** Loaded for what is no plain version or range, which few are. */
function semver(): typeof Semver {
  return ownPackage("semver") as typeof Semver;
}
