/**
 * What a transform leaves of a source file: a function body, and what the linker must know of it. Plain data,
 * free of paths, so that it can be cached by content and shared by generations.
 */
import type { WatchedGlobal } from "../leftover-counter.js";
import type { SourcePlace } from "../../common/source-place.js";

/** A transformed source file. @internal */
export type ModuleRecord = EsModuleRecord | CommonJsRecord;

/**
 * An ES module as a function body. Run, the function returns `[setters, body]`: one setter per import, and a
 * generator function whose first step makes the hoisted functions, whose second runs the module.
 *
 * @internal
 */
export interface EsModuleRecord {
  readonly format: "module";
  readonly body: string;
  /** Length of the text put before the first character of the source. */
  readonly headLength: number;
  /** Names of the parameters: initialize, publish, import(), import.meta, decorator helpers. */
  readonly parameters: readonly string[];
  /** Globals that may become parameters as well; none of them clashes with a name of the module. */
  readonly watched: readonly WatchedGlobal[];
  /** Whether the module awaits at top level. */
  readonly isAsync: boolean;
  readonly dependencies: readonly ModuleRequest[];
  /** Imported names, in the order of the setters. */
  readonly imports: readonly ImportedName[];
  /** Exported names by the local they show; locals in the order of the getters. */
  readonly exports: ReadonlyMap<string, number>;
  readonly localCount: number;
  /** Locals that hold a hoisted function. */
  readonly hoisted: readonly number[];
  /** The local that holds a default function without a name. */
  readonly anonymousFunction: number | undefined;
  readonly reexports: readonly ReexportedName[];
  /** Dependencies of `export *`. */
  readonly stars: readonly number[];
  /** Whether types were erased, so that a re-export may have named a type. */
  readonly isTypeScript: boolean;
}

/** A CommonJS module as a function body. @internal */
export interface CommonJsRecord {
  readonly format: "commonjs";
  readonly body: string;
  /** Names of the parameters beyond the five of CommonJS: import(), decorator helpers. */
  readonly parameters: readonly string[];
  /** Globals that may become parameters as well; none of them clashes with a name of the module. */
  readonly watched: readonly WatchedGlobal[];
}

/** A module that another one asks for, and where it does. @internal */
export interface ModuleRequest extends SourcePlace {
  readonly specifier: string;
}

/** An imported name; `*` is the namespace. @internal */
export interface ImportedName extends SourcePlace {
  readonly dependency: number;
  readonly name: string;
}

/** A name exported on behalf of a dependency; `*` is its namespace. @internal */
export interface ReexportedName extends ImportedName {
  readonly as: string;
}
