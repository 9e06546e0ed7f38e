/**
 * `npm run bench`: measures the rows and prints them as a table, or as JSON. What goes on is told on standard
 * error. Nothing here fails because something was slow: a missed goal is a mark in the table.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeTrivialExtensions } from "./extension-folders.ts";
import type { Figure } from "./figures.ts";
import { runProbe } from "./measuring-process.ts";
import { formatReport, type Report } from "./report.ts";
import type { Bench, Row } from "./row.ts";
import { loadRow, rowNames } from "./rows/all-rows.ts";

const usage = `Usage: npm run bench -- [options]

  --only <row>     measure this row only; may be given again: ${rowNames.join(", ")}
  --quick          fewer samples of less, in well under a minute
  --json [file]    print JSON instead of the table, or write it to the file beside the table
  --help           print this
`;

const startedAt = performance.now();
const options = await readOptions(process.argv.slice(2));
if (options === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else if (options.isHelp) process.stdout.write(usage);
else await main(options);

interface Options {
  readonly isHelp: boolean;
  readonly isQuick: boolean;
  readonly rows: readonly Row[];
  /** Where JSON goes: a file, standard output if empty, nowhere if undefined. */
  readonly json: string | undefined;
}

async function main({ isQuick, rows, json }: Options): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-bench-"));
  try {
    const measured: Report["rows"][number][] = [];
    for (const row of rows) {
      tell(row, "…");
      measured.push({
        name: row.name,
        title: row.title,
        ...(await measure(row, createBench(row, folder, isQuick))),
      });
    }
    const report: Report = {
      ...environment(),
      isQuick,
      elapsedMs: performance.now() - startedAt,
      rows: measured,
    };
    const text = JSON.stringify(report, undefined, 2);
    process.stdout.write(json === "" ? `${text}\n` : formatReport(report));
    if (json !== undefined && json !== "") await writeFile(json, `${text}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(row: Row, bench: Bench): Promise<{ figures: readonly Figure[]; failure?: string }> {
  try {
    const absent = await row.absent?.();
    if (absent !== undefined) return { figures: [], failure: absent };
    return { figures: await row.measure(bench) };
  } catch (error) {
    // A row that breaks is a fault, but no reason to keep the others from a reader.
    process.exitCode = 1;
    return { figures: [], failure: error instanceof Error ? error.message : String(error) };
  }
}

function createBench(row: Row, folder: string, isQuick: boolean): Bench {
  return {
    isQuick,
    choose: (full, quick) => (isQuick ? quick : full),
    probe: (name, input, probeOptions = {}) =>
      runProbe(row.name, name, input, probeOptions) as Promise<never>,
    progress: (message) => {
      tell(row, message);
    },
    async sharedTree(count) {
      const tree = join(folder, `tree-${String(count)}`);
      const made = await mkdir(tree).then(
        () => true,
        () => false,
      );
      if (made) {
        tell(row, `writing ${String(count)} extensions`);
        writeTrivialExtensions(tree, count);
      }
      return tree;
    },
    ownFolder: () => mkdtemp(join(folder, `${row.name}-`)),
  };
}

function tell({ name }: Row, message: string): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${name}: ${message}\n`);
}

function environment(): Pick<Report, "node" | "v8" | "platform" | "cores" | "processor" | "date"> {
  return {
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    date: new Date().toISOString(),
  };
}

/** Undefined if the arguments make no sense. */
async function readOptions(args: readonly string[]): Promise<Options | undefined> {
  // The file of --json may be left out, which parseArgs has no word for.
  const given = args.map((arg, index) => {
    const next = args[index + 1];
    return arg === "--json" && (next === undefined || next.startsWith("-")) ? "--json=" : arg;
  });
  try {
    const { values } = parseArgs({
      args: given,
      options: {
        only: { type: "string", multiple: true },
        quick: { type: "boolean", default: false },
        json: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    const rows: Row[] = [];
    for (const name of values.only ?? rowNames) {
      const row = await loadRow(name);
      if (row === undefined)
        throw new TypeError(`There is no row "${name}"; there are ${rowNames.join(", ")}.`);
      rows.push(row);
    }
    return {
      isHelp: values.help,
      isQuick: values.quick,
      rows,
      json: values.json,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}
