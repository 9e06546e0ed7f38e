import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { OutputLine } from "../../../../../extension-api/src/index.js";
import { Children } from "../../../../../core/src/runtime/child/children.js";
import { isRunning } from "../process/child-harness.js";

/** Starts a script of Node as a child; it is ended with the test. */
async function start(script: string, { memoryBytes = 2 ** 30, pipes = 0 } = {}) {
  const children = new Children(memoryBytes);
  onTestFinished(() => children.dispose());
  const lines: OutputLine[] = [];
  const child = await children.start({
    program: process.execPath,
    args: ["-e", script],
    folder: process.cwd(),
    environment: {},
    pipes,
    onLine: (line) => lines.push(line),
  });
  return { children, child, lines };
}

const idle = "setInterval(() => {}, 1000);";

test("a child tells its lines, the last ones also when it has ended, and why it did", async () => {
  const { child, lines } = await start(
    `console.log("one"); console.error("two"); throw new TypeError("three");`,
  );
  const end = await child.exited;
  expect(end).toEqual({ code: 1, signal: undefined, what: "exited with code 1: TypeError: three" });
  expect(child.end).toEqual(end);
  expect(lines).toContainEqual({ stream: "stdout", text: "one" });
  expect(child.lastLines("stdout")).toEqual(["one"]);
  expect(child.lastLines("stderr")).toContain("TypeError: three");
});

test.each([
  ["panic: boom", "Error: later", "panic: boom"],
  ["Traceback (most recent call last):", "app.errors.NoSuchError: x", "app.errors.NoSuchError: x"],
])("the line that tells why a program ends is found whatever it is written in: %s", async (...printed) => {
  const told = printed.pop();
  const { child } = await start(
    `process.stderr.write(${JSON.stringify(printed.join("\n"))}); process.exitCode = 2;`,
  );
  expect((await child.exited).what).toBe(`exited with code 2: ${told}`);
});

test("a child has as many pipes as were asked for, both ways", async () => {
  const { child } = await start(
    `const pipe = new (require("net").Socket)({ fd: 4 }); pipe.on("data", (data) => pipe.write("got " + data));`,
    { pipes: 2 },
  );
  const [, pipe] = child.pipes;
  const answer = new Promise<string>((resolve) => pipe?.on("data", (data) => resolve(String(data))));
  pipe?.write("this");
  expect([child.pipes.length, await answer]).toEqual([2, "got this"]);
  child.kill();
  await child.exited;
  // Whoever writes to what has ended is not disturbed.
  pipe?.write("too late");
  await pause(10);
});

test.skipIf(process.platform !== "linux")(
  "a child that takes more memory than it may is ended, and its end tells so",
  async () => {
    const { child } = await start(idle, { memoryBytes: 2 ** 20 });
    expect((await child.exited).what).toMatch(
      /^was ended because it took \d+ MB of memory; its limit is 1 MB$/,
    );
    expect(child.memory()).toBeUndefined();
  },
);

test("what a child started ends with it, and with the host all that still runs", async () => {
  const script = `const { pid } = require("child_process").spawn(process.execPath, ["-e", "${idle}"]); console.log(pid); ${idle}`;
  const [one, other] = [await start(script), await start(script)];
  await expect.poll(() => [one.lines.length, other.lines.length]).toEqual([1, 1]);
  const [own, others] = [one, other].map(({ lines }) => Number(lines[0]?.text));
  one.child.kill("was ended for a test");
  expect((await one.child.exited).what).toBe("was ended for a test");
  await expect.poll(() => isRunning(own as number)).toBe(false);
  expect(isRunning(others as number)).toBe(true);
  await other.children.dispose();
  await expect.poll(() => isRunning(others as number)).toBe(false);
});

test("a child that heeds SIGTERM ends by itself, and one that does not is ended after its grace", async () => {
  const scripts = ["process.exit(5)", "undefined"].map(
    (act) => `process.on("SIGTERM", () => ${act}); console.log(1); ${idle}`,
  );
  const [heeding, deaf] = await Promise.all(scripts.map((script) => start(script)));
  await expect.poll(() => [heeding?.lines.length, deaf?.lines.length]).toEqual([1, 1]);
  await Promise.all([heeding?.child.terminate({ graceMs: 5_000 }), deaf?.child.terminate({ graceMs: 50 })]);
  expect([heeding?.child.end?.code, deaf?.child.end?.signal]).toEqual([5, "SIGKILL"]);
});

test("a program that is not there is refused with the system's own error", async () => {
  const children = new Children(2 ** 30);
  const program = "/nowhere/at-all";
  expect(existsSync(program)).toBe(false);
  const starting = children.start({
    program,
    args: [],
    folder: process.cwd(),
    environment: {},
    pipes: 0,
    onLine: () => undefined,
  });
  await expect(starting).rejects.toMatchObject({ code: "ENOENT", path: program });
});
