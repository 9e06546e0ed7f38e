/** Places in source files, as stacks name them. */

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
