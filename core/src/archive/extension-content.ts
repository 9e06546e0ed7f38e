/**
 * What an extension consists of, in a folder or in an archive: the list of its files and the texts that tell
 * who it is and who signed it. Runs nothing and writes nothing.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readRegularFile } from "../common/read-regular-file.js";
import { maximumManifestBytes } from "../manifest/parse-manifest.js";
import { archiveError } from "./archive-error.js";
import { identityOf, type ExtensionIdentity } from "./extension-identity.js";
import { digestOfFiles, maximumSignatureBytes, signatureName, type ListedFile } from "./file-list.js";
import { listFolder } from "./folder-files.js";
import { maximumPackageFileBytes, packageFileName } from "./needed-packages.js";
import { readArchive, type ArchiveProgress, type FileSink, type FileStart } from "./read-archive.js";
import { manifestName } from "../manifest/identity.js";

/** An extension as files. @internal */
export interface ExtensionContent extends ExtensionIdentity {
  readonly kind: "archive" | "folder";
  /** All files but the signature's, by path. */
  readonly files: readonly ListedFile[];
  /** Names the content. */
  readonly digest: string;
  /** The text of the signature's file, if there is one. */
  readonly signature: string | undefined;
  /** The text of the manifest. */
  readonly manifest: string;
  /** The text of package.json, if there is one. */
  readonly packageFile: string | undefined;
}

/** Options of looking at the content. @internal */
export interface ContentOptions {
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const keptFiles = new Map<string, number>([
  [manifestName, maximumManifestBytes],
  [packageFileName, maximumPackageFileBytes],
  [signatureName, maximumSignatureBytes],
] as const) as ReadonlyMap<string, number>;

/**
 * Looks at a folder or an archive.
 *
 * @throws ExtensionError with an `ARCHIVE_*` or a `MANIFEST_*` code
 * @internal
 */
export async function contentOf(path: string, options: ContentOptions = {}): Promise<ExtensionContent> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (cause: unknown) => {
      throw archiveError("ARCHIVE_UNREADABLE", `${path} can't be read.`, { cause });
    },
  );
  const kept = isFolder ? textsOfFolder(path) : new Map<string, string>();
  const all = isFolder
    ? await listFolder(path, options.onProgress)
    : await readArchive(path, { ...options, onFile: (file) => keeping(file, kept) });
  const manifest = kept.get(manifestName);
  if (manifest === undefined) throw archiveError("ARCHIVE_LAYOUT", `${path} holds no ${manifestName}.`);
  const files = all.filter((file) => file.path !== signatureName);
  return {
    ...identityOf(manifest),
    kind: isFolder ? "folder" : "archive",
    files,
    digest: digestOfFiles(files),
    signature: kept.get(signatureName),
    manifest,
    packageFile: kept.get(packageFileName),
  };
}

function textsOfFolder(folder: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, limit] of keptFiles) {
    try {
      texts.set(name, readRegularFile(join(folder, name), limit));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw archiveError("ARCHIVE_UNREADABLE", `${join(folder, name)} can't be read.`, {
        entry: name,
        cause,
      });
    }
  }
  return texts;
}

function keeping({ path, size }: FileStart, kept: Map<string, string>): FileSink | undefined {
  const limit = keptFiles.get(path);
  if (limit === undefined) return undefined;
  if (size > limit) throw archiveError("ARCHIVE_TOO_LARGE", `${path} is too large.`, { entry: path });
  const parts: Buffer[] = [];
  return {
    write: (bytes) => void parts.push(Buffer.from(bytes)),
    end: () => void kept.set(path, Buffer.concat(parts).toString("utf8")),
  };
}
