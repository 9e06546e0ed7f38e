/** Places that a stack, or a message that holds one, names in somebody's own files. */
import { realpathSync } from "node:fs";
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
  // Stacks name files by their real paths.
  return [folder, realPath(folder)].some(
    (path) => file.startsWith(path + sep) && !file.slice(path.length).includes(`${sep}node_modules${sep}`),
  );
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // It has gone, and what was in it ran before.
    return folder;
  }
}

function pathOf(file: string): string {
  try {
    return file.startsWith("file:") ? fileURLToPath(file) : file;
  } catch {
    // A URL of another machine is no file here.
    return "";
  }
}
