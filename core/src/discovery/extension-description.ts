/**
 * What the disk says of one extension folder. Immutable; a changed folder gives a new description.
 * Knows nothing of states and generations.
 */
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionManifest } from "@plugboard/schemas";
import type { KeptManifest, ManifestOutline } from "../manifest/manifest-outline.js";

/** The place of an extension's folder. @public */
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

/** A description whose manifest is worked out when somebody asks for more than its outline. @internal */
export class KeptDescription implements ExtensionDescription {
  readonly folder: string;
  readonly root: string;
  readonly rank: number;
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly problems: readonly Problem[];
  readonly #kept: KeptManifest;

  constructor(
    place: FolderPlace,
    facts: Pick<ExtensionDescription, "id" | "version" | "fingerprint" | "problems">,
    kept: KeptManifest,
  ) {
    this.folder = place.folder;
    this.root = place.root;
    this.rank = place.rank;
    this.name = place.name;
    this.id = facts.id;
    this.version = facts.version;
    this.fingerprint = facts.fingerprint;
    this.problems = facts.problems;
    this.#kept = kept;
  }

  get outline(): ManifestOutline {
    return this.#kept.outline;
  }

  get manifest(): ExtensionManifest {
    return this.#kept.manifest;
  }

  /** The manifest as JSON; nothing of it is kept. */
  get json(): string {
    return this.#kept.json ?? JSON.stringify(this.#kept.manifest);
  }

  /** An accessor of a class is no part of its JSON otherwise. */
  toJSON(): ExtensionDescription {
    const { folder, root, rank, name, id, version, manifest, fingerprint, problems } = this;
    return { folder, root, rank, name, id, version, manifest, fingerprint, problems };
  }
}

/**
 * The folder behind any links in which the manifest was read. Whatever the links lead to by now, what belongs to this
 * manifest lies there.
 *
 * @internal
 */
export function realFolderOf({ fingerprint }: ExtensionDescription): string {
  return fingerprint.slice(fingerprint.indexOf(" ") + 1);
}

/** The manifest of an extension as JSON, without keeping what was worked out for it. @internal */
export function jsonOf(description: ExtensionDescription): string {
  return description instanceof KeptDescription ? description.json : JSON.stringify(description.manifest);
}
