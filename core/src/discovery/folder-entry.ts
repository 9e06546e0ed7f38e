/**
 * What a folder of an extension folder holds: an extension, or one that is broken. Data only.
 * Invariant: two entries of one folder with equal kind and fingerprint have the same manifest text.
 */
import type { Problem } from "@plugboard/extension-api";
import type { ManifestSource, ParsedManifest } from "../manifest/parse-manifest.js";
import type { ExtensionDescription, FolderPlace } from "./extension-description.js";

/** A folder whose manifest is missing, unreadable or has errors. @internal */
export interface BrokenFolder extends FolderPlace {
  /** The id, where the text still tells it. */
  readonly id?: string | undefined;
  /** The version, where the text still tells it. */
  readonly version?: string | undefined;
  /** Whether another folder stood at the path when its manifest was last whole. */
  readonly isReplacement?: boolean | undefined;
  /** Names the state the folder is in, as far as it could be read. */
  readonly fingerprint: string;
  /** Why it is broken, and whatever else was found. */
  readonly problems: readonly Problem[];
}

/** The content of a folder. @internal */
export type FolderEntry =
  | { readonly kind: "extension"; readonly description: ExtensionDescription }
  | { readonly kind: "broken"; readonly broken: BrokenFolder };

/** Reads the text of a manifest; never throws because of the text. @internal */
export type ManifestParser = (source: ManifestSource) => ParsedManifest;

/** Orders two places by precedence: rank first, then folder name in code units. @internal */
export function comparePlaces(left: FolderPlace, right: FolderPlace): number {
  if (left.rank !== right.rank) return left.rank - right.rank;
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}

/** The place of an entry, whatever its kind. @internal */
export function placeOf(entry: FolderEntry): ExtensionDescription | BrokenFolder {
  return entry.kind === "extension" ? entry.description : entry.broken;
}

/** Names a state of a folder: what its manifest holds, and which folder it is after symbolic links. @internal */
export function fingerprintOf(digest: string, realFolder: string): string {
  // Joined, it is one string; added up, it would keep all of its parts for as long as the folder is known.
  return [digest, realFolder].join(" ");
}
