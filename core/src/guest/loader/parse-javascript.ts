/**
 * Parses JavaScript with acorn. For each declared name acorn searches the list of those before it, which takes many
 * seconds where one scope declares tens of thousands; here a list that grows long becomes a set.
 */
import type * as Acorn from "acorn";
import type { Options, Program } from "acorn";
import { ownPackage } from "../../common/own-files.js";

/**
 * Parses a program.
 *
 * @throws SyntaxError with `pos`; RangeError if the text nests deeper than the stack allows
 * @internal
 */
export function parseJavaScript(code: string, options: Options): Program {
  return parser().parse(code, options);
}

// Text that is CommonJS at first sight is never parsed, and a guest has to start fast.
const parser = lazily(() => largeScopeParser((ownPackage("acorn") as typeof Acorn).Parser));

/** Names above which searching a list takes longer than making a set. */
const longList = 64;

/** The names that a scope declares, as acorn keeps them. */
interface Scope {
  var: NameList;
  lexical: NameList;
  functions: NameList;
}

/** What acorn asks of a list of names. */
interface NameList {
  readonly 0?: string | undefined;
  readonly length: number;
  push(name: string): unknown;
  indexOf(name: string): number;
}

/** What acorn offers to those who extend it; its types leave it out. */
interface ScopeParser {
  declareName(name: string, bindingType: number, position: number): void;
  currentScope(): Scope;
  currentVarScope(): Scope;
  catchStackOverflow<T>(parse: () => T): T;
}

function largeScopeParser(parser: typeof Acorn.Parser): Pick<typeof Acorn.Parser, "parse"> {
  const Base = parser as unknown as new (...args: unknown[]) => ScopeParser;
  class LargeScopeParser extends Base {
    override declareName(name: string, bindingType: number, position: number): void {
      super.declareName(name, bindingType, position);
      const scope = this.currentScope();
      if (scope.lexical.length > longList) scope.lexical = asSet(scope.lexical);
      if (scope.functions.length > longList) scope.functions = asSet(scope.functions);
      if (scope.var.length > longList) scope.var = asSet(scope.var);
      const outer = this.currentVarScope();
      if (outer.var.length > longList) outer.var = asSet(outer.var);
    }

    /** acorn would make a SyntaxError of it; on a deeper stack the text may be sound. */
    override catchStackOverflow<T>(parse: () => T): T {
      return parse();
    }
  }
  return LargeScopeParser as unknown as typeof Acorn.Parser;
}

function asSet(names: NameList): NameList {
  return Array.isArray(names) ? new NameSet(names as readonly string[]) : names;
}

class NameSet implements NameList {
  readonly 0: string | undefined;
  readonly length = Infinity;
  readonly #names: Set<string>;

  constructor(names: readonly string[]) {
    this[0] = names[0];
    this.#names = new Set(names);
  }

  push(name: string): void {
    this.#names.add(name);
  }

  /** Tells whether the name is there; nobody asks where. */
  indexOf(name: string): number {
    return this.#names.has(name) ? 0 : -1;
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
