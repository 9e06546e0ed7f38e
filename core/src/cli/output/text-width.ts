/** How wide text is on a terminal. What other writing than Latin needs is loaded when there is some. */
import { createRequire } from "node:module";
import { stripVTControlCharacters } from "node:util";
import { inCore } from "../core-folder.js";

/** The columns that a text takes; colours take none. @internal */
export function textWidth(text: string): number {
  const visible = stripVTControlCharacters(text);
  return isNarrow.test(visible) ? visible.length : measuredWidth(visible);
}

/** Letters of Latin writing and what tables are cut and drawn with: a column each. */
const isNarrow = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2026\u2192]*$/;

function measuredWidth(text: string): number {
  // It compiles large tables when it is loaded, for which every command that prints a line would wait.
  const { default: stringWidth } = createRequire(import.meta.url)(
    inCore("bundle/packages/string-width.cjs"),
  ) as typeof import("string-width");
  return stringWidth(text);
}
