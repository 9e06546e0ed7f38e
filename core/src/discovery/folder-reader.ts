/**
 * Tells what one name inside an extension folder is: an extension, a broken one, a link that leads astray, or
 * nothing of ours. Reads the disk at the moment it is asked and keeps nothing but its buffer.
 */
import { sep } from "node:path";
import type { Problem } from "@plugboard/extension-api";
import { lookAt, lookAtEntry, lookBehind, saysMissing } from "../common/look-at.js";
import type { KeptManifest } from "../manifest/manifest-outline.js";
import type { ParsedManifest } from "../manifest/parse-manifest.js";
import {
  KeptDescription,
  realFolderOf,
  type ExtensionDescription,
  type FolderPlace,
} from "./extension-description.js";
import { fingerprintOf, placeOf, type FolderEntry, type ManifestParser } from "./folder-entry.js";
import { ManifestFileReader, type ManifestStamp } from "./manifest-file.js";
import { manifestName } from "../manifest/identity.js";

/** The finding at a name inside an extension folder. @internal */
export type FolderFinding =
  | { readonly kind: "nothing" }
  | { readonly kind: "link"; readonly problem: Problem; readonly isDangling: boolean }
  | {
      readonly kind: "folder";
      readonly entry: FolderEntry;
      /** Of the manifest read; absent when there was none to read. */
      readonly stamp?: ManifestStamp | undefined;
      /** Whether it may become readable without an event that tells. */
      readonly isSuspect: boolean;
    };

/** The kind of a name before it is looked at, as far as it is known. @internal */
export type NameKind = "folder" | "link" | "unknown";

/** Knowledge of a place before it is looked at. @internal */
export interface LookOptions {
  /** What a listing has told; `unknown` asks the disk. */
  readonly kind: NameKind;
  /** What the place held before; answered again, the same object, when the bytes are the same. */
  readonly known?: FolderEntry | undefined;
}

const nothing: FolderFinding = { kind: "nothing" };

/** Reads folders into entries. @internal */
export class FolderReader {
  readonly #files = new ManifestFileReader();
  readonly #parse: ManifestParser;
  readonly #onInternalError: (error: unknown) => void;

  constructor(parse: ManifestParser, onInternalError: (error: unknown) => void) {
    this.#parse = parse;
    this.#onInternalError = onInternalError;
  }

  /**
   * Looks at the place.
   *
   * @param realRoot - the root after symbolic links
   */
  readFolder(place: FolderPlace, realRoot: string, { kind, known }: LookOptions): FolderFinding {
    if (place.folder === place.root) return this.#readContent(place, realRoot, known);
    let actual = kind;
    if (actual === "unknown") {
      const { found, code } = lookAtEntry(place.folder);
      if (saysMissing(code)) return nothing;
      actual = found?.isSymbolicLink() === true ? "link" : "folder";
      // What can't be seen is not gone: reading its manifest tells what keeps it.
      if (actual === "folder" && found?.isDirectory() === false) return nothing;
    }
    if (actual === "link") return this.#lookAtLink(place, realRoot, known);
    return this.#readContent(place, realRoot + sep + place.name, known);
  }

  /** Whether the manifest of the description is still what it was when it was read. */
  isAsDescribed(description: ExtensionDescription): boolean {
    const real = realFolderOf(description);
    const read = this.#files.readManifest(real + sep + manifestName);
    return read.kind === "text" && fingerprintOf(read.digest, real) === description.fingerprint;
  }

  /** The stamp of the folder's manifest, if it is a plain file in a plain folder. */
  stamp(folder: string): ManifestStamp | undefined {
    const { found } = lookAt(folder + sep + manifestName);
    if (!found?.isFile()) return undefined;
    return { mtimeMs: found.mtimeMs, ctimeMs: found.ctimeMs, size: found.size, ino: found.ino };
  }

  #lookAtLink(place: FolderPlace, realRoot: string, known: FolderEntry | undefined): FolderFinding {
    const { found: real, code } = lookBehind(place.folder);
    if (real === undefined) {
      if (code === "ELOOP") return link(place, "DISCOVERY_LINK_LOOP", "leads to itself");
      if (saysMissing(code)) return link(place, "DISCOVERY_LINK_DANGLING", "leads nowhere");
      return link(place, "DISCOVERY_UNREADABLE", `can't be followed: ${code}`);
    }
    const target = lookAt(real);
    if (!target.found) return link(place, "DISCOVERY_UNREADABLE", `can't be followed: ${target.code}`);
    if (!target.found.isDirectory()) return nothing;
    const isAbove = real === realRoot || realRoot.startsWith(real.endsWith(sep) ? real : real + sep);
    if (isAbove) {
      return link(place, "DISCOVERY_LINK_LOOP", `leads back to ${real}, above itself`);
    }
    return this.#readContent(place, real, known);
  }

  #readContent(place: FolderPlace, real: string, known: FolderEntry | undefined): FolderFinding {
    const file = place.folder + sep + manifestName;
    const read = this.#files.readManifest(file);
    if (read.kind === "fault") {
      // The folder may have gone, or become a file, since its name was listed.
      if (read.code === "MANIFEST_MISSING" || read.code === "MANIFEST_UNREADABLE") {
        const { found, code } = lookAt(place.folder);
        if (found ? !found.isDirectory() : code === "ENOENT") return nothing;
      }
      const fingerprint = fingerprintOf(read.digest, real);
      const isSuspect = read.code === "MANIFEST_UNREADABLE";
      if (known && placeOf(known).fingerprint === fingerprint)
        return { kind: "folder", entry: known, isSuspect };
      const severity = read.code === "MANIFEST_MISSING" ? "warning" : "error";
      const problem: Problem = { code: read.code, severity, file, message: read.message };
      const broken = { ...place, fingerprint, problems: [problem] };
      return { kind: "folder", entry: { kind: "broken", broken }, isSuspect };
    }
    const fingerprint = fingerprintOf(read.digest, real);
    const isKnown = known !== undefined && placeOf(known).fingerprint === fingerprint;
    const entry = isKnown ? known : this.#describe(place, file, read.text, fingerprint);
    return { kind: "folder", entry, stamp: read.stamp, isSuspect: false };
  }

  #describe(place: FolderPlace, file: string, text: string, fingerprint: string): FolderEntry {
    const { folder, root, rank, name } = place;
    try {
      const parsed = this.#parse({ text, file });
      const { id, version, problems } = parsed;
      if (!isWhole(parsed) || id === undefined || version === undefined) {
        return { kind: "broken", broken: { folder, root, rank, name, id, version, fingerprint, problems } };
      }
      const facts = { id, version, fingerprint, problems };
      return { kind: "extension", description: new KeptDescription(place, facts, parsed) };
    } catch (error) {
      this.#onInternalError(error);
      const message = `The host failed while it read ${manifestName}: ${String(error)}`;
      const problems: Problem[] = [{ code: "INTERNAL", severity: "error", file, message }];
      return { kind: "broken", broken: { folder, root, rank, name, fingerprint, problems } };
    }
  }
}

/** Asks for the outline alone: the manifest may have to be worked out. */
function isWhole(parsed: ParsedManifest): parsed is ParsedManifest & KeptManifest {
  return parsed.outline !== undefined;
}

function link(
  place: FolderPlace,
  code: "DISCOVERY_LINK_LOOP" | "DISCOVERY_LINK_DANGLING" | "DISCOVERY_UNREADABLE",
  what: string,
): FolderFinding {
  const problem: Problem = {
    code,
    severity: "warning",
    file: place.folder,
    message: `The symbolic link ${place.folder} ${what}.`,
  };
  return { kind: "link", problem, isDangling: code !== "DISCOVERY_LINK_LOOP" };
}
