/** SECURITY.md shows the table of permissions that a test holds against the probe. */
import { format } from "prettier";
import { expect, test } from "vitest";
import { families } from "../conformance/attack/attack-table.js";
import { columns, nodeMajors, permissionTable, type Cell } from "../conformance/permission-table.js";
import { readText } from "../support/repository.ts";

const begin = "<!-- What the probe reaches: written by npm run docs:security. -->";
const end = "<!-- The end of what the probe reaches. -->";

test("SECURITY.md shows what the probe reaches; npm run docs:security writes it anew", async () => {
  const page = readText("SECURITY.md");
  const [start, stop] = [page.indexOf(begin), page.indexOf(end)];
  expect(start).toBeGreaterThan(-1);
  expect(stop).toBeGreaterThan(start);

  const lines = [
    ["An extension that is granted nothing can", ...columns],
    ["---", ...columns.map(() => "---")],
    ...[...permissionTable].map(([action, cells]) => [
      action,
      ...columns.map((column) => shown(cells[column])),
    ]),
  ];
  const table = await format(lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n"), {
    parser: "markdown",
  });
  await expect(`${page.slice(0, start + begin.length)}\n\n${table}\n${page.slice(stop)}`).toMatchFileSnapshot(
    "../../SECURITY.md",
  );
});

test("SECURITY.md shows every family of attacks, each refused in all its forms; npm run attack writes it anew", () => {
  const page = readText("SECURITY.md");
  const shown = page.slice(page.indexOf("<!-- attack: begin -->"), page.indexOf("<!-- attack: end -->"));
  const rows = shown.split("\n").flatMap((line) => {
    const [, attack, tried, refused] = /^\| (.+?) +\| (\d+) +\| (\d+) +\|/.exec(line) ?? [];
    return attack === undefined
      ? []
      : [{ attack, tried: Number(tried), open: Number(tried) - Number(refused) }];
  });
  const known = Object.entries(families).map(([family, what]) => `${family}: ${what}`);
  expect(rows.map(({ attack }) => attack).sort()).toEqual(known.sort());
  expect(rows.filter(({ tried, open }) => tried === 0 || open !== 0)).toEqual([]);
});

/** What is reached stands out: those are the holes. */
function shown(cell: Cell): string {
  const marked = (outcome: string) => (outcome === "allowed" ? "**allowed**" : outcome);
  if (typeof cell === "string") return marked(cell);
  return nodeMajors
    .filter((major, index) => cell[major] !== cell[nodeMajors[index - 1] ?? major] || index === 0)
    .map((major, index) => (index === 0 ? marked(cell[major]) : `from Node ${major} ${marked(cell[major])}`))
    .join(", ");
}
