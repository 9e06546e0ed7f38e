/**
 * Erases types and rewrites what only TypeScript has. oxc-transform does all of it; where its binding is missing,
 * Node's own eraser does, which leaves decorators, enums and parameter properties unsupported.
 * An extension's tsconfig is never read.
 */
import { extname } from "node:path";
import type { TransformOptions, TransformResult } from "oxc-transform";
import { lazyRequire, nodeModule } from "../../common/node-module.js";
import { moduleError } from "./module-error.js";
import { identityMap } from "./retain-lines.js";

/** JavaScript made of TypeScript. @internal */
export interface ErasedTypeScript {
  readonly code: string;
  /** Where the code came from, in the source map format; absent when everything stayed at its place. */
  readonly mappings?: string;
}

/** Turns TypeScript into JavaScript. @internal */
export interface TypeScriptTransformer {
  /** Tells transformed text of different transformers apart in a cache. */
  readonly name: string;
  /** Whether it rewrites decorators and enums, and drops imports that are used as types only. */
  readonly isComplete: boolean;
  /** @throws ExtensionError `MODULE_SYNTAX` or `MODULE_UNSUPPORTED` with the place. */
  transform(file: string, source: string): ErasedTypeScript;
}

/** Says how to get what {@link typeEraser} lacks. @internal */
export const transformerAdvice =
  "Decorators, enums and parameter properties need the optional package oxc-transform beside the host: npm install oxc-transform";

const requirePackage = lazyRequire(import.meta.url);

/** The best transformer that is installed. @internal */
export function findTypeScriptTransformer(): TypeScriptTransformer {
  let oxc: { transformSync(file: string, source: string, options: TransformOptions): TransformResult };
  try {
    oxc = requirePackage("oxc-transform") as typeof oxc;
  } catch {
    // an optional dependency: absent, or without a binding for this platform
    return typeEraser;
  }
  return {
    name: "oxc",
    isComplete: true,
    transform(file, source) {
      const result = oxc.transformSync(file, source, {
        lang: "ts",
        sourceType: extname(file) === ".cts" ? "commonjs" : "module",
        sourcemap: true,
        target: "esnext",
        decorator: { legacy: true, emitDecoratorMetadata: false },
        // helpers become members of one object that the loader hands in; the enum of modes has no value at run time
        helpers: { mode: "External" as never },
      });
      const failure = result.errors.find(({ severity }) => (severity as string) === "Error");
      if (failure !== undefined) {
        const hint = failure.helpMessage ?? undefined;
        const offset = characterOffset(source, failure.labels[0]?.start ?? 0);
        throw moduleError("MODULE_SYNTAX", failure.message, {
          file,
          hint,
          ...identityMap(source).placeOf(offset),
        });
      }
      return { code: result.code, mappings: result.map?.mappings ?? "" };
    },
  };
}

/** Node's own eraser: exact places, types only. @internal */
export const typeEraser: TypeScriptTransformer = {
  name: "strip",
  isComplete: false,
  transform(file, source) {
    try {
      return { code: nodeModule().stripTypeScriptTypes(source, { mode: "strip" }) };
    } catch (error) {
      const isUnsupported =
        error instanceof Error && "code" in error && error.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
      throw moduleError(isUnsupported ? "MODULE_UNSUPPORTED" : "MODULE_SYNTAX", firstLine(error), {
        file,
        ...placeOfEraserError(error),
        hint: isUnsupported ? transformerAdvice : undefined,
        cause: error,
      });
    }
  },
};

/** oxc counts bytes of UTF-8, everything else here counts UTF-16 units. */
function characterOffset(source: string, byteOffset: number): number {
  return Buffer.from(source, "utf8").subarray(0, byteOffset).toString("utf8").length;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

/** The eraser's stack starts with `:line`, the line of text, and a row of carets under the place. */
function placeOfEraserError(error: unknown): { readonly line?: number; readonly column?: number } {
  const [head = "", , caret = ""] = (error instanceof Error ? (error.stack ?? "") : "").split("\n");
  const line = /:(\d+)$/.exec(head)?.[1];
  if (line === undefined) return {};
  return { line: Number(line), column: Math.max(caret.indexOf("^"), 0) + 1 };
}
