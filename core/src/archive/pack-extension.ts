/**
 * Packs an extension's folder into `<id>-<version>.tgz` and tells what went into it. Whether the extension is
 * any good is for the caller to find out first; this only makes sure that what the manifest names is packed.
 */
import { statSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { posix, resolve } from "node:path";
import { faultOfPath } from "../manifest/path-in-folder.js";
import { readJson5 } from "../manifest/read-json5.js";
import { archiveError } from "./archive-error.js";
import { identityOf, manifestTextIn, type ExtensionIdentity } from "./extension-identity.js";
import { digestOfFiles, type ListedFile } from "./file-list.js";
import { filesToPack } from "./folder-files.js";
import type { ArchiveProgress } from "./read-archive.js";
import { writeArchive } from "./write-archive.js";
import { manifestName } from "../manifest/identity.js";

/** Options of packing: where the archive goes, and how. @public */
export interface PackOptions {
  /** Folder for the archive, made if it is not there; the current directory unless given. */
  readonly outFolder?: string | undefined;
  /** Told after each file. */
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
  /** Stops the work; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
}

/** A packed extension. @public */
export interface PackedExtension extends ExtensionIdentity {
  /** Absolute path of the archive. */
  readonly archive: string;
  /** Its bytes. */
  readonly archiveSize: number;
  /** Names the content: the digest of the list of files. */
  readonly digest: string;
  /** What is in it, by path. */
  readonly files: readonly ListedFile[];
}

/**
 * Packs the folder. The same files give the same digest anywhere and at any time.
 *
 * Left behind are development dependencies, tests, version control and what `.plugboardignore` names; the
 * dependencies of package.json go with it. What looks like a secret is refused, unless that file takes it back.
 *
 * @throws ExtensionError with an `ARCHIVE_*` code for what can't be packed; `MANIFEST_*` for a manifest that
 *   can't be read
 * @public
 */
export async function packExtension(folder: string, options: PackOptions = {}): Promise<PackedExtension> {
  const { outFolder = ".", onProgress, signal } = options;
  const text = manifestTextIn(folder);
  const identity = identityOf(text);
  const files = await filesToPack(folder, identity.id);
  requireNamedFiles(text, new Set(files.map(({ path }) => path)), folder);
  await mkdir(outFolder, { recursive: true });
  const archive = resolve(outFolder, `${identity.id}-${identity.version}.tgz`);
  const listed = await writeArchive(archive, files, { onProgress, signal });
  const { size: archiveSize } = await stat(archive);
  return { ...identity, archive, archiveSize, digest: digestOfFiles(listed), files: listed };
}

/** An ignore file that says too much would otherwise be found out by whoever installs. */
function requireNamedFiles(text: string, packed: ReadonlySet<string>, folder: string): void {
  const { value } = readJson5(text);
  const { main, icon, contributes, runtime } = (value ?? {}) as {
    readonly main?: unknown;
    readonly runtime?: unknown;
    readonly icon?: unknown;
    readonly contributes?: { readonly points?: unknown };
  };
  const points: readonly unknown[] = Array.isArray(contributes?.points) ? contributes.points : [];
  const schemas = points.map((point) => (point as { readonly schema?: unknown } | undefined)?.schema);
  // Which settings of a runtime are files is its own matter; what is one, and is named there, is meant.
  const programs = textsIn(runtime).filter((named) => isFileInside(folder, named));
  for (const named of [manifestName, main, icon, ...schemas, ...programs]) {
    if (typeof named !== "string" || packed.has(posix.normalize(named))) continue;
    const message = `The manifest needs ${JSON.stringify(named)}, which would be left behind.`;
    throw archiveError("ARCHIVE_FILE_MISSING", message, { entry: named });
  }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function isFileInside(folder: string, path: string): boolean {
  if (faultOfPath(path) !== undefined) return false;
  try {
    return statSync(resolve(folder, path)).isFile();
  } catch {
    // It is no path, or nothing is there: whoever checks the manifest says so.
    return false;
  }
}
