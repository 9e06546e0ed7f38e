/** How many columns of a terminal a text takes. */
import { createRequire } from "node:module";
import { stripVTControlCharacters } from "node:util";
import { inCore } from "../core-folder.js";

/** Columns of the text, without what only colours it. @internal */
export function textWidth(text: string): number {
  const shown = stripVTControlCharacters(text);
  return oneColumnEach.test(shown) ? shown.length : stringWidth()(shown);
}

/** ASCII, Latin letters and the signs of tables. */
const oneColumnEach = /^[ -~¡-¬®-ɏ–—‘’“”…─-╿]*$/;

/** Loaded for what is wide, or takes no column at all: making its tables takes as long as a whole list. */
function stringWidth(): (text: string) => number {
  const load = createRequire(import.meta.url);
  return (load(inCore("bundle/packages/string-width.cjs")) as typeof import("string-width")).default;
}
