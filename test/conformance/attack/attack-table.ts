/** What came of the attacks, for people. */
import { table } from "../conformance-table.ts";
import type { AttackRow } from "./attack.ts";

/** What each family tries, as the table names it. */
export const families: Readonly<Record<string, string>> = {
  frames: "a guest that writes on the way to the host itself",
  values: "arguments, results, errors, records and stored values that unfold without end",
  archives: "archives that lead out, unfold or are none",
  manifests: "manifests and schemas that cost more than they weigh",
  paths: "paths that lead elsewhere, or to themselves",
  sockets: "whoever connects to the host's socket",
  drivers: "lines of a program that drives a host",
  terminals: "texts that steer the terminal of whoever looks",
};

/** The table. Times are rounded up, to the milliseconds that say something. */
export function attackTable(rows: readonly AttackRow[]): string {
  return table(
    ["attack", "tried", "refused", "processor time, at most", "others waited, at most"],
    rows.map(({ family, tried, refused, costMs, waitMs }) => [
      `${family}: ${families[family] ?? ""}`,
      String(tried),
      String(refused),
      rounded(costMs),
      rounded(waitMs),
    ]),
  );
}

/** One of 10, 20, 50, 100, 200, 500 … */
function rounded(ms: number): string {
  let step = 10;
  while (step < ms) step *= String(step).startsWith("2") ? 2.5 : 2;
  return `${String(step)} ms`;
}
