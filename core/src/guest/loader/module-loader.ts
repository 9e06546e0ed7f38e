/**
 * Loads the modules of one generation of an extension into this process, each file once, and lets them go with it:
 * nothing enters require.cache or Node's ESM cache. Built-in and provided modules are shared, all else is its own.
 * Owns the tables of modules and the order in which they run; reading, resolving and transforming happen elsewhere.
 */
import type { ProvidedPackages } from "../lazy-packages.js";
import { isExtensionError, type FileStamp } from "@plugboard/extension-api";
import { realpathSync } from "node:fs";
import { dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { adviceOn } from "../../common/advise-author.js";
import type { LeftoverCounter } from "../leftover-counter.js";
import { builtinValue } from "./builtin-module.js";
import {
  createCommonJsModule,
  createRequireFunction,
  runCommonJs,
  type CommonJsModule,
  type ModuleTable,
  type RequireActions,
} from "./commonjs-module.js";
import { decoratorFunctions } from "./decorator-functions.js";
import { EsModule } from "./es-module.js";
import { ModuleEvaluator } from "./evaluate-modules.js";
import type { StampedBytes } from "./file-stamp.js";
import {
  createNamespace,
  fillFromExports,
  requireView,
  ValueModule,
  type LinkedModule,
} from "./linked-module.js";
import { monotonicTime } from "../../common/monotonic-time.js";
import { lazyRequire } from "../../common/node-module.js";
import { placeInStack, type SourcePlace } from "../../common/source-place.js";
import { moduleError } from "./module-error.js";
import type { ModuleRecord } from "./module-record.js";
import { ModuleResolver, type ResolvedModule } from "./resolve-module.js";
import { decodeText, parseJson, SourceFiles } from "./source-files.js";
import {
  isStackOverflow,
  longText,
  type SeparateTransformer,
  type SourceText,
} from "./separate-transformer.js";
import { nestsDeeply } from "./nesting.js";
import { transformSource, isTypeScript } from "./transform-source.js";
import { TrustedFiles } from "./trusted-files.js";
import type { TransformCache } from "./transform-cache.js";
import { findTypeScriptTransformer, type TypeScriptTransformer } from "./transform-typescript.js";

/** Options of a loader. @internal */
export interface ModuleLoaderOptions {
  /** The extension's folder; its `main` must lie inside. */
  readonly folder: string;
  /** Namespaces that the host gives, by package name or subpath. They win over the extension's own copies. */
  readonly provided: ProvidedPackages;
  /** SHA-256 of each file that may be loaded, by its path from the folder with `/`; any file unless given. */
  readonly trusted?: ReadonlyMap<string, string> | undefined;
  /** Transformed text by content, shared by the loaders of a host. */
  readonly cache: TransformCache;
  /** Ends a load; modules that wait for their turn no longer run. */
  readonly signal?: AbortSignal;
  /** Is told of every file that is read or looked for, as it is. */
  readonly onFile?: (file: string, stamp: FileStamp) => void;
  /** Counts the timers and listeners that the modules start; nothing is counted unless given. */
  readonly leftovers?: LeftoverCounter;
  /** Turns TypeScript into JavaScript; the best that is installed unless given. */
  readonly typescript?: TypeScriptTransformer;
  /** Transforms what nests too deep or is too long to be transformed here; unless given, nothing is too deep or long. */
  readonly separate?: SeparateTransformer | undefined;
}

/** Loads one generation of an extension. @internal */
export interface ModuleLoader {
  /**
   * Loads the module and all it imports, and gives its namespace; for CommonJS, `default` and each own name.
   *
   * @param main - relative to the folder, e.g. `./extension.ts`
   * @throws ExtensionError `MANIFEST_PATH`, or `MODULE_*` with the place; the reason of the signal when it aborts
   */
  load(main: string): Promise<Record<string, unknown>>;
  /**
   * Every file that was read or looked for, by absolute path, with what it was; grows as code imports more, and is
   * as complete as the load came when it fails.
   */
  readonly files: ReadonlyMap<string, FileStamp>;
}

/** Makes a loader for one generation. Throws away nothing itself: drop it, and its modules can be freed. @internal */
export function createModuleLoader(options: ModuleLoaderOptions): ModuleLoader {
  return new GenerationLoader(options);
}

/** Work between two visits to the event loop, so that a large first load does not hold up the host's calls. */
const sliceMs = 10;

const nodeRequire = lazyRequire(import.meta.url);

interface KeyedSource {
  /** Names the text and all that its record depends on. */
  readonly key: string;
  readonly source: SourceText;
}

/** Transforms a long file without holding up the thread. */
type LongWork = () => Promise<void>;

type Pause = LongWork | undefined;

class GenerationLoader implements ModuleLoader {
  readonly #root: string;
  readonly #options: ModuleLoaderOptions;
  readonly #sources: SourceFiles;
  readonly #resolver: ModuleResolver;
  readonly #evaluator: ModuleEvaluator;
  /** Modules as `import` sees them. */
  readonly #modules = new Map<string, LinkedModule>();
  /** Modules as `require` sees them. */
  readonly #required = Object.create(null) as ModuleTable;
  /** Records of the files read, so that import and require of one file see the same text. */
  readonly #records = new Map<string, ModuleRecord>();
  #typescript: TypeScriptTransformer | undefined;

  constructor(options: ModuleLoaderOptions) {
    this.#options = options;
    this.#root = realFolder(options.folder);
    this.#typescript = options.typescript;
    this.#evaluator = new ModuleEvaluator(options);
    const { onFile, trusted } = options;
    this.#sources = new SourceFiles(this.#root, {
      onFile,
      trusted: trusted && new TrustedFiles(this.#root, trusted),
    });
    this.#resolver = new ModuleResolver({
      root: this.#root,
      provided: options.provided,
      files: this.#sources,
    });
  }

  get files(): ReadonlyMap<string, FileStamp> {
    return this.#sources.stamps;
  }

  async load(main: string): Promise<Record<string, unknown>> {
    try {
      return await this.#importLater(this.#resolveMain(main));
    } catch (error) {
      throw this.#asLoadFailure(error, main);
    }
  }

  #resolveMain(main: string): ResolvedModule {
    const path = resolve(this.#root, main);
    if (!isInside(this.#root, path)) throw this.#misplaced(main, "leads out of the extension's folder");
    if (!this.#sources.isFile(path)) {
      const specifier = `./${relative(this.#root, path).split(sep).map(encodeURIComponent).join("/")}`;
      return this.#resolver.resolve({ specifier, from: this.#manifest, kind: "import" });
    }
    const real = this.#sources.realPath(path);
    if (isInside(this.#root, real)) return { kind: "file", id: real };
    throw this.#misplaced(main, `is a link to ${real}, outside the extension's folder`);
  }

  get #manifest(): string {
    return join(this.#root, "plugin.json5");
  }

  #misplaced(main: string, how: string): Error {
    return moduleError("MANIFEST_PATH", `main "${main}" ${how}`, {
      file: this.#manifest,
      hint: "Name a file inside the folder, starting with ./",
      details: { specifier: main, from: this.#manifest },
    });
  }

  /** The module that a specifier of `import` means, read and compiled but not run. */
  #import(resolved: ResolvedModule): LinkedModule {
    const { kind, id } = resolved;
    const key = `${kind}:${id}`;
    const known = this.#modules.get(key);
    if (known !== undefined) return known;
    const module = this.#createModule(resolved);
    this.#modules.set(key, module);
    return module;
  }

  #createModule({ kind, id }: ResolvedModule): LinkedModule {
    if (kind === "provided") {
      return new ValueModule(id, this.#options.provided.get(id) as Record<string, unknown>);
    }
    if (kind === "builtin") {
      const namespace = createNamespace();
      fillFromExports(namespace, this.#builtin(id));
      return new ValueModule(id, namespace);
    }
    this.#checkKind(id);
    const extension = extname(id);
    if (extension === ".json") {
      const namespace = createNamespace();
      Object.defineProperty(namespace, "default", { enumerable: true, value: this.#requireFile(id) });
      return new ValueModule(id, namespace);
    }
    const record = extension === ".node" ? undefined : this.#record(id);
    if (record?.format !== "module") {
      return new ValueModule(id, createNamespace(), (namespace) =>
        fillFromExports(namespace, this.#requireFile(id)),
      );
    }
    return new EsModule(id, record, {
      load: (specifier) => this.#dynamicImport(String(specifier), id),
      meta: this.#metaOf(id),
      helpers: decoratorFunctions,
      leftovers: this.#options.leftovers,
    });
  }

  #checkKind(file: string): void {
    const extension = extname(file);
    if (/^(?:\.[mc]?[jt]s|\.json|\.node|)$/.test(extension)) return;
    throw moduleError("MODULE_UNSUPPORTED", `Files that end in ${extension} can't be imported`, {
      file,
      hint: "Import .js, .mjs, .cjs, .ts, .mts, .cts or .json; read anything else with node:fs",
    });
  }

  #record(file: string): ModuleRecord {
    const known = this.#records.get(file);
    if (known !== undefined) return known;
    const { key, source } = this.#sourceOf(file, this.#sources.readSource(file));
    return this.#keepRecord(file, key, this.#options.cache.get(key) ?? this.#transform(source));
  }

  /** Reads and transforms a file that is to be imported. What is long or deep is left to whoever can wait for it. */
  #readModule({ kind, id }: ResolvedModule): LongWork | undefined {
    if (kind !== "file" || !isCode(id) || this.#records.has(id)) return undefined;
    const { cache, separate, signal } = this.#options;
    const { key, source } = this.#sourceOf(id, this.#sources.readSource(id));
    const known = cache.get(key);
    if (known === undefined && separate?.transformLater !== undefined) {
      const record = this.#isHeavy(source) ? undefined : this.#tryTransform(source);
      if (record === undefined) {
        return async () => {
          const later = await separate.transformLater?.(source, signal);
          if (later !== undefined) this.#keepRecord(id, key, later);
        };
      }
      this.#keepRecord(id, key, record);
    } else {
      this.#keepRecord(id, key, known ?? this.#transform(source));
    }
    return undefined;
  }

  #sourceOf(file: string, { bytes, stamp }: StampedBytes): KeyedSource {
    const packageType = /\.[mc][jt]s$/.test(file) ? undefined : this.#sources.packageOf(file)?.type;
    const transformer = isTypeScript(file) ? this.#eraser().name : "";
    const key = [stamp.hash, extname(file), packageType ?? "", transformer].join(" ");
    return { key, source: { file, text: decodeText(bytes), packageType } };
  }

  #keepRecord(file: string, key: string, record: ModuleRecord): ModuleRecord {
    this.#options.cache.set(key, record);
    this.#records.set(file, record);
    return record;
  }

  #transform(source: SourceText): ModuleRecord {
    const { separate } = this.#options;
    if (separate === undefined) return transformSource({ ...source, typescript: this.#eraser });
    const isDeep = isTypeScript(source.file) && nestsDeeply(source.text);
    return (isDeep ? undefined : this.#tryTransform(source)) ?? separate.transform(source);
  }

  /** Undefined where the stack is not deep enough. */
  #tryTransform(source: SourceText): ModuleRecord | undefined {
    try {
      return transformSource({ ...source, typescript: this.#eraser });
    } catch (error) {
      if (isStackOverflow(error)) return undefined;
      throw error;
    }
  }

  #isHeavy({ file, text }: SourceText): boolean {
    return text.length >= longText || (isTypeScript(file) && nestsDeeply(text));
  }

  readonly #eraser = (): TypeScriptTransformer => (this.#typescript ??= findTypeScriptTransformer());

  async #dynamicImport(specifier: string, from: string): Promise<unknown> {
    const stack = new Error().stack;
    const place = (): SourcePlace | undefined => placeInStack(stack, (file) => file === from);
    return this.#importLater(this.#resolver.resolve({ specifier, from, kind: "import", place }));
  }

  async #importLater(resolved: ResolvedModule): Promise<Record<string, unknown>> {
    await this.#readModule(resolved)?.();
    const module = this.#import(resolved);
    await this.#finish(module);
    return module.namespace;
  }

  /** Reads, links and runs a module with all it imports, visiting the event loop while it reads. */
  async #finish(module: LinkedModule): Promise<void> {
    const order: LinkedModule[] = [];
    const steps = this.#collect(module, order, new Set());
    let sliceStart = monotonicTime();
    for (let step = steps.next(); step.done !== true; step = steps.next()) {
      if (step.value !== undefined) await step.value();
      else if (monotonicTime() - sliceStart < sliceMs) continue;
      else await setImmediate();
      this.#options.signal?.throwIfAborted();
      sliceStart = monotonicTime();
    }
    await this.#link(order);
    const running = this.#evaluator.evaluate(module);
    if (running !== undefined) await untilAborted(running, this.#options.signal);
  }

  /**
   * Lists a module after all it imports. Yields before each file is read, so that the caller may pause, and work that
   * need not be done here if the caller waits for it.
   */
  *#collect(module: LinkedModule, order: LinkedModule[], seen: Set<LinkedModule>): Generator<Pause> {
    if (seen.has(module)) return;
    seen.add(module);
    if (module instanceof EsModule) {
      module.dependencies ??= yield* this.#importAll(module);
      for (const dependency of module.dependencies) yield* this.#collect(dependency, order, seen);
    }
    order.push(module);
  }

  *#importAll(module: EsModule): Generator<Pause, readonly LinkedModule[]> {
    const dependencies: LinkedModule[] = [];
    for (const { specifier, line, column } of module.record.dependencies) {
      yield undefined;
      const place = (): SourcePlace => ({ line, column });
      const resolved = this.#resolver.resolve({ specifier, from: module.id, kind: "import", place });
      const work = this.#readModule(resolved);
      if (work !== undefined) yield work;
      dependencies.push(this.#import(resolved));
    }
    return dependencies;
  }

  /** Gives a promise when one of them is not ready to run at once. */
  #link(order: readonly LinkedModule[]): Promise<unknown> | undefined {
    const modules = order.filter((module) => module instanceof EsModule);
    for (const module of modules) if (module.state === "compiled") module.hoist();
    for (const module of modules) if (module.state === "hoisted") module.link();
    const hoisting = modules.flatMap(({ hoisting }) => hoisting ?? []);
    return hoisting.length === 0 ? undefined : Promise.all(hoisting);
  }

  #require(specifier: string, from: string): unknown {
    const resolved = this.#resolveRequired(specifier, from);
    if (resolved.kind === "builtin") return this.#builtin(resolved.id);
    if (resolved.kind === "provided") return requireView(this.#import(resolved).namespace);
    return this.#requireFile(resolved.id, this.#required[from]);
  }

  #resolveFrom(specifier: string, from: string, paths: readonly string[] | undefined): string {
    if (paths === undefined) return this.#resolveRequired(specifier, from).id;
    let failure: Error | undefined;
    for (const path of paths) {
      try {
        return this.#resolveRequired(specifier, insideFolder(resolve(dirname(from), path))).id;
      } catch (error) {
        if (!isExtensionError(error, "MODULE_NOT_FOUND")) throw error;
        failure = error;
      }
    }
    throw failure ?? this.#resolver.notFound({ specifier, from, kind: "require" }, "No path was given");
  }

  #resolveRequired(specifier: string, from: string): ResolvedModule {
    const place = (): SourcePlace | undefined => placeInStack(new Error().stack, (file) => file === from);
    return this.#resolver.resolve({ specifier, from, kind: "require", place });
  }

  #requireFile(file: string, parent?: CommonJsModule): unknown {
    const known = this.#required[file];
    if (known !== undefined) {
      if (parent?.children.includes(known) === false) parent.children.push(known);
      return known.exports;
    }
    if (file.endsWith(".node")) {
      this.#sources.readSource(file);
      // the operating system maps an addon once for the process, so it is Node's to keep
      return nodeRequire(file);
    }
    if (file.endsWith(".json"))
      return this.#keep(file, parseJson(file, this.#sources.readSource(file).bytes), parent);
    const record = this.#record(file);
    if (record.format === "module") return this.#keep(file, this.#requireEsModule(file), parent);
    const module = createCommonJsModule(file, this.#requireActions(file), parent);
    this.#required[file] = module;
    parent?.children.push(module);
    const load = (specifier: unknown): Promise<unknown> => this.#dynamicImport(String(specifier), file);
    try {
      const { leftovers } = this.#options;
      runCommonJs(module, record, { load, helpers: decoratorFunctions, leftovers });
    } catch (error) {
      Reflect.deleteProperty(this.#required, file);
      throw error;
    }
    return module.exports;
  }

  #keep(file: string, exports: unknown, parent: CommonJsModule | undefined): unknown {
    const module = createCommonJsModule(file, this.#requireActions(file), parent);
    this.#required[file] = Object.assign(module, { exports, loaded: true });
    parent?.children.push(module);
    return exports;
  }

  #requireEsModule(file: string): unknown {
    const module = this.#import({ kind: "file", id: file });
    const order: LinkedModule[] = [];
    const steps = this.#collect(module, order, new Set());
    while (steps.next().done !== true) this.#options.signal?.throwIfAborted();
    const waiting = order.find(
      (each) => each instanceof EsModule && each.record.isAsync && each.state !== "done",
    );
    if (waiting !== undefined) {
      throw moduleError("MODULE_UNSUPPORTED", `require() can't load a module that awaits at top level`, {
        file: waiting.id,
        hint: "Load it with import()",
      });
    }
    void this.#link(order);
    void this.#evaluator.evaluate(module);
    return requireView(module.namespace);
  }

  #requireActions(from: string): RequireActions {
    return {
      require: (specifier) => this.#require(specifier, from),
      resolve: (specifier, paths) => this.#resolveFrom(specifier, from, paths),
      lookupFolders: (specifier) => this.#resolver.requireFolders(specifier, from),
      cache: this.#required,
    };
  }

  #builtin(id: string): unknown {
    if (id === "node:process") return this.#options.leftovers?.standIn("process") ?? process;
    return builtinValue(id, (file) => {
      const path = file instanceof URL || !isAbsolute(file) ? fileURLToPath(file) : file;
      return createRequireFunction(this.#requireActions(/[\\/]$/.test(path) ? insideFolder(path) : path));
    });
  }

  #metaOf(file: string): object {
    return Object.assign(Object.create(null) as object, {
      url: pathToFileURL(file).href,
      filename: file,
      dirname: dirname(file),
      main: false,
      resolve: (specifier: string | URL) => this.#resolveUrl(String(specifier), file),
    });
  }

  /** A path need not lead to a file: code asks for the URL of what it is about to write as well. */
  #resolveUrl(specifier: string, from: string): string {
    if (/^(?:\.{0,2}\/|file:)/.test(specifier)) return new URL(specifier, pathToFileURL(from)).href;
    const place = (): SourcePlace | undefined => placeInStack(new Error().stack, (file) => file === from);
    const resolved = this.#resolver.resolve({ specifier, from, kind: "import", place });
    return resolved.kind === "file" ? pathToFileURL(resolved.id).href : resolved.id;
  }

  #asLoadFailure(error: unknown, main: string): unknown {
    const { signal } = this.#options;
    if (signal?.aborted && error === signal.reason) return error;
    const isOurs = isExtensionError(error) && /^(?:MODULE|MANIFEST)_/.test(error.code);
    if (isOurs && error.details["file"] !== undefined) return error;
    const stack = error instanceof Error ? error.stack : undefined;
    const place = placeInStack(stack, (file) => this.#records.has(file));
    const where = { file: resolve(this.#root, main), ...place };
    if (isOurs) {
      const { hint } = error.details;
      return moduleError(error.code, error.message, {
        ...where,
        hint: typeof hint === "string" ? hint : undefined,
        cause: error,
      });
    }
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return moduleError("MODULE_FAILED", `A file threw while it was loaded: ${message}`, {
      ...where,
      hint: adviceOn(error),
      cause: error,
    });
  }
}

/** A file from which one asks as from the folder itself. */
function insideFolder(folder: string): string {
  return join(folder, "noop.js");
}

function isCode(file: string): boolean {
  return /\.[mc]?[jt]s$/.test(file) || extname(file) === "";
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Rejects with the signal's reason as soon as it aborts, whatever the work still waits for. */
async function untilAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** The folder may go while a load begins; that is a file not found like any other. */
function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch (cause) {
    throw moduleError("MODULE_NOT_FOUND", "The extension's folder is not there", { file: folder, cause });
  }
}
