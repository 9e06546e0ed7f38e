/**
 * Makes one file of each program that a runtime starts for a guest: every file that Node has to find and compile costs
 * a start more than what stands in it. CommonJS, since Node starts it sooner than an ES module.
 * Runs after the compiler, on what that has written; does nothing while that is older than the bundles.
 */
import { readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const compiled = `${repository}core/dist/`;
const programs = ["runtime/worker/worker-main", "runtime/process/process-main"];

/** All that may stand in a bundle, or decides how it is made. */
const sources = [
  compiled,
  `${repository}extension-api/dist/`,
  `${repository}schemas/dist/`,
  `${repository}package-lock.json`,
  fileURLToPath(import.meta.url),
];

const newest = Math.max(...sources.flatMap(filesOf).map(changedAt));
for (const program of programs) {
  const bundle = `${compiled}${program}.cjs`;
  if (changedAt(bundle) < newest) await write(`${compiled}${program}.js`, bundle);
}

async function write(input: string, file: string): Promise<void> {
  // Takes longer to load than to see that there is nothing to do.
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({
    input,
    platform: "node",
    external: /^node:/,
    onLog: (level, log) => {
      if (level === "warn") throw new Error(`The bundle of ${input} would be unsound: ${log.message}`);
    },
  });
  try {
    await bundle.write({ file, format: "cjs", codeSplitting: false });
  } finally {
    await bundle.close();
  }
}

/** The JavaScript in a folder, bundles aside; a file for itself. */
function filesOf(path: string): readonly string[] {
  if (!path.endsWith("/")) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => path + name);
}

/** 0 for what is not there. */
function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
