/** Where in an extension's own files something went wrong, as far as a stack or a message tells. */
import { realpathSync } from "node:fs";
import { sep } from "node:path";
import { pathOfFile, placeInStack, type SourcePlace } from "../common/source-place.js";

/** The first place below the folder: of a frame of a stack, or in brackets at the end of a message. @internal */
export function placeInFolder(
  folder: string,
  text: string | undefined,
): (SourcePlace & { readonly file: string }) | undefined {
  try {
    const real = realpathSync(folder) + sep;
    const isOwn = (file: string) => pathOfFile(file).startsWith(real);
    const place = placeInStack(text, isOwn) ?? placeInStack(bracketed(text), isOwn);
    return place === undefined ? undefined : { ...place, file: pathOfFile(place.file) };
  } catch {
    // The folder is gone: then there is no place to tell.
    return undefined;
  }
}

function bracketed(text = ""): string {
  return `at ${/\(([^()]+:\d+:\d+)\)\.?$/.exec(text)?.[1] ?? ""}`;
}
