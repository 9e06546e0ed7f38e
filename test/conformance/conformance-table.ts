/**
 * Makes the conformance table from the cells of the cases: in full, a table a file; in short, a line a file.
 * Pure: text in, text out.
 */

/** A cell of the table. */
export interface ConformanceCell {
  /** The case. */
  readonly row: string;
  /** The runtime's kind. */
  readonly column: string;
  /** What is promised: `yes`, `yes` with a condition, or `no: ` and the reason. */
  readonly promise: string;
}

/** The cases of one file. */
export interface ConformanceSection {
  /** The file's name without its ending. */
  readonly name: string;
  /** What the file is about. */
  readonly about: string;
  readonly cells: readonly ConformanceCell[];
}

/** Everything, as a page. */
export function conformancePage(sections: readonly ConformanceSection[]): string {
  const columns = columnsOf(sections);
  const parts = sections.map(({ name, about, cells }) => {
    const rows = [...new Set(cells.map(({ row }) => row))].map((row) => [
      row,
      ...columns.map((column) => promiseAt(cells, row, column)),
    ]);
    return [`## ${titled(name)}`, about, table(["case", ...columns], rows)].join("\n\n");
  });
  return [
    "# Which runtime keeps which promise",
    "Every line is a case of `test/conformance`, written once and run against each runtime. A runtime that can't do it says why; nothing is left out. `npm run conformance` runs the cases and writes this page.",
    conformanceSummary(sections),
    ...parts,
  ].join("\n\n");
}

/** A line a file: how many cases each runtime keeps, and why not the others. */
export function conformanceSummary(sections: readonly ConformanceSection[]): string {
  const columns = columnsOf(sections);
  const rows = sections.map(({ name, cells }) => [
    name.replaceAll("-", " "),
    ...columns.map((column) => {
      const promises = cells.filter((cell) => cell.column === column).map(({ promise }) => promise);
      const refused = promises.filter((promise) => promise.startsWith("no: "));
      const reasons = [...new Set(refused.map((promise) => promise.slice("no: ".length)))];
      const count = `${promises.length - refused.length} of ${promises.length}`;
      return reasons.length === 0 ? count : `${count}: ${reasons.join("; ")}`;
    }),
  ]);
  return table(["cases", ...columns], rows);
}

function columnsOf(sections: readonly ConformanceSection[]): readonly string[] {
  return [...new Set(sections.flatMap(({ cells }) => cells.map(({ column }) => column)))];
}

function promiseAt(cells: readonly ConformanceCell[], row: string, column: string): string {
  return cells.find((cell) => cell.row === row && cell.column === column)?.promise ?? "";
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
