/**
 * Reads the `.proto` that a manifest names, and what it imports: from the extension's folder, and google's own from
 * what protobufjs brings along. Every file that was read or looked for is told, so that a change of it is seen.
 * Invariant: what was kept is given only if all of its files are, byte by byte, what they were.
 */
import { hash } from "node:crypto";
import { constants } from "node:fs";
import { open, readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { ExtensionError, type FileStamp } from "@plugboard/extension-api";
import type { Root } from "protobufjs";
import type Protobuf from "protobufjs";
import { manifestFault } from "../settings/manifest-fault.js";

/** Where a `.proto` is looked for, and for whom. @internal */
export interface ProtoFilesOptions {
  readonly protobuf: typeof Protobuf;
  readonly extensionId: string;
  /** The extension's folder. */
  readonly folder: string;
  /** The file, relative to the folder. */
  readonly file: string;
  /** Where the manifest names it. */
  readonly key: string;
  readonly onFile: (path: string, stamp: FileStamp) => void;
}

/** Bytes of one file, and how many files there may be. */
const largestFile = 4 * 1024 * 1024;
const mostFiles = 1_000;

/** What was parsed, and the files that it was made of. */
interface Parsed {
  readonly root: Root;
  /** What each file was; undefined for one that was looked for and not there. */
  readonly hashes: ReadonlyMap<string, string | undefined>;
}

/** Files that are kept parsed: those of extensions that are started again and again. */
const mostKept = 16;

/** Reads `.proto` files, and parses none twice that has not changed. @internal */
export class ProtoFiles {
  /** The one used last comes last. */
  readonly #kept = new Map<string, Parsed>();

  /**
   * Reads the file and all that it imports.
   *
   * @throws ExtensionError `MANIFEST_PATH` for a path that leaves the folder, `MODULE_NOT_FOUND` for a file that is
   *   not there, `MODULE_SYNTAX` for one that can't be understood
   */
  async read(options: ProtoFilesOptions): Promise<Root> {
    const folder = await realpath(options.folder);
    const place = JSON.stringify([folder, options.file]);
    const kept = this.#kept.get(place);
    this.#kept.delete(place);
    const parsed =
      kept !== undefined && (await new ProtoFilesReader(options, folder).finds(kept.hashes))
        ? kept
        : await new ProtoFilesReader(options, folder).read();
    this.#kept.set(place, parsed);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > mostKept) this.#kept.delete(oldest);
    return parsed.root;
  }
}

/** A file that is to be parsed. */
interface ProtoText {
  readonly path: string;
  readonly text: string;
}

class ProtoFilesReader {
  readonly #options: ProtoFilesOptions;
  readonly #folder: string;
  readonly #root: Root;
  readonly #seen = new Set<string>();
  readonly #hashes = new Map<string, string | undefined>();

  constructor(options: ProtoFilesOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.#root = new options.protobuf.Root();
  }

  /** Whether the files are what they were. */
  async finds(hashes: Parsed["hashes"]): Promise<boolean> {
    // What can't be read any more is told by whoever reads all of it again.
    await Promise.all([...hashes.keys()].map((path) => this.#text(path))).catch(() => undefined);
    for (const [path, hash] of hashes)
      if (!this.#hashes.has(path) || this.#hashes.get(path) !== hash) return false;
    return true;
  }

  async read(): Promise<Parsed> {
    const { file, key, extensionId } = this.#options;
    const first = this.#inside(file);
    if (isAbsolute(file) || first === undefined)
      throw manifestFault(extensionId, key, "leads out of the extension's folder.", {
        code: "MANIFEST_PATH",
      });
    const text = await this.#text(first);
    if (text === undefined)
      throw manifestFault(extensionId, key, `names ${file}, which is not there.`, { code: "MANIFEST_PATH" });
    const open: ProtoText[] = [{ path: first, text }];
    this.#seen.add(first);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const name of this.#parse(next.path, next.text)) {
        const imported = await this.#import(name, next.path, dirname(first));
        if (imported !== undefined) open.push(imported);
      }
      if (this.#seen.size > mostFiles)
        throw this.#syntaxError(first, `imports more than ${mostFiles} files`, undefined);
    }
    try {
      this.#root.resolveAll();
      return { root: this.#root, hashes: this.#hashes };
    } catch (error) {
      throw this.#syntaxError(first, `can't be understood: ${messageOf(error)}`, error);
    }
  }

  /** The file that an import means, unless it was read already. */
  async #import(name: string, importer: string, firstFolder: string): Promise<ProtoText | undefined> {
    if (this.#seen.has(name)) return undefined;
    const builtIn = await this.#builtIn(name);
    if (builtIn !== undefined) {
      this.#seen.add(name);
      return builtIn;
    }
    for (const folder of new Set([firstFolder, this.#folder, dirname(importer)])) {
      const path = this.#inside(resolve(folder, name));
      if (path === undefined || isAbsolute(name)) {
        throw new ExtensionError(
          "MANIFEST_PATH",
          `${this.#shown(importer)} imports "${name}", which lies outside of the extension's folder.`,
          { extensionId: this.#options.extensionId, details: { file: importer, import: name } },
        );
      }
      if (this.#seen.has(path)) return undefined;
      const text = await this.#text(path);
      if (text === undefined) continue;
      this.#seen.add(path);
      return { path, text };
    }
    throw new ExtensionError(
      "MODULE_NOT_FOUND",
      `${this.#shown(importer)} imports "${name}", which is not in the extension's folder.`,
      { extensionId: this.#options.extensionId, details: { file: importer, import: name } },
    );
  }

  /** What google publishes beside protobuf itself. Of some, protobufjs has the definitions; of others, the text. */
  async #builtIn(name: string): Promise<ProtoText | undefined> {
    if (!/^google\/(?:protobuf|api)\/[a-z_]+\.proto$/.test(name)) return undefined;
    const { common } = this.#options.protobuf;
    const known = common.get(name);
    if (known !== null) {
      this.#root.addJSON(known.nested ?? {});
      return { path: name, text: "" };
    }
    try {
      return { path: name, text: await readFile(requireFromHere.resolve(`protobufjs/${name}`), "utf8") };
    } catch {
      // One of the many others; the folder may hold it.
      return undefined;
    }
  }

  /** The names that the file imports. */
  #parse(path: string, text: string): readonly string[] {
    const { parse } = this.#options.protobuf;
    try {
      const { imports = [], weakImports = [] } = parse(text, this.#root, { keepCase: true });
      return [...imports, ...weakImports];
    } catch (error) {
      throw this.#syntaxError(path, `can't be parsed: ${messageOf(error)}`, error);
    }
  }

  #syntaxError(path: string, what: string, cause: unknown): ExtensionError {
    const line = /\bline (\d+)\)/.exec(messageOf(cause))?.[1];
    return new ExtensionError("MODULE_SYNTAX", `${this.#shown(path)} ${what}.`, {
      extensionId: this.#options.extensionId,
      details: { key: this.#options.key, file: path, ...(line === undefined ? {} : { line: Number(line) }) },
      cause,
    });
  }

  #inside(path: string): string | undefined {
    const absolute = resolve(this.#folder, path);
    return absolute.startsWith(this.#folder + sep) ? absolute : undefined;
  }

  #shown(path: string): string {
    return relative(this.#folder, path).replaceAll(sep, "/");
  }

  /** Undefined if there is no such file. */
  async #text(path: string): Promise<string | undefined> {
    const { extensionId, key, onFile } = this.#options;
    const refuse = (what: string) =>
      manifestFault(extensionId, key, `leads to ${this.#shown(path)}, which ${what}.`, {
        code: "MANIFEST_PATH",
        details: { file: path },
      });
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) {
      this.#hashes.set(path, undefined);
      onFile(path, { hash: undefined, mtimeMs: 0, ctimeMs: 0, size: 0 });
      return undefined;
    }
    if (!real.startsWith(this.#folder + sep)) throw refuse("lies outside of the extension's folder");
    // A pipe would keep whoever opens it waiting. Windows knows neither.
    const flags = process.platform === "win32" ? "r" : constants.O_RDONLY | constants.O_NONBLOCK;
    const file = await open(real, flags);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw refuse("is no regular file");
      if (stats.size > largestFile) throw refuse(`is larger than ${largestFile} bytes`);
      const bytes = await file.readFile();
      const isFresh = Date.now() - stats.ctimeMs < slowestClockMs;
      const digest = hash("sha1", bytes, "hex");
      this.#hashes.set(path, digest);
      onFile(real, {
        hash: digest,
        mtimeMs: stats.mtimeMs,
        ctimeMs: isFresh ? Number.NaN : stats.ctimeMs,
        size: stats.size,
        ino: stats.ino,
      });
      return bytes.toString();
    } finally {
      await file.close();
    }
  }
}

/** Two writes within one tick of a disk's clock carry one time; the slowest clock ticks every two seconds. */
const slowestClockMs = 2_000;

const requireFromHere = createRequire(import.meta.url);

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}
