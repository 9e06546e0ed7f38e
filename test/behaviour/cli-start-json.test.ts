import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`");
const spanish = greeterFiles("acme.spanish", "Español", "`¡Hola, ${name}!`");
const greetWorld = { point: "greeters", id: "english", method: "greet", args: ["World"] };

test("start for a program tells what is there, says ready, answers, and says stopped last", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  const before = host.lines.map(({ event }) => event);
  expect(before.indexOf("added")).toBeLessThan(before.indexOf("ready"));
  expect(host.lines.find(({ event }) => event === "contributions")).toMatchObject({
    point: "greeters",
    added: ["english"],
    changed: [],
    removed: [],
  });
  host.send({ call: greetWorld, ref: "first" });
  expect(await host.line(({ ref }) => ref === "first")).toEqual({ ref: "first", result: "Hello, World!" });
  await host.line(({ event, id }) => event === "activated" && id === "acme.english");
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
  expect(host.lines.at(-1)).toMatchObject({ event: "stopped" });
  expect(host.stderr).toBe("");
});

test("every event line has its time as ISO 8601", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  host.send({ stop: true });
  await host.exit;
  const times = host.lines.map(({ time }) => time as string);
  expect(times).toEqual(times.map((time) => new Date(time).toISOString()));
});

test("commands sent before the host is ready are answered", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = folder.start(["start", "--json", "--exit-with-stdin"]);
  host.send({ call: greetWorld, ref: 1 });
  expect(await host.line(({ ref }) => ref === 1)).toEqual({ ref: 1, result: "Hello, World!" });
  host.process.stdin.end();
  expect(await host.exit).toBe(0);
});

test("commands of a file are all answered before the host stops with the file's end", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const commands = [
    JSON.stringify({ call: greetWorld, ref: 1 }),
    "this is not JSON",
    JSON.stringify({ fire: "onOrder:paid", ref: 2 }),
    JSON.stringify({ list: true, ref: 3 }),
    JSON.stringify({ reload: "acme.english", ref: 4 }),
    JSON.stringify({ reload: "acme.nobody", ref: 5 }),
    JSON.stringify({ call: { ...greetWorld, id: "nobody" }, ref: 6 }),
  ];
  const { code, stdout } = await folder.run(["start", "--json", "--exit-with-stdin"], {
    stdin: commands.join("\n"),
  });
  expect(code).toBe(0);
  const answers = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => !("event" in line));
  const byRef = Object.fromEntries(answers.map((answer) => [String(answer["ref"]), answer]));
  expect(byRef).toMatchObject({
    1: { result: "Hello, World!" },
    undefined: { error: { code: "CONTROL_INVALID" } },
    2: { result: { outcomes: [] } },
    3: { result: { extensions: [{ id: "acme.english" }] } },
    4: { result: { id: "acme.english" } },
    5: { error: { code: "EXTENSION_UNKNOWN" } },
    6: { error: { code: "CALL_UNKNOWN_TARGET" } },
  });
});

test("the end of standard input stops nothing unless that is asked for", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = folder.start(["start", "--json"]);
  host.process.stdin.end();
  await host.line(({ event }) => event === "ready");
  await folder.write(spanish);
  await host.line(({ event, id }) => event === "added" && id === "acme.spanish");
  host.process.kill("SIGTERM");
  expect(await host.exit).toBe(0);
});

test("folders that come, change and go are told", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  await folder.write(
    Object.fromEntries(
      Object.entries(spanish).map(([path, text]) => [path.replace("extensions", "aside"), text]),
    ),
  );
  await rename(join(folder.path, "aside/spanish"), join(folder.path, "extensions/spanish"));
  await host.line(({ event, id }) => event === "added" && id === "acme.spanish");
  host.send({ call: greetWorld, ref: 1 });
  await host.line(({ ref }) => ref === 1);
  await folder.write(greeterFiles("acme.english", "English", "`Good day, ${name}!`"));
  await host.line(
    // Two files are written; a host that sees the first alone takes one generation more.
    ({ event, id, generation }) => event === "activated" && id === "acme.english" && Number(generation) >= 2,
  );
  host.send({ call: greetWorld, ref: 2 });
  expect(await host.line(({ ref }) => ref === 2)).toEqual({ ref: 2, result: "Good day, World!" });
  await rm(join(folder.path, "extensions/spanish"), { recursive: true });
  await host.line(({ event, id }) => event === "removed" && id === "acme.spanish");
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
  expect(host.lines.filter(({ event }) => event === "contributions").at(-1)).toMatchObject({
    point: "greeters",
  });
});

test("a folder of extensions that is missing at start is waited for", async () => {
  const folder = await CommandFolder.create();
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  expect(host.lines).toContainEqual(
    expect.objectContaining({
      event: "problem",
      problem: expect.objectContaining({ code: "DISCOVERY_FOLDER_MISSING", file: "extensions" }) as unknown,
    }),
  );
  await folder.write(english);
  await host.line(({ event, id }) => event === "added" && id === "acme.english");
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
});

test("what an extension prints and forgets to catch is logged and stops nothing", async () => {
  const folder = await CommandFolder.create();
  await folder.write(
    greeterFiles(
      "acme.english",
      "English",
      "{ console.log('chatter'); setImmediate(() => { throw new Error('stray'); }); return 'Hi'; }",
    ),
  );
  const host = folder.start(["start", "--json"]);
  host.send({ call: greetWorld, ref: 1 });
  await host.line(({ event, message }) => event === "log" && message === "chatter");
  await host.line(({ event, message }) => event === "log" && String(message).includes("stray"));
  host.send({ call: greetWorld, ref: 2 });
  expect(await host.line(({ ref }) => ref === 2)).toEqual({ ref: 2, result: "Hi" });
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
});

test("a call in flight is answered when the host stops", async () => {
  const folder = await CommandFolder.create();
  await folder.write(
    greeterFiles("acme.english", "English", "new Promise(() => { console.log('called'); })"),
  );
  await folder.write({ "plugboard.config.json5": "{ limits: { stopMs: 500, drainMs: 100 } }" });
  const host = folder.start(["start", "--json"]);
  host.send({ call: greetWorld, ref: 1 });
  await host.line(({ event, message }) => event === "log" && message === "called");
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
  expect(host.lines).toContainEqual(
    expect.objectContaining({
      ref: 1,
      error: expect.objectContaining({ code: expect.any(String) as unknown }) as unknown,
    }),
  );
});

test("a reader that goes away stops the host in order", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  host.process.stdout.destroy();
  host.send({ list: true, ref: 1 });
  expect(await host.exit).toBe(0);
});

test("a thousand calls sent at once are each answered once", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const calls = Array.from({ length: 1_000 }, (_, ref) => JSON.stringify({ call: greetWorld, ref }));
  const { code, stdout } = await folder.run(["start", "--json", "--exit-with-stdin"], {
    stdin: calls.join("\n"),
  });
  expect(code).toBe(0);
  const answered = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly ref?: number; readonly result?: unknown })
    .filter(({ result }) => result === "Hello, World!");
  expect(answered.map(({ ref }) => ref).sort((one, other) => one! - other!)).toEqual([...calls.keys()]);
});
