/** Breaks a line between words where it is wider than a terminal, which would break it anywhere. Pure. */
import { textWidth } from "./text-width.js";

/** Behind a line without a margin, and where words would else have less room than they need. */
const hanging = "  ";

/** Less room than this for words is none. */
const narrowest = 16;

/**
 * The lines of a line: none is wider than the width, unless a single word is. Those after the first begin beneath the
 * words of the first, past what stands in front of them in columns.
 *
 * @internal
 */
export function foldedLines(line: string, width: number): readonly string[] {
  if (textWidth(line) <= width) return [line];
  const start = textStart(line);
  const indent = start === undefined || width - start < narrowest ? hanging : " ".repeat(start);
  const lines: string[] = [];
  let current = "";
  // The blanks in front of a word go with it, unless the line breaks there.
  for (const [word] of line.matchAll(/\s*\S+/g)) {
    if (current.trim() !== "" && textWidth(current + word) > width) {
      lines.push(current);
      current = indent + word.trimStart();
    } else current += word;
  }
  return [...lines, current];
}

/** Where the words of a line begin: after its margin and after what is set apart by two blanks in front of them. */
function textStart(line: string): number | undefined {
  const fronts = line.matchAll(/^\s+|\S\s{2,}(?=\S)/g);
  const last = Array.from(fronts, ({ 0: front, index }) => index + front.length).at(-1);
  return last === undefined ? undefined : textWidth(line.slice(0, last));
}
