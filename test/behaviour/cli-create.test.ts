import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import JSON5 from "json5";
import { expect, onTestFinished, test } from "vitest";
import { DebuggerClient } from "../support/debugger-client.js";
import { npm } from "../support/node-binaries.js";
import { CommandFolder } from "../support/plugboard-process.js";
import { inRepository } from "../support/repository.js";

const execute = promisify(execFile);
const minute = 60_000;

/** All but go, whose test builds a program. */
const inTypeScript = [
  ...["greeter", "transformer", "command", "service", "point"],
  ...["injectable", "worker", "process"],
];

/** A folder of the repository, in which extensions find their packages without installing any. */
async function folderInRepository(): Promise<CommandFolder> {
  await mkdir(inRepository(".plugboard"), { recursive: true });
  const folder = new CommandFolder(await mkdtemp(inRepository(".plugboard/created-")));
  onTestFinished(() => rm(folder.path, { recursive: true, force: true }));
  return folder;
}

interface Outcome {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node as it is for users, without what this test runner says in the environment. */
async function node(words: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const clean = { ...process.env, NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined, ...env };
  try {
    return { code: 0, ...(await execute(process.execPath, words, { cwd, env: clean, timeout: minute })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
}

test(
  "what is made from each template is valid, passes its tests and its type-check, and answers in a host",
  async () => {
    const folder = await folderInRepository();
    const templates = [...inTypeScript, "go"];
    const made = await Promise.all(
      templates.map((template) =>
        folder.runJson(["create", `extensions/acme.${template}`, "--template", template]),
      ),
    );
    expect(made).toEqual(
      templates.map((template) => ({
        code: 0,
        document: expect.objectContaining({
          template,
          id: `acme.${template}`,
          folder: `extensions/acme.${template}`,
          packages: "found",
          next: ["npm test"],
        }) as unknown,
      })),
    );
    await writeFile(
      join(folder.path, "tsconfig.json"),
      `{ "extends": "./extensions/acme.greeter/tsconfig.json", "include": ["extensions/*/**/*.ts"] }`,
    );
    const tests = inTypeScript.map((template) => `extensions/acme.${template}/test/*.test.ts`);
    const [validation, types, tested, greetings, words, said, put] = await Promise.all([
      folder.runJson(["validate", "./extensions"]),
      node([inRepository("node_modules/typescript/bin/tsc"), "--project", "."], folder.path),
      node(["--test", "--test-reporter=tap", ...tests], folder.path),
      folder.run(["greet", "World", "--only", "greeter,injectable,process"]),
      folder.run(["transform", " to be  or not to be ", "--with", "transformer,worker"]),
      folder.run(["call", "commands", "acme.command", "execute", '"Ada"']),
      folder.run(["call", "commands", "acme.point", "execute"]),
    ]);
    // What runs Go lies elsewhere; that is no more than a note.
    const note = { severity: "info", code: "RUNTIME_UNKNOWN", extensionId: "acme.go" };
    const problems = [expect.objectContaining(note) as unknown];
    expect(validation).toEqual({ code: 0, document: { valid: true, problems } });
    expect(types).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(tested, tested.stdout).toMatchObject({ code: 0, stdout: expect.stringContaining("# pass 8\n") });
    expect(greetings.stdout).toBe(
      "[Greeter] Hello, World!\n[Injectable] Welcome, World!\n[Process] Good day, World!\n",
    );
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining("Hello, Ada.") as string });
    expect(put).toMatchObject({ code: 0 });
    expect(words.stdout).toBe("2 to\n2 be\n1 or\n1 not\n");
  },
  2 * minute,
);

test("each template brings an editor's settings, which lead to what is installed", async () => {
  const folder = await folderInRepository();
  for (const template of [...inTypeScript, "go"]) {
    const cwd = join(folder.path, template);
    await folder.run(["create", template, "--template", template]);
    const read = async (name: string) =>
      JSON5.parse<Record<string, unknown>>(await readFile(join(cwd, ".vscode", name), "utf8"));
    const { recommendations } = await read("extensions.json");
    expect(recommendations).toContain("blueglassblock.better-json5");
    const schemas = (await read("settings.json"))["json5.schemas"] as readonly Association[];
    const titles = schemas.map(async ({ fileMatch, url }) => {
      expect(url).toMatch(/^\.\.?\//);
      const schema = JSON.parse(await readFile(join(cwd, url), "utf8")) as { readonly title: string };
      return [...fileMatch, schema.title];
    });
    expect(await Promise.all(titles)).toEqual([
      ["plugin.json5", "ExtensionManifest"],
      ["plugboard.config.json5", "Settings of a Plugboard host"],
    ]);
  }
});

test.each([
  ["greeter", "greeters", "greet", "`Hello"],
  ["worker", "transformers", "transform", "new Map"],
] as const)(
  "a debugger that starts what the template %s says stops in extension.ts",
  async (template, point, method, statement) => {
    const folder = await folderInRepository();
    await folder.run(["create", "hello", "--template", template, "--id", "acme.hello"]);
    const cwd = join(folder.path, "hello");
    const launch = JSON5.parse<{ readonly configurations: readonly [Launch] }>(
      await readFile(join(cwd, ".vscode/launch.json"), "utf8"),
    );
    const [{ program, args, attachSimplePort: port }] = launch.configurations;
    expect(args).toContain(`--inspect=${port}`);
    // Any port is as good, and others may run tests here as well.
    const words = [program, ...args, "--json"].map((word) =>
      word.replace("${workspaceFolder}", cwd).replace(String(port), "0"),
    );
    const host = folder.startProgram(process.execPath, words, {});
    const address = await host.until(() => /ws:\/\/127\.0\.0\.1:\S+/.exec(host.stderr)?.[0]);
    await host.line(({ event }) => event === "activated");
    const main = await DebuggerClient.attach(address);
    const client = template === "worker" ? await main.worker() : main;
    const file = join(cwd, "extension.ts");
    const lines = (await readFile(file, "utf8")).split("\n");
    const lineNumber = lines.findIndex((line) => line.includes(statement));
    const place = { lineNumber, columnNumber: lines[lineNumber]?.indexOf(statement) };
    await client.send("Debugger.enable");
    const url = pathToFileURL(file).href;
    await client.send("Debugger.setBreakpointByUrl", { url, ...place });
    const paused = client.next("Debugger.paused");
    host.send({ call: { point, id: "hello", method, args: ["a b"] }, ref: 1 });
    const { callFrames, hitBreakpoints } = (await paused) as {
      readonly callFrames: readonly unknown[];
      readonly hitBreakpoints: unknown;
    };
    expect(callFrames[0]).toMatchObject({ location: { lineNumber } });
    expect(hitBreakpoints).toEqual([expect.stringContaining(url)]);
    expect(host.lines.some((line) => line["ref"] === 1)).toBe(false);
    await client.send("Debugger.resume");
    expect(await host.line((line) => line["ref"] === 1)).toHaveProperty("result");
    host.process.kill("SIGINT");
    expect(await host.exit).toBe(0);
  },
);

interface Association {
  readonly fileMatch: readonly string[];
  readonly url: string;
}

interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly attachSimplePort: number;
}

test("the test of what is made from the template go says that there is no Go", async () => {
  const folder = await folderInRepository();
  await folder.run(["create", "gopher", "--template", "go"]);
  const cwd = join(folder.path, "gopher");
  const env = { PATH: dirname(process.execPath) };
  const tested = await node(["--test", "--test-reporter=tap"], cwd, env);
  expect(tested).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("# SKIP there is no go here") as string,
  });
  const built = await node(["go.js", "build"], cwd, env);
  expect(built).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Install Go 1.19 or newer") as string,
  });
});

test(
  "what is made by a checkout installs offline and passes its tests, wherever it lies",
  async () => {
    const folder = await CommandFolder.create();
    const name = `"Best" \\ greeter`;
    const made = await folder.run(["create", "My Hello", "--id", "acme.hello", "--name", name, "--yes"]);
    expect(made).toEqual({
      code: 0,
      stdout: `created acme.hello in ./My Hello: a function that greets, in TypeScript
Its packages come from the checkout that plugboard runs from.

  cd 'My Hello'
  npm install
  npm test
`,
      stderr: "",
    });
    const cwd = join(folder.path, "My Hello");
    expect((await readdir(folder.path)).concat(await readdir(cwd)).sort()).toEqual(
      [
        ...["My Hello", ".gitignore", ".vscode", "README.md", "extension.ts", "package.json", "plugin.json5"],
        ...["test", "tsconfig.json"],
      ].sort(),
    );
    await npm(["install", "--offline"], cwd);
    expect(await npm(["test"], cwd)).toContain("pass 1");
    const schema = /\$schema: "(.*)"/.exec(await readFile(join(cwd, "plugin.json5"), "utf8"))?.[1] ?? "";
    expect(await readFile(join(cwd, schema), "utf8")).toContain('"ExtensionManifest"');
    expect(await folder.run(["greet", "you", "--extensions", "."])).toMatchObject({
      stdout: `["Best" \\ greeter] Hello, you!\n`,
    });
  },
  minute,
);

test("the packages of an extension with a process of its own are copied from a checkout, not linked", async () => {
  const folder = await CommandFolder.create();
  const { document } = await folder.runJson(["create", "hello", "--template", "process"]);
  expect(document).toMatchObject({
    packages: "checkout",
    files: expect.arrayContaining([".npmrc"]) as unknown,
  });
  expect(await readFile(join(folder.path, "hello/.npmrc"), "utf8")).toContain("install-links=true");
});
