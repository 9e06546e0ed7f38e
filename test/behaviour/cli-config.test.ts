import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`");
const spanish = greeterFiles("acme.spanish", "Español", "`¡Hola, ${name}!`");

test("the config file names folders, relative to itself", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, "settings/host.json5": '{ folders: ["../extensions"] }' });
  const { code, stdout } = await folder.run(["greet", "World", "--config", "settings/host.json5"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "[English] Hello, World!\n" });
});

test("the config file in the current directory is found", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, ...spanish, "plugboard.config.json5": '{ disabled: ["acme.spanish"] }' });
  const { document } = await folder.runJson(["list"]);
  expect(document).toMatchObject({
    extensions: [
      { id: "acme.english", state: "ready" },
      { id: "acme.spanish", state: "blocked", reason: { code: "DISABLED" } },
    ],
  });
});

test("folders on the command line replace those of the config file", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, "plugboard.config.json5": '{ folders: ["./nowhere"] }' });
  const { code, stdout } = await folder.run(["greet", "World", "--extensions", "extensions"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "[English] Hello, World!\n" });
});

test("settings reach their extension", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    "extensions/polite/plugin.json5": `{
      manifestVersion: 1, id: "acme.polite", version: "1.0.0", main: "./extension.js",
      contributes: {
        greeters: [{ id: "polite", lang: "Polite" }],
        configuration: [{ id: "word", type: "string", default: "Hello" }],
      },
    }`,
    "extensions/polite/extension.js": `export function activate(context) {
      context.contribute("greeters", "polite", {
        greet: (name) => context.configuration.get("word") + ", " + name,
      });
    }`,
    "plugboard.config.json5": '{ settings: { "acme.polite": { word: "Good evening" } } }',
  });
  const { stdout } = await folder.run(["greet", "World"]);
  expect(stdout).toBe("[Polite] Good evening, World\n");
});

test("every mistake in the config file is told with its place", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    ...english,
    "plugboard.config.json5": `{
  limts: { callMs: 5 },
  limits: { callMs: "5" },
  enabled: ["acme.english"],
  disabled: ["acme.english"],
  disabled: ["acme.english"],
}
`,
  });
  const { code, stdout, stderr } = await folder.run(["greet", "World"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  const places = stderr.split("\n").filter((line) => line.startsWith("plugboard.config.json5:"));
  expect(places.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
    "plugboard.config.json5:6:3 error CONFIG_INVALID",
    "plugboard.config.json5:2:3 error CONFIG_INVALID",
    "plugboard.config.json5:3:21 error CONFIG_INVALID",
    "plugboard.config.json5:6:14 error CONFIG_INVALID",
  ]);
  expect(stderr).toContain("Did you mean limits?");
});

test("a config file that is not JSON5 is told with its place", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, "plugboard.config.json5": "{\n  folders: [,]\n}\n" });
  const { code, stderr } = await folder.run(["list"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^plugboard\.config\.json5:2:13 error CONFIG_INVALID The config file is not JSON5: /,
  );
});

test("a slip in the config file is told once, by its place, wherever somebody looks", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    ...english,
    ...spanish,
    "plugboard.config.json5": `{
  runtimePolicy: { "*": "proces" },
  disabled: ["acme.spanich"],
}
`,
  });
  const policy =
    'plugboard.config.json5:2:25 warning RUNTIME_UNKNOWN The runtime policy names "proces" for *; this host has in-process, worker, process.\n' +
    "    Did you mean process? ";
  const disabled =
    'plugboard.config.json5:3:14 warning CONFIG_UNKNOWN_ID "disabled" names acme.spanich, and no extension here has that id.\n' +
    "    Did you mean acme.spanish? ";

  const { stdout: listed } = await folder.run(["list"]);
  expect(listed.split(policy)).toHaveLength(2);
  expect(listed.split(disabled)).toHaveLength(2);
  expect(listed).toContain("\nproces: nobody brings this runtime, so nothing runs in it\n");

  const { stdout: explained } = await folder.run(["explain", "acme.english"]);
  expect(explained).toContain("proces (nobody brings it)");
  expect(explained).toContain('warning       RUNTIME_UNKNOWN The runtime policy names "proces"');

  const host = folder.start(["start", "--json", "--exit-with-stdin"]);
  const problem = (fields: object) =>
    host.line((line) => line.event === "problem" && hasFields(line.problem, fields));
  await problem({ code: "CONFIG_UNKNOWN_ID", line: 3, suggestion: "acme.spanish" });
  await problem({ code: "RUNTIME_UNKNOWN", line: 2, extensionId: "acme.english" });
  host.process.stdin.end();
  expect(await host.exit).toBe(0);
});

test("an id that the config file enables is remembered as disabled no longer", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  await folder.run(["disable", "acme.english"]);
  await folder.write({ "plugboard.config.json5": '{ enabled: ["acme.english"] }' });
  expect((await folder.run(["greet", "World"])).stdout).toBe("[English] Hello, World!\n");
  await folder.write({ "plugboard.config.json5": "{}" });
  expect((await folder.run(["greet", "World"])).stdout).toBe("[English] Hello, World!\n");
});

/** Whether a document has all the fields. */
function hasFields(document: unknown, fields: object): boolean {
  return Object.entries(fields).every(
    ([name, value]) => (document as Readonly<Record<string, unknown>>)[name] === value,
  );
}
