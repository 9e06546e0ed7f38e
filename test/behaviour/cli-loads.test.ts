/** A command loads what it needs: what is loaded is paid for with each start of the program. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

/** Writes the URLs of all files that are loaded as modules. */
const recorder = `
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
const urls = [];
registerHooks({
  load(url, context, next) {
    urls.push(url);
    return next(url, context);
  },
});
process.on("exit", () => writeFileSync(process.env.LOADED, JSON.stringify(urls)));
`;

async function recordingFolder(): Promise<CommandFolder> {
  const folder = await CommandFolder.create();
  await folder.write({
    "recorder.mjs": recorder,
    ...greeterFiles("acme.english", "English", "`Hello, ${name}!`"),
  });
  return folder;
}

async function loadedBy(folder: CommandFolder, words: readonly string[]) {
  const file = join(folder.path, "loaded.json");
  const env = {
    NODE_OPTIONS: `--import=${pathToFileURL(join(folder.path, "recorder.mjs")).href}`,
    LOADED: file,
  };
  const { stdout } = await folder.run(words, { env });
  const urls = JSON.parse(await readFile(file, "utf8")) as readonly string[];
  const names = urls.flatMap((url) => /\/core\/bundle\/(entries|chunks)\/(.+)\.js$/.exec(url)?.[0] ?? []);
  expect(names).not.toEqual([]);
  return {
    stdout,
    hasHost: names.some((name) => name.endsWith("/entries/index.js")),
    readsCommandLine: names.some((name) => name.endsWith("/chunks/run.js")),
    packages: urls.filter((url) => url.includes("/node_modules/")),
  };
}

test("the version is told without reading the command line, and help without loading the host or a package", async () => {
  const folder = await recordingFolder();
  const nothing = { hasHost: false, packages: [] };
  expect(await loadedBy(folder, ["--version"])).toMatchObject({ ...nothing, readsCommandLine: false });
  expect(await loadedBy(folder, ["--help"])).toMatchObject({ ...nothing, readsCommandLine: true });
});

test("no command loads the host to be explained", async () => {
  const folder = await recordingFolder();
  const { stdout } = await folder.run(["--help"]);
  const names = Array.from(stdout.matchAll(/^ {2}([a-z][a-z-]*) {2}/gm), ([, name = ""]) => name);
  expect(names).toContain("install");
  for (const name of names) {
    const { hasHost } = await loadedBy(folder, ["help", name]);
    expect({ name, hasHost }).toEqual({ name, hasHost: false });
  }
});

test("a command that asks the host that runs loads no host of its own", async () => {
  const folder = await recordingFolder();
  const host = folder.start(["start"]);
  await host.until(() => (host.stdout.includes("ready with 1 extension") ? true : undefined));
  for (const words of [["health"], ["list"], ["explain", "acme.english"], ["greet", "World"]]) {
    const { stdout, hasHost } = await loadedBy(folder, words);
    expect(stdout).not.toBe("");
    expect({ words, hasHost }).toEqual({ words, hasHost: false });
  }
  expect((await loadedBy(folder, ["list", "--alone"])).hasHost).toBe(true);
  host.process.kill("SIGTERM");
  expect(await host.exit).toBe(0);
});
