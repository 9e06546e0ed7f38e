/** `plugboard dev`: what an author sees of each save. */
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { DebuggerClient } from "../support/debugger-client.js";
import { CommandFolder, type RunningCommand } from "../support/plugboard-process.js";
import { onTerminal, startOnTerminal, terminalNote } from "../support/terminal-command.js";

const manifest = (id: string, more = "") => `{
  manifestVersion: 1,
  id: "acme.${id}",
  version: "1.0.0",
  engines: { plugboard: "^1.0.0" },
  main: "./extension.ts",
  contributes: { greeters: [{ id: "${id}", lang: "${id}" }] },${more}
}
`;

const source = (
  id: string,
  greeting: string,
) => `import { type ExtensionContext, greeters } from "@plugboard/extension-api";

export function activate(context: ExtensionContext) {
  context.logger.info("up", { mood: "good" });
  context.contribute(greeters, "${id}", { greet: (name: string) => ${greeting} });
}
`;

const good = source("german", "`Hallo, ${name}!`");
const better = source("german", "`Guten Tag, ${name}!`");
const misspelt = good.replace("context.contribute(", "context..contribute(");
const throwing = good.replace(/^ {2}context\.logger.*$/m, '  fail("out of ink");') + failing();
const late = good.replace(/^ {2}context\.logger.*$/m, '  setTimeout(() => fail("too late"), 1);') + failing();

function failing(): string {
  return `
function fail(why: string): never {
  throw new Error(why);
}
`;
}

const german = (text: string) => ({
  "german/plugin.json5": manifest("german"),
  "german/extension.ts": text,
});

const dependent = manifest("german", '\n  extensionDependencies: { "acme.base": "*" },');

const greetAda = { point: "greeters", id: "german", method: "greet", args: ["Ada"] };

/** Resolves when standard output, colours left out, has the text after the place given; gives the place behind it. */
async function told(host: RunningCommand, text: string, from = 0): Promise<number> {
  return host.until(() => {
    const at = plain(host).indexOf(text, from);
    return at < 0 ? undefined : at + text.length;
  });
}

function plain(host: RunningCommand): string {
  return stripVTControlCharacters(host.stdout).replaceAll("\r", "");
}

test("dev runs what is saved, shows what is wrong where it is written, and stops in order on Ctrl-C", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...german(good), "later/README.md": "to come\n" });
  const host = folder.start(["dev", "german", "later"]);
  let at = await told(host, "activated acme.german 1.0.0 (generation 1) in ");
  expect(plain(host)).toMatch(/^info acme\.german: up mood=good$/m);
  expect(plain(host)).toContain(
    "waiting ./later holds no plugin.json5; it is followed until it is an extension.",
  );
  expect(host.stdout).not.toContain("\u001b");

  await folder.write(german(better));
  at = await told(host, "reloaded acme.german 1.0.0 (generation 2) in ", at);
  await folder.write(german(misspelt));
  at = await told(host, "; generation 2 serves on\n", at);
  at = await told(
    host,
    `german/extension.ts:5:11 error MODULE_SYNTAX Unexpected token
    Correct the syntax at the line and column shown.
      3 | export function activate(context: ExtensionContext) {
      4 |   context.logger.info("up", { mood: "good" });
    > 5 |   context..contribute(greeters, "german", { greet: (name: string) => \`Hallo, \${name}!\` });
        |           ^
      6 | }
`,
    at,
  );
  // The same fault in the same place is told again: it is what this save came to.
  await folder.write(german(`${misspelt}// again\n`));
  at = await told(host, "german/extension.ts:5:11 error MODULE_SYNTAX", at);

  await folder.write(german(throwing));
  at = await told(
    host,
    "german/extension.ts:9:9 error ACTIVATION_FAILED acme.german failed to activate: out of ink\n",
    at,
  );
  at = await told(host, "    >  9 |   throw new Error(why);\n         |         ^\n", at);
  at = await told(
    host,
    "    at fail (german/extension.ts:9:9)\n    at Module.activate (german/extension.ts:4:3)\n",
    at,
  );
  await folder.write(german(late));
  at = await told(host, "error acme.german: uncaught Error: too late\n", at);
  at = await told(host, "    >  9 |   throw new Error(why);\n", at);
  expect(plain(host)).not.toContain("node:internal");

  await folder.write({
    "later/plugin.json5": manifest("later", '\n  runtime: "worker",'),
    "later/extension.ts": source("later", "name"),
  });
  at = await told(host, "greeters: +later\n", at);
  at = await told(host, "activated acme.later 1.0.0 (generation ", at);
  await rm(join(folder.path, "later"), { recursive: true });
  await told(host, "greeters: -later\n", at);
  host.process.kill("SIGINT");
  expect(await host.exit).toBe(0);
  expect(plain(host).endsWith("stopped\n")).toBe(true);
  expect(host.stderr).toBe("");
});

test("dev for a program tells the events of start, and answers by the generation that serves", async () => {
  const folder = await CommandFolder.create();
  await folder.write(german(good));
  const host = folder.start(["dev", "german", "--json"]);
  await host.line(({ event, generation }) => event === "activated" && generation === 1);
  await folder.write(german(misspelt));
  expect(await host.line(({ event }) => event === "problem")).toMatchObject({
    id: "acme.german",
    problem: { code: "MODULE_SYNTAX", file: "german/extension.ts", line: 5, column: 11 },
  });
  host.send({ call: greetAda, ref: 1 });
  expect(await host.line(({ ref }) => ref === 1)).toEqual({ ref: 1, result: "Hallo, Ada!" });
  await folder.write(german(better));
  await host.line(({ event, generation }) => event === "activated" && Number(generation) > 1);
  host.send({ call: greetAda, ref: 2 });
  expect(await host.line(({ ref }) => ref === 2)).toEqual({ ref: 2, result: "Guten Tag, Ada!" });
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
  expect(host.lines.at(-1)).toMatchObject({ event: "stopped" });
});

test("dev takes other extensions along, and leaves one lazy that is asked to be", async () => {
  const folder = await CommandFolder.create();
  await folder.write(german(good));
  await folder.write({
    "others/base/plugin.json5": manifest("base"),
    "others/base/extension.ts": source("base", "name"),
  });
  await folder.write({ "german/plugin.json5": dependent });
  const host = folder.start(["dev", "german", "--lazy", "--extensions", "others", "--json"]);
  await host.line(({ event }) => event === "ready");
  expect(host.lines.filter(({ event }) => event === "activating")).toEqual([]);
  host.send({ call: greetAda, ref: 1 });
  expect(await host.line(({ ref }) => ref === 1)).toEqual({ ref: 1, result: "Hallo, Ada!" });
  expect(host.lines.filter(({ event }) => event === "activated").map(({ id }) => id)).toEqual([
    "acme.base",
    "acme.german",
  ]);
  host.process.kill("SIGTERM");
  expect(await host.exit).toBe(0);
});

test("dev runs what waits for another extension as soon as that one is there", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...german(good), "german/plugin.json5": dependent });
  const host = folder.start(["dev", "german", "base", "--json"]);
  await host.line(({ event }) => event === "ready");
  expect(host.lines.find(({ id }) => id === "acme.german")).toMatchObject({
    state: "blocked",
    reason: { code: "DEPENDENCY_MISSING" },
  });
  await folder.write({
    "aside/plugin.json5": manifest("base"),
    "aside/extension.ts": source("base", "name"),
  });
  await rename(join(folder.path, "aside"), join(folder.path, "base"));
  await host.line(({ event, id }) => event === "activated" && id === "acme.german");
  host.process.kill("SIGTERM");
  expect(await host.exit).toBe(0);
});

test("a breakpoint by file holds every generation that is called, and a debugger keeps nothing from stopping", async () => {
  const folder = await CommandFolder.create();
  await folder.write(german(good));
  const host = folder.start(["dev", "--inspect=0", "german", "--json"]);
  const address = await host.until(() => /ws:\/\/127\.0\.0\.1:\S+/.exec(host.stderr)?.[0]);
  await host.line(({ event }) => event === "activated");
  const client = await DebuggerClient.attach(address);
  await client.send("Debugger.enable");
  await client.send("Debugger.setBreakpointByUrl", {
    url: pathToFileURL(join(folder.path, "german/extension.ts")).href,
    lineNumber: 4,
    columnNumber: good.split("\n")[4]?.indexOf("`"),
  });
  for (const [ref, greeting] of ["Hallo, Ada!", "Guten Tag, Ada!"].entries()) {
    if (ref === 1) {
      await folder.write(german(better));
      await host.line(({ event, generation }) => event === "activated" && generation === 2);
    }
    const paused = client.next("Debugger.paused");
    host.send({ call: greetAda, ref });
    const { callFrames } = (await paused) as { readonly callFrames: readonly unknown[] };
    expect(callFrames[0]).toMatchObject({ functionName: "greet", location: { lineNumber: 4 } });
    expect(host.lines.some((line) => line["ref"] === ref)).toBe(false);
    await client.send("Debugger.resume");
    expect(await host.line((line) => line["ref"] === ref)).toEqual({ ref, result: greeting });
  }
  host.process.kill("SIGINT");
  expect(await host.exit).toBe(0);
});

onTerminal(`dev on a terminal obeys what is typed${terminalNote}`, async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...german(good), "aside/extension.ts": misspelt });
  const host = startOnTerminal(folder, ["dev", "german"], { columns: 120 });
  const type = (line: string) => host.process.stdin.write(`${line}\n`);
  let at = await told(host, "activated acme.german 1.0.0 (generation 1)");
  expect(plain(host)).toMatch(/^\d\d:\d\d:\d\d ready with 1 extension after /m);
  type("r");
  at = await told(host, "reloaded acme.german 1.0.0 (generation 2)", at);
  type('c greeters german greet "Ada"');
  at = await told(host, "\nHallo, Ada!\n", at);
  type("c greeters germam greet 1");
  at = await told(host, "Did you mean german?", at);
  type("c");
  at = await told(host, 'arguments: c greeters german greet "World"', at);
  type("c greeters german greet Ada");
  at = await told(host, "these arguments are not JSON: Ada\n    A text needs quotes", at);
  type("l");
  at = await told(host, "acme.german  1.0.0    active", at);
  await rename(join(folder.path, "aside/extension.ts"), join(folder.path, "german/extension.ts"));
  at = await told(host, "> 5 |   context..contribute(greeters", at);
  await told(host, "^", at);
  expect(host.stdout).toContain("\u001b[31m^");
  type("q");
  expect(await host.exit).toBe(0);
  expect(plain(host).endsWith("stopped\n")).toBe(true);
});

test("dev says what was meant, and that a fault is over when its cause is undone", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...german(good), "german/words.ts": "export const word = 1;\n" });
  const host = folder.start(["dev", "german"]);
  let at = await told(host, "activated acme.german");
  await folder.write({ "german/extension.ts": `import "./words";\n${good}` });
  at = await told(host, 'MODULE_NOT_FOUND Cannot find module "./words". Did you mean "./words.ts"?\n', at);
  await folder.write({ "german/extension.ts": good });
  await told(host, "fixed acme.german 1.0.0; generation 1 serves on\n", at);
  host.process.kill("SIGINT");
  await host.exit;
});

test("dev says what became of the generations between two that served", async () => {
  const folder = await CommandFolder.create();
  await folder.write(german(good));
  const host = folder.start(["dev", "german"]);
  const at = await told(host, "activated acme.german 1.0.0 (generation 1)");
  await folder.write({ "german/extension.ts": misspelt });
  await told(host, "failed acme.german", at);
  await folder.write({ "german/extension.ts": better });
  const reload = await host.until(() => /^reloaded acme\.german .*$/m.exec(plain(host))?.[0]);
  expect(reload).toMatch(/\(generation \d\) in .+; generations? 2( to \d)? never served$/);
  host.process.kill("SIGINT");
  await host.exit;
});

test("start tells a program that a fault is over when its cause is undone", async () => {
  const folder = await CommandFolder.create();
  const files = (text: string) => ({ "extensions/german/extension.ts": text });
  await folder.write({
    "extensions/german/plugin.json5": manifest("german", '\n  activationEvents: ["onStartup"],'),
    ...files(good),
  });
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "activated");
  await folder.write(files(misspelt));
  await host.line(({ event }) => event === "failed");
  const told = host.lines.length;
  await folder.write(files(good));
  const over = await host.until(() => host.lines.slice(told).find(({ event }) => event === "changed"));
  expect(over).toMatchObject({ id: "acme.german", state: "active", generation: 1 });
  expect(over).not.toHaveProperty("candidate");
  host.process.kill("SIGINT");
  await host.exit;
});

test("dev shows an event that nothing fires before anything is called, with what was meant", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    "german/plugin.json5": manifest("german", '\n  activationEvents: ["onStartUp"],'),
    "german/extension.ts": good,
  });
  const host = folder.start(["dev", "german", "--lazy"]);
  const at = await told(host, "german/plugin.json5:8:22 warning ACTIVATION_EVENT_UNKNOWN");
  await told(host, "Did you mean onStartup?", at);
  host.process.kill("SIGINT");
  expect(await host.exit).toBe(0);
});
