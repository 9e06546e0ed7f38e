/**
 * Matches the paths of files against the globs that a manifest's `watch` names; one matcher for whoever follows files
 * and whoever compares them. Knows `*`, `?`, `[a-z]`, `{a,b}` and `**`; wildcards fit names that begin with a dot.
 * Invariant: a path costs at most its length times that of all globs, whatever they are, since no part of a glob is
 * ever tried twice at one place. Others write both.
 */

/** Most characters of all globs of a manifest, once the alternatives in their braces are written out. */
const mostCharacters = 2_048;

/** Folders that are meant only where they are named: what lies there is not the author's, and a lot. */
const unmeant: ReadonlySet<string> = new Set(["node_modules", ".git"]);

/** One part of a glob between slashes. */
type Part =
  | { readonly kind: "any" }
  | { readonly kind: "name"; readonly tokens: readonly Token[]; readonly isLiteral: boolean };

type Token =
  | { readonly kind: "many" }
  | { readonly kind: "one" }
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "set";
      readonly ranges: readonly (readonly [string, string])[];
      readonly isNegated: boolean;
    };

const any: Part = { kind: "any" };

/** The globs of one manifest. @internal */
export class WatchGlobs {
  readonly #patterns: readonly (readonly Part[])[];

  /** @param globs - one with a fault fits nothing */
  constructor(globs: readonly string[]) {
    this.#patterns = readGlobs(globs).flatMap(({ alternatives }) => alternatives.map(partsOf));
  }

  /** Whether the file counts. @param path - relative to the folder, with `/` between names */
  fits(path: string): boolean {
    const names = path.split("/");
    return this.#patterns.some((parts) => reached(parts, names).has(parts.length));
  }

  /** Whether something in the folder may count. @param path - as above; empty for the extension's folder itself */
  leadsInto(path: string): boolean {
    const names = path === "" ? [] : path.split("/");
    return this.#patterns.some((parts) => {
      const places = reached(parts, names);
      places.delete(parts.length);
      return places.size > 0;
    });
  }
}

/** A fault of a glob. @internal */
export interface GlobFault {
  /** Which of the globs it is. */
  readonly index: number;
  /** A clause without its subject. */
  readonly fault: string;
}

/** Says what is wrong with the globs of a manifest. Where they lead is judged elsewhere. @internal */
export function faultsOfGlobs(globs: readonly string[]): readonly GlobFault[] {
  return readGlobs(globs).flatMap(({ fault }, index) => (fault === undefined ? [] : [{ index, fault }]));
}

interface ReadGlob {
  readonly alternatives: readonly string[];
  readonly fault?: string;
}

function readGlobs(globs: readonly string[]): readonly ReadGlob[] {
  let leftCharacters = mostCharacters;
  return globs.map((glob) => {
    const fault = faultOfWording(glob);
    if (fault !== undefined) return { alternatives: [], fault };
    // What follows the one that was too much is part of the same mistake.
    if (leftCharacters === 0) return { alternatives: [] };
    const alternatives = alternativesOf(glob, leftCharacters);
    if (alternatives === undefined) {
      leftCharacters = 0;
      const most = mostCharacters.toLocaleString("en");
      return { alternatives: [], fault: `is too much: all globs together may come to ${most} characters` };
    }
    for (const { length } of alternatives) leftCharacters = Math.max(0, leftCharacters - length);
    return { alternatives };
  });
}

function faultOfWording(glob: string): string | undefined {
  if (glob.length > mostCharacters) return `has ${glob.length.toLocaleString("en")} characters`;
  if (glob.startsWith("!")) return 'begins with "!", and what to leave out can\'t be named';
  const group = /[!?*+@]\(/.exec(glob)?.[0];
  if (group !== undefined) return `uses "${group}", which is not among "*", "?", "[a-z]", "{a,b}" and "**"`;
  let depth = 0;
  for (const [brace] of glob.matchAll(/[{}]/g)) {
    depth += brace === "{" ? 1 : -1;
    if (depth < 0) break;
  }
  if (depth !== 0) return 'has a "{" or "}" without the other';
  if (/\{[^{},]*\}/.test(glob)) return "has braces without a comma";
  if (glob.split("/").some(hasOpenSet)) return 'has a "[" that is not closed before the next "/"';
  return undefined;
}

/**
 * The places in the glob that may come next after the names have been read; its length where it is at its end. A set
 * of places, never a choice to come back to.
 */
function reached(parts: readonly Part[], names: readonly string[]): Set<number> {
  let places = withSkipped(parts, new Set([0]));
  for (const name of names) {
    const next = new Set<number>();
    for (const place of places) {
      const part = parts[place];
      if (part === undefined || !fitsPart(part, name)) continue;
      next.add(part.kind === "any" ? place : place + 1);
    }
    places = withSkipped(parts, next);
    if (places.size === 0) break;
  }
  return places;
}

/** `**` may stand for nothing. */
function withSkipped(parts: readonly Part[], places: Set<number>): Set<number> {
  for (const place of places) if (parts[place]?.kind === "any") places.add(place + 1);
  return places;
}

function fitsPart(part: Part, name: string): boolean {
  if (part.kind === "any") return !unmeant.has(name);
  if (!part.isLiteral && unmeant.has(name)) return false;
  return fitsTokens(part.tokens, name);
}

/** Of all `*` only the last one met is ever stretched: what an earlier one could give, it can give as well. */
function fitsTokens(tokens: readonly Token[], name: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length || token < tokens.length) {
    const current = tokens[token];
    if (current?.kind === "many") {
      star = token++;
      starAt = at;
      continue;
    }
    const length = current === undefined ? 0 : lengthOfFit(current, name, at);
    if (length > 0) {
      token += 1;
      at += length;
    } else {
      if (star < 0 || starAt >= name.length) return false;
      starAt += 1;
      at = starAt;
      token = star + 1;
    }
  }
  return true;
}

/** How much of the name the token takes; 0 if it does not fit. */
function lengthOfFit(token: Exclude<Token, { kind: "many" }>, name: string, at: number): number {
  if (token.kind === "text") return name.startsWith(token.text, at) ? token.text.length : 0;
  const code = name.codePointAt(at);
  if (code === undefined) return 0;
  const character = String.fromCodePoint(code);
  if (token.kind === "set") {
    const isIn = token.ranges.some(([from, to]) => from <= character && character <= to);
    if (isIn === token.isNegated) return 0;
  }
  return character.length;
}

/** Writes out the braces; undefined if that comes to more characters than are left. */
function alternativesOf(glob: string, leftCharacters: number): readonly string[] | undefined {
  const whole: string[] = [];
  const open = [glob];
  let characters = 0;
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    characters += text.length;
    if (characters > leftCharacters) return undefined;
    // The innermost come first, so that what takes their place holds no others.
    const braces = /\{([^{}]*)\}/.exec(text);
    if (braces === null) {
      whole.push(text);
      continue;
    }
    const [all, inner = ""] = braces;
    const before = text.slice(0, braces.index);
    const after = text.slice(braces.index + all.length);
    for (const one of inner.split(",").reverse()) open.push(before + one + after);
  }
  return whole;
}

function partsOf(glob: string): readonly Part[] {
  const names = glob.split("/").filter((name) => name !== "" && name !== ".");
  const parts: Part[] = [];
  for (const name of names) {
    if (name === "**") {
      if (parts.at(-1)?.kind !== "any") parts.push(any);
    } else {
      const tokens = tokensOf(name);
      parts.push({ kind: "name", tokens, isLiteral: tokens.every(({ kind }) => kind === "text") });
    }
  }
  const last = parts.at(-1);
  // What is named as it is may be a folder: then all in it is meant.
  if (last === undefined || glob.endsWith("/") || (last.kind === "name" && last.isLiteral)) parts.push(any);
  return parts;
}

function tokensOf(name: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [text, inSet] of name.matchAll(/\[([!^]?.[^\]]*)\]|\*+|\?|[^[*?]+/g)) {
    if (inSet !== undefined) tokens.push(setOf(inSet));
    else if (text.startsWith("*")) tokens.push({ kind: "many" });
    else if (text === "?") tokens.push({ kind: "one" });
    else tokens.push({ kind: "text", text });
  }
  return tokens;
}

function setOf(inner: string): Token {
  const isNegated = /^[!^]/.test(inner);
  const ranges = [...inner.slice(isNegated ? 1 : 0).matchAll(/(.)-(.)|(.)/gsu)].map(
    ([, from, to, single]) => [from ?? single ?? "", to ?? single ?? ""] as const,
  );
  return { kind: "set", ranges, isNegated };
}

function hasOpenSet(name: string): boolean {
  for (let start = name.indexOf("["); start >= 0;) {
    // A "]" that comes first stands for itself.
    const first = /[!^]/.test(name[start + 1] ?? "") ? start + 2 : start + 1;
    const end = name.indexOf("]", first + 1);
    if (end < 0) return true;
    start = name.indexOf("[", end);
  }
  return false;
}
