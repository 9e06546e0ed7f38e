/**
 * Finds the file that a specifier means, the way Node does: relative paths, built-ins, provided packages,
 * `#imports`, a package's own name, node_modules upward. Loads nothing.
 * TypeScript files may name the JavaScript that their neighbour would compile to.
 */
import type { ProvidedPackages } from "../lazy-packages.js";
import { basename, dirname, extname, isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nodeModule } from "../../common/node-module.js";
import type { SourcePlace } from "../../common/source-place.js";
import { moduleError } from "./module-error.js";
import { exportsTarget, exportedSubpaths, importsTarget } from "./package-targets.js";
import type { PackageInfo, SourceFiles } from "./source-files.js";
import { suggestAlias, suggestModule } from "./suggest-module.js";
import { isTypeScript } from "./transform-source.js";

/** Whether `import` or `require` asks; packages may answer them differently. @internal */
export type RequestKind = "import" | "require";

/** A specifier where it stands. @internal */
export interface ModuleQuestion {
  readonly specifier: string;
  /** The file that asks. */
  readonly from: string;
  readonly kind: RequestKind;
  /** Finds the place in the file, when an error has to name it. */
  readonly place?: () => SourcePlace | undefined;
}

/** The meaning of a specifier. @internal */
export type ResolvedModule =
  | { readonly kind: "builtin"; readonly id: string }
  | { readonly kind: "provided"; readonly id: string }
  | { readonly kind: "file"; readonly id: string };

/** Options of a {@link ModuleResolver}. @internal */
export interface ModuleResolverOptions {
  /** Real path of the extension's folder. */
  readonly root: string;
  readonly provided: ProvidedPackages;
  readonly files: SourceFiles;
}

const conditionsOf: Readonly<Record<RequestKind, ReadonlySet<string>>> = {
  import: new Set(["node", "node-addons", "import", "module-sync"]),
  require: new Set(["node", "node-addons", "require", "module-sync"]),
};

/** Resolves the specifiers of one generation; each question is answered once. @internal */
export class ModuleResolver {
  readonly #root: string;
  readonly #provided: ProvidedPackages;
  readonly #files: SourceFiles;
  readonly #known = new Map<string, ResolvedModule>();

  constructor(options: ModuleResolverOptions) {
    this.#root = options.root;
    this.#provided = options.provided;
    this.#files = options.files;
  }

  /** @throws ExtensionError `MODULE_NOT_FOUND` or `MODULE_UNSUPPORTED` with the place. */
  resolve(question: ModuleQuestion): ResolvedModule {
    const { specifier, from, kind } = question;
    const key = `${kind}\0${dirname(from)}\0${isTypeScript(from) ? "ts" : "js"}\0${specifier}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const resolved = this.#find(question);
    this.#known.set(key, resolved);
    return resolved;
  }

  /** The folders in which `require` looks for a package. */
  lookupFolders(from: string): readonly string[] {
    const folders: string[] = [];
    for (let folder = dirname(from); ; folder = dirname(folder)) {
      if (basename(folder) !== "node_modules") folders.push(join(folder, "node_modules"));
      if (folder === dirname(folder)) return folders;
    }
  }

  /** What `require.resolve.paths` answers: null for a built-in module, the folder itself for a relative path. */
  requireFolders(specifier: string, from: string): readonly string[] | null {
    if (nodeModule().isBuiltin(specifier)) return null;
    return /^\.{1,2}(?:\/|$)/.test(specifier) ? [dirname(from)] : this.lookupFolders(from);
  }

  /** The error for a specifier that leads nowhere. */
  notFound(question: ModuleQuestion, hint: string | undefined): Error {
    const { specifier, from, place } = question;
    return moduleError("MODULE_NOT_FOUND", `Cannot find module "${specifier}"`, {
      file: from,
      ...place?.(),
      // What lies there and can't be seen is no slip of the author's.
      hint: this.#files.refusalOf(specifier) ?? hint,
      details: { specifier, from },
    });
  }

  #find(question: ModuleQuestion): ResolvedModule {
    const { specifier } = question;
    if (nodeModule().isBuiltin(specifier)) {
      return { kind: "builtin", id: specifier.startsWith("node:") ? specifier : `node:${specifier}` };
    }
    if (this.#provided.has(specifier)) return { kind: "provided", id: specifier };
    if (specifier.startsWith("node:")) throw this.notFound(question, "Node has no such built-in module");
    if (isPath(specifier)) return this.#file(this.#pathTarget(question), question);
    if (specifier.startsWith("#")) return this.#findImport(question);
    if (/^[a-z][a-z+.-]+:/i.test(specifier)) throw this.#unsupported(question);
    return this.#findPackage(question);
  }

  #pathTarget({ specifier, from, kind }: ModuleQuestion): string | undefined {
    if (kind === "require") {
      const meansFolder = /(?:^|\/)\.{0,2}$/.test(specifier);
      return this.#searchPath(resolve(dirname(from), specifier) + (meansFolder ? sep : ""), from);
    }
    const path = fileURLToPath(new URL(specifier, pathToFileURL(from)));
    return this.#exactOrSource(path, from);
  }

  #findImport(question: ModuleQuestion): ResolvedModule {
    const { specifier, from, kind } = question;
    const info = this.#files.packageOf(from);
    const target = info && importsTarget(info.imports, specifier, conditionsOf[kind]);
    if (info === undefined || target === undefined) {
      throw this.notFound(
        question,
        suggestAlias({ specifier, root: this.#root, files: this.#files }) ??
          `Name it under "imports" of ${info === undefined ? "a package.json in the extension's folder" : join(info.folder, "package.json")}`,
      );
    }
    if (target.startsWith("./")) return this.#file(this.#insidePackage(info, target), question);
    return this.resolve({ ...question, specifier: target, from: join(info.folder, "package.json") });
  }

  #findPackage(question: ModuleQuestion): ResolvedModule {
    const { specifier, from, kind } = question;
    const [, name, rest = ""] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? [];
    if (name === undefined) throw this.notFound(question, "It is not the name of a package");
    const own = this.#files.packageOf(from);
    if (own?.name === name && own.exports !== undefined) return this.#findExport(own, `.${rest}`, question);
    for (const modules of this.lookupFolders(from)) {
      if (!this.#files.isFolder(modules)) continue;
      const folder = join(modules, name);
      const info = this.#files.packageIn(folder);
      if (info?.exports !== undefined) return this.#findExport(info, `.${rest}`, question);
      const path = rest === "" && info !== undefined ? folder + sep : join(folder, rest);
      const isSearched = kind === "require" || rest === "";
      const target = isSearched ? this.#searchPath(path, from) : this.#exactOrSource(path, from);
      if (target !== undefined || info !== undefined) return this.#file(target, question);
    }
    const advice =
      suggestAlias({ specifier, root: this.#root, files: this.#files }) ??
      suggestModule({ specifier, from, files: this.#files }) ??
      `Run "npm install ${name}" in ${this.#installFolder(from)}`;
    throw this.notFound(question, advice);
  }

  #findExport(info: PackageInfo, subpath: string, question: ModuleQuestion): ResolvedModule {
    const target = exportsTarget(info.exports, subpath, conditionsOf[question.kind]);
    if (target !== undefined) return this.#file(this.#insidePackage(info, target), question);
    const offered = exportedSubpaths(info.exports).slice(0, 12).join(", ");
    const { kind } = question;
    throw this.notFound(
      question,
      `${kind} finds no "${subpath}" in ${info.folder}, which exports ${offered} and nothing else. Use one of those: the file itself may be there, but the package keeps it to itself`,
    );
  }

  /** A target must stay inside its package, and out of the packages below it. */
  #insidePackage(info: PackageInfo, target: string): string | undefined {
    const isSound =
      target.startsWith("./") && !/(?:^|[\\/])(?:\.\.?|node_modules)(?:[\\/]|$)/.test(target.slice(2));
    const path = join(info.folder, target);
    return isSound && this.#files.isFile(path) ? path : undefined;
  }

  /** The file itself, or the TypeScript file that would compile to it when a TypeScript file asks. */
  #exactOrSource(path: string, from: string): string | undefined {
    if (this.#files.isFile(path)) return path;
    const extension = extname(path);
    if (!isTypeScript(from) || !/^\.[mc]?js$/.test(extension)) return undefined;
    const source = `${path.slice(0, -"js".length)}ts`;
    return this.#files.isFile(source) ? source : undefined;
  }

  /** Tries endings, then the folder's main and index, as `require` does; a path that ends in / means the folder. */
  #searchPath(path: string, from: string): string | undefined {
    const endings = [".js", ".json", ".node", ".cjs", ...(isTypeScript(from) ? [".ts", ".cts"] : [])];
    const withEnding = (start: string): string | undefined =>
      this.#exactOrSource(start, from) ??
      endings.map((ending) => start + ending).find((candidate) => this.#files.isFile(candidate));
    const found = path.endsWith(sep) ? undefined : withEnding(path);
    if (found !== undefined) return found;
    const folder = resolve(path);
    if (!this.#files.isFolder(folder)) return undefined;
    const main = this.#files.packageIn(folder)?.main;
    const target = main === undefined ? undefined : join(folder, main);
    return (
      (target === undefined ? undefined : (withEnding(target) ?? withEnding(join(target, "index")))) ??
      withEnding(join(folder, "index"))
    );
  }

  #file(path: string | undefined, question: ModuleQuestion): ResolvedModule {
    if (path !== undefined) return { kind: "file", id: this.#files.realPath(path) };
    throw this.notFound(question, suggestModule({ ...question, files: this.#files }));
  }

  #unsupported({ specifier, from, place }: ModuleQuestion): Error {
    return moduleError("MODULE_UNSUPPORTED", `Modules can't be loaded from "${specifier.slice(0, 60)}"`, {
      file: from,
      ...place?.(),
      hint: "Keep the code in a file of the extension or in a package",
      details: { specifier, from },
    });
  }

  /** Where an install helps: the extension's folder, or the package that lies elsewhere and lacks a dependency. */
  #installFolder(from: string): string {
    if (from.startsWith(this.#root + sep)) return this.#root;
    return this.#files.packageOf(from)?.folder ?? dirname(from);
  }
}

/** Tells whether a specifier is a path rather than a name. */
function isPath(specifier: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$|file:)/.test(specifier) || isAbsolute(specifier);
}
