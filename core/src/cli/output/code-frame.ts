/**
 * The lines of source around a place, with a caret under it, for people. Text of an author's file reaches the terminal
 * only without what could move the cursor.
 */
import { readFileSync, statSync } from "node:fs";
import { indentedLine, type Style } from "./style.js";
import { textWidth } from "./text-width.js";

/** A place in a file, line and column from 1. @internal */
export interface FramePlace {
  readonly file: string;
  readonly line: number;
  readonly column?: number | undefined;
}

/** How a frame looks. @internal */
export interface FrameOptions {
  readonly style: Style;
  /** How wide it may be; 120 unless given. */
  readonly width?: number | undefined;
}

const linesBefore = 2;
const linesAfter = 2;
const usualWidth = 120;
/** Bytes of a file that is looked at; nobody writes a larger one by hand. */
const largestFile = 4 * 1024 * 1024;

/** The frame of a place on disk; nothing if the file can't be read, or has no such line any more. @internal */
export function codeFrameAt(place: FramePlace, options: FrameOptions): readonly string[] {
  try {
    const stat = statSync(place.file);
    if (!stat.isFile() || stat.size > largestFile) return [];
    return codeFrame(readFileSync(place.file, "utf8"), place, options);
  } catch {
    // It has gone since; whoever reports the place says all there is to say.
    return [];
  }
}

/** The frame of a place in a text; nothing if the text has no such line. @internal */
export function codeFrame(
  text: string,
  { line, column }: Pick<FramePlace, "line" | "column">,
  { style, width = usualWidth }: FrameOptions,
): readonly string[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  const marked = lines[line - 1];
  if (marked === undefined) return [];
  const first = Math.max(1, line - linesBefore);
  const last = Math.min(lines.length, line + linesAfter);
  const digits = String(last).length;
  const room = Math.max(20, width - digits - 6);
  const start = column === undefined || column <= room ? 0 : column - Math.floor(room / 2);
  const gutter = (mark: string, number: string) => `${mark} ${style("dim", `${number.padStart(digits)} |`)}`;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const isMarked = number === line;
    const code = indentedLine((lines[number - 1] ?? "").slice(start, start + room)).trimEnd();
    frame.push(
      `${gutter(isMarked ? style("red", ">") : " ", String(number))} ${isMarked ? code : style("dim", code)}`.trimEnd(),
    );
    if (!isMarked || column === undefined) continue;
    const before = textWidth(indentedLine(marked.slice(start, column - 1)));
    frame.push(`${gutter(" ", "")} ${" ".repeat(before)}${style("red", "^")}`);
  }
  return frame;
}
