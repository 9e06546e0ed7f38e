/**
 * Turns an ES module into a function body by edits in place, so that names, lines and columns stay.
 * Imports become plain locals with setters; every change of an exported local is followed by a publish call.
 * Links nothing and reads nothing.
 */
import type { AnyNode, Literal, ModuleDeclaration, Program, Statement } from "acorn";
import type { EsModuleRecord, ImportedName, ModuleRequest, ReexportedName } from "./module-record.js";
import { EditList } from "./edit-list.js";
import { findWatchedGlobals } from "./find-watched-globals.js";
import type { LineMap } from "./retain-lines.js";
import { namesOf, type SyntaxFindings } from "./scan-syntax.js";

/** A parsed module with all that was found in it. @internal */
export interface ParsedModule {
  readonly tree: Program;
  readonly code: string;
  readonly findings: SyntaxFindings;
  readonly lines: LineMap;
  /** Edits decided before, such as comments to drop; those of the module join them. */
  readonly edits: EditList;
  readonly isTypeScript: boolean;
}

/** Tells whether a program uses what only a module may. @internal */
export function hasModuleSyntax(tree: Program, findings: SyntaxFindings): boolean {
  return (
    findings.awaitsAtTopLevel ||
    findings.metaProperties.length > 0 ||
    tree.body.some((node) => node.type === "ImportDeclaration" || node.type.startsWith("Export"))
  );
}

/** Transforms a module. @internal */
export function transformModule(parsed: ParsedModule): EsModuleRecord {
  return new ModuleTransform(parsed).transform();
}

class ModuleTransform {
  readonly #parsed: ParsedModule;
  readonly #edits: EditList;
  readonly #names: GeneratedNames;
  readonly #dependencies = new Map<string, ModuleRequest & { readonly index: number }>();
  /** Imported locals, by name. */
  readonly #imports = new Map<string, ImportedName>();
  /** Exported locals, by name, with the names they are exported under. */
  readonly #locals = new Map<string, { readonly index: number; readonly exportedAs: string[] }>();
  readonly #hoisted = new Set<string>();
  readonly #reexports: ReexportedName[] = [];
  readonly #stars = new Set<number>();

  constructor(parsed: ParsedModule) {
    this.#parsed = parsed;
    this.#edits = parsed.edits;
    this.#names = generateNames(parsed.code);
  }

  transform(): EsModuleRecord {
    const { tree, code, findings, lines, isTypeScript } = this.#parsed;
    for (const node of tree.body) if ("source" in node && node.source) this.#dependency(node.source);
    for (const node of tree.body) if (isImport(node)) this.#import(node);
    for (const node of tree.body) this.#export(node);
    for (const node of tree.body) this.#publishDeclaration(node);
    for (const write of findings.writes) this.#publishWrite(write.node, write.names);
    for (const { start, end } of findings.metaProperties) this.#edits.replace(start, end, this.#names.meta);
    for (const { start } of findings.dynamicImports) {
      this.#edits.replace(start, start + "import".length, this.#names.load);
    }
    const head = this.#head();
    return {
      format: "module",
      body: `${head}${lines.write(this.#edits.sorted(), findings)}\n})]`,
      headLength: head.length,
      parameters: [this.#names.initialize, this.#names.publish, this.#names.load, this.#names.meta],
      // imports are declared beside the parameters, all other names of the module within the inner function
      watched: findWatchedGlobals(code).filter((name) => !this.#imports.has(name)),
      isAsync: findings.awaitsAtTopLevel,
      dependencies: Array.from(this.#dependencies.values(), ({ specifier, line, column }) => ({
        specifier,
        line,
        column,
      })),
      imports: Array.from(this.#imports.values()),
      exports: new Map(
        Array.from(this.#locals.values()).flatMap(({ index, exportedAs }) =>
          exportedAs.map((name): [string, number] => [name, index]),
        ),
      ),
      localCount: this.#locals.size,
      hoisted: Array.from(this.#hoisted, (name) => this.#locals.get(name)?.index ?? -1),
      reexports: this.#reexports,
      stars: Array.from(this.#stars),
      anonymousFunction: this.#hoisted.has(this.#names.default)
        ? this.#locals.get(this.#names.default)?.index
        : undefined,
      isTypeScript,
    };
  }

  /**
   * Strict like every module; returns the setters, and the body as a generator that hoists in its first step. The
   * parenthesis makes V8 compile the body at once instead of parsing it twice.
   */
  #head(): string {
    const { initialize, value } = this.#names;
    const imported = Array.from(this.#imports.keys());
    const setters = imported.map((name) => `${value}=>{${name}=${value}}`);
    const getters = Array.from(this.#locals.keys(), (name) => `()=>${name}`);
    const declaration = imported.length === 0 ? "" : `let ${imported.join(",")};`;
    const kind = this.#parsed.findings.awaitsAtTopLevel ? "async function*" : "function*";
    return `"use strict";${declaration}return[[${setters.join(",")}],(${kind}(){${initialize}([${getters.join(",")}]);yield;`;
  }

  #import(node: Extract<ModuleDeclaration, { type: "ImportDeclaration" }>): void {
    const dependency = this.#dependency(node.source);
    for (const specifier of node.specifiers) {
      const name =
        specifier.type === "ImportDefaultSpecifier"
          ? "default"
          : specifier.type === "ImportNamespaceSpecifier"
            ? "*"
            : nameOf(specifier.imported);
      this.#imports.set(specifier.local.name, { dependency, name, ...this.#place(specifier.start) });
    }
    this.#edits.replace(node.start, node.end, ";");
  }

  #export(node: Statement | ModuleDeclaration): void {
    switch (node.type) {
      case "ExportAllDeclaration": {
        const dependency = this.#dependency(node.source);
        const place = this.#place(node.start);
        if (node.exported)
          this.#reexports.push({ dependency, name: "*", as: nameOf(node.exported), ...place });
        else this.#stars.add(dependency);
        this.#edits.replace(node.start, node.end, ";");
        break;
      }
      case "ExportNamedDeclaration":
        if (node.declaration) this.#edits.replace(node.start, node.declaration.start, "");
        else this.#edits.replace(node.start, node.end, ";");
        if (node.declaration)
          for (const name of declaredNames(node.declaration)) this.#exportLocal(name, name);
        for (const { local, exported, start } of node.specifiers) {
          if (node.source) {
            const dependency = this.#dependency(node.source);
            this.#reexports.push({
              dependency,
              name: nameOf(local),
              as: nameOf(exported),
              ...this.#place(start),
            });
          } else {
            this.#exportLocal(nameOf(local), nameOf(exported));
          }
        }
        break;
      case "ExportDefaultDeclaration":
        this.#exportDefault(node);
        break;
      default:
        break;
    }
  }

  #exportDefault(node: Extract<ModuleDeclaration, { type: "ExportDefaultDeclaration" }>): void {
    const { declaration } = node;
    const isDeclaration =
      declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
    if (isDeclaration && declaration.id) {
      this.#edits.replace(node.start, declaration.start, "");
      this.#exportLocal(declaration.id.name, "default");
    } else if (declaration.type === "FunctionDeclaration") {
      // hoisted, so it must stay a declaration; the runtime gives it the name that the language asks for
      const word = /function\s*\*?/y;
      word.lastIndex = this.#parsed.code.indexOf("function", declaration.start);
      word.test(this.#parsed.code);
      this.#edits.replace(node.start, declaration.start, "");
      this.#edits.open(word.lastIndex, ` ${this.#names.default}`);
      this.#exportLocal(this.#names.default, "default");
      this.#hoisted.add(this.#names.default);
    } else {
      // the property gives an anonymous function or class the name "default", as the language asks
      this.#edits.replace(node.start, declaration.start, `let ${this.#names.default}={default:`);
      this.#exportLocal(this.#names.default, "default");
      this.#edits.close(node.end, this.#publishCall([this.#names.default]));
      this.#edits.close(declaration.end, "}.default;");
    }
  }

  /** Exports a local; one that is itself imported becomes a re-export, whose binding leads to its origin. */
  #exportLocal(name: string, as: string): void {
    const imported = this.#imports.get(name);
    if (imported !== undefined) {
      this.#reexports.push({ ...imported, as });
      return;
    }
    const local = this.#locals.get(name);
    if (local === undefined) this.#locals.set(name, { index: this.#locals.size, exportedAs: [as] });
    else local.exportedAs.push(as);
  }

  #publishDeclaration(node: Statement | ModuleDeclaration): void {
    const declaration =
      node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration"
        ? node.declaration
        : node;
    if (!declaration) return;
    const names = declaredNames(declaration).filter((name) => this.#locals.has(name));
    if (names.length === 0) return;
    if (declaration.type === "FunctionDeclaration") for (const name of names) this.#hoisted.add(name);
    else this.#edits.close(node.end, this.#publishCall(names));
  }

  #publishWrite(node: AnyNode, written: readonly string[]): void {
    const names = written.filter((name) => this.#locals.has(name));
    if (names.length === 0) return;
    if (node.type === "ForOfStatement" || node.type === "ForInStatement") {
      this.#edits.open(node.body.start, `{${this.#publishCall(names)}`);
      this.#edits.close(node.body.end, "}");
    } else {
      const calls = names.map((name) => `${this.#names.publish}(${this.#indexOf(name)},`);
      this.#edits.open(node.start, calls.join(""));
      this.#edits.close(node.end, ")".repeat(calls.length));
    }
  }

  #publishCall(names: readonly string[]): string {
    return `;${names.map((name) => `${this.#names.publish}(${this.#indexOf(name)});`).join("")}`;
  }

  #indexOf(name: string): number {
    return this.#locals.get(name)?.index ?? -1;
  }

  #dependency(source: Literal): number {
    const specifier = String(source.value);
    const known = this.#dependencies.get(specifier);
    if (known !== undefined) return known.index;
    const index = this.#dependencies.size;
    this.#dependencies.set(specifier, { specifier, index, ...this.#place(source.start) });
    return index;
  }

  #place(offset: number): { readonly line: number; readonly column: number } {
    return this.#parsed.lines.placeOf(offset);
  }
}

/** Names that the generated text uses, none of which occurs in the code. */
interface GeneratedNames {
  readonly initialize: string;
  readonly publish: string;
  /** As long as `import`, so that columns stay. */
  readonly load: string;
  readonly meta: string;
  readonly value: string;
  readonly default: string;
}

function generateNames(code: string): GeneratedNames {
  const fresh = (stem: string): string => unusedName(code, stem);
  return {
    initialize: fresh("$init"),
    publish: fresh("$pub"),
    load: fresh("$load"),
    meta: fresh("$meta"),
    value: fresh("$val"),
    default: fresh("$"),
  };
}

/** A name of one character more than the stem that occurs nowhere in the code. @internal */
export function unusedName(code: string, stem: string): string {
  for (let suffix = 0; ; suffix += 1) {
    const name = `${stem}${suffix.toString(36)}`;
    if (!code.includes(name)) return name;
  }
}

function isImport(node: AnyNode): node is Extract<ModuleDeclaration, { type: "ImportDeclaration" }> {
  return node.type === "ImportDeclaration";
}

function nameOf(node: { type: "Identifier"; name: string } | Literal): string {
  return node.type === "Identifier" ? node.name : String(node.value);
}

function declaredNames(node: AnyNode): readonly string[] {
  switch (node.type) {
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return node.id === null ? [] : [node.id.name];
    case "VariableDeclaration":
      return node.declarations.flatMap(({ id }) => namesOf(id));
    default:
      return [];
  }
}
