/**
 * Builds the samples written in Go and lays out a folder in which greeters of every kind stand side by side: `npm run
 * example:go`. Writes below .plugboard and builds only what has changed.
 */
import { copyFile, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { buildGo, goFolder, missingGo, placeProgram, type GoProgram } from "./go-toolchain.ts";
import { inRepository, repositoryRoot } from "./repository.ts";

const home = inRepository(".plugboard/go-example");
const samples = join(goFolder, "src/plugboard.dev/samples");

/** A sample: the folder of its manifest, and what is built to stand beside it. */
const extensions: readonly {
  readonly from: string;
  readonly to: string;
  readonly programs: readonly GoProgram[];
}[] = [
  { from: inRepository("extensions/names"), to: "names", programs: [] },
  { from: inRepository("extensions/formal"), to: "formal", programs: [] },
  { from: join(samples, "gopher"), to: "gopher", programs: ["gopher"] },
  { from: join(samples, "polyglot"), to: "polyglot", programs: ["polyglot"] },
  { from: join(samples, "lab/plugins/english"), to: "lab-english", programs: ["english.so", "plugboard-so"] },
  { from: join(samples, "lab/plugins/spanish"), to: "lab-spanish", programs: ["spanish.so", "plugboard-so"] },
];

/** What of a sample's folder an extension needs; its Go stays behind. */
const wanted = /\.(?:json5|proto|ts|js)$/;

const missing = await missingGo();
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
for (const { from, to, programs } of extensions) {
  const folder = join(home, "extensions", to);
  await mkdir(folder, { recursive: true });
  for (const name of programs) await placeProgram(await buildGo(name), join(folder, name));
  for (const name of await readdir(from)) {
    if (wanted.test(name)) await copyFile(join(from, name), join(folder, name));
  }
}
await linkRuntime();
await writeFile(join(home, "plugboard.config.json5"), `{\n  folders: ["./extensions"],\n}\n`);

const here = relative(repositoryRoot, home);
console.log(`
The extensions stand in ${here}/extensions: one in TypeScript, one go-plugin written for Plugboard, one written for
another host, and two shared objects. Try them, from the top of the repository:

  cd ${here}
  node ${relative(home, inRepository("core/bin/plugboard.js"))} greet World
  node ${relative(home, inRepository("core/bin/plugboard.js"))} start

While it runs, kill one of its processes (pkill -9 -f extensions/gopher/gopher) and greet again; edit a sample, run
\`npm run example:go\` again, and see it reload.`);

/** The runtime is an extension among the others: the one of this repository, as it is built. */
async function linkRuntime(): Promise<void> {
  const runtime = inRepository("extensions/runtime-go-plugin");
  const link = join(home, "extensions", basename(runtime));
  await rm(link, { force: true });
  await symlink(runtime, link, "dir");
}
