/** Lays out rows in aligned columns that fit a width. Pure; styles are put on after measuring. */
import { singleLine, type Style } from "./style.js";
import { textWidth } from "./text-width.js";

/** One column of a table. @internal */
export interface Column<Row> {
  readonly title: string;
  text(row: Row): string;
  /** The style of a cell; none unless given. */
  format?(row: Row): Parameters<Style>[0];
  /** Numbers stand on the right. */
  readonly align?: "right";
  /** How narrow the column may become; as wide as its text unless given. The last such column shrinks first. */
  readonly minimum?: number;
  /** Whether its text is never cut, as that of ids: where the others don't fit beside it, they go beneath. First column only. */
  readonly isWhole?: boolean;
  /** Its turn to be left out of a table that is too wide otherwise, the lowest first; stays unless given. */
  readonly leaveOut?: number;
}

/** What {@link tableLines} is told beside its content. @internal */
export interface TableOptions {
  /** How wide a line may be; any width unless given. */
  readonly width?: number | undefined;
  readonly style: Style;
}

const gap = "  ";
/** Narrower than that nothing is stacked: there is no reading it. */
const narrowest = 12;

/** The lines of a table, its head first; none is wider than the width given. @internal */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { width, style }: TableOptions,
): readonly string[] {
  const shown = fittingColumns(measured(rows, columns), width ?? Infinity);
  const [first, ...others] = columns;
  if (first?.isWhole === true && width !== undefined && width >= narrowest && sum(shown) > width)
    return stackedLines(rows, first, others, { width, style });
  const line = (cells: readonly string[]) => cutToWidth(cells.join(gap).trimEnd(), width ?? Infinity);
  // Styles have no width, so a line is cut before they are put on only where cells alone can't be narrow enough.
  const isTight = sum(shown) > (width ?? Infinity);
  const head = line(shown.map(({ column, size }) => pad(column.title, size, column.align)));
  const body = rows.map((row, index) => {
    const cells = shown.map(({ column, size, texts }) => ({
      column,
      text: pad(cutToWidth(texts[index] ?? "", size), size, column.align),
    }));
    if (isTight) return line(cells.map(({ text }) => text));
    return cells
      .map(({ column, text }) => (column.format === undefined ? text : style(column.format(row), text)))
      .join(gap)
      .trimEnd();
  });
  return [style("dim", head), ...body];
}

/** Each row takes lines of its own for its first column, broken where they end, and one beneath for the others. */
function stackedLines<Row>(
  rows: readonly Row[],
  first: Column<Row>,
  others: readonly Column<Row>[],
  { width, style }: { readonly width: number; readonly style: Style },
): readonly string[] {
  const indent = "  ";
  const [head = "", ...cells] = tableLines(rows, others, { width: width - indent.length, style });
  return [
    style("dim", cutToWidth(first.title, width)),
    indent + head,
    ...rows.flatMap((row, index) => [
      ...brokenAtWidth(singleLine(first.text(row)), width),
      `${indent}${cells[index] ?? ""}`.trimEnd(),
    ]),
  ];
}

/** The lines into which a text is broken, so that none is wider than the width. */
function brokenAtWidth(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (line !== "" && textWidth(line + segment) > width) {
      lines.push(line);
      line = "";
    }
    line += segment;
  }
  return [...lines, line];
}

/** The text, ended by an ellipsis if it is wider than the width. @internal */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return "";
  let cut = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const size = textWidth(segment);
    if (used + size > width - 1) break;
    cut += segment;
    used += size;
  }
  return `${cut}…`;
}

interface MeasuredColumn<Row> {
  readonly column: Column<Row>;
  readonly texts: readonly string[];
  readonly size: number;
}

function measured<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): MeasuredColumn<Row>[] {
  return columns.map((column) => {
    const texts = rows.map((row) => singleLine(column.text(row)));
    return {
      column,
      texts,
      size: Math.max(textWidth(column.title), ...texts.map((text) => textWidth(text))),
    };
  });
}

/** Shrinks what may shrink, the last first, then leaves out what may be left out, until the rest fits. */
function fittingColumns<Row>(columns: MeasuredColumn<Row>[], width: number): MeasuredColumn<Row>[] {
  let excess = sum(columns) - width;
  const shrunk = columns.toReversed().map((measure) => {
    const { column, size } = measure;
    const spare =
      column.minimum === undefined ? 0 : Math.max(0, size - Math.max(column.minimum, column.title.length));
    const taken = Math.min(spare, Math.max(0, excess));
    excess -= taken;
    return { ...measure, size: size - taken };
  });
  const result = shrunk.toReversed();
  if (excess <= 0) return result;
  const turns = columns.map(({ column }) => column.leaveOut ?? Infinity);
  const next = Math.min(...turns);
  return next === Infinity
    ? result
    : fittingColumns(
        columns.filter((_one, index) => turns[index] !== next),
        width,
      );
}

function sum<Row>(columns: readonly MeasuredColumn<Row>[]): number {
  return columns.reduce((total, { size }) => total + size, 0) + gap.length * Math.max(0, columns.length - 1);
}

function pad(text: string, size: number, align: "right" | undefined): string {
  const space = " ".repeat(Math.max(0, size - textWidth(text)));
  return align === "right" ? space + text : text + space;
}
