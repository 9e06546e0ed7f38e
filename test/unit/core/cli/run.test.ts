import { resolve } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../../../core/src/cli/run.js";
import { ExtensionError, type ExtensionHost, type HostOptions } from "../../../../core/src/index.js";
import { commandWorld } from "./command-world.js";

/** A folder that exists everywhere, so that commands go on to make their host. */
const cwd = import.meta.dirname;

function runIn(words: readonly string[], createHost?: (options: HostOptions) => ExtensionHost) {
  const world = commandWorld({ cwd });
  const code = run(words, {
    io: world.io,
    services: () => ({
      createHost: createHost ?? (() => expect.unreachable("the command made a host")),
      validateExtensions: () => expect.unreachable("the command validated"),
    }),
    version: "1.2.3",
  });
  return { ...world, code };
}

test("the version is printed", async () => {
  const { code, stdout } = runIn(["--version"]);
  expect(await code).toBe(0);
  expect(stdout.text).toBe("1.2.3\n");
});

/** In the order in which help lists them, each group a line. */
const commandNames = [
  ...["start", "greet", "transform", "call", "reload", "retry", "stop", "serve-go-plugin"],
  ...["list", "explain", "events", "logs", "health", "doctor"],
  ...["create", "dev", "validate", "pack", "sign"],
  ...["install", "update", "rollback", "uninstall", "enable", "disable"],
  ...["keys", "verify", "trust", "untrust", "lock"],
  "help",
];

test("help lists the commands of today and no others", async () => {
  const { code, stdout } = runIn(["--help"]);
  expect(await code).toBe(0);
  const commands = Array.from(stdout.text.matchAll(/^ {2}([a-z][a-z-]*) (?=[ [<])/gm), ([, name]) => name);
  expect(commands).toEqual(commandNames);
});

test.each(commandNames.slice(0, -1))("help for %s shows an example", async (command) => {
  const { code, stdout } = runIn([command, "--help"]);
  expect(await code).toBe(0);
  expect(stdout.text).toContain(`$ plugboard ${command}`);
  expect(stdout.text).toContain("--json");
  const explained = runIn(["help", command]);
  expect(await explained.code).toBe(0);
  expect(explained.stdout.text).toBe(stdout.text);
});

test("help for a command shows the common options that it obeys, and no others", async () => {
  const shown = async (words: readonly string[]) => {
    const { code, stdout } = runIn([...words, "--help"]);
    await code;
    return ["extensions", "config", "state"].filter((name) => stdout.text.includes(`--${name} <`));
  };
  expect(await shown(["list"])).toEqual(["extensions", "config", "state"]);
  expect(await shown(["pack"])).toEqual(["extensions", "config"]);
  expect(await shown(["verify"])).toEqual(["config", "state"]);
  expect(await shown(["keys", "revoke"])).toEqual(["config", "state"]);
  expect(await shown(["sign"])).toEqual([]);
});

test("help fits the terminal: what it says in sentences breaks between words", async () => {
  const world = commandWorld({ cwd, columns: 50 });
  const services = () => expect.unreachable("help loaded the host");
  expect(await run(["pack", "--help"], { io: world.io, services, version: "1.2.3" })).toBe(0);
  const notes = world.stdout.text.split("The archive holds")[1]?.split("\n") ?? [];
  expect(notes.length).toBeGreaterThan(8);
  for (const line of notes.slice(1)) expect(line.length).toBeLessThanOrEqual(50);
});

test("a command that does not exist is wrong usage, and the nearest one is named", async () => {
  const { code, stderr } = runIn(["lsit"]);
  expect(await code).toBe(2);
  expect(stderr.text).toContain("unknown command 'lsit'");
  expect(stderr.text).toContain("Did you mean list?");
});

test("an option that does not exist is wrong usage, and the nearest one is named", async () => {
  const { code, stderr } = runIn(["list", "--jsn"]);
  expect(await code).toBe(2);
  expect(stderr.text).toContain("Did you mean --json?");
});

test("help for a command that does not exist is wrong usage, and names one that does", async () => {
  const { code, stderr } = runIn(["help", "lst"]);
  expect(await code).toBe(2);
  expect(stderr.text).toContain("unknown command 'lst'");
  expect(stderr.text).toContain("Did you mean list?");
});

test("no command at all is wrong usage and shows the help", async () => {
  const { code, stderr } = runIn([]);
  expect(await code).toBe(2);
  expect(stderr.text).toContain("Usage: plugboard");
});

test("a missing argument is wrong usage", async () => {
  expect(await runIn(["greet"]).code).toBe(2);
  expect(await runIn(["transform", "text"]).code).toBe(2);
});

test.each([
  [["hello", "--template", "rust"], "Allowed choices are greeter, transformer"],
  [["hello", "--id", "Acme Hello"], "has to consist of lower-case letters"],
  [["hello", "--name", "two\nlines"], "one line of visible text"],
  [["日本"], "--id acme.hello"],
])("create %j is wrong usage", async (words, message) => {
  const { code, stderr } = runIn(["create", ...words]);
  expect(await code).toBe(2);
  expect(stderr.text).toContain(message);
});

test("create refuses a folder that holds something", async () => {
  const { code, stdout } = runIn(["create", ".", "--json"]);
  expect(await code).toBe(1);
  expect(JSON.parse(stdout.text)).toMatchObject({ error: { code: "CREATE_OCCUPIED" } });
});

test("an argument that is not JSON is wrong usage, and the quotes are shown", async () => {
  const { code, stderr } = runIn(["call", "greeters", "english", "greet", "World"]);
  expect(await code).toBe(2);
  expect(stderr.text).toContain(`'"World"'`);
});

test("a config file that is named and does not exist is wrong usage", async () => {
  const { code, stderr } = runIn(["list", "--config", "nowhere.json5"]);
  expect(await code).toBe(2);
  expect(stderr.text).toContain("nowhere.json5");
});

test("a missing folder of extensions is told with what to do", async () => {
  const { code, stderr } = runIn(["list"]);
  expect(await code).toBe(1);
  expect(stderr.text).toContain("The folder ./extensions does not exist.");
  expect(stderr.text).toContain("--extensions <dir>");
});

test("a failure is a document with --json, wherever the option stands", async () => {
  for (const words of [
    ["--json", "list"],
    ["list", "--json"],
  ]) {
    const { code, stdout, stderr } = runIn(words);
    expect(await code).toBe(1);
    expect(JSON.parse(stdout.text)).toMatchObject({ error: { code: "DISCOVERY_FOLDER_MISSING" } });
    expect(stderr.text).toBe("");
  }
});

test("a fault of the host is told apart from the extensions'", async () => {
  const broken = runIn(["list", "--extensions", "."], () => {
    throw new TypeError("oops");
  });
  expect(await broken.code).toBe(3);
  const fault = runIn(["list", "--extensions", "."], () => {
    throw new ExtensionError("STATE_UNWRITABLE", "The state folder is full.");
  });
  expect(await fault.code).toBe(3);
});

test.each([
  [["dev"], ["."]],
  [
    ["dev", "a", "b", "--inspect"],
    ["a", "b"],
  ],
  [["dev", "--inspect", "a"], ["a"]],
  [["dev", "--inspect=0", "a"], ["a"]],
  [["dev", "a", "--inspect", "9230"], ["a"]],
])("%j develops %j", async (words, folders) => {
  const made: HostOptions[] = [];
  const { code } = runIn(words, (options) => {
    made.push(options);
    throw new TypeError("enough");
  });
  expect(await code).toBe(3);
  expect(made).toMatchObject([
    { developmentFolders: folders.map((folder) => resolve(cwd, folder)), extensionFolders: [], watch: true },
  ]);
  const isInspected = words.some((word) => word.startsWith("--inspect"));
  expect(made[0]?.limits?.activateMs).toBe(isInspected ? Infinity : undefined);
});

test("a host that was made is stopped although the command was interrupted", async () => {
  let isStopped = false;
  const host = {
    start: () => new Promise(() => undefined),
    stop: async () => void (isStopped = true),
  } as unknown as ExtensionHost;
  const { code, stop } = runIn(["list", "--extensions", "."], () => {
    setImmediate(() => stop("SIGINT"));
    return host;
  });
  expect(await code).toBe(130);
  expect(isStopped).toBe(true);
});
