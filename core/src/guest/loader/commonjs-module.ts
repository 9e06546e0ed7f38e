/**
 * One CommonJS module of one generation: its `module` and `require`, and its function's run.
 * Finds no files. Invariant: nothing enters Node's own cache.
 */
import { dirname } from "node:path";
import { compileFunction } from "node:vm";
import type { LeftoverCounter } from "../leftover-counter.js";
import type { CommonJsRecord } from "./module-record.js";
import { unchangeable } from "./builtin-module.js";
import { commonJsParameters, syntaxError } from "./transform-source.js";

/** The actions behind a module's `require`. @internal */
export interface RequireActions {
  require(specifier: string): unknown;
  /** @param paths - folders to start from instead of the module's own */
  resolve(specifier: string, paths: readonly string[] | undefined): string;
  /** The folders in which a specifier is looked for; null for a built-in module. */
  lookupFolders(specifier: string): readonly string[] | null;
  /** What was required so far, by file; who takes something out has it run again. */
  readonly cache: ModuleTable;
}

/** Modules as `require` sees them, by file. @internal */
export type ModuleTable = Record<string, CommonJsModule>;

/** The object that code finds as `module`. @internal */
export interface CommonJsModule {
  exports: unknown;
  readonly id: string;
  readonly path: string;
  readonly filename: string;
  loaded: boolean;
  readonly children: CommonJsModule[];
  readonly paths: readonly string[];
  /** Who required it first; undefined if it was imported. */
  readonly parent: CommonJsModule | undefined;
  require(specifier: string): unknown;
}

/** Makes the `require` of a file. @internal */
export function createRequireFunction(actions: RequireActions): (specifier: string) => unknown {
  const resolve = Object.assign(
    (specifier: string, options?: { readonly paths?: readonly string[] }) =>
      actions.resolve(specifier, options?.paths),
    { paths: (specifier: string) => actions.lookupFolders(specifier) },
  );
  return Object.assign((specifier: string) => actions.require(specifier), {
    resolve,
    main: undefined,
    cache: actions.cache,
    extensions: unchangeable("require.extensions", Object.create(null) as object),
  });
}

/** Makes the `module` of a file, not yet run. @internal */
export function createCommonJsModule(
  file: string,
  actions: RequireActions,
  parent?: CommonJsModule,
): CommonJsModule {
  let paths: readonly string[] | undefined;
  return {
    exports: {},
    id: file,
    path: dirname(file),
    filename: file,
    loaded: false,
    children: [],
    get paths() {
      return (paths ??= actions.lookupFolders("x") ?? []);
    },
    parent,
    require: createRequireFunction(actions),
  };
}

/** The surroundings of a CommonJS module's code beside the five parameters. @internal */
export interface CommonJsSurroundings {
  readonly load: (specifier: unknown) => Promise<unknown>;
  readonly helpers: object;
  readonly leftovers: LeftoverCounter | undefined;
}

/** Compiles and runs a module. @throws what its code throws. @internal */
export function runCommonJs(
  module: CommonJsModule,
  record: CommonJsRecord,
  { load, helpers, leftovers }: CommonJsSurroundings,
): void {
  const { filename, path } = module;
  const watched = leftovers === undefined ? [] : record.watched;
  const standIns = watched.map((name) => leftovers?.standIn(name));
  let run;
  try {
    run = compileFunction(record.body, [...commonJsParameters, ...watched, ...record.parameters], {
      filename,
    });
  } catch (error) {
    throw syntaxError({ file: filename, error });
  }
  // eslint-disable-next-line @typescript-eslint/unbound-method -- made by createRequireFunction, which needs no this
  const { require } = module;
  Reflect.apply(run, module.exports, [
    module.exports,
    require,
    module,
    filename,
    path,
    ...standIns,
    load,
    helpers,
  ]);
  module.loaded = true;
}
