import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}! Nice to meet you.`");
const spanish = greeterFiles("acme.spanish", "Español", "`¡Hola, ${name}! Mucho gusto.`");
const broken = greeterFiles("acme.broken", "Broken", "missing.greeting");

test("greet prints a line for each greeter, in order of iteration", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...spanish, ...english });
  expect(await folder.run(["greet", "World"])).toEqual({
    code: 0,
    stdout: "[English] Hello, World! Nice to meet you.\n[Español] ¡Hola, World! Mucho gusto.\n",
    stderr: "",
  });
});

test("greet asks only the greeters that are named", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...spanish, ...english });
  const { code, stdout } = await folder.run(["greet", "World", "--only", "spanish"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "[Español] ¡Hola, World! Mucho gusto.\n" });
});

test("greet names the nearest greeter when one that is named is not there", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const { code, stdout, stderr } = await folder.run(["greet", "World", "--only", "englsh"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("Did you mean english?");
});

test("a failing greeter is told on standard error beside the greetings of the others", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, ...broken });
  const { code, stdout, stderr } = await folder.run(["greet", "World"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "[English] Hello, World! Nice to meet you.\n" });
  expect(stderr).toContain("CALL_FAILED");
  expect(stderr).toContain("missing is not defined");
  expect(stderr).toMatch(/extensions\/broken\/extension\.js:2:/);
});

test("greet for a program gives a result for each greeter", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, ...broken });
  const { code, document } = await folder.runJson(["greet", "World"]);
  expect(code).toBe(1);
  expect(document).toMatchObject({
    results: [
      { id: "broken", extensionId: "acme.broken", error: { code: "CALL_FAILED" } },
      {
        id: "english",
        lang: "English",
        extensionId: "acme.english",
        text: "Hello, World! Nice to meet you.",
      },
    ],
  });
});

test("greet says what to do when there is nobody to greet", async () => {
  const folder = await CommandFolder.create();
  const missing = await folder.run(["greet", "World"]);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain("The folder ./extensions does not exist.");
  await folder.write({ "extensions/.keep": "" });
  const empty = await folder.run(["greet", "World"]);
  expect(empty.code).toBe(1);
  expect(empty.stderr).toContain("No extension contributes a greeter.");
});

test("what an extension prints does not mix with the result", async () => {
  const folder = await CommandFolder.create();
  await folder.write(
    greeterFiles("acme.chatty", "Chatty", "{ console.log('chatter'); return `Hi, ${name}`; }"),
  );
  const { code, stdout, stderr } = await folder.run(["greet", "World"]);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: "[Chatty] Hi, World\n",
    stderr: "acme.chatty: chatter\n",
  });
});

test("a timer that an extension leaves behind does not keep the command alive", async () => {
  const folder = await CommandFolder.create();
  await folder.write(greeterFiles("acme.timer", "Timer", "{ setInterval(() => {}, 1000); return name; }"));
  const { code, stdout } = await folder.run(["greet", "World"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "[Timer] World\n" });
});

test("an extension folder that is named replaces the default", async () => {
  const folder = await CommandFolder.create();
  const elsewhere = Object.entries(spanish).map(([path, text]) => [`more/${path}`, text] as const);
  await folder.write({ ...english, ...Object.fromEntries(elsewhere) });
  const { stdout } = await folder.run(["greet", "World", "--extensions", "more/extensions"]);
  expect(stdout).toBe("[Español] ¡Hola, World! Mucho gusto.\n");
  const both = await folder.run([
    "greet",
    "World",
    "--extensions",
    "more/extensions",
    "--extensions",
    "extensions",
  ]);
  expect(both.stdout).toBe(
    "[Español] ¡Hola, World! Mucho gusto.\n[English] Hello, World! Nice to meet you.\n",
  );
});
