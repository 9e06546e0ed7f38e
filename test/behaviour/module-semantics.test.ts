/** Small graphs of modules, run by Node itself and by each runtime: what they log, export and throw is the same. */
import { execFile } from "node:child_process";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createTestHost } from "@plugboard/core/testing";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { aGreeter, greet } from "../support/extensions.js";

/** Text by file name; `main.mjs` is imported, twice. */
type ModuleGraph = Readonly<Record<string, string>>;

/** What every graph can import: a log, and a pause of some turns of the event loop. */
const log = `export const log = [];
export const turns = async (count) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
export const gate = Promise.withResolvers();
`;

/** Imports a graph and tells what came of it. The same text runs in Node and in an extension. */
const observe = `async function observe(graph) {
  const { log, turns } = await import(\`./\${graph}/log.mjs\`);
  const outcomes = [];
  for (let round = 0; round < 2; round += 1) {
    outcomes.push(await import(\`./\${graph}/main.mjs\`).then(
      (main) => Object.fromEntries(Object.keys(main).map((name) => [name, String(main[name])])),
      (error) => (error instanceof SyntaxError || /MODULE_(EXPORT|NOT)_/.test(error.code) ? "not linked" : String(error)),
    ));
    await turns(20);
  }
  return JSON.stringify({ log, outcomes });
}`;

const graphs: Readonly<Record<string, ModuleGraph>> = {
  "modules that await each other side by side": {
    "main.mjs": `import { v } from "./first.mjs"; import "./second.mjs"; export const value = v;`,
    "first.mjs": `import { gate } from "./log.mjs"; export const v = await gate.promise;`,
    "second.mjs": `import { gate } from "./log.mjs"; gate.resolve("opened");`,
  },
  "a sibling runs while one awaits": {
    "main.mjs": `import { log } from "./log.mjs"; import "./a.mjs"; import "./b.mjs"; import "./c.mjs"; log.push("main");`,
    "a.mjs": `import { log, turns } from "./log.mjs"; log.push("a"); await turns(3); log.push("a done");`,
    "b.mjs": `import { log } from "./log.mjs"; log.push("b");`,
    "c.mjs": `import { log, turns } from "./log.mjs"; log.push("c"); await turns(1); log.push("c done");`,
  },
  "what waits for two runs once, after both": {
    "main.mjs": `import { log } from "./log.mjs"; import "./left.mjs"; import "./right.mjs"; log.push("main");`,
    "left.mjs": `import { log } from "./log.mjs"; import "./slow.mjs"; log.push("left");`,
    "right.mjs": `import { log } from "./log.mjs"; import "./slow.mjs"; import "./quick.mjs"; log.push("right");`,
    "slow.mjs": `import { log, turns } from "./log.mjs"; await turns(4); log.push("slow");`,
    "quick.mjs": `import { log, turns } from "./log.mjs"; await turns(1); log.push("quick");`,
  },
  "the first of two failures is told, and the other goes on": {
    "main.mjs": `import { log } from "./log.mjs"; import "./late.mjs"; import "./early.mjs"; log.push("main");`,
    "late.mjs": `import { log, turns } from "./log.mjs"; await turns(5); log.push("late"); throw new Error("late");`,
    "early.mjs": `import { log, turns } from "./log.mjs"; await turns(2); log.push("early"); throw new Error("early");`,
  },
  "a module that throws at once stops what comes after it": {
    "main.mjs": `import { log } from "./log.mjs"; import "./waits.mjs"; import "./throws.mjs"; import "./never.mjs"; log.push("main");`,
    "waits.mjs": `import { log, turns } from "./log.mjs"; log.push("waits"); await turns(2); log.push("waited");`,
    "throws.mjs": `throw new RangeError("at once");`,
    "never.mjs": `import { log } from "./log.mjs"; log.push("never");`,
  },
  "a circle that awaits": {
    "main.mjs": `import { log } from "./log.mjs"; import { name } from "./a.mjs"; log.push("main " + name());`,
    "a.mjs": `import { log, turns } from "./log.mjs"; import { other } from "./b.mjs"; export function name() { return "a"; } await turns(2); log.push("a sees " + other());`,
    "b.mjs": `import { log, turns } from "./log.mjs"; import { name } from "./a.mjs"; export function other() { return "b"; } log.push("b sees " + name()); await turns(1); log.push("b done");`,
  },
  "a circle that fails, asked for from both ends": {
    "main.mjs": `import { log } from "./log.mjs"; for (const end of ["a", "b", "a"]) await import("./" + end + ".mjs").catch((error) => log.push(end + " " + error.message));`,
    "a.mjs": `import "./b.mjs"; await 0; export const a = 1;`,
    "b.mjs": `import { turns } from "./log.mjs"; import "./a.mjs"; await turns(1); throw new Error("b");`,
  },
  "import() of what is on its way waits for it": {
    "main.mjs": `import { log, turns } from "./log.mjs"; const [x, y] = await Promise.all([import("./slow.mjs"), import("./user.mjs")]); log.push(x.value + y.value);`,
    "user.mjs": `import { log } from "./log.mjs"; import { value as slow } from "./slow.mjs"; log.push("user"); export const value = slow + 1;`,
    "slow.mjs": `import { log, turns } from "./log.mjs"; await turns(3); log.push("slow"); export const value = 1;`,
  },
  "a missing name is told before anything runs": {
    "main.mjs": `import { log } from "./log.mjs"; import "./a.mjs"; import { nothing } from "./b.mjs"; log.push("main");`,
    "a.mjs": `import { log } from "./log.mjs"; log.push("a");`,
    "b.mjs": `export const something = 1;`,
  },
  "a missing file is told before anything runs": {
    "main.mjs": `import { log } from "./log.mjs"; import "./a.mjs"; import "./absent.mjs"; log.push("main");`,
    "a.mjs": `import { log } from "./log.mjs"; log.push("a");`,
  },
  "CommonJS runs in its turn, once": {
    "main.mjs": `import { log } from "./log.mjs"; import "./waits.mjs"; import common from "./common.cjs"; import "./user.mjs"; log.push("main " + common.runs);`,
    "waits.mjs": `import { log, turns } from "./log.mjs"; log.push("waits"); await turns(1); log.push("waited");`,
    "user.mjs": `import { log } from "./log.mjs"; import { runs } from "./common.cjs"; log.push("user " + runs);`,
    "common.cjs": `globalThis.commonRuns = (globalThis.commonRuns ?? 0) + 1; exports.runs = 1;`,
  },
  "for await counts as awaiting": {
    "main.mjs": `import { log } from "./log.mjs"; import "./a.mjs"; import "./b.mjs"; log.push("main");`,
    "a.mjs": `import { log, turns } from "./log.mjs"; for await (const x of [turns(2), 1]) log.push("a " + x);`,
    "b.mjs": `import { log } from "./log.mjs"; log.push("b");`,
  },
  "an exported variable changes where it is imported, also while one awaits": {
    "main.mjs": `import { log, turns } from "./log.mjs"; import { count, add } from "./counter.mjs"; add(); log.push(count); await turns(1); add(); log.push(count); export { count as total } from "./counter.mjs";`,
    "counter.mjs": `export let count = 0; export function add() { count += 1; }`,
  },
};

/** A graph of a few modules that import one another, await for some turns, and throw. */
const randomGraph = fc
  .array(
    fc.record({
      imports: fc.array(fc.nat(6), { maxLength: 3 }),
      turns: fc.option(fc.nat(4), { freq: 2 }),
      throws: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
    }),
    { minLength: 2, maxLength: 7 },
  )
  .map((modules): ModuleGraph => {
    const nameOf = (index: number): string => (index === 0 ? "main.mjs" : `m${index}.mjs`);
    const written = modules.map(({ imports, turns, throws }, index) => {
      const lines = [`import { log, turns } from "./log.mjs";`];
      for (const target of imports) lines.push(`import "./${nameOf(target % modules.length)}";`);
      lines.push(`log.push("${index} begins");`);
      if (turns !== null) lines.push(`await turns(${turns});`, `log.push("${index} goes on");`);
      if (throws) lines.push(`throw new Error("of ${index}");`);
      return [nameOf(index), lines.join("\n")];
    });
    return Object.fromEntries(written) as ModuleGraph;
  });

const sampled = fc.sample(randomGraph, { numRuns: 50, seed: 20_261_201 });
const named = new Map([
  ...Object.entries(graphs),
  ...sampled.map((graph, index) => [`random graph ${index}`, graph] as const),
]);
const folderOf = (name: string): string => name.replaceAll(/\W+/g, "-");

const files = Object.fromEntries(
  [...named].flatMap(([name, graph]) =>
    Object.entries({ "log.mjs": log, ...graph }).map(([file, text]) => [`${folderOf(name)}/${file}`, text]),
  ),
);

const inNode = outcomesInNode();

test.each(["in-process", "worker", "process"])("modules behave in a %s as in Node", async (runtime) => {
  const extension = aGreeter({
    id: "acme.graphs",
    main: "./extension.mjs",
    manifest: { runtime },
    source: `${observe}
export function activate(context) { context.contribute("greeters", "graphs", { greet: observe }); }`,
    files,
  });
  await using kit = await createTestHost({ extensions: [extension], limits: { callMs: 60_000 } });

  const here: Record<string, unknown> = {};
  for (const name of named.keys()) here[name] = JSON.parse(await greet(kit.host, "graphs", folderOf(name)));
  expect(here).toEqual(await inNode);
});

async function outcomesInNode(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-graphs-"));
  try {
    const names = [...named.keys()];
    const main = `${observe}
const outcomes = [];
for (const folder of ${JSON.stringify(names.map(folderOf))}) outcomes.push(JSON.parse(await observe(folder)));
console.log(JSON.stringify(outcomes));`;
    for (const [file, text] of Object.entries({ ...files, "main.mjs": main })) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "main.mjs")]);
    const outcomes = JSON.parse(stdout) as unknown[];
    return Object.fromEntries(names.map((name, index) => [name, outcomes[index]]));
  } finally {
    await rm(folder, { recursive: true });
  }
}
