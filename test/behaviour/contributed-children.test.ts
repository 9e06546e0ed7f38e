/** An extension that brings a runtime of programs: they start in turn, and its own reload loses no call. */
import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  anExtension,
  createTestHost,
  eventually,
  type ExtensionFixture,
  type TestHost,
} from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";
import { journal } from "../support/shared.js";

const atOnce = Math.max(2, availableParallelism());

/** Answers each line on its pipe with its own process id, as soon as the file that it names is there. */
const program = `
const { existsSync } = require("node:fs");
const pipe = new (require("node:net").Socket)({ fd: 3 });
require("node:readline").createInterface({ input: pipe }).on("line", (line) => {
  const [id, gate] = JSON.parse(line);
  const answer = () => gate && !existsSync(gate) ? setTimeout(answer, 5) : pipe.write(JSON.stringify([id, process.pid]) + "\\n");
  answer();
});
`;

/** A runtime whose sessions are children; what they are called with is the file that they wait for. */
function runner({
  log = journal(),
  before = "",
  after = "",
  ...sketch
}: RunnerSketch = {}): ExtensionFixture {
  return anExtension({
    id: "acme.runner",
    contributes: { runtimes: [{ id: "runner" }] },
    head: `
      const program = ${JSON.stringify(program)};
      async function start(request) {
        ${before}
        const child = await request.startChild({ program: process.execPath, args: ["-e", program], pipes: 1 });
        const asked = new Map();
        child.pipes[0].on("data", (data) => {
          for (const line of String(data).split("\\n").filter(Boolean)) {
            const [id, answer] = JSON.parse(line);
            asked.get(id)(answer);
          }
        });
        const ask = (gate) => new Promise((answer) => {
          asked.set(asked.size, answer);
          child.pipes[0].write(JSON.stringify([asked.size - 1, gate]) + "\\n");
        });
        await ask();
        ${after}
        let kind = "crashed";
        return {
          activate: async ({ contributions }) => ({
            supplied: contributions.map(({ point, id }) => ({ point, id })),
            findings: [], savesState: false, times: { call: 0, settle: 0 },
          }),
          handler: () => (gate) => ask(gate.includes("/") && gate),
          exports: {}, saveState: async () => undefined, leftovers: () => ({}),
          deactivate: async () => { kind = "disposed"; await child.terminate({ graceMs: 1000 }); },
          dispose: () => { kind = "disposed"; child.kill(); },
          exited: child.exited.then(({ what }) => ({ kind, message: "It " + what })),
        };
      }`,
    supplies: { runtimes: { runner: "{ start }" } },
    activate: `context.subscriptions.push(() => { ${log.says("the runtime is gone")} });`,
    ...sketch,
  });
}

interface RunnerSketch extends Partial<Parameters<typeof anExtension>[0]> {
  readonly log?: ReturnType<typeof journal>;
  /** What its `start` does before there is a child, and then. */
  readonly before?: string;
  readonly after?: string;
}

const ids = Array.from({ length: 2 * atOnce + 1 }, (_, index) => `e${index}`);
const users = ids.map((id) => aGreeter({ id: `acme.${id}`, manifest: { runtime: "runner" } }));
const user = aGreeter({ id: "acme.user", manifest: { runtime: "runner" } });

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

/** Has the extension's next calls answered when the returned function is called. */
function gated(kit: TestHost, name: string): { readonly file: string; readonly open: () => void } {
  const file = join(kit.temporaryFolder, name);
  return { file, open: () => writeFileSync(file, "") };
}

test("an extension that brings a runtime is reloaded without the loss of a call, also of those in flight", async () => {
  const log = journal();
  await using kit = await createTestHost({ extensions: [runner({ log }), user] });
  const first = await greet(kit.host, "user");
  const gate = gated(kit, "gate");
  const inFlight = Array.from({ length: 5 }, () => greet(kit.host, "user", gate.file));

  const reloading = kit.host.reload("acme.runner");
  const meanwhile: unknown[] = [];
  while (info(kit.host, "acme.user").generation === 1) meanwhile.push(await greet(kit.host, "user"));
  const next = await greet(kit.host, "user");
  // The old generations of both are there for as long as anybody waits for an answer.
  expect(log.lines).toEqual([]);
  expect([isAlive(Number(first)), next === first]).toEqual([true, false]);
  gate.open();
  await reloading;

  expect(await Promise.all(inFlight)).toEqual(Array(5).fill(first));
  expect(meanwhile.every((answer) => answer === first || answer === next)).toBe(true);
  await eventually(() =>
    expect([log.lines, isAlive(Number(first))]).toEqual([["the runtime is gone"], false]),
  );
  expect(kit.record.kinds("acme.user")).not.toContain("failed");
  expect(info(kit.host, "acme.runner").generation).toBe(2);
});

test("who can't be started by the new generation of a runtime goes on in the old one, and moves with the next", async () => {
  const log = journal();
  await using kit = await createTestHost({ extensions: [runner({ log }), user] });
  const first = await greet(kit.host, "user");
  await kit.write(runner({ log, before: `throw new Error("not today");` }));
  await kit.host.rescan();

  await eventually(() =>
    expect(info(kit.host, "acme.user").candidate?.problems[0]?.message).toContain("not today"),
  );
  expect([await greet(kit.host, "user"), log.lines]).toEqual([first, []]);

  await kit.write(runner({ log, before: "// mended" }));
  await kit.host.rescan();
  await kit.host.reload("acme.user");
  expect(await greet(kit.host, "user")).not.toBe(first);
  await eventually(() => expect(log.lines).toContain("the runtime is gone"));
  await eventually(() => expect(isAlive(Number(first))).toBe(false));
});

test("a host stops all of it while an old generation of a runtime is still in use", async () => {
  const kit = await createTestHost({ extensions: [runner(), user] });
  const first = await greet(kit.host, "user");
  await kit.write(runner({ before: `throw new Error("not today");` }));
  await kit.host.rescan();
  await kit.dispose();
  expect(isAlive(Number(first))).toBe(false);
});

test("children of a contributed runtime start in turn with all others, and their wait is shown and not counted", async () => {
  await using kit = await createTestHost({ extensions: [runner(), ...users] });
  const answers = await Promise.all(ids.map((id) => greet(kit.host, id)));

  expect(new Set(answers).size).toBe(ids.length);
  const waits = ids.map((id) => info(kit.host, `acme.${id}`).times?.wait);
  expect(waits.filter((wait) => wait === undefined).length).toBeGreaterThanOrEqual(atOnce);
  expect(waits.filter((wait) => wait !== undefined && wait > 0).length).toBeGreaterThan(0);
  expect(kit.host.explain("acme.e0").format()).not.toContain("waited");
});

test("a runtime whose extension needs one that waits for a turn itself is there for many at once", async () => {
  const helper = anExtension({
    id: "acme.helper",
    manifest: { runtime: "worker" },
    activate: "return { help: () => 1 };",
  });
  const needs = { manifest: { extensionDependencies: { "acme.helper": "*" } } };
  await using kit = await createTestHost({ extensions: [helper, runner(needs), ...users] });

  expect(new Set(await Promise.all(ids.map((id) => greet(kit.host, id)))).size).toBe(ids.length);
});

test("a start that fails leaves no child, and gives its turn to the next", async () => {
  const after = `if (request.extension.id !== "acme.user") throw new Error("child " + child.processId);`;
  await using kit = await createTestHost({ extensions: [runner({ after }), ...users, user] });
  const errors = await Promise.all(ids.map((id) => rejection(greet(kit.host, id))));
  const started = errors.map((error) => Number(/child (\d+)/.exec(String(error))?.[1]));
  expect(started.every((processId) => processId > 0)).toBe(true);

  await eventually(() => expect(started.filter(isAlive)).toEqual([]));
  expect(await greet(kit.host, "user")).toEqual(expect.any(Number));
});

test("what a child prints is logged at the level that the line begins with, and that of its stream otherwise", async () => {
  const logged: (readonly [string, string])[] = [];
  const take = (level: string) => (message: string) => void logged.push([level, message]);
  const lines = ["plain", "[DEBUG] deep", "ERROR: bad", "[NEWS] none"];
  const print = `for (const line of ${JSON.stringify(lines)}) { console.log(line); console.error(line); }`;
  const before = `await (await request.startChild({ program: process.execPath, args: ["-e", ${JSON.stringify(print)}] })).exited;`;
  await using kit = await createTestHost({
    extensions: [runner({ before }), user],
    logger: { debug: take("debug"), info: take("info"), warn: take("warn"), error: take("error") },
  });
  await greet(kit.host, "user");
  const told = (line: string) =>
    logged.flatMap(([level, message]) => (message === line ? [level] : [])).sort();
  expect(lines.map(told)).toEqual([
    ["info", "warn"],
    ["debug", "debug"],
    ["error", "error"],
    ["info", "warn"],
  ]);
});

test("a folder for sockets is this user's alone, and is made for a runtime that asks for it", async () => {
  const before = `
    const folder = await request.createFolder();
    const { mode } = await (await import("node:fs/promises")).stat(folder.path);
    await folder.remove();
    throw new Error("mode " + (mode & 0o777).toString(8) + " of " + folder.path.length);`;
  await using kit = await createTestHost({ extensions: [runner({ before }), user] });
  const [, mode, length] = /mode (\d+) of (\d+)/.exec(String(await rejection(greet(kit.host, "user")))) ?? [];
  if (process.platform !== "win32") expect(mode).toBe("700");
  expect(Number(length)).toBeLessThan(90);
});

test("a program that is not there is told with the system's word for it and what helps", async () => {
  const before = `await request.startChild({ program: "/nowhere/at-all" });`;
  await using kit = await createTestHost({ extensions: [runner({ before }), user] });
  expect(existsSync("/nowhere/at-all")).toBe(false);
  const error = await rejection(greet(kit.host, "user"));
  expect(error).toMatchObject({
    code: "RUNTIME_START_FAILED",
    extensionId: "acme.user",
    message: expect.stringContaining("ENOENT. Install it, or see that it is in the PATH") as unknown,
    details: { program: "/nowhere/at-all" },
  });
});
