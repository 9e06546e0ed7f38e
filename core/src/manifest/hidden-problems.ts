/** Words what a reader of an extension's files does not see. */
import { posix } from "node:path";
import type { ErrorCode, Problem } from "@plugboard/extension-api";
import { codePointText, hiddenCharacters, isBidirectional } from "./hidden-characters.js";
import { TextLines } from "./locate.js";
import { readJson5 } from "./read-json5.js";

/** A text of an extension. @internal */
export interface TextFile {
  /** Absolute path, for the Problems. */
  readonly file: string;
  readonly text: string;
}

/** A file of code beyond that is no text that anybody reads. @internal */
export const longestModule = 16 * 2 ** 20;

/** So many places are named in a file before the rest is counted. */
const mostNamed = 20;
/** What stands before a character within the value of an `id`. */
const beginningOfId = /["']?\bid["']?\s*:\s*(?:"[^"]*|'[^']*)$/;

/** Hidden characters in a manifest; in an id they are errors, since two ids would look the same. @internal */
export function hiddenInManifest(manifest: TextFile): readonly Problem[] {
  return hiddenProblems(manifest, "MANIFEST_HIDDEN_CHARACTER", (before) =>
    beginningOfId.test(before) ? "error" : "warning",
  );
}

/** Hidden characters in a file of code. @internal */
export function hiddenInModule(module: TextFile): readonly Problem[] {
  return hiddenProblems(module, "MODULE_HIDDEN_CHARACTER", () => "warning");
}

/** The path of the file that the manifest's text names as `main`, from the extension's folder; undefined if there is none. @internal */
export function mainIn(manifestText: string): string | undefined {
  const { value } = readJson5(manifestText.replace(/^\ufeff/, ""));
  const { main } = (value ?? {}) as { readonly main?: unknown };
  return typeof main === "string" ? posix.normalize(main) : undefined;
}

function hiddenProblems(
  { file, text }: TextFile,
  code: Extract<ErrorCode, `${string}_HIDDEN_CHARACTER`>,
  severity: (lineBefore: string) => Problem["severity"],
): readonly Problem[] {
  const found = hiddenCharacters(text);
  if (found.length === 0) return [];
  const lines = new TextLines(text);
  return found.slice(0, mostNamed).map(({ offset, codePoint, count }, index) => {
    const { line, column } = lines.at(offset);
    const what = isBidirectional(codePoint) ? "shows text in another order than it is read" : "can't be seen";
    const more = count === 1 ? "" : `; ${String(count)} such characters follow each other`;
    const others = found.length - mostNamed;
    const rest = others > 0 && index === mostNamed - 1 ? `. There are ${String(others)} more places` : "";
    return {
      code,
      severity: severity(text.slice(offset - column + 1, offset)),
      file,
      line,
      column,
      message: `${codePointText(codePoint)} ${what}${more}${rest}.`,
    };
  });
}
