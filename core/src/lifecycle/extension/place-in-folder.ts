/** Where in an extension's own files something went wrong, as far as a stack or a message tells. */
import { sep } from "node:path";
import { lookBehind } from "../../common/look-at.js";
import { pathOfFile, placeInStack, type SourcePlace } from "../../common/source-place.js";

/** The first place below the folder: of a frame of a stack, or in brackets at the end of a message. @internal */
export function placeInFolder(
  folder: string,
  text: string | undefined,
): (SourcePlace & { readonly file: string }) | undefined {
  const { found: real } = lookBehind(folder);
  // The folder is gone: then there is no place to tell.
  if (real === undefined) return undefined;
  const isOwn = (file: string) => pathOfFile(file).startsWith(real + sep);
  const place = placeInStack(text, isOwn) ?? placeInStack(bracketed(text), isOwn);
  return place === undefined ? undefined : { ...place, file: pathOfFile(place.file) };
}

function bracketed(text = ""): string {
  return `at ${/\(([^()]+:\d+:\d+)\)\.?$/.exec(text)?.[1] ?? ""}`;
}
