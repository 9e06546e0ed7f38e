/** Places in source files, as stacks and profiles name them. */
import { fileURLToPath } from "node:url";

/** A place in a source file, lines and columns from 1. @internal */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** Finds where a stack first enters one of the files asked for. @internal */
export function placeInStack(
  stack: string | undefined,
  isWanted: (file: string) => boolean,
): (SourcePlace & { readonly file: string }) | undefined {
  for (const line of stack?.split("\n") ?? []) {
    const match = /^\s*at (?:async )?(?:.*? \()?(.+):(\d+):(\d+)\)?$/.exec(line);
    if (match?.[1] === undefined || !isWanted(match[1])) continue;
    return { file: match[1], line: Number(match[2]), column: Number(match[3]) };
  }
  return undefined;
}

/** The path of a file that may be named by a URL. @internal */
export function pathOfFile(file: string): string {
  try {
    return file.startsWith("file:") ? fileURLToPath(file) : file;
  } catch {
    // A URL of another machine has no path here.
    return file;
  }
}
