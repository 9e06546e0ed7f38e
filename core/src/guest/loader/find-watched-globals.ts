/**
 * Finds which globals a module is to see through stand-ins. Looks at the text only: one too many costs nothing,
 * one too few is a leftover not counted.
 */
import { watchedGlobals, type WatchedGlobal } from "../leftover-counter.js";

/**
 * Watched globals that the code uses. Leaves out what it assigns, since that is meant for the global itself, and
 * `process` where it only reads from it.
 *
 * @internal
 */
export function findWatchedGlobals(code: string): readonly WatchedGlobal[] {
  return watchedGlobals.filter(
    (name) =>
      code.includes(name) && (name !== "process" || handsOutProcess.test(code)) && !assigns[name].test(code),
  );
}

/**
 * Whether sloppy code declares the name in a way that would mean something else if a parameter had it too: `var`
 * would start with the parameter's value, and a function in a block would stay in the block.
 *
 * @internal
 */
export function declaresLoosely(code: string, name: WatchedGlobal): boolean {
  return looseDeclarations[name].test(code);
}

/** Any mention that does not go straight on to a member which adds no listener. */
const handsOutProcess =
  /\bprocess\b(?!\s*\??\.\s*(?!(?:on|once|addListener|prependListener|prependOnceListener)\b)[\w$])/;

const assigns = patterns(
  (name) => `${name}\\b(?<=(?<![.\\w$]|\\b(?:const|let|var)\\s+)${name})\\s*(?:\\|\\||\\?\\?)?=(?![=>])`,
);

const looseDeclarations = patterns((name) => `\\b(?:var\\s+|function[\\s*]+)${name}\\b`);

function patterns(source: (name: WatchedGlobal) => string): Readonly<Record<WatchedGlobal, RegExp>> {
  const entries = watchedGlobals.map((name) => [name, new RegExp(source(name))] as const);
  return Object.fromEntries(entries) as Record<WatchedGlobal, RegExp>;
}
