/**
 * The image as its users have it, built from the Dockerfiles and run without an engine. Prints what was typed and what
 * came of it.
 */
import { execFileSync } from "node:child_process";
import { chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ContainerStore, noContainers, readOnlyWords } from "../support/container-builder.ts";
import {
  CommandFolder,
  greeterFiles,
  type CommandOutcome,
  type RunningCommand,
} from "../support/plugboard-process.ts";

/** What of an image's settings an engine acts on. */
interface ImageConfig {
  readonly Entrypoint: readonly string[];
  readonly Healthcheck: { readonly Test: readonly string[] };
}

const minutes = 60_000;
const missing = noContainers();
const store = new ContainerStore();
/** The user of the image, and its group. */
const user = 1000;
const transcript: string[] = [];
let container = "";
let root = "";
let config: ImageConfig;

beforeAll(async () => {
  if (missing !== undefined) return;
  await store.createBase("base");
  const cache = execFileSync("npm", ["config", "get", "cache"], { encoding: "utf8" }).trim();
  const base = ["BUILD_BASE", "BASE"].flatMap((name) => ["--build-arg", `${name}=base`]);
  const startedAt = performance.now();
  await store.run("npm", ["run", "image", "--", ...base, "--volume", `${cache}:/npm-cache`]);
  note(`$ npm run image          # ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  const example = ["--format", "docker", "--tag", "my-plugboard", "core/examples/image"];
  await store.run("buildah", ["build", ...example]);
  note("$ docker build --tag my-plugboard core/examples/image");
  container = await store.run("buildah", ["from", "my-plugboard"]);
  root = await store.run("buildah", ["mount", container]);
  const about = JSON.parse(await store.run("buildah", ["inspect", container])) as {
    readonly Docker: { readonly config: ImageConfig };
  };
  config = about.Docker.config;
}, 4 * minutes);

afterAll(() => {
  store.remove();
  if (transcript.length > 0) console.log(`\n${transcript.join("\n")}\n`);
}, minutes);

it("is its base and a few megabytes, and holds nothing that only builds or tests", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const [whole, base] = [await sizeOf("plugboard"), await sizeOf("base")];
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  note(
    `# ${megabytes(whole)}: ${megabytes(base)} of the base, ${megabytes(whole - base)} of Plugboard's own`,
  );
  expect(whole - base).toBeLessThan(25_000_000);
  const packages = readdirSync(join(root, "opt/plugboard/node_modules"));
  expect(packages).toEqual(
    expect.arrayContaining(["chokidar", "json5", "inversify", "oxc-transform", "reflect-metadata"]),
  );
  expect(packages.filter((name) => /^(?:typescript|rolldown|vitest|eslint|node-.*)$/.test(name))).toEqual([]);
  const forBuilding = ["src", "scripts", "docs", "examples", "tsconfig.json", "api-report.md"];
  const ofCore = readdirSync(join(root, "opt/plugboard/core"));
  expect(ofCore.filter((name) => forBuilding.includes(name))).toEqual([]);
});

it("lets its user write the state, what is installed, and nothing else", ({ skip }) => {
  skip(missing !== undefined, missing);
  expect(writableIn("")).toEqual(["plugboard/.plugboard", "plugboard/extensions"]);
});

it("greets through bundled extensions and one that a layer adds, in each runtime", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const folder = await CommandFolder.create();
  expect(await outcome(run(folder, ["greet", "World"]))).toEqual({
    code: 0,
    stdout: [
      "[Português] Olá, World! Muito prazer.",
      "[English] Hello, World! Nice to meet you.",
      "[English (formal)] Good day, World. How do you do?",
      "[Français] Bonjour, World\u202f! Enchanté.",
      "[Español] ¡Hola, World! Mucho gusto.",
      "",
    ].join("\n"),
    stderr: "",
  });
});

it(
  "follows a volume, answers its health check, and stops in order",
  { timeout: minutes },
  async ({ skip }) => {
    skip(missing !== undefined, missing);
    const folder = await CommandFolder.create();
    await folder.write({
      ...greeterFiles("acme.german", "Deutsch", "`Hallo, ${name}!`"),
      "config/plugboard.config.json5": `{
      folders: ["/plugboard/extensions", "/opt/extensions", "/opt/plugboard/extensions"],
      settings: { "plugboard.french": { familiar: true } },
    }`,
    });
    for (const name of ["state", "volume"]) mkdirSync(join(folder.path, name));
    chownSync(join(folder.path, "state"), user, user);
    const volumes = [
      "./config:/config:ro",
      "./volume:/plugboard/extensions:ro",
      "./state:/plugboard/.plugboard",
    ];
    const host = run(folder, ["start", "--config", "/config/plugboard.config.json5", "--json"], volumes);
    await host.line(({ event }) => event === "ready");
    await answers(host, "portuguese", "Olá, World! Muito prazer.");
    await answers(host, "english", "Hello, World! Nice to meet you.");
    await answers(host, "french", "Salut, World\u202f! Ça va\u202f?");
    await answers(host, "spanish", "¡Hola, World! Mucho gusto.");

    note("$ mv german ./volume/");
    renameSync(join(folder.path, "extensions/german"), join(folder.path, "volume/german"));
    note(JSON.stringify(await host.line(({ event, id }) => event === "added" && id === "acme.german")));
    await answers(host, "german", "Hallo, World!");

    expect(await outcome(checkHealth(folder, volumes))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^healthy: the host is ready; extensions: .*5 active/) as string,
    });
    const process = nodeBelow(host.process.pid!);
    expect(userOf(process)).toBe(user);
    note(`$ kill -TERM            # the host, of user ${user}`);
    globalThis.process.kill(process, "SIGTERM");
    expect(await host.exit).toBe(0);
    expect(host.lines.at(-1)).toMatchObject({ event: "stopped" });
    note(`${JSON.stringify(host.lines.at(-1))}\n# exit 0`);
    expect(await outcome(checkHealth(folder, volumes))).toMatchObject({ code: 1 });
  },
);

it("runs as the first process on a read-only file system, and stops in order", async ({ skip }) => {
  skip(missing !== undefined, missing);
  const folder = await CommandFolder.create();
  const state = join(folder.path, "state");
  mkdirSync(state);
  chownSync(state, user, user);
  const runReadOnly = (words: readonly string[]): RunningCommand => {
    note(`$ docker run --read-only my-plugboard ${words.join(" ")}`.trimEnd());
    const all = readOnlyWords(root, state, [...config.Entrypoint, ...words]);
    return folder.startProgram("unshare", all, {});
  };
  const greeted = await outcome(runReadOnly(["greet", "World"]));
  expect(greeted).toMatchObject({ code: 0, stderr: "" });
  expect(greeted.stdout.trim().split("\n")).toHaveLength(5);

  const host = runReadOnly(["start"]);
  await host.until(() => (host.stdout.includes("ready with") ? true : undefined));
  note(host.stdout.trim());
  const process = nodeBelow(host.process.pid!);
  expect(readFileSync(`/proc/${process}/status`, "utf8")).toMatch(/^NSpid:\t\d+\t1$/m);
  note("$ kill -TERM            # process 1");
  globalThis.process.kill(process, "SIGTERM");
  expect(await host.exit).toBe(0);
  expect(host.stdout.endsWith("stopping\nstopped\n")).toBe(true);
  note("stopping\nstopped\n# exit 0");
});

/** What `docker run` does with these words. */
function run(
  folder: CommandFolder,
  words: readonly string[],
  volumes: readonly string[] = [],
): RunningCommand {
  note(`$ docker run ${[...mounting(volumes), "my-plugboard", ...words].join(" ")}`);
  return inContainer(folder, [...config.Entrypoint, ...words], volumes);
}

function checkHealth(folder: CommandFolder, volumes: readonly string[]): RunningCommand {
  const [kind, ...words] = config.Healthcheck.Test;
  expect(kind).toBe("CMD");
  note(`$ docker exec … ${words.join(" ")}`);
  return inContainer(folder, words, volumes);
}

function inContainer(folder: CommandFolder, words: readonly string[], volumes: readonly string[]) {
  const absolute = volumes.map((volume) => volume.replace(/^\./, folder.path));
  const all = ["run", ...mounting(absolute), container, "--", ...words];
  return folder.startProgram("buildah", all, store.environment);
}

function mounting(volumes: readonly string[]): readonly string[] {
  return volumes.flatMap((volume) => ["--volume", volume]);
}

async function outcome(command: RunningCommand): Promise<CommandOutcome> {
  const code = await command.exit;
  const { stdout } = command;
  // What buildah adds when a program fails is no engine's way.
  const stderr = command.stderr.replace(/^(?:subprocess exited|Error: exit) .*\n/gm, "");
  note(`${stdout}${stderr}${code === 0 ? "" : `# exit ${code}`}`.trimEnd());
  return { code, stdout, stderr };
}

async function answers(host: RunningCommand, id: string, text: string): Promise<void> {
  const call = { point: "greeters", id, method: "greet", args: ["World"] };
  note(JSON.stringify({ call, ref: id }));
  host.send({ call, ref: id });
  const answer = await host.line(({ ref }) => ref === id);
  note(JSON.stringify(answer));
  expect(answer).toEqual({ ref: id, result: text });
}

function note(line: string): void {
  transcript.push(line);
}

async function sizeOf(image: string): Promise<number> {
  const text = await store.run("buildah", ["inspect", "--type", "image", image]);
  const { Manifest } = JSON.parse(text) as { readonly Manifest: string };
  const { layers } = JSON.parse(Manifest) as { readonly layers: readonly { readonly size: number }[] };
  return layers.reduce((sum, { size }) => sum + size, 0);
}

/** What the user of the image may write, by owner or as everybody; what lies in such a folder isn't named again. */
function writableIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink())
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      const { uid, gid, mode } = lstatSync(join(root, path));
      if (uid === user || (gid === user && (mode & 0o020) !== 0) || (mode & 0o002) !== 0) return [path];
      return entry.isDirectory() ? writableIn(path) : [];
    })
    .sort();
}

/** The Node that a program has started, by itself or by programs of its own. */
function nodeBelow(pid: number): number {
  const children = childrenOf(pid);
  const found = children.find((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").startsWith("node\0"));
  if (found !== undefined) return found;
  expect(children).not.toEqual([]);
  return nodeBelow(children[0]!);
}

/** Any of its threads may have started one. */
function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "))
    .filter((child) => child !== "")
    .map(Number);
}

function userOf(pid: number): number {
  return Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
