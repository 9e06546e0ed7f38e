/** Looks at an archive or an installed folder and says what its signature is worth. Changes nothing. */
import type { Problem } from "@plugboard/extension-api";
import { contentOf, type ContentOptions } from "../archive/extension-content.js";
import type { ExtensionIdentity } from "../archive/extension-identity.js";
import { digestOfFiles, type ListedFile } from "../archive/file-list.js";
import type { ArchiveProgress } from "../archive/read-archive.js";
import { hiddenInContent } from "../archive/hidden-in-content.js";
import { judge, type TrustVerdict } from "./judge.js";
import { emptyKeyRing, readKeyRing } from "./key-ring.js";
import { parseSignature } from "./signature.js";

/** Whom the verdict rests on. @public */
export interface VerifyOptions {
  /** A folder of public keys, endorsements and `revoked.json`, or one public key's file; nobody is trusted without. */
  readonly keys?: string | undefined;
  /** The time to judge by, in milliseconds; now unless given. */
  readonly now?: number | undefined;
  /** Told after each file. */
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
  /** Stops the work. */
  readonly signal?: AbortSignal | undefined;
}

/** The result of verifying an extension. @public */
export interface VerifiedExtension extends ExtensionIdentity, TrustVerdict {
  /** Names the content as it is. */
  readonly digest: string;
  /** How many files there are. */
  readonly files: number;
  /** Characters in the manifest and the entry file that nobody sees. */
  readonly problems: readonly Problem[];
}

/**
 * Verifies an archive or an installed folder. A verdict other than `verified` is an answer, not an error.
 *
 * @throws ExtensionError with an `ARCHIVE_*` or `MANIFEST_*` code for what is no extension, with a `TRUST_*`
 *   code when the keys can't be read
 * @public
 */
export async function verifyExtension(path: string, options: VerifyOptions = {}): Promise<VerifiedExtension> {
  const { keys, now = Date.now() } = options;
  const ring = keys === undefined ? emptyKeyRing : readKeyRing(keys);
  const content = await contentOf(path, options satisfies ContentOptions);
  const { id, version, signature } = content;
  const files = content.kind === "folder" ? asSigned(content.files, signature) : content.files;
  const digest = digestOfFiles(files);
  const verdict = judge({ files, digest, signature }, ring, now);
  const problems = await hiddenInContent(path, content);
  return { id, version, digest, files: files.length, ...verdict, problems };
}

/** Windows keeps no executable bit; there it is what the signature says. @internal */
export function asSigned(files: readonly ListedFile[], text: string | undefined): readonly ListedFile[] {
  if (process.platform !== "win32" || text === undefined) return files;
  const signed = new Map(parseSignature(text)?.files.map((file) => [file.path, file]));
  return files.map((file) => ({
    ...file,
    isExecutable: signed.get(file.path)?.isExecutable ?? file.isExecutable,
  }));
}
