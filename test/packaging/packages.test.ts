/**
 * What a user installs: the packed archives, in an empty project, on every Node that is promised.
 */
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isOffline, nodeBinary, npm, supportedNodes, tooOldNode } from "../support/node-binaries.ts";
import { inRepository, readText, repositoryRoot } from "../support/repository.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const folders = ["schemas", "extension-api", "core", "extensions/runtime-go-plugin"];
const packages = folders.map((folder) => {
  const manifest = JSON.parse(readText(`${folder}/package.json`)) as Manifest;
  const entries = Object.entries(manifest.exports).map(([path, target]) => {
    const file = typeof target === "string" ? target : target.types;
    const source = file.replace("/dist/", "/src/").replace(/\.d\.ts$/, ".ts");
    return { specifier: manifest.name + path.slice(1), exists: existsSync(inRepository(folder, source)) };
  });
  return { folder, name: manifest.name, version: manifest.version, entries };
});
const hasHost = readText("core/src/index.ts").includes("createExtensionHost");
const hasCommandLine = existsSync(inRepository("core/src/cli/main.ts"));

const execute = promisify(execFile);
const minutes = 60_000;
const scratch = mkdtempSync(join(tmpdir(), "plugboard-packaging-"));
const project = join(scratch, "project");
let offline = "";

const archive = (folder: string): string => {
  const { name, version } = packages.find((candidate) => candidate.folder === folder)!;
  return join(scratch, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
};

beforeAll(async () => {
  const script = inRepository("core/scripts/pack-packages.ts");
  const { stdout } = await execute(process.execPath, [script, scratch], { cwd: repositoryRoot });
  const [, words = ""] = /^ {2}npm (install .*)$/m.exec(stdout) ?? [];
  mkdirSync(project);
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "outsider", private: true, type: "module" }),
  );
  try {
    await npm(words.split(" "), project);
  } catch (error) {
    if (!isOffline(error)) throw error;
    offline = "the packages' dependencies can't be fetched offline";
  }
}, 4 * minutes);

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

describe.each(packages)("the archive of $name", ({ folder, entries }) => {
  const unwritten = entries.filter(({ exists }) => !exists).map(({ specifier }) => specifier);

  it("holds what its users need and nothing else", async () => {
    const { stdout } = await execute("tar", ["-tzf", archive(folder)]);
    const files = stdout
      .trim()
      .split("\n")
      .map((file) => file.replace("package/", ""));
    const manifest = JSON.parse(readText(`${folder}/package.json`)) as Manifest;
    const targets = Object.values(manifest.exports).flatMap((target) => Object.values(target as object));
    const modules = targets
      .filter((file: string) => file.endsWith(".js"))
      .map((file: string) => file.slice(2));
    expect(modules).not.toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["package.json", "LICENSE", ...modules]));
    const strays = files.filter(
      (file) =>
        !/^(?:package\.json|LICENSE|README\.md|CHANGELOG\.md|(?:plugin|config|frame)\.schema\.json|guest\.proto|bundle\/|dist\/|src\/|bin\/|templates\/[a-z]+\/)/.test(
          file,
        ) && !(isExtension(folder) && /^(?:plugin\.json5|runtime\.schema\.json|mapping\.md|go\/)/.test(file)),
    );
    expect(strays).toEqual([]);
  });

  it("holds the sources that its maps lead to", async () => {
    const unpacked = join(scratch, `unpacked-${basename(folder)}`);
    mkdirSync(unpacked);
    await execute("tar", ["-xzf", archive(folder), "-C", unpacked]);
    const maps = readdirSync(unpacked, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".map"),
    );
    const lost = maps.filter((file) => {
      const map = JSON.parse(readFileSync(join(unpacked, file), "utf8")) as {
        sources: readonly string[];
        sourcesContent?: unknown;
      };
      const isThere = (source: string) => existsSync(join(unpacked, dirname(file), source));
      return map.sourcesContent === undefined && !map.sources.every(isThere);
    });
    expect(maps).not.toEqual([]);
    expect(lost).toEqual([]);
  });

  it("passes publint", async ({ skip }) => {
    skip(unwritten.length > 0, `still to be written: ${unwritten.join()}`);
    const tarball = new Uint8Array(readFileSync(archive(folder))).buffer;
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it(
    "has types that resolve as its code does",
    async ({ skip }) => {
      skip(unwritten.length > 0, `still to be written: ${unwritten.join()}`);
      const tool = inRepository("node_modules/@arethetypeswrong/cli/dist/index.js");
      const parameters = [tool, archive(folder), "--profile", "esm-only", "--no-color", "--no-emoji"];
      const { code, stdout } = await outcomeOf(process.execPath, parameters);
      expect(code, stdout).toBe(0);
    },
    minutes,
  );
});

describe.each(supportedNodes)("an empty project on Node %s", (version) => {
  it(
    "imports every entry point",
    async ({ skip }) => {
      skip(offline !== "", offline);
      const binary = await nodeBinary(version);
      if ("missing" in binary) return skip(binary.missing);
      const specifiers = packages
        .flatMap(({ entries }) => entries)
        .filter(({ exists, specifier }) => exists && !specifier.endsWith(".json"))
        .map(({ specifier }) => specifier);
      const lines = specifiers.map(
        (specifier) => `console.log(${JSON.stringify(specifier)}, typeof (await import("${specifier}")));`,
      );
      expect(await run(binary.path, "imports.js", lines.join("\n"))).toEqual({
        code: 0,
        stdout: specifiers.map((specifier) => `${specifier} object\n`).join(""),
        stderr: "",
      });
    },
    2 * minutes,
  );

  it(
    "greets through a dropped folder with a host of a few lines, in each runtime",
    async ({ skip }) => {
      skip(!hasHost, "core does not export createExtensionHost yet");
      skip(offline !== "", offline);
      const binary = await nodeBinary(version);
      if ("missing" in binary) return skip(binary.missing);
      dropExtension();
      const outcome = await run(
        binary.path,
        "host.js",
        `import { createExtensionHost, greeters } from "@plugboard/core";
         for (const kind of ["in-process", "worker", "process"]) {
           const host = createExtensionHost({
             extensionFolders: ["./extensions"],
             points: [greeters],
             runtimePolicy: () => kind,
           });
           await host.start();
           for (const greeter of host.contributions(greeters)) console.log(kind, await greeter.greet("World"));
           await host.stop();
         }`,
      );
      expect(outcome).toEqual({
        code: 0,
        stdout: "in-process Hello, World!\nworker Hello, World!\nprocess Hello, World!\n",
        stderr: "",
      });
    },
    2 * minutes,
  );
});

describe("the installed command", () => {
  it("answers --help", async ({ skip }) => {
    skip(!hasCommandLine, "the command line is still to be written");
    skip(offline !== "", offline);
    const answer = await outcomeOf(process.execPath, [command(), "--help"]);
    expect(answer).toEqual({ code: 0, stdout: expect.stringContaining("plugboard") as string, stderr: "" });
  });

  it(
    "creates an extension that passes its tests with what is installed",
    async ({ skip }) => {
      skip(offline !== "", offline);
      const created = await outcomeOf(process.execPath, [command(), "create", "created/hello", "--json"]);
      expect(JSON.parse(created.stdout)).toMatchObject({
        files: expect.arrayContaining([".gitignore", "package.json", "extension.ts"]) as unknown,
        packages: "published",
        next: ["npm install", "npm test"],
      });
      const folder = join(project, "created/hello");
      const { devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
      const installed = packages.filter((one) => !isExtension(one.folder));
      const own = installed.map(({ name, version }) => [name, `^${version}`]);
      expect(devDependencies).toMatchObject(Object.fromEntries(own));
      expect(await npm(["test"], folder)).toContain("pass 1");
    },
    minutes,
  );

  it("finds nothing wrong with the runtime for go-plugin programs", async ({ skip }) => {
    skip(offline !== "", offline);
    const folder = "node_modules/@plugboard/runtime-go-plugin";
    expect(await outcomeOf(process.execPath, [command(), "validate", folder])).toEqual({
      code: 0,
      stdout: "valid: no problems\n",
      stderr: "",
    });
  });

  it(
    "and the library say in one line that a Node is too old",
    async ({ skip }) => {
      skip(offline !== "", offline);
      const binary = await nodeBinary(tooOldNode);
      if ("missing" in binary) return skip(binary.missing);
      expect(await outcomeOf(binary.path, [command(), "list"])).toEqual({
        code: 3,
        stdout: "",
        stderr: `plugboard needs Node 22.22 or newer; this is Node ${tooOldNode}.\n`,
      });
      const importing = 'import("@plugboard/core").catch(({ message }) => console.log(message))';
      expect(await outcomeOf(binary.path, ["--input-type=module", "-e", importing])).toMatchObject({
        stdout: `@plugboard/core needs Node 22.22 or newer; this is Node ${tooOldNode}.\n`,
      });
    },
    2 * minutes,
  );
});

const isExtension = (folder: string): boolean => folder.startsWith("extensions/");

const command = (): string => join(project, "node_modules/@plugboard/core/bin/plugboard.js");

interface Outcome {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the empty project; what it exits with is an answer, not an error. */
async function outcomeOf(program: string, parameters: readonly string[]): Promise<Outcome> {
  try {
    return { code: 0, ...(await execute(program, parameters, { cwd: project, timeout: 30_000 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
}

/** Runs a program text of the empty project. */
async function run(node: string, file: string, text: string): Promise<Outcome> {
  writeFileSync(join(project, file), text);
  return outcomeOf(node, [file]);
}

function dropExtension(): void {
  const folder = join(project, "extensions/english");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "plugin.json5"),
    `{ manifestVersion: 1, id: "outsider.english", version: "1.0.0", engines: { plugboard: "^1.0.0" },
       main: "./extension.js", contributes: { greeters: [{ id: "english", lang: "English" }] } }`,
  );
  writeFileSync(
    join(folder, "extension.js"),
    "export function activate(context) {\n" +
      '  context.contribute("greeters", "english", { greet: (name) => `Hello, ${name}!` });\n' +
      "}\n",
  );
}
