/**
 * The canonical list of an extension's files, and the digest that names them all. Pure.
 * Invariant: two folders have the same digest exactly if they hold the same files, wherever they lie and
 * whatever their times and owners. The signature's file is never part of the list.
 */
import { createHash } from "node:crypto";

/** One file of an extension. @public */
export interface ListedFile {
  /** From the extension's folder, with forward slashes. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
  /** Whether its owner may run it. */
  readonly isExecutable: boolean;
}

/** Name of the file in which a signature travels. @internal */
export const signatureName = "plugin.signature.json";

/** A signature lists every file: ten thousand long names take this much. @internal */
export const maximumSignatureBytes = 16 * 2 ** 20;

const heading = "plugboard files 1\n";

/** The files in the order of the list: by path, in code units. @internal */
export function inListOrder<T extends { readonly path: string }>(files: Iterable<T>): readonly T[] {
  return [...files].sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
}

/**
 * The list as text, a line a file: digest, size, `x` or `-`, path. No path holds a line break, so that no
 * two lists read the same.
 *
 * @internal
 */
export function fileListText(files: Iterable<ListedFile>): string {
  const lines = inListOrder(files)
    .filter(({ path }) => path !== signatureName)
    .map(({ path, size, sha256, isExecutable }) => `${sha256} ${size} ${isExecutable ? "x" : "-"} ${path}\n`);
  return heading + lines.join("");
}

/** Names the content: `sha256:` and the digest of the list. @internal */
export function digestOfFiles(files: Iterable<ListedFile>): string {
  return `sha256:${createHash("sha256").update(fileListText(files)).digest("hex")}`;
}
