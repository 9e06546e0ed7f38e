/** What the command line shows of extensions that crash or do not answer. */
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import {
  brittleFiles,
  CommandFolder,
  greeterFiles,
  type RunningCommand,
} from "../support/plugboard-process.js";
import { onTerminal, startOnTerminal, terminalNote } from "../support/terminal-command.js";

const config = (restart: string) => ({ "plugboard.config.json5": `{ restart: ${restart} }\n` });
const quick = config("{ delaysMs: [1], budget: 2 }");

const greet = (name: string, ref: unknown) => ({
  call: { point: "greeters", id: "brittle", method: "greet", args: [name] },
  ref,
});

async function brittleHost(files: Readonly<Record<string, string>>): Promise<RunningCommand> {
  const folder = await CommandFolder.create();
  await folder.write({ ...brittleFiles, ...files });
  return folder.start(["start", "--json"]);
}

async function stop(host: RunningCommand): Promise<void> {
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
}

test("start for a program tells of a crash, of the restart and of the end of patience", async () => {
  const host = await brittleHost(quick);
  host.send(greet("crash", 1));
  expect(await host.line(({ ref }) => ref === 1)).toMatchObject({ error: { code: "EXTENSION_CRASHED" } });
  host.send(greet("Ada", 2));
  expect(await host.line(({ ref }) => ref === 2)).toMatchObject({ result: "Hello, Ada, from 2" });
  host.send(greet("crash", 3));
  await host.line(({ ref }) => ref === 3);

  const told = host.lines.filter(
    ({ event, id }) => id === "acme.brittle" && /failed|restarting/.test(String(event)),
  );
  expect(told).toMatchObject([
    { event: "failed", generation: 1, reason: { code: "EXTENSION_CRASHED" } },
    { event: "restarting", generation: 1, delayMs: 1 },
    { event: "failed", generation: 2, reason: { code: "CRASHED_TOO_OFTEN" } },
  ]);
  await stop(host);
});

test("start for a program tells when an extension falls silent and when it answers", async () => {
  const host = await brittleHost({});
  const place = { file: "extensions/brittle/extension.js", line: 7, functionName: "greet", share: 1 };
  host.send(greet("hang", 1));
  expect(await host.line(({ event }) => event === "unresponsive")).toMatchObject({
    id: "acme.brittle",
    generation: 1,
    unresponsive: { forMs: 3_000, place },
  });
  host.send({ list: true, ref: 2 });
  expect(await host.line(({ ref }) => ref === 2)).toMatchObject({
    result: {
      extensions: expect.arrayContaining([
        expect.objectContaining({
          id: "acme.brittle",
          unresponsive: { forMs: expect.any(Number) as number, place },
          processId: 4_711,
          memoryBytes: 12_582_912,
          trust: "full rights",
        }) as unknown,
      ]) as unknown,
    },
  });
  host.send(greet("wake", 3));
  expect(await host.line(({ event }) => event === "responsive")).toMatchObject({ id: "acme.brittle" });
  await stop(host);
});

test("a program can ask a running host to explain an extension, with its history", async () => {
  const host = await brittleHost(quick);
  host.send(greet("crash", 1));
  host.send(greet("Ada", 2));
  await host.line(({ ref }) => ref === 2);
  host.send({ explain: "acme.brittle", ref: 3 });

  expect(await host.line(({ ref }) => ref === 3)).toMatchObject({
    result: {
      subject: "acme.brittle",
      extension: { state: "active", generation: 2, memoryBytes: 12_582_912 },
      history: [
        {
          kind: "crashed",
          time: expect.stringMatching(/^\d{4}-.+Z$/) as unknown,
          generation: 1,
          message: "acme.brittle crashed: it was killed by SIGKILL",
          outcome: { kind: "restarted", delayMs: 1, generation: 2 },
        },
      ],
    },
  });
  await stop(host);
});

test("explain shows where an extension would run and with which rights, and runs nothing", async () => {
  const folder = await CommandFolder.create();
  await folder.write(brittleFiles);
  const { stdout } = await folder.run(["explain", "acme.brittle"]);

  expect(stdout).toMatch(/^ {2}runtime +brittle \(trusted: full rights\)$/m);
  expect(stdout).not.toContain("process ");
});

test("list says what the code of each runtime may reach", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...brittleFiles, ...greeterFiles("acme.english", "English", "name") });
  const { stdout } = await folder.run(["list"]);

  expect(stdout).toMatch(/^in-process: trusted, with the full rights of this program$/m);
  expect(stdout).toMatch(/^brittle: trusted, with the full rights of this program$/m);
});

test("a restart policy in the config file that makes no sense is told with its place", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...brittleFiles, ...config("{ budget: 0 }") });
  const { code, stderr } = await folder.run(["list"]);

  expect(code).toBe(1);
  expect(stderr).toMatch(/plugboard\.config\.json5:1:22 error CONFIG_INVALID/);
});

/** What the last whole redraw shows, without colours. */
function lastFrame(output: string): string {
  const end = output.lastIndexOf("\u001b[?2026l");
  const start = output.lastIndexOf("\u001b[?2026h", end);
  return stripVTControlCharacters(output.slice(Math.max(0, start), Math.max(0, end))).replaceAll("\r", "");
}

/** The runtime's files, with a session that does this by itself soon after its start. */
function acting(deed: string): Readonly<Record<string, string>> {
  const file = "extensions/runtime/extension.js";
  const code = brittleFiles[file] ?? "";
  return {
    ...brittleFiles,
    [file]: code.replace(
      "  return {\n    activate",
      `  setTimeout(() => ${deed}, 50);\n  return {\n    activate`,
    ),
  };
}

const crash = `over.resolve({ kind: "crashed", message: "it was killed" })`;

onTerminal.each([
  ["a restart that is due", crash, "{ delaysMs: [60000] }", "restarting in 60 s"],
  ["an extension left alone", crash, "{ budget: 1 }", "crashed too often"],
  ["silence", "set({ forMs: 1, place })", "{}", "unresponsive (extensions/brittle/extension.js:7)"],
])(`the table on a terminal names %s${terminalNote}`, async (_what, deed, restart, words) => {
  const folder = await CommandFolder.create();
  await folder.write({ ...acting(deed), ...config(restart) });
  const host = startOnTerminal(folder, ["start"], { columns: 160 });
  await host.until(() => (lastFrame(host.stdout).includes(words) ? true : undefined));
  host.process.stdin.write("\u0003");

  expect(await host.exit).toBe(0);
});

test("start without a terminal prints a line for a restart and for silence", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    ...acting(`(set({ forMs: 1, place }), set(undefined), ${crash})`),
    ...config("{ delaysMs: [60000] }"),
  });
  const host = folder.start(["start"]);
  await host.until(() => (host.stdout.includes("restarting") ? true : undefined));

  const subject = "acme.brittle 1.0.0 (generation 1)";
  expect(host.stdout).toContain(`\nunresponsive ${subject}, busy in extensions/brittle/extension.js:7\n`);
  expect(host.stdout).toContain(`\nresponsive ${subject}\n`);
  expect(host.stdout).toContain(
    `\nfailed ${subject}, EXTENSION_CRASHED acme.brittle crashed: it was killed\n`,
  );
  expect(host.stdout).toContain(`\nrestarting ${subject} in 60 s\n`);
  host.process.kill("SIGINT");
  expect(await host.exit).toBe(0);
});

onTerminal(`a crash that is over stands above the table on a terminal${terminalNote}`, async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...acting(crash), ...config("{ delaysMs: [1] }") });
  const host = startOnTerminal(folder, ["start"], { columns: 160 });
  const told =
    "failed acme.brittle 1.0.0 (generation 1), EXTENSION_CRASHED acme.brittle crashed: it was killed";
  await host.until(() => (stripVTControlCharacters(host.stdout).includes(told) ? true : undefined));
  host.process.stdin.write("\u0003");

  expect(await host.exit).toBe(0);
});

onTerminal(`the table on a terminal names the process of what runs in one${terminalNote}`, async () => {
  const folder = await CommandFolder.create();
  await folder.write(acting("set({ forMs: 1, place })"));
  const host = startOnTerminal(folder, ["start"], { columns: 160 });
  await host.until(() => (/acme\.brittle .* brittle 4711 /.test(lastFrame(host.stdout)) ? true : undefined));
  host.process.stdin.write("\u0003");

  expect(await host.exit).toBe(0);
});

test.each(["worker", "process"])("Ctrl-C does not wait for a %s that loops for ever", async (kind) => {
  const folder = await CommandFolder.create();
  const looping = greeterFiles("acme.looping", "Loops", `{ for (;;); }`);
  const manifest = Object.keys(looping).find((path) => path.endsWith("plugin.json5")) ?? "";
  await folder.write({
    ...looping,
    [manifest]: (looping[manifest] ?? "").replace("{", `{ runtime: "${kind}",`),
    // Longer than this test may take: whoever waited would be seen.
    "plugboard.config.json5": "{ limits: { stopMs: 120000, drainMs: 120000, deactivateMs: 120000 } }",
  });
  const host = folder.start(["start", "--json"]);
  host.send({ call: { point: "greeters", id: "looping", method: "greet", args: ["Ada"] }, ref: 1 });
  await host.line(({ event }) => event === "unresponsive");
  host.process.kill("SIGINT");

  expect(await host.exit).not.toBeNull();
  expect(host.lines.at(-1)).toMatchObject({ event: "stopped" });
});
