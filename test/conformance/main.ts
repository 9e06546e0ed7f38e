/**
 * Runs the conformance suite, the tests of faults, or those of Go hosts and plugins with ours, prints the table of what
 * they show, and writes it where people read it. With `--check` nothing runs: it tells whether what is written is what the
 * cases say; that they hold is the business of `npm test`.
 *
 * `load` runs the reloads under load a thousand times, and then, for a minute or as long as asked, whatever may happen to
 * a folder in random order, with crashes. `attack` tries the hostile set against hosts that run, and prints what came of
 * it, with `--json` as one document; what is measured changes from run to run, so that nothing is checked.
 *
 *     node test/conformance/main.ts conformance|faults|interop|load|attack [--check|--json] [--minutes <number>]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { format, resolveConfig } from "prettier";
import { createVitest, startVitest, type TestModule } from "vitest/node";
import { inRepository } from "../support/repository.ts";
import { conformancePage, conformanceSummary, table, type ConformanceSection } from "./conformance-table.ts";
import type { AttackRow } from "./attack/attack.ts";
import { attackTable } from "./attack/attack-table.ts";
import { faultPage, type FaultCell } from "./fault-table.ts";
import { interopTable, type InteropCell } from "../go/interop-table.ts";
import { missingGo } from "../support/go-toolchain.ts";

const [subject, ...flags] = process.argv.slice(2);
const isChecking = flags.includes("--check");
const project = subject === "interop" ? "go" : "conformance";
const options = { config: inRepository("test/vitest.config.ts"), project: [project], watch: false };

if (subject === "load") {
  process.env["PLUGBOARD_RELOADS"] = "1000";
  process.env["PLUGBOARD_MODEL_MS"] = String(minutes() * 60_000);
  const reloads = await startVitest(["generations.test.ts"], {
    ...options,
    testNamePattern: "reloads under load",
  });
  await reloads.close();
  const model = await startVitest(["live-model.test.ts"], { ...options, project: ["behaviour"] });
  await model.close();
} else if (subject === "attack") {
  const isJson = flags.includes("--json");
  const rows = attackRows(await modulesOf(["attack.test.ts"], { isSilent: isJson }));
  console.log(isJson ? JSON.stringify({ attacks: rows }) : `\n${attackTable(rows)}\n`);
  if (!isJson)
    await write({ file: "SECURITY.md", make: (before) => between(before, "attack", attackTable(rows)) });
} else if (subject === "faults") {
  for (const text of faultTexts(await modulesOf(["faults.test.ts"]))) await write(text);
} else if (subject === "interop") {
  const missing = await missingGo();
  if (missing !== undefined && !isChecking) {
    console.error(`Nothing can be run: ${missing}`);
    process.exit(1);
  }
  for (const text of interopTexts(await modulesOf(["interop.test.ts"]))) await write(text);
} else {
  for (const text of conformanceTexts(await modulesOf([]))) await write(text);
}

/** How long the folder is worked on; one minute unless asked otherwise. */
function minutes(): number {
  const at = flags.findIndex((flag) => flag === "--minutes" || flag.startsWith("--minutes="));
  if (at < 0) return 1;
  const text = flags[at]?.split("=")[1] ?? flags[at + 1];
  const number = Number(text);
  if (text !== undefined && number > 0) return number;
  console.error(`--minutes takes a number above 0, not "${String(text)}".`);
  process.exit(2);
}

async function modulesOf(
  filters: readonly string[],
  { isSilent }: { readonly isSilent: boolean } = { isSilent: false },
): Promise<readonly TestModule[]> {
  if (isChecking) {
    const vitest = await createVitest({ ...options, reporters: [] });
    try {
      const { testModules, unhandledErrors } = await vitest.collect([...filters], { staticParse: false });
      const faults = [...unhandledErrors, ...testModules.flatMap((module) => module.errors())];
      if (faults.length > 0) throw new AggregateError(faults, "The cases can't be read.");
      return inOrder(testModules);
    } finally {
      await vitest.close();
    }
  }
  const vitest = await startVitest([...filters], isSilent ? { ...options, reporters: [{}] } : options);
  const found = inOrder(vitest.state.getTestModules());
  await vitest.close();
  if (found.some((module) => !module.ok())) {
    console.error("Nothing is written: a case failed.");
    process.exit(1);
  }
  return found;
}

function inOrder(found: readonly TestModule[]): readonly TestModule[] {
  return [...found].sort((one, other) => (one.moduleId < other.moduleId ? -1 : 1));
}

function conformanceTexts(found: readonly TestModule[]): readonly Text[] {
  const sections = found.flatMap((module): ConformanceSection[] => {
    const cells = [...module.children.allTests()].flatMap((test) => test.meta().conformance ?? []);
    if (cells.length === 0) return [];
    const [, about = ""] = /^\/\*\* (.*) \*\/$/m.exec(readFileSync(module.moduleId, "utf8")) ?? [];
    return [{ name: basename(module.moduleId, ".test.ts"), about, cells }];
  });
  if (!isChecking) console.log(`\n${conformanceSummary(sections)}\n`);
  return [{ file: "core/docs/conformance.md", make: () => conformancePage(sections) }];
}

function faultTexts(found: readonly TestModule[]): readonly Text[] {
  const cells = found.flatMap((module): FaultCell[] =>
    [...module.children.allTests()].flatMap((test) => test.meta().fault ?? []),
  );
  if (!isChecking) {
    console.log(
      `\n${table(
        ["fault", "runtime", "caller", "told", "within"],
        cells.map(({ fault, runtime, caller, told, within }) => [fault, runtime, caller, told, within]),
      )}\n`,
    );
  }
  return [{ file: "core/docs/faults.md", make: () => faultPage(cells) }];
}

function interopTexts(found: readonly TestModule[]): readonly Text[] {
  const cells = found.flatMap((module): InteropCell[] =>
    [...module.children.allTests()].flatMap((test) => test.meta().interop ?? []),
  );
  const text = interopTable(cells);
  if (!isChecking) console.log(`\n${text}\n`);
  const file = "extensions/runtime-go-plugin/README.md";
  return [{ file, make: (before) => between(before, "interop", text) }];
}

function attackRows(found: readonly TestModule[]): readonly AttackRow[] {
  return found.flatMap((module) =>
    [...module.children.allTests()].flatMap((test) => test.meta().attack ?? []),
  );
}

interface Text {
  readonly file: string;
  readonly make: (before: string) => string;
}

async function write({ file, make }: Text): Promise<void> {
  const path = inRepository(file);
  const before = readText(path);
  const after = await format(make(before), { ...(await resolveConfig(path)), parser: "markdown" });
  if (after === before) {
    console.log(`${file} is as the cases say.`);
  } else if (isChecking) {
    console.error(`${file} differs from what the cases say. Run \`npm run ${String(subject)}\`.`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, after);
    console.log(`${file} is written.`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The text with what stands between two marks replaced. */
function between(text: string, mark: string, content: string): string {
  const begin = `<!-- ${mark}: begin -->`;
  const end = `<!-- ${mark}: end -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < 0) throw new Error(`The page lacks ${begin} … ${end}.`);
  return `${text.slice(0, from)}${begin}\n\n${content}\n\n${text.slice(to)}`;
}
