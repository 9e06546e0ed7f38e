/**
 * Applies edits to generated code and puts every piece back on its source line, by the source map, so that
 * stacks and breakpoints need no map at run time. Without a map the code already stands on its lines.
 * Invariant: a newline is never put where the grammar forbids one, nor a blank inside a literal.
 */
import { decode } from "@jridgewell/sourcemap-codec";
import type { SourcePlace } from "../../common/source-place.js";

/** A replacement of a stretch of code by text without newlines; an insertion when both ends are equal. @internal */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where the writer must hold back. @internal */
export interface LineRules {
  /** Starts of tokens that must stay on the line of the token before them. */
  readonly unbreakable: ReadonlySet<number>;
  /** Parts of template literals, whose newlines and blanks are values; ascending. */
  readonly literals: readonly (readonly [start: number, end: number])[];
}

/** Tells where generated code came from. @internal */
export interface LineMap {
  /** Place in the source of an offset in the code. */
  placeOf(offset: number): SourcePlace;
  /** Applies edits, ascending and not overlapping, and restores the lines. */
  write(edits: readonly TextEdit[], rules: LineRules): string;
}

/** The map of code that stands where its source stands. @internal */
export function identityMap(code: string): LineMap {
  let starts: readonly number[] | undefined;
  return {
    placeOf(offset) {
      starts ??= lineStarts(code);
      const line = lastAtMost(starts, offset);
      return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
    },
    write(edits) {
      let out = "";
      let position = 0;
      for (const { start, end, text } of edits) {
        if (start < position) continue;
        const layout = code.slice(start, end).replace(/[^\n\r\u2028\u2029]/g, " ");
        const blanks = layout.search(/[^ ]/);
        out += code.slice(position, start) + text;
        out += layout.slice(blanks === -1 ? text.length : Math.min(text.length, blanks));
        position = end;
      }
      return out + code.slice(position);
    },
  };
}

/** The map of code that was generated from its source. @param mappings - the field of the source map @internal */
export function generatedMap(code: string, mappings: string): LineMap {
  const segments = readSegments(code, mappings);
  return {
    placeOf(offset) {
      const index = lastAtMost(segments.offsets, offset);
      return { line: (segments.lines[index] ?? 0) + 1, column: (segments.columns[index] ?? 0) + 1 };
    },
    write: (edits, rules) => new LineWriter(code, segments, rules).write(edits),
  };
}

/** Parallel arrays, ascending by offset into the code. */
interface Segments {
  readonly offsets: readonly number[];
  readonly lines: readonly number[];
  readonly columns: readonly number[];
  /** Whether the writer goes to the segment's line; see {@link longestAscent}. */
  readonly isFollowed: readonly boolean[] | undefined;
}

function readSegments(code: string, mappings: string): Segments {
  const starts = lineStarts(code);
  const offsets: number[] = [];
  const lines: number[] = [];
  const columns: number[] = [];
  for (const [row, segments] of decode(mappings).entries()) {
    const start = starts[row];
    if (start === undefined) break;
    for (const segment of segments) {
      if (segment.length === 1) continue;
      offsets.push(start + segment[0]);
      lines.push(segment[2]);
      columns.push(segment[3]);
    }
  }
  return { offsets, lines, columns, isFollowed: longestAscent(lines) };
}

/**
 * Generated code is not always in the order of its source: parameter properties become fields before all others,
 * decorators run behind their class. Lines can only go up, so the longest ascending choice of segments decides
 * and the others stay where that leaves them. Undefined when all are in order.
 */
function longestAscent(lines: readonly number[]): readonly boolean[] | undefined {
  if (lines.every((line, index) => index === 0 || line >= (lines[index - 1] ?? 0))) return undefined;
  // the end of the best choice of each length, by its last index
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, line] of lines.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((lines[ends[middle] ?? 0] ?? 0) <= line) low = middle + 1;
      else high = middle;
    }
    previous.push(low === 0 ? -1 : (ends[low - 1] ?? -1));
    ends[low] = index;
  }
  const isFollowed = lines.map(() => false);
  for (let index = ends.at(-1) ?? -1; index !== -1; index = previous[index] ?? -1) isFollowed[index] = true;
  return isFollowed;
}

/** Writes pieces of the code in order, keeping track of the line and column it has reached. */
class LineWriter {
  readonly #code: string;
  readonly #segments: Segments;
  readonly #rules: LineRules;
  #out = "";
  #line = 0;
  #column = 0;
  #segment = 0;
  #literal = 0;

  constructor(code: string, segments: Segments, rules: LineRules) {
    this.#code = code;
    this.#segments = segments;
    this.#rules = rules;
  }

  write(edits: readonly TextEdit[]): string {
    let position = 0;
    for (const { start, end, text } of edits) {
      if (start < position) continue;
      this.#copy(position, start);
      this.#append(text);
      position = end;
    }
    this.#copy(position, this.#code.length);
    return this.#out;
  }

  #copy(start: number, end: number): void {
    const { offsets } = this.#segments;
    while ((offsets[this.#segment] ?? Infinity) < start) this.#segment += 1;
    let position = start;
    for (let next = offsets[this.#segment]; next !== undefined && next < end; next = offsets[this.#segment]) {
      this.#copyPiece(position, next);
      this.#align(next);
      position = next;
      this.#segment += 1;
    }
    this.#copyPiece(position, end);
  }

  /** Moves to the line, then towards the column, that the source has for the token that starts here. */
  #align(offset: number): void {
    if (this.#isWithinLiteral(offset) || this.#segments.isFollowed?.[this.#segment] === false) return;
    const line = this.#segments.lines[this.#segment] ?? 0;
    const column = this.#segments.columns[this.#segment] ?? 0;
    if (line > this.#line && !this.#rules.unbreakable.has(offset)) {
      this.#out += "\n".repeat(line - this.#line);
      this.#line = line;
      this.#column = 0;
    }
    if (line === this.#line && column > this.#column) this.#append(" ".repeat(column - this.#column));
  }

  /** The ends count as well: a blank there would become part of the literal. */
  #isWithinLiteral(offset: number): boolean {
    const { literals } = this.#rules;
    while ((literals[this.#literal]?.[1] ?? Infinity) < offset) this.#literal += 1;
    return (literals[this.#literal]?.[0] ?? Infinity) <= offset;
  }

  /** Copies code between two tokens' starts: layout shrinks to blanks, literals stay as they are. */
  #copyPiece(start: number, end: number): void {
    let position = start;
    for (let index = this.#literal; position < end; index += 1) {
      const [from, to] = this.#rules.literals[index] ?? [end, end];
      if (to <= position) {
        if (from >= end) break;
        continue;
      }
      const literalStart = Math.min(Math.max(from, position), end);
      const literalEnd = Math.min(to, end);
      this.#append(withoutNewlines(this.#code.slice(position, literalStart)));
      this.#appendLiteral(this.#code.slice(literalStart, Math.max(literalStart, literalEnd)));
      position = Math.max(literalStart, literalEnd);
    }
  }

  #append(text: string): void {
    this.#out += text;
    this.#column += text.length;
  }

  #appendLiteral(text: string): void {
    this.#out += text;
    const last = text.lastIndexOf("\n");
    if (last === -1) {
      this.#column += text.length;
    } else {
      this.#line += text.split("\n").length - 1;
      this.#column = text.length - last - 1;
    }
  }
}

/** After an opening bracket or a separator nothing is left, so that the next token can reach its column. */
function withoutNewlines(text: string): string {
  if (!text.includes("\n")) return text;
  return text.replace(/([[({,;}])\n\s*/g, "$1").replace(/\n\s*/g, " ");
}

function lineStarts(code: string): readonly number[] {
  const starts = [0];
  for (let at = code.indexOf("\n"); at !== -1; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the last element that is at most the value; 0 when there is none. */
function lastAtMost(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Infinity) <= value) low = middle;
    else high = middle;
  }
  return low;
}
