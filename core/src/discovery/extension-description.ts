/**
 * What the disk says of one extension folder. Immutable; a changed folder gives a new description.
 * Knows nothing of states and generations.
 */
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionManifest } from "@plugboard/schemas";

/** Where a folder stands. @public */
export interface FolderPlace {
  /** Absolute path of the folder, as it was found. */
  readonly folder: string;
  /** The extension folder that holds it. */
  readonly root: string;
  /** Precedence: development folders first, then extension folders in the order given. */
  readonly rank: number;
  /** The folder's own name. */
  readonly name: string;
}

/** An extension as its manifest describes it. @public */
export interface ExtensionDescription extends FolderPlace {
  /** The manifest's id. */
  readonly id: string;
  /** The manifest's version. */
  readonly version: string;
  /** The manifest, frozen. */
  readonly manifest: ExtensionManifest;
  /** Names the manifest's bytes and the folder behind any links. */
  readonly fingerprint: string;
  /** Warnings. */
  readonly problems: readonly Problem[];
}

/** The part of a manifest that decides what is listed, and when it starts. @internal */
export type ManifestOutline = Pick<
  ExtensionManifest,
  "activationEvents" | "contributes" | "extensionDependencies"
>;

/** A description whose manifest takes longer to tell than its outline. @internal */
export interface OutlinedDescription extends ExtensionDescription {
  /** Equal to that part of the manifest; not frozen. */
  readonly outline: ManifestOutline;
}

/** The outline of an extension, without the rest of its manifest where that is dear. @internal */
export function outlineOf(description: ExtensionDescription | OutlinedDescription): ManifestOutline {
  return "outline" in description ? description.outline : description.manifest;
}
