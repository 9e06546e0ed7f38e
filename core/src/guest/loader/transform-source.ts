/**
 * Decides what a file is (ES module or CommonJS, TypeScript or not) and turns its text into a function body.
 * Pure: the same text, name ending and package type give the same record.
 */
import { extname } from "node:path";
import { compileFunction } from "node:vm";
import type { Comment, Program } from "acorn";
import type { WatchedGlobal } from "../leftover-counter.js";
import { decoratorFunctionsName } from "./decorator-functions.js";
import { EditList } from "./edit-list.js";
import { declaresLoosely, findWatchedGlobals } from "./find-watched-globals.js";
import { moduleError, placeOfSyntaxError } from "./module-error.js";
import type { CommonJsRecord, ModuleRecord } from "./module-record.js";
import { parseJavaScript } from "./parse-javascript.js";
import { generatedMap, identityMap, type LineMap } from "./retain-lines.js";
import { isStackOverflow, longestText, tooDeep, tooLong, type SourceText } from "./separate-transformer.js";
import { scanSyntax, type SyntaxFindings } from "./scan-syntax.js";
import { hasModuleSyntax, transformModule, unusedName } from "./transform-module.js";
import { findForeignName, hasSplitNamespace, type ForeignName } from "./split-namespaces.js";
import { decoratorAdvice, standardDecoratorOffset } from "./standard-decorators.js";
import { transformerAdvice, type TypeScriptTransformer } from "./transform-typescript.js";

/** A file to transform. @internal */
export interface SourceFile extends SourceText {
  /** Asked for when the file is TypeScript. */
  readonly typescript: () => TypeScriptTransformer;
}

/** The parameters that every CommonJS module has. @internal */
export const commonJsParameters = ["exports", "require", "module", "__filename", "__dirname"] as const;

/** Transforms a file. @throws ExtensionError `MODULE_SYNTAX` or `MODULE_UNSUPPORTED`. @internal */
export function transformSource(source: SourceFile): ModuleRecord {
  return isTypeScript(source.file) ? transformTypeScript(source) : transformJavaScript(source);
}

/** Tells whether the file's name says TypeScript. @internal */
export function isTypeScript(file: string): boolean {
  return /\.[mc]?ts$/.test(file);
}

/** Words of which a text has at least one if it is a module by its syntax. */
const moduleWord = /\b(?:import|export|await)\b/;

interface ParsedSource {
  readonly tree: Program;
  readonly findings: SyntaxFindings;
  readonly comments: readonly Comment[];
}

function transformJavaScript({ file, text, packageType }: SourceFile): ModuleRecord {
  const extension = extname(file);
  const code = withoutHashbang(text);
  const lines = identityMap(code);
  if (extension === ".mjs" || (extension !== ".cjs" && packageType === "module")) {
    if (code.length > longestText) throw tooLong(file);
    return transformModule({
      ...parseCode(file, code, lines, "module"),
      code,
      lines,
      edits: new EditList(),
      isTypeScript: false,
    });
  }
  // What V8 has against other text is told when the text is compiled to run; doing that twice would cost as much again.
  if (!moduleWord.test(code)) return transformCommonJs(file, code);
  const refusal = refusalOfCommonJs(code);
  if (refusal === undefined) return transformCommonJs(file, code);
  if (code.length > longestText) throw tooLong(file);
  const parsed = tryParse(code, "module");
  const isModule = parsed !== undefined && hasModuleSyntax(parsed.tree, parsed.findings);
  if (isModule && extension !== ".cjs" && packageType === undefined) {
    return transformModule({ ...parsed, code, lines, edits: new EditList(), isTypeScript: false });
  }
  if (
    parsed === undefined &&
    extension !== ".cjs" &&
    packageType === undefined &&
    /^\s*(?:import|export)\b/m.test(code)
  ) {
    parseCode(file, code, lines, "module");
  }
  throw syntaxError({
    file,
    error: refusal,
    hint: isModule ? 'Name it .mjs, or write "type": "module" in its package.json' : undefined,
  });
}

/** CommonJS text stays as it is, but `import()` leads to the loader. */
function transformCommonJs(file: string, code: string): CommonJsRecord {
  const hasImport = /\bimport\s*\(/.test(code);
  if (hasImport && code.length > longestText) throw tooLong(file);
  const parsed = hasImport ? tryParse(code, "commonjs") : undefined;
  if (parsed === undefined || parsed.findings.dynamicImports.length === 0) {
    return { format: "commonjs", body: code, parameters: [], watched: watchedInCommonJs(code) };
  }
  const lines = identityMap(code);
  return commonJsRecord({ ...parsed, code, lines, edits: new EditList() });
}

function transformTypeScript({ file, text, packageType, typescript }: SourceFile): ModuleRecord {
  const extension = extname(file);
  const transformer = typescript();
  const source = withoutHashbang(text);
  if (source.length > longestText) throw tooLong(file);
  const decorator = source.includes("@") ? standardDecoratorOffset(source) : undefined;
  if (decorator !== undefined) {
    throw moduleError("MODULE_UNSUPPORTED", "A standard (TC39) decorator is declared here", {
      file,
      ...identityMap(source).placeOf(decorator),
      hint: decoratorAdvice,
    });
  }
  const { code, mappings } = transformer.transform(file, source);
  const lines = mappings === undefined ? identityMap(code) : generatedMap(code, mappings);
  const parsed =
    extension === ".cts"
      ? parseCode(file, code, lines, "commonjs", transformer)
      : (tryParse(code, "module") ??
        (extension === ".mts" || packageType === "module" ? undefined : tryParse(code, "commonjs")) ??
        parseCode(file, code, lines, "module", transformer));
  if (hasSplitNamespace(source)) refuseForeignName(file, findForeignName(parsed.tree), lines);
  const edits = new EditList();
  if (mappings !== undefined) {
    for (const { start, end } of parsed.comments) edits.replace(start, end, " ");
    parenthesizeOperands(parsed.findings, lines, edits);
  }
  const shape = { ...parsed, code, lines, edits, isTypeScript: true };
  const isModule =
    extension === ".mts" ||
    (extension !== ".cts" && (packageType === "module" || hasModuleSyntax(parsed.tree, parsed.findings)));
  const record = isModule ? transformModule(shape) : commonJsRecord(shape);
  if (!code.includes(`${decoratorFunctionsName}.`)) return record;
  return { ...record, parameters: [...record.parameters, decoratorFunctionsName] };
}

function refuseForeignName(file: string, foreign: ForeignName | undefined, lines: LineMap): void {
  if (foreign === undefined) return;
  const { name, namespace, offset } = foreign;
  const what = `"${name}" is exported by another part of the namespace ${namespace}`;
  throw moduleError("MODULE_UNSUPPORTED", what, {
    file,
    ...lines.placeOf(offset),
    hint: `Write ${namespace}.${name}, or put both parts into one`,
  });
}

interface CommonJsShape extends ParsedSource {
  readonly code: string;
  readonly lines: LineMap;
  readonly edits: EditList;
}

function commonJsRecord({ code, findings, lines, edits }: CommonJsShape): CommonJsRecord {
  const load = unusedName(code, "$load");
  for (const { start } of findings.dynamicImports) edits.replace(start, start + "import".length, load);
  const body = lines.write(edits.sorted(), findings);
  return { format: "commonjs", body, parameters: [load], watched: watchedInCommonJs(code) };
}

/** A parameter would clash with a `const`, `let` or `class` of the same name, and V8 knows best where one is. */
function watchedInCommonJs(code: string): readonly WatchedGlobal[] {
  const names = findWatchedGlobals(code).filter((name) => !declaresLoosely(code, name));
  if (names.length === 0 || refusalOfCommonJs(code, names) === undefined) return names;
  return names.filter((name) => refusalOfCommonJs(code, [name]) === undefined);
}

/**
 * The printer drops the parentheses of `return (⏎ value)`. The value belongs on its own line, where the grammar
 * allows it only within parentheses.
 */
function parenthesizeOperands(
  { operands, unbreakable }: SyntaxFindings,
  lines: LineMap,
  edits: EditList,
): void {
  for (const { keyword, start, end } of operands) {
    if (lines.placeOf(start).line <= lines.placeOf(keyword).line) continue;
    edits.open(start, "(");
    edits.close(end, ")");
    unbreakable.delete(start);
  }
}

function parseText(code: string, sourceType: "module" | "commonjs"): ParsedSource {
  const comments: Comment[] = [];
  const tree = parseJavaScript(code, {
    ecmaVersion: "latest",
    sourceType,
    preserveParens: true,
    onComment: comments,
  });
  return { tree, comments, findings: scanSyntax(tree, code) };
}

function tryParse(code: string, sourceType: "module" | "commonjs"): ParsedSource | undefined {
  try {
    return parseText(code, sourceType);
  } catch (error) {
    if (isStackOverflow(error)) throw error;
    // the caller tries another reading, or parses again for the place
    return undefined;
  }
}

function parseCode(
  file: string,
  code: string,
  lines: LineMap,
  sourceType: "module" | "commonjs",
  transformer?: TypeScriptTransformer,
): ParsedSource {
  try {
    return parseText(code, sourceType);
  } catch (error) {
    if (isStackOverflow(error)) throw error;
    const offset = error instanceof SyntaxError && "pos" in error ? Number(error.pos) : 0;
    const message = error instanceof Error ? error.message.replace(/ \(\d+:\d+\)$/, "") : String(error);
    const isDecorator = code.charAt(offset) === "@";
    const isFixable = isDecorator && transformer?.isComplete === false;
    throw moduleError(
      isFixable ? "MODULE_UNSUPPORTED" : "MODULE_SYNTAX",
      isDecorator ? "A decorator is used here" : message,
      {
        file,
        ...lines.placeOf(offset),
        hint: isFixable ? transformerAdvice : isDecorator ? "Decorators need a TypeScript file" : undefined,
        cause: error,
      },
    );
  }
}

/** V8's objection to the code as CommonJS; undefined when it has none. */
function refusalOfCommonJs(code: string, more: readonly string[] = []): unknown {
  try {
    compileFunction(code, [...commonJsParameters, ...more]);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Text that V8 refuses. @internal */
export interface RefusedText {
  readonly file: string;
  readonly error: unknown;
  /** Length of what was put before the text on its first line. */
  readonly headLength?: number;
  readonly hint?: string | undefined;
}

/** The error for text that V8 refuses. @internal */
export function syntaxError({ file, error, headLength = 0, hint }: RefusedText): Error {
  if (isStackOverflow(error)) return tooDeep(file, error);
  const place = placeOfSyntaxError(error);
  return moduleError("MODULE_SYNTAX", error instanceof Error ? error.message : String(error), {
    file,
    line: place?.line,
    column: place?.line === 1 ? Math.max(place.column - headLength, 1) : place?.column,
    hint,
    cause: error,
  });
}

function withoutHashbang(text: string): string {
  return text.startsWith("#!") ? `//${text.slice(2)}` : text;
}
