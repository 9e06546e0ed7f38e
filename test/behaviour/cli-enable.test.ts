/** Who may run is up to the operator, whether a host runs or not. */
import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles, type RunningCommand } from "../support/plugboard-process.js";

async function greetingFolder(): Promise<CommandFolder> {
  const folder = await CommandFolder.create();
  await folder.write(greeterFiles("acme.english", "English", "`Hello, ${name}!`"));
  await folder.write(greeterFiles("acme.spanish", "Spanish", "`Hola, ${name}!`"));
  return folder;
}

async function states(folder: CommandFolder): Promise<Readonly<Record<string, unknown>>> {
  const { document } = await folder.runJson(["list"]);
  const { extensions } = document as {
    readonly extensions: readonly { id: string; state: string; reason?: { code: string } }[];
  };
  return Object.fromEntries(extensions.map(({ id, state, reason }) => [id, reason?.code ?? state]));
}

const contributions = (host: RunningCommand) =>
  host.lines
    .filter(({ event }) => event === "contributions")
    .map(({ added, changed, removed }) => ({ added, changed, removed }));

async function startedHost(folder: CommandFolder): Promise<RunningCommand> {
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  return host;
}

async function greeting(host: RunningCommand, ref: string): Promise<unknown> {
  host.send({ call: { point: "greeters", id: "english", method: "greet", args: ["World"] }, ref });
  return host.line((line) => line["ref"] === ref);
}

test("disable and enable end when the host that runs has followed, so that the next command finds it so", async () => {
  const folder = await greetingFolder();
  const host = await startedHost(folder);
  for (let round = 0; round < 3; round++) {
    await folder.run(["disable", "acme.english"]);
    expect(await folder.run(["greet", "World"])).toMatchObject({
      code: 0,
      stdout: "[Spanish] Hola, World!\n",
    });
    await folder.run(["enable", "acme.english"]);
    expect((await folder.run(["greet", "World"])).stdout.split("\n")).toContain("[English] Hello, World!");
  }
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
});

test("a running host lets a disabled extension go and takes it back, each in one delta", async () => {
  const folder = await greetingFolder();
  const host = await startedHost(folder);
  expect(await greeting(host, "before")).toMatchObject({ result: "Hello, World!" });
  const seen = contributions(host).length;
  expect(await folder.run(["disable", "acme.english"])).toEqual({
    code: 0,
    stdout: "disabled acme.english\n",
    stderr: "",
  });
  await host.until(() => (contributions(host).length > seen ? true : undefined));
  expect(await greeting(host, "disabled")).toMatchObject({ error: { code: "CALL_UNKNOWN_TARGET" } });
  expect(await states(folder)).toEqual({ "acme.english": "DISABLED", "acme.spanish": "ready" });
  host.send({ list: true, ref: "list" });
  expect(JSON.stringify(await host.line(({ ref }) => ref === "list"))).toContain('"DISABLED"');
  expect(await folder.run(["enable", "acme.english"])).toMatchObject({ stdout: "enabled acme.english\n" });
  await host.until(() => (contributions(host).length > seen + 1 ? true : undefined));
  expect(await greeting(host, "after")).toMatchObject({ result: "Hello, World!" });
  expect(contributions(host).slice(seen)).toEqual([
    { added: [], changed: [], removed: ["english"] },
    { added: ["english"], changed: [], removed: [] },
  ]);
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
});

test("what is disabled while no host runs stays down in the next one until it is enabled", async () => {
  const folder = await greetingFolder();
  expect(await folder.runJson(["disable", "acme.english"])).toEqual({
    code: 0,
    document: { id: "acme.english", enabled: false, changed: true },
  });
  expect(await readdir(join(folder.path, ".plugboard"))).toEqual(["claims", "extensions.json"]);
  expect((await folder.run(["greet", "World"])).stdout).toBe("[Spanish] Hola, World!\n");
  expect((await folder.run(["disable", "acme.english"])).stdout).toContain("disabled already");
  const host = await startedHost(folder);
  await folder.run(["enable", "acme.english"]);
  await host.until(() => contributions(host).find(({ added }) => String(added) === "english"));
  expect(await greeting(host, "enabled")).toMatchObject({ result: "Hello, World!" });
  host.send({ stop: true });
  await host.exit;
  expect((await folder.run(["greet", "World"])).stdout).toContain("[English] Hello, World!");
});

test("an extension that was enabled live is not disabled again when its folder returns", async () => {
  const folder = await greetingFolder();
  await folder.run(["disable", "acme.english"]);
  const host = await startedHost(folder);
  await folder.run(["enable", "acme.english"]);
  await host.until(() => contributions(host).find(({ added }) => String(added) === "english"));
  const place = join(folder.path, "extensions/english");
  await rename(place, join(folder.path, "aside"));
  await host.until(() => contributions(host).find(({ removed }) => String(removed) === "english"));
  const seen = contributions(host).length;
  await rename(join(folder.path, "aside"), place);
  await host.until(() => (contributions(host).length > seen ? true : undefined));
  expect(await greeting(host, "back")).toMatchObject({ result: "Hello, World!" });
});

test("an id that nobody has is refused with the nearest one, and nothing is written", async () => {
  const folder = await greetingFolder();
  const { code, document } = await folder.runJson(["disable", "acme.englsh"]);
  expect({ code, document }).toMatchObject({
    code: 1,
    document: {
      error: { code: "EXTENSION_UNKNOWN", message: expect.stringContaining("acme.english") as string },
    },
  });
  expect(await readdir(folder.path)).toEqual(["extensions"]);
});

test("one that was disabled and removed may still be enabled", async () => {
  const folder = await greetingFolder();
  await folder.run(["disable", "acme.english"]);
  await rm(join(folder.path, "extensions/english"), { recursive: true });
  expect(await folder.run(["enable", "acme.english"])).toMatchObject({ code: 0 });
  const file = join(folder.path, ".plugboard/extensions.json");
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ disabled: [] });
});

test("what several people disable in one instant is disabled, all of it", async () => {
  const folder = await CommandFolder.create();
  const ids = ["a", "b", "c", "d", "e"].map((name) => `acme.${name}`);
  for (const id of ids) {
    const manifest = `{ manifestVersion: 1, id: "${id}", version: "1.0.0" }`;
    await folder.write({ [`extensions/${id}/plugin.json5`]: manifest });
  }
  await Promise.all(ids.map((id) => folder.run(["disable", id])));
  expect(await states(folder)).toEqual(Object.fromEntries(ids.map((id) => [id, "DISABLED"])));
});

test("what the config file says is not overruled in silence", async () => {
  const folder = await greetingFolder();
  await folder.write({
    "plugboard.config.json5": `{ disabled: ["acme.english"], enabled: ["acme.spanish"] }`,
  });
  for (const words of [
    ["enable", "acme.english"],
    ["disable", "acme.spanish"],
  ]) {
    const { code, stderr } = await folder.run(words);
    expect(code).toBe(1);
    expect(stderr).toContain("The config file lists");
  }
});
