/** Places that a stack, or a message that holds one, names in somebody's own files. */
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { FramePlace } from "./code-frame.js";

/** The first place in a file below one of the folders, packages in `node_modules` left out. @internal */
export function placeInText(text: string, folders: readonly string[]): FramePlace | undefined {
  return ownFrames(text, folders)[0]?.place;
}

/** The lines of a stack that are in files below one of the folders, each with its place. @internal */
export function ownFrames(
  text: string,
  folders: readonly string[],
): readonly { readonly line: string; readonly place: FramePlace }[] {
  return text.split("\n").flatMap((line) => {
    const match = /(?:^|[\s(])((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):(\d+)/.exec(line);
    const file = pathOf(match?.[1] ?? "");
    if (match === null || !folders.some((folder) => isOwn(file, folder))) return [];
    return [{ line, place: { file, line: Number(match[2]), column: Number(match[3]) } }];
  });
}

function isOwn(file: string, folder: string): boolean {
  return file.startsWith(folder + sep) && !file.slice(folder.length).includes(`${sep}node_modules${sep}`);
}

function pathOf(file: string): string {
  try {
    return file.startsWith("file:") ? fileURLToPath(file) : file;
  } catch {
    // A URL of another machine is no file here.
    return "";
  }
}
