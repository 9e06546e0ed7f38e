/** What commands write to: streams that take nothing, readers that leave, and streams that extensions share. */
import { closeSync, existsSync, openSync } from "node:fs";
import { spawn, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import {
  CommandFolder,
  greeterFiles,
  plugboardProgram,
  transformerFiles,
} from "../support/plugboard-process.js";

const fullDisk = "/dev/full";
const hasFullDisk = existsSync(fullDisk);
const fullDiskNote = hasFullDisk ? "" : ` (skipped: there is no ${fullDisk} here)`;

/** In place of a file: a pipe whose reader leaves with the first that it gets. */
const closedAtOnce = "";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`");
const upper = transformerFiles("acme.case", { upper: "text.toUpperCase()" });

/** Runs a command whose standard output is the file, or is closed as soon as it has written something. */
async function runWith(folder: CommandFolder, words: readonly string[], stdout: string) {
  const descriptor = stdout === closedAtOnce ? undefined : openSync(stdout, "w");
  const stdio: StdioOptions = ["ignore", descriptor ?? "pipe", "pipe"];
  const child = spawn(process.execPath, [plugboardProgram, ...words], { cwd: folder.path, stdio });
  if (descriptor !== undefined) closeSync(descriptor);
  child.stdout?.once("data", () => child.stdout?.destroy());
  const [stderr, [code]] = await Promise.all([
    child.stderr === null ? "" : text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { code, stderr };
}

for (const command of [
  "list",
  "validate extensions/english",
  "explain acme.english",
  "greet World",
  "transform hello --with upper",
  'call greeters english greet "World"',
  "doctor",
  "create made --id acme.made --yes",
  "disable acme.english",
]) {
  for (const way of ["", " --json"]) {
    test.skipIf(!hasFullDisk)(
      `${command}${way} is no success when its output can't be written${fullDiskNote}`,
      async () => {
        const folder = await CommandFolder.create();
        await folder.write({ ...english, ...upper });
        const words = `${command}${way}`.split(" ");
        const { code, stderr } = await runWith(folder, words, fullDisk);
        expect(stderr).toContain("standard output can't be written: ENOSPC");
        expect(code).toBe(3);
      },
    );
  }
}

test.skipIf(!hasFullDisk)(`help is no success when it can't be written${fullDiskNote}`, async () => {
  const folder = await CommandFolder.create();
  for (const words of [["--help"], ["--version"], ["list", "--help"]]) {
    expect(await runWith(folder, words, fullDisk)).toMatchObject({ code: 3 });
  }
});

test("a reader that leaves ends a command without a word, whatever it still does", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    ...english,
    ...greeterFiles("acme.later", "Later", "new Promise((done) => setTimeout(done, 200, name))"),
    ...greeterFiles("acme.never", "Never", "new Promise(() => {})"),
  });
  const outcome = await runWith(folder, ["greet", "World"], closedAtOnce);
  expect(outcome).toEqual({ code: 0, stderr: "" });
  expect(await runWith(folder, ["--version"], closedAtOnce)).toEqual({ code: 0, stderr: "" });
});

const printing = {
  "extensions/chatty/plugin.json5": `{
  manifestVersion: 1,
  id: "acme.chatty",
  version: "1.0.0",
  main: "./extension.js",
  activationEvents: ["onStartup"],
  contributes: { commands: [{ id: "say" }] },
}
`,
  "extensions/chatty/extension.js": `import { stdout } from "node:process";
export function activate(context) {
  console.log("by console");
  process.stdout.write("in two ");
  process.stdout.write("pieces\\nand more\\n");
  stdout.write("by import\\n");
  process.stderr.write("beside\\n");
  setTimeout(console.log, 10, "by a timer");
  context.contribute("commands", "say", {
    execute: () => {
      setTimeout(() => { throw new Error("thrown late"); });
      Promise.reject("rejected");
      process.stdout.write("in a call\\n");
    },
  });
}
`,
};

test("what an extension in this process prints and throws carries its id, and stays out of the result", async () => {
  const folder = await CommandFolder.create();
  await folder.write(printing);
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  host.send({ call: { point: "commands", id: "say", method: "execute", args: [] }, ref: 1 });
  await host.line(({ message }) => String(message).includes("thrown late"));
  await host.line(({ message }) => message === "by a timer");
  host.send({ stop: true });
  expect(await host.exit).toBe(0);

  const own = host.lines.filter(({ event, id }) => event === "log" && id === "acme.chatty");
  const told = own.map(({ level, message, fields }) => ({
    level,
    message: String(message).split("\n")[0],
    stream: (fields as Readonly<Record<string, unknown>>)["stream"],
    generation: (fields as Readonly<Record<string, unknown>>)["generation"],
  }));
  const line = (message: string, level = "info", stream: string | undefined = "stdout") =>
    expect.objectContaining({ level, message, stream, generation: 1 }) as unknown;
  expect(told).toEqual(
    expect.arrayContaining([
      line("by console"),
      line("in two pieces"),
      line("and more"),
      line("by import"),
      line("by a timer"),
      line("in a call"),
      line("beside", "warn", "stderr"),
      expect.objectContaining({ level: "error", message: "uncaught Error: thrown late" }),
      expect.objectContaining({ level: "error", message: "unhandled rejection: rejected" }),
    ]),
  );
  // Each line of standard output was read as JSON.
  expect(host.stderr).toBe("");
});

test("a single command names who printed what, beside its result", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...printing, ...english });
  const { code, stdout, stderr } = await folder.run(["greet", "World", "--json"]);
  expect({ code, document: JSON.parse(stdout) as unknown }).toMatchObject({
    code: 0,
    document: { results: [{}] },
  });
  expect(stderr).toContain("acme.chatty: by console\nacme.chatty: in two pieces\n");
});

for (const command of ["start", "start --json", "dev extensions/leaver", "greet World"]) {
  test(`an extension that ends the process of ${command} is named, with the place`, async () => {
    const folder = await CommandFolder.create();
    await folder.write({
      "extensions/leaver/plugin.json5": `{ manifestVersion: 1, id: "acme.leaver", version: "1.0.0", main: "./extension.js", activationEvents: ["onStartup"] }`,
      "extensions/leaver/extension.js": `export function activate() {\n  process.exit(0);\n}\n`,
    });
    const { code, stderr } = await folder.run(command.split(" "));
    expect(stderr).toContain("acme.leaver called process.exit(0) at extensions/leaver/extension.js:2:");
    expect(code).toBe(1);
  });
}
