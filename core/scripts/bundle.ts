/**
 * Bundles what is published: one file for each way into a package, with what several share in chunks, and one for each
 * program that is started for a guest. Every file that Node has to find, read and compile costs a start more than what
 * stands in it. Runs after the compiler, which writes the types; does nothing while all is as it was.
 * See core/docs/decisions/bundled-entries.md.
 */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { InputOptions, OutputChunk, OutputOptions, Plugin } from "rolldown";
import { thirdPartyLicenses } from "./third-party-licenses.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const core = `${repository}core/src/`;

/** What people know the project by, or what has to be one copy for the application and its extensions. */
const external = [
  /^@plugboard\/extension-api$/,
  /^(?:chokidar|inversify|json5|oxc-transform|reflect-metadata)$/,
];

const entries = {
  ...publishedEntries(),
  main: `${core}cli/main.ts`,
};
/** Each a file of its own: CommonJS, since Node starts that sooner than an ES module. */
const programs = {
  "worker-main": `${core}runtime/worker/worker-main.ts`,
  "process-main": `${core}runtime/process/process-main.ts`,
  "watchdog-main": `${core}runtime/in-process/watchdog-main.ts`,
  "transform-main": `${core}runtime/transform/transform-main.ts`,
};
/** What few need, and load then. */
const packages = {
  acorn: "acorn",
  ajv: "ajv/dist/2020.js",
  semver: `${core}manifest/semver-parts.ts`,
  "string-width": "string-width",
};

const single: OutputOptions = {
  format: "cjs",
  exports: "named",
  entryFileNames: "[name].cjs",
  codeSplitting: false,
};

/**
 * What commander imports and a start needs none of: it could run commands that are programs of their own, and `process`
 * as a module has every stream opened that the process has.
 */
const lightImports: Readonly<Record<string, string>> = {
  "node:child_process": "export default {};",
  "node:process": "export default process;",
};
const lightCommander: Plugin = {
  name: "light commander",
  resolveId: (source, importer) =>
    Object.hasOwn(lightImports, source) && importer?.includes("/node_modules/commander/") === true
      ? `\0light ${source}`
      : undefined,
  load: (id) => lightImports[id.replace("\0light ", "")],
};

const bundles = `${repository}core/bundle/`;
const licenses = `${bundles}THIRD-PARTY-LICENSES.txt`;
const sources = [
  "core/src",
  "core/package.json",
  "core/scripts",
  "extension-api/src",
  "schemas/src",
  "package-lock.json",
];
if (changedAt(licenses) < Math.max(...sources.map((path) => newestIn(repository + path)))) await bundleAll();

/** The sources of what package.json exports, by the name of the bundle. */
function publishedEntries(): { readonly index: string } & Readonly<Record<string, string>> {
  const { exports } = JSON.parse(readFileSync(`${repository}core/package.json`, "utf8")) as {
    readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  };
  const named = Object.values(exports).flatMap((target) =>
    typeof target === "string"
      ? []
      : [
          [
            basename(target.default, ".js"),
            core + target.types.replace("./dist/", "").replace(".d.ts", ".ts"),
          ] as const,
        ],
  );
  return { index: `${core}index.ts`, ...Object.fromEntries(named) };
}

async function bundleAll(): Promise<void> {
  const commands = new Set([
    ...(await reachableFrom(`${core}cli/process-world.ts`)),
    ...(await reachableFrom(`${core}cli/run.ts`)),
  ]);
  const host = await reachableFrom(entries.index);
  const written = [
    ...(await write(
      { input: { index: `${repository}extension-api/src/index.ts` } },
      `${repository}extension-api/bundle`,
    )),
    ...(await write({ input: entries }, bundles, {
      entryFileNames: "entries/[name].js",
      chunkFileNames: "chunks/[name].js",
      codeSplitting: {
        groups: [
          // What a version, a help or a wrong word needs: nothing of the host.
          {
            name: "version",
            test: (id) => id.endsWith("package.json") || id === `${core}cli/exit-code.ts`,
            priority: 3,
          },
          { name: "commands", test: (id) => commands.has(id), priority: 2 },
          { name: "host", test: (id) => host.has(id), priority: 1 },
          // What every command has that runs a host.
          { name: "hosting", test: /core\/src\/cli\/(?!main\.ts)(?:output\/)?[^/]+\.ts$/ },
          { name: "tar", test: /[\\/]node_modules[\\/]tar[\\/]/ },
        ],
      },
    })),
  ];
  for (const [name, input] of Object.entries(programs))
    written.push(...(await write({ input: { [name]: input } }, `${bundles}programs`, single)));
  for (const [name, input] of Object.entries(packages))
    written.push(...(await write({ input: { [name]: input } }, `${bundles}packages`, single)));
  removeOthers(written);
  // Last: it is younger than all that it was made of.
  writeFileSync(licenses, thirdPartyLicenses(written.flatMap(({ chunk }) => chunk.moduleIds)));
}

interface Written {
  readonly path: string;
  readonly chunk: OutputChunk;
}

async function write(
  input: InputOptions,
  folder: string,
  output: OutputOptions = {},
): Promise<readonly Written[]> {
  const made = await build(input, (bundle) =>
    bundle.write({
      dir: folder,
      format: "esm",
      entryFileNames: "[name].js",
      sourcemap: true,
      comments: { legal: true, annotation: true, jsdoc: false },
      ...output,
    }),
  );
  return made.map((chunk) => ({ path: join(folder, chunk.fileName), chunk }));
}

/** The modules that run when the one at the path is imported, before anybody calls anything. */
async function reachableFrom(path: string): Promise<ReadonlySet<string>> {
  const chunks = await build({ input: path }, (bundle) => bundle.generate({ format: "esm" }));
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const reached = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const chunk of reached)
    for (const name of chunk.imports) {
      const imported = byName.get(name);
      if (imported !== undefined) reached.add(imported);
    }
  return new Set([...reached].flatMap(({ moduleIds }) => moduleIds));
}

async function build(
  input: InputOptions,
  make: (
    bundle: import("rolldown").RolldownBuild,
  ) => Promise<{ readonly output: readonly { readonly type: string }[] }>,
): Promise<readonly OutputChunk[]> {
  // Takes longer to load than to see that there is nothing to do.
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({
    ...input,
    cwd: `${repository}core`,
    platform: "node",
    external,
    plugins: [lightCommander],
    onLog: (level, log) => {
      if (level === "warn") throw new Error(`A bundle would be unsound: ${log.message}`);
    },
  });
  try {
    const { output } = await make(bundle);
    return output.filter((item): item is OutputChunk => item.type === "chunk");
  } finally {
    await bundle.close();
  }
}

/** What an earlier run wrote and this one did not. */
function removeOthers(written: readonly Written[]): void {
  const kept = new Set(written.flatMap(({ path }) => [path, `${path}.map`]));
  for (const file of filesIn(bundles)) if (!kept.has(file)) rmSync(file);
}

function newestIn(path: string): number {
  const files = statSync(path).isDirectory() ? filesIn(path) : [path];
  return Math.max(...files.map(changedAt));
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** 0 for what is not there. */
function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
