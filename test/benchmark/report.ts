/** The report of a run, as data and as a table for people. */
import { isRate, type Figure, type Spread, type Unit } from "./figures.ts";

/** What `--json` prints. */
export interface Report {
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly cores: number;
  readonly processor: string;
  readonly date: string;
  readonly isQuick: boolean;
  readonly elapsedMs: number;
  readonly rows: readonly {
    readonly name: string;
    readonly title: string;
    readonly figures: readonly Figure[];
    /** Why there are none. */
    readonly failure?: string;
  }[];
}

const heads = ["", "floor", "ours", "compared", "quartiles", "goal", ""];

/** The table, wide enough for its longest cells, with what a reader has to know below each line. */
export function formatReport(report: Report): string {
  const cells = report.rows.flatMap((row) => row.figures.map(cellsOf));
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd();
  const lines = [
    `Node ${report.node} (V8 ${report.v8}), ${report.platform}, ${String(report.cores)} cores, ${report.processor}`,
    `${report.isQuick ? "Quick run" : "Full run"}, ${(report.elapsedMs / 1_000).toFixed(0)} s. Medians; the floor and ours in turns; quartiles of their comparison.`,
    "",
    line(heads),
  ];
  for (const { title, figures, failure } of report.rows) {
    lines.push("", title);
    if (failure !== undefined) lines.push(`  not measured: ${failure}`);
    for (const figure of figures) {
      lines.push(line(cellsOf(figure)));
      const notes = [
        figure.floorName === undefined ? [] : `floor: ${figure.floorName}`,
        figure.note ?? [],
      ].flat();
      if (notes.length > 0) lines.push(`      ${notes.join("; ")}`);
    }
  }
  const judged = report.rows.flatMap(({ figures }) => figures).filter(({ isMet }) => isMet !== undefined);
  const missed = judged.filter(({ isMet }) => isMet === false);
  lines.push("", `${String(judged.length - missed.length)} of ${String(judged.length)} goals met`);
  return `${lines.join("\n")}\n`;
}

function cellsOf(figure: Figure): readonly string[] {
  const { unit, comparison, compared, goal, isMet } = figure;
  const format = (value: number) => compare(value, comparison, unit);
  return [
    `  ${figure.what}`,
    figure.floor === undefined ? "" : amount(figure.floor.median, unit),
    amount(figure.ours.median, unit),
    comparison === "alone" ? "" : format(compared.median),
    range(compared, format),
    goal === undefined ? "" : `${isRate(unit) ? "≥" : "≤"} ${format(goal)}`,
    isMet === undefined ? "" : isMet ? "met" : "MISSED",
  ];
}

function range({ lowerQuartile, upperQuartile, samples }: Spread, format: (value: number) => string): string {
  return samples === 1 ? "one sample" : `${format(lowerQuartile)} .. ${format(upperQuartile)}`;
}

function compare(value: number, comparison: Figure["comparison"], unit: Unit): string {
  if (comparison === "ratio") return `${value.toFixed(2)} ×`;
  if (comparison === "difference") return `${value < 0 ? "−" : "+"}${amount(Math.abs(value), unit)}`;
  return amount(value, unit);
}

function amount(value: number, unit: Unit): string {
  const digits = unit === "" || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`.trimEnd();
}
