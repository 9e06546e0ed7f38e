/**
 * One ES module of one generation: its compiled function, its live bindings, its place in the order of evaluation.
 * Finds no files; the loader hands it its dependencies.
 * Invariant: a body runs at most once; one that failed fails every later import with the same error.
 */
import { compileFunction } from "node:vm";
import type { LeftoverCounter, WatchedGlobal } from "../leftover-counter.js";
import {
  createNamespace,
  constantBinding,
  type Binding,
  type LinkedModule,
  type Resolution,
} from "./linked-module.js";
import { moduleError } from "./module-error.js";
import type { EsModuleRecord, ImportedName } from "./module-record.js";
import { syntaxError } from "./transform-source.js";

/** The surroundings of a module's code. @internal */
export interface ModuleSurroundings {
  readonly load: (specifier: unknown) => Promise<unknown>;
  readonly meta: object;
  readonly helpers: object;
  readonly leftovers: LeftoverCounter | undefined;
}

type Step = { readonly done?: boolean } | Promise<{ readonly done?: boolean }>;
type Body = () => { next(): Step };
type Setter = (value: unknown) => void;
type Initializer = (...surroundings: unknown[]) => readonly [setters: readonly Setter[], body: Body];

/** A compiled ES module. @internal */
export class EsModule implements LinkedModule {
  readonly id: string;
  readonly record: EsModuleRecord;
  readonly namespace = createNamespace();
  readonly self: Binding = constantBinding(() => this.namespace);
  /** Set by the loader once all of them are there. */
  dependencies: readonly LinkedModule[] | undefined;
  /** Settles when one that awaits may run; until then its functions are there, and no more. */
  hoisting: Promise<unknown> | undefined;
  state: "compiled" | "hoisted" | "linked" | "running" | "done" = "compiled";
  /** What made it fail, boxed because anything can be thrown. */
  failure: { readonly error: unknown } | undefined;

  readonly #cells: readonly Cell[];
  readonly #setters: readonly Setter[];
  readonly #body: ReturnType<Body>;
  #unresolved: readonly number[] = [];

  /** @throws ExtensionError `MODULE_SYNTAX` for text that only V8 refuses. */
  constructor(file: string, record: EsModuleRecord, surroundings: ModuleSurroundings) {
    this.id = file;
    this.record = record;
    this.#cells = Array.from({ length: record.localCount }, () => new Cell());
    const { load, meta, helpers, leftovers } = surroundings;
    const watched = leftovers === undefined ? [] : record.watched;
    const standIns = watched.map((name) => leftovers?.standIn(name));
    const publish = (local: number, value: unknown): unknown => {
      this.#cells[local]?.publish();
      return value;
    };
    const initialize = (getters: readonly (() => unknown)[]): void => {
      for (const [index, getter] of getters.entries()) this.#cells[index]?.initialize(getter);
    };
    const [setters, body] = compile(file, record, watched)(
      ...standIns,
      initialize,
      publish,
      load,
      meta,
      helpers,
    );
    this.#setters = setters;
    this.#body = body();
  }

  /** Makes the hoisted functions, so that modules of a circle see them before anyone runs. */
  hoist(): void {
    this.state = "hoisted";
    // an async generator runs this step at once as well, but the one that follows only after a turn
    const step = this.#body.next();
    if (step instanceof Promise) this.hoisting = step;
    const { hoisted, anonymousFunction } = this.record;
    if (anonymousFunction !== undefined) {
      const value = this.#cells[anonymousFunction]?.read() as object;
      Object.defineProperty(value, "name", { value: "default", configurable: true });
    }
    for (const local of hoisted) this.#cells[local]?.publish();
  }

  /** Connects imports to the bindings they mean. @throws ExtensionError `MODULE_EXPORT_MISSING`. */
  link(): void {
    this.state = "linked";
    this.#listExports();
    this.#unresolved = Array.from(this.record.imports.keys());
    this.#resolveImports("unknown names wait");
    if (this.record.isTypeScript) return;
    for (const reexport of this.record.reexports) {
      if (reexport.name === "*") continue;
      this.#demand(this.#dependency(reexport).resolveExport(reexport.name), reexport);
    }
  }

  /** Runs the body. Returns a promise when the body awaits. */
  run(): Promise<void> | undefined {
    this.state = "running";
    try {
      this.#resolveImports("unknown names are missing");
      if (this.record.isAsync) {
        return this.#runAsync();
      }
      void this.#body.next();
    } catch (error) {
      throw this.#fail(error);
    }
    this.#finish();
    return undefined;
  }

  resolveExport(name: string, seen: Set<string> = new Set()): Resolution {
    const question = `${this.id}\0${name}`;
    if (seen.has(question)) return undefined;
    seen.add(question);
    const local = this.record.exports.get(name);
    if (local !== undefined) return this.#cells[local];
    const reexport = this.record.reexports.find(({ as }) => as === name);
    if (reexport !== undefined) {
      const dependency = this.#dependency(reexport);
      return reexport.name === "*" ? dependency.self : dependency.resolveExport(reexport.name, seen);
    }
    return name === "default" ? undefined : this.#resolveStar(name, seen);
  }

  *exportNames(seen: Set<LinkedModule> = new Set()): Iterable<string> {
    if (seen.has(this)) return;
    seen.add(this);
    yield* this.record.exports.keys();
    for (const { as } of this.record.reexports) yield as;
    for (const star of this.record.stars) {
      for (const name of this.dependencies?.[star]?.exportNames(seen) ?? [])
        if (name !== "default") yield name;
    }
  }

  #resolveStar(name: string, seen: Set<string>): Resolution {
    let found: Resolution;
    for (const star of this.record.stars) {
      const resolution = this.dependencies?.[star]?.resolveExport(name, seen);
      if (resolution === undefined || (resolution === "unknown" && found !== undefined)) continue;
      if (resolution === "ambiguous") return "ambiguous";
      if (found === undefined || found === "unknown") found = resolution;
      else if (found !== resolution) return "ambiguous";
    }
    return found;
  }

  #resolveImports(mode: "unknown names wait" | "unknown names are missing"): void {
    this.#unresolved = this.#unresolved.filter((index) => {
      const imported = this.record.imports[index];
      const setter = this.#setters[index];
      if (imported === undefined || setter === undefined) return false;
      const dependency = this.#dependency(imported);
      const resolution = imported.name === "*" ? dependency.self : dependency.resolveExport(imported.name);
      if (resolution === "unknown" && mode === "unknown names wait") return true;
      this.#demand(resolution, imported)?.subscribe(setter);
      return false;
    });
  }

  #demand(resolution: Resolution, imported: ImportedName): Binding | undefined {
    if (typeof resolution === "object") return resolution;
    const dependency = this.#dependency(imported);
    // a CommonJS module in a circle with this one has not run; what it lacks now, it may have later
    if (resolution === "unknown" && this.state === "linked") return undefined;
    const specifier = this.record.dependencies[imported.dependency]?.specifier ?? dependency.id;
    const names = Array.from(new Set(dependency.exportNames())).slice(0, 12);
    const problem = resolution === "ambiguous" ? "exports more than one" : "does not export";
    const error = moduleError("MODULE_EXPORT_MISSING", `"${specifier}" ${problem} "${imported.name}"`, {
      file: this.id,
      line: imported.line,
      column: imported.column,
      hint: this.#exportHint(imported.name, names),
      details: { specifier, name: imported.name, from: this.id, module: dependency.id },
    });
    throw this.#fail(error);
  }

  #exportHint(name: string, names: readonly string[]): string {
    const listed = names.length === 0 ? "It exports nothing" : `It exports ${names.join(", ")}`;
    return this.record.isTypeScript ? `${listed}. Write "import type" if ${name} is a type` : listed;
  }

  #dependency({ dependency }: ImportedName): LinkedModule {
    const module = this.dependencies?.[dependency];
    if (module === undefined) throw new TypeError(`${this.id} is linked before its dependencies are there`);
    return module;
  }

  async #runAsync(): Promise<void> {
    try {
      await this.#body.next();
    } catch (error) {
      throw this.#fail(error);
    }
    this.#finish();
  }

  /** Publishes what no statement of the body did, and the names that CommonJS dependencies turned out to have. */
  #finish(): void {
    this.state = "done";
    for (const cell of this.#cells) cell.publish();
    this.#listExports();
  }

  #fail(error: unknown): unknown {
    this.failure ??= { error };
    this.state = "done";
    return error;
  }

  #listExports(): void {
    for (const name of Array.from(new Set(this.exportNames())).sort()) {
      if (Object.hasOwn(this.namespace, name)) continue;
      const binding = this.resolveExport(name);
      if (typeof binding !== "object") continue;
      Object.defineProperty(this.namespace, name, { enumerable: true, get: () => binding.read() });
    }
  }
}

/** An exported local variable of a module. */
class Cell implements Binding {
  readonly #setters: Setter[] = [];
  #getter: (() => unknown) | undefined;
  #isPublished = false;

  initialize(getter: () => unknown): void {
    this.#getter = getter;
  }

  /** @throws ReferenceError before the variable's declaration has run. */
  read(): unknown {
    return this.#getter?.();
  }

  subscribe(set: Setter): void {
    this.#setters.push(set);
    if (this.#isPublished) set(this.read());
  }

  publish(): void {
    let value: unknown;
    try {
      value = this.read();
    } catch {
      // a local of the same name was written while the exported one has not run yet: nothing to tell
      return;
    }
    this.#isPublished = true;
    for (const set of this.#setters) set(value);
  }
}

function compile(file: string, record: EsModuleRecord, watched: readonly WatchedGlobal[]): Initializer {
  try {
    return compileFunction(record.body, [...watched, ...record.parameters], {
      filename: file,
      columnOffset: -record.headLength,
    }) as Initializer;
  } catch (error) {
    throw syntaxError({ file, error, headLength: record.headLength });
  }
}
