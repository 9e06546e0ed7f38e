/** Makes the table of who understands whom from the cells of the tests. Pure: text in, text out. */
import { table } from "../conformance/conformance-table.ts";

/** One thing that a host does with a plugin. */
export interface InteropCell {
  readonly host: string;
  readonly plugin: string;
  readonly security: "plain" | "AutoMTLS";
  readonly what: string;
  /** `yes`, `yes: ` and a condition, or `no: ` and the reason. */
  readonly outcome: string;
}

/** A line for each thing that hosts do with plugins, a column a pair; reasons stand below, by number. */
export function interopTable(cells: readonly InteropCell[]): string {
  const pairs = [...new Set(cells.map(pairOf))];
  const reasons: string[] = [];
  const mark = (outcome: string): string => {
    const [word, reason] = splitOnce(outcome, ": ");
    if (reason === undefined) return word;
    if (!reasons.includes(reason)) reasons.push(reason);
    return `${word} (${String(reasons.indexOf(reason) + 1)})`;
  };
  const rows = [...new Set(cells.map(({ what }) => what))].map((what) => [
    what,
    ...pairs.map((pair) => {
      const here = cells.filter((cell) => cell.what === what && pairOf(cell) === pair);
      const outcomes = new Set(here.map(({ outcome }) => outcome));
      if (outcomes.size === 1) return mark([...outcomes][0]!);
      return here.map(({ security, outcome }) => `${security}: ${mark(outcome)}`).join(", ");
    }),
  ]);
  const notes = reasons.map((reason, index) => `${String(index + 1)}. ${reason}`);
  return [table(["", ...pairs], rows), notes.join("\n")].filter(Boolean).join("\n\n");
}

function pairOf({ host, plugin }: InteropCell): string {
  return `${host} → ${plugin}`;
}

function splitOnce(text: string, by: string): readonly [string, string?] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + by.length)];
}
