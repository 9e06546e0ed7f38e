/** Makes the table of faults from what the tests of faults expect. Pure: text in, text out. */
import { table } from "./conformance-table.ts";

/** A cell of the table of faults: what becomes of one fault in one runtime. */
export interface FaultCell {
  readonly fault: string;
  readonly runtime: string;
  /** What the caller gets. */
  readonly caller: string;
  /** Who is told, and how. */
  readonly told: string;
  /** The limit within which. */
  readonly within: string;
}

/** Everything, as a page. */
export function faultPage(cells: readonly FaultCell[]): string {
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const rows = faults.flatMap((fault) =>
    cells
      .filter((cell) => cell.fault === fault)
      .map(({ runtime, caller, told, within }) => [fault, runtime, caller, told, within]),
  );
  return [
    "# What a fault costs",
    "Every line is a test in `test/conformance/faults.test.ts`: an extension does what the first column says, and the test looks at what its caller gets, who is told, and that another extension's calls go on with unchanged results. Where a fault is not contained the test runs an application of its own and shows that it is not. Times are the host's own limits, each of which an application can set. `npm run faults` runs the tests and writes this page.",
    table(["what the extension does", "runtime", "its caller gets", "who is told", "within"], rows),
  ].join("\n\n");
}
