/**
 * Reads the files of one generation, each once, and keeps a stamp of every file that was read or looked for.
 * Knows nothing of modules. Invariant: all readers within a generation see the same bytes of a file.
 */
import { realpathSync, type Stats } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import type { FileStamp } from "@plugboard/extension-api";
import { longestPath, lookAt, lookAtEntry, saysMissing, type Look } from "../../common/look-at.js";
import { absent, readStamped, type StampedBytes } from "./file-stamp.js";
import { moduleError } from "./module-error.js";
import type { TrustedFiles } from "./trusted-files.js";

/** The parts of a package.json that loading depends on. @internal */
export interface PackageInfo {
  readonly folder: string;
  readonly name: string | undefined;
  readonly main: string | undefined;
  readonly type: "module" | "commonjs" | undefined;
  readonly exports: unknown;
  readonly imports: unknown;
}

/** The listener for files that are read, and the rule of which may be. @internal */
export interface SourceFilesOptions {
  readonly onFile?: ((file: string, stamp: FileStamp) => void) | undefined;
  /** What may be read; anything unless given. */
  readonly trusted?: TrustedFiles | undefined;
}

/** Reads and stamps files. @internal */
export class SourceFiles {
  readonly #root: string;
  readonly #options: SourceFilesOptions;
  readonly #stamps = new Map<string, FileStamp>();
  readonly #kinds = new Map<string, "file" | "folder" | undefined>();
  readonly #packages = new Map<string, PackageInfo | undefined>();
  /** What the disk answered, by the paths of which it does not say whether something is there. */
  readonly #refusals = new Map<string, string>();
  readonly #realPaths = new Map<string, string>();
  /** Folders that are no links, nor on the way of one. */
  readonly #realFolders: Set<string>;

  /** @param root - real path of the extension's folder; package.json files above it say nothing about its own files */
  constructor(root: string, options: SourceFilesOptions = {}) {
    this.#root = root;
    this.#realFolders = new Set([root]);
    this.#options = options;
  }

  /** Stamps of all files read or looked for, by absolute path. */
  get stamps(): ReadonlyMap<string, FileStamp> {
    return this.#stamps;
  }

  #note(file: string, stamp: FileStamp): void {
    this.#stamps.set(file, stamp);
    this.#options.onFile?.(file, stamp);
  }

  /** Reads a file and notes its stamp. @throws ExtensionError `TRUST_CHANGED` for what may not be loaded */
  readSource(file: string): StampedBytes {
    const read = readStamped(file);
    this.#note(file, read.stamp);
    this.#options.trusted?.assertTrusted(file, read.bytes);
    return read;
  }

  /** Tells whether a regular file is there; notes the path when nothing is. */
  isFile(path: string): boolean {
    return this.#kind(path) === "file";
  }

  /** Tells whether a folder is there; notes the path when nothing is. */
  isFolder(path: string): boolean {
    return this.#kind(path) === "folder";
  }

  /** Says which of the paths that were looked for under the name could not be looked at, if one could not. */
  refusalOf(specifier: string): string | undefined {
    const name = specifier.replace(/^(?:\.{1,2}\/)+/, "/");
    const [path, code] = [...this.#refusals].find(([each]) => each.replaceAll(sep, "/").includes(name)) ?? [];
    return path === undefined ? undefined : `${path} can't be looked at: ${code}`;
  }

  /** Follows symbolic links. A file reached through one is stamped under both names, so that a new target shows. */
  realPath(file: string): string {
    const known = this.#realPaths.get(file);
    if (known !== undefined) return known;
    const real = realpathSync.native(file);
    this.#realPaths.set(file, real);
    this.#realFolders.add(dirname(real));
    if (real !== file) this.#note(file, { ...readStamped(file).stamp, target: real });
    return real;
  }

  /** The package.json of exactly this folder, if it has one. */
  packageIn(folder: string): PackageInfo | undefined {
    if (this.#packages.has(folder)) return this.#packages.get(folder);
    const file = join(folder, "package.json");
    const info = this.isFile(file) ? parsePackage(file, this.readSource(file).bytes) : undefined;
    this.#packages.set(folder, info);
    return info;
  }

  /** The package that a file belongs to: the nearest package.json above it, within its own package. */
  packageOf(file: string): PackageInfo | undefined {
    for (let folder = dirname(file); ; folder = dirname(folder)) {
      if (basename(folder) === "node_modules") return undefined;
      const info = this.packageIn(folder);
      if (info !== undefined) return info;
      if (folder === this.#root || folder === dirname(folder)) return undefined;
    }
  }

  #kind(path: string): "file" | "folder" | undefined {
    if (this.#kinds.has(path)) return this.#kinds.get(path);
    // A path that leads through a file, or in a ring, leads to nothing that could be loaded.
    const { found: stats, code } = this.#lookUp(path);
    const kind = stats?.isFile() ? "file" : stats?.isDirectory() ? "folder" : undefined;
    this.#kinds.set(path, kind);
    if (code !== undefined && !saysMissing(code) && code !== "ERR_ACCESS_DENIED")
      this.#refusals.set(path, code);
    // What it may not see is no business of the extension's, and no system opens a path that is too long.
    const mayCome = code !== undefined && code !== "ERR_ACCESS_DENIED" && path.length <= longestPath;
    if (mayCome) this.#note(path, absent);
    return kind;
  }

  /** Looks at a path itself first: in a real folder that tells as well whether the path is a real one. */
  #lookUp(path: string): Look<Stats> {
    if (!this.#realFolders.has(dirname(path))) return lookAt(path);
    const look = lookAtEntry(path);
    if (look.found?.isSymbolicLink() === true) return lookAt(path);
    if (look.found !== undefined) this.#realPaths.set(path, path);
    return look;
  }
}

function parsePackage(file: string, bytes: Buffer): PackageInfo {
  const fields = parseJson(file, bytes);
  const record: Record<string, unknown> = typeof fields === "object" && fields !== null ? { ...fields } : {};
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return {
    folder: dirname(file),
    name: text(record["name"]),
    main: text(record["main"]),
    type: record["type"] === "module" || record["type"] === "commonjs" ? record["type"] : undefined,
    exports: record["exports"] ?? undefined,
    imports: record["imports"] ?? undefined,
  };
}

/** Parses a JSON file. @throws ExtensionError `MODULE_SYNTAX` with the place. @internal */
export function parseJson(file: string, bytes: Buffer): unknown {
  const text = decodeText(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = /at position (\d+)/.exec(message)?.[1];
    const before = text.slice(0, offset === undefined ? text.length : Number(offset)).split("\n");
    throw moduleError("MODULE_SYNTAX", message.replace(/ in JSON at position.*$/s, " in JSON"), {
      file,
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      cause: error,
    });
  }
}

/** Decodes UTF-8 and drops a byte order mark. @internal */
export function decodeText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
