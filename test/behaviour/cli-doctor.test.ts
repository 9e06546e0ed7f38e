/** What an operator is told about the machine before anything runs on it. */
import { chmod, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSigningKey, packExtension, signArchive } from "@plugboard/core/packaging";
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles, unfinishedInstall } from "../support/plugboard-process.js";
import { inRepository } from "../support/repository.js";

interface Diagnosis {
  readonly healthy: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly outcome: string;
    readonly message: string;
    readonly advice?: string;
  }[];
}

async function diagnosis(folder: CommandFolder, words: readonly string[] = []) {
  const { code, document } = await folder.runJson(["doctor", ...words]);
  const { healthy, checks } = document as Diagnosis;
  return { code, healthy, checks, of: (name: string) => checks.filter((check) => check.name === name) };
}

async function healthyFolder(): Promise<CommandFolder> {
  const folder = await CommandFolder.create();
  await folder.write(greeterFiles("acme.english", "English", "`Hello, ${name}!`"));
  return folder;
}

test("a folder in which all is well has no problem, and every check is named", async () => {
  const folder = await healthyFolder();
  const { code, healthy, checks } = await diagnosis(folder);
  expect(checks.filter(({ outcome }) => outcome === "problem")).toEqual([]);
  expect({ code, healthy }).toEqual({ code: 0, healthy: true });
  expect([...new Set(checks.map(({ name }) => name))]).toEqual([
    ...[
      "node",
      "typescript",
      "sandbox",
      "temporary",
      "folders",
      "watches",
      "state",
      "locks",
      "installed",
      "keys",
      "runtimes",
      "go",
    ],
  ]);
});

test("a program that an extension in Go lacks is found, without running anything", async () => {
  const folder = await CommandFolder.create();
  const runtime = { kind: "go-plugin", command: "./greeter" };
  const manifest = {
    manifestVersion: 1,
    id: "acme.go",
    version: "1.0.0",
    engines: { plugboard: "^1.0.0" },
    runtime,
  };
  await folder.write({ "extensions/go/plugin.json5": JSON.stringify(manifest) });
  await symlink(inRepository("extensions/runtime-go-plugin"), join(folder.path, "extensions/runtime"));
  const { code, checks } = await diagnosis(folder);
  expect(code).toBe(1);
  expect(checks).toContainEqual({
    name: "runtimes",
    outcome: "problem",
    message: 'acme.go: The path "./greeter" does not exist.',
    advice: expect.stringContaining("plugboard validate") as string,
  });
});

test("a runtime that nobody brings, and Go where it is not there, are told", async () => {
  const folder = await CommandFolder.create();
  const manifest = { manifestVersion: 1, id: "acme.go", version: "1.0.0", engines: { plugboard: "^1.0.0" } };
  const runtime = { kind: "go-plugin", command: "./greeter" };
  await folder.write({ "extensions/go/plugin.json5": JSON.stringify({ ...manifest, runtime }) });
  await mkdir(join(folder.path, "bin"));
  const withPath = async (path: string) => {
    const { stdout } = await folder.run(["doctor", "--json"], { env: { PATH: path } });
    return (JSON.parse(stdout) as Diagnosis).checks;
  };
  const checks = await withPath(join(folder.path, "bin"));
  expect(checks).toContainEqual({
    name: "runtimes",
    outcome: "problem",
    message: 'acme.go asks for the runtime "go-plugin"; this host has in-process, worker, process.',
    advice: "Check the kind, or install the extension that brings it.",
  });
  const goText = (all: Diagnosis["checks"]) => all.find(({ name }) => name === "go")?.message;
  expect(goText(checks)).toContain("Go is not on the PATH");
  await folder.write({ "bin/go": "" });
  expect(goText(await withPath(join(folder.path, "bin")))).toContain("Go is on the PATH");
});

test("a person reads a line a check, what to do beneath it, and the sum", async () => {
  const folder = await healthyFolder();
  await folder.write({ ".plugboard/secrets/acme.english.json": "{}", ".plugboard/secrets.key": "" });
  await chmod(join(folder.path, ".plugboard/secrets.key"), 0o600);
  await chmod(join(folder.path, ".plugboard/secrets/acme.english.json"), 0o644);
  await chmod(join(folder.path, ".plugboard"), 0o700);
  const { code, stdout } = await folder.run(["doctor"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ok {7}node {8}Node \S+ is new enough\.$/m);
  expect(stdout).toMatch(/^problem {2}state {7}Others may get at the secrets in .*acme\.english\.json\.$/m);
  expect(stdout).toMatch(/^ +chmod 600 .*acme\.english\.json$/m);
  expect(stdout).toMatch(/\n\n1 problem, \d+ warnings?\n$/);
});

test("what a host writes is private to its owner", async () => {
  const folder = await healthyFolder();
  await folder.write({
    "extensions/english/extension.js": `export async function activate(context) {
  await context.secrets.set("token", "abc");
  context.contribute("greeters", "english", { greet: (name) => name });
}
`,
  });
  expect(await folder.run(["greet", "World"])).toMatchObject({ code: 0 });
  const { of } = await diagnosis(folder);
  expect(of("state")).toEqual([
    { name: "state", outcome: "ok", message: expect.stringContaining("is private") as string },
  ]);
  await rm(join(folder.path, ".plugboard/secrets.key"));
  const lost = await diagnosis(folder);
  expect(lost.of("state")).toMatchObject([
    { outcome: "problem", message: expect.stringContaining("secrets.key is missing") as string },
  ]);
});

test("a folder that is missing or open to everyone is a warning, one that is no folder a problem", async () => {
  const folder = await healthyFolder();
  await mkdir(join(folder.path, "open"));
  await chmod(join(folder.path, "open"), 0o777);
  await writeFile(join(folder.path, "file"), "");
  const words = ["./extensions", "./missing", "./open", "./file"].flatMap((name) => ["--extensions", name]);
  const { code, of } = await diagnosis(folder, words);
  expect(code).toBe(1);
  expect(of("folders").map(({ outcome }) => outcome)).toEqual(["ok", "warning", "warning", "problem"]);
  expect(of("folders")[2]?.advice).toBe(`chmod o-w ${join(folder.path, "open")}`);
});

test("an installation that was killed is told apart from one that goes on", async () => {
  const folder = await healthyFolder();
  await rename(join(folder.path, "extensions/english"), join(folder.path, "english"));
  const installer = await unfinishedInstall(folder, "english");
  const installs = `Process ${installer.process.pid} installs`;
  expect((await diagnosis(folder)).of("locks")).toMatchObject([
    { outcome: "warning", message: expect.stringContaining(installs) as string },
  ]);
  installer.process.kill("SIGKILL");
  await installer.exit;
  expect((await diagnosis(folder)).of("locks")).toMatchObject([
    { outcome: "warning", message: expect.stringContaining("left by a process that is gone") as string },
  ]);
});

test("a secret key that others read and a trusted key that others change are problems", async () => {
  const folder = await healthyFolder();
  await mkdir(join(folder.path, "trusted"));
  await folder.run(["keys", "create", "trusted/author"]);
  const keys = ["--keys", "trusted"];
  expect((await diagnosis(folder, keys)).of("keys")).toMatchObject([{ outcome: "ok" }]);
  await chmod(join(folder.path, "trusted/author"), 0o644);
  await chmod(join(folder.path, "trusted/author.pub"), 0o666);
  const { code, of } = await diagnosis(folder, keys);
  expect(code).toBe(1);
  expect(of("keys").map(({ message }) => message)).toEqual([
    `Others may read the secret key in ${join(folder.path, "trusted/author")}.`,
    `Others may change whom ${join(folder.path, "trusted/author.pub")} makes trusted.`,
  ]);
  expect(JSON.stringify(of("keys"))).not.toContain("BEGIN");
});

test("a config file that can't be used is a problem, and the machine is looked at all the same", async () => {
  const folder = await healthyFolder();
  await folder.write({ "plugboard.config.json5": "{ folders: 7 }" });
  const { code, of } = await diagnosis(folder);
  expect(code).toBe(1);
  expect(of("config")).toMatchObject([{ outcome: "problem" }]);
  expect(of("node")).toMatchObject([{ outcome: "ok" }]);
});

test("an installed extension that is damaged, changed or signed by a revoked key is told, also by list", async () => {
  const folder = await healthyFolder();
  const { archive } = await packExtension(join(folder.path, "extensions/english"), {
    outFolder: folder.path,
  });
  await rm(join(folder.path, "extensions"), { recursive: true });
  const keys = join(folder.path, ".plugboard/keys");
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const { publicFile, id: key } = createSigningKey(join(folder.path, "key"));
  await rename(publicFile, join(keys, "acme.pub"));
  await signArchive(archive, { key: join(folder.path, "key") });
  await folder.run(["install", archive]);
  const found = async () => (await diagnosis(folder)).of("installed");
  expect(await found()).toEqual([
    { name: "installed", outcome: "ok", message: "1 extension is as installed." },
  ]);
  await folder.run(["keys", "revoke", key, "--reason", "lost"]);
  expect(await found()).toMatchObject([
    { outcome: "problem", message: expect.stringContaining("revoked") as string },
  ]);
  const { stdout } = await folder.run(["list"]);
  expect(stdout).toMatch(/^acme\.english 1\.0\.0: .*revoked/m);
  await rm(join(keys, "revoked.json"));
  const installed = join(folder.path, "extensions/acme.english");
  await writeFile(join(installed, "notes.txt"), "written by itself");
  expect(await found()).toMatchObject([
    { outcome: "warning", message: expect.stringContaining("not those that were installed") as string },
  ]);
  await rm(join(installed, "plugin.json5"));
  expect(await found()).toMatchObject([
    {
      outcome: "problem",
      message: expect.stringContaining("acme.english 1.0.0 can't be read") as string,
      advice: expect.stringContaining("Install acme.english again") as string,
    },
  ]);
  await rm(join(folder.path, "extensions/.plugboard/versions"), { recursive: true });
  expect(await found()).toMatchObject([
    { outcome: "problem", message: expect.stringContaining("are gone") as string },
  ]);
});
