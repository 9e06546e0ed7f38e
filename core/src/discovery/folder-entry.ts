/**
 * What a folder of an extension folder holds: an extension, or one that is broken. Data only.
 * Invariant: two entries of one folder with equal kind and fingerprint have the same manifest text.
 */
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionManifest } from "@plugboard/schemas";
import type { ExtensionDescription, FolderPlace } from "./extension-description.js";

/** A folder whose manifest is missing, unreadable or has errors. @internal */
export interface BrokenFolder extends FolderPlace {
  /** The id, where the text still tells it. */
  readonly id?: string | undefined;
  /** The version, where the text still tells it. */
  readonly version?: string | undefined;
  /** Names the state the folder is in, as far as it could be read. */
  readonly fingerprint: string;
  /** Why it is broken, and whatever else was found. */
  readonly problems: readonly Problem[];
}

/** What a folder holds. @internal */
export type FolderEntry =
  | { readonly kind: "extension"; readonly description: ExtensionDescription }
  | { readonly kind: "broken"; readonly broken: BrokenFolder };

/** What a manifest parser answers; `manifest` is absent when any problem is an error. @internal */
export interface ParsedManifest {
  readonly manifest?: ExtensionManifest | undefined;
  readonly id?: string | undefined;
  readonly version?: string | undefined;
  readonly problems: readonly Problem[];
}

/** Reads the text of a manifest; never throws because of the text. @internal */
export type ManifestParser = (source: { readonly text: string; readonly file: string }) => ParsedManifest;

/** Orders two places by precedence: rank first, then folder name in code units. @internal */
export function comparePlaces(left: FolderPlace, right: FolderPlace): number {
  if (left.rank !== right.rank) return left.rank - right.rank;
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}

/** The place of an entry, whatever its kind. @internal */
export function placeOf(entry: FolderEntry): ExtensionDescription | BrokenFolder {
  return entry.kind === "extension" ? entry.description : entry.broken;
}
