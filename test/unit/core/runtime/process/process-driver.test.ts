import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, readlinkSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { nothingGranted } from "../../../../support/nothing-granted.js";
import { aDriver, greeterModule, isRunning, makeFolder, openChild, openGreeter } from "./child-harness.js";

const attempt = (code: string): string =>
  `try { return String(${code}); } catch (error) { return error.code; }`;

test("an extension of TypeScript with decorators and enums runs under the permission model", async () => {
  const folder = await makeFolder({
    "extension.ts": `import { type ExtensionContext, greeters } from "@plugboard/extension-api";
import { injectable } from "inversify";
enum Tone { Warm = "Hello" }
@injectable()
export default class English {
  activate(context: ExtensionContext) {
    context.contribute(greeters, "test", { greet: (name: string) => \`\${Tone.Warm}, \${name}!\` });
  }
}
`,
  });
  const child = await openChild(folder);
  const ready = child.activate("./extension.ts");
  const answer = child.greet("World");
  expect(await ready).toMatchObject({ type: "ready", findings: [] });
  expect(await answer).toMatchObject({ type: "ok", value: "Hello, World!" });
});

test("a syntax error in TypeScript arrives with its place", async () => {
  const folder = await makeFolder({ "extension.ts": "export const a: number = 1;\nexport const b: = 2;\n" });
  const child = await openChild(folder);
  const answer = await child.activate("./extension.ts");
  expect(answer).toMatchObject({
    type: "err",
    thrown: { error: { code: "MODULE_SYNTAX", details: { file: join(folder, "extension.ts"), line: 2 } } },
  });
});

test("a child sees its own folder, what was granted, and nothing else", async () => {
  const outside = await makeFolder({ "secret.txt": "secret", "granted/data.txt": "data" });
  const body = attempt("require('node:fs').readFileSync(name, 'utf8')");
  const { greet } = await openGreeter(body, {
    capabilities: { ...nothingGranted, fs: { read: [join(outside, "granted")], write: [] } },
  });
  expect(await greet(join(outside, "granted/data.txt"))).toMatchObject({ value: "data" });
  expect(await greet(join(outside, "secret.txt"))).toMatchObject({ value: "ERR_ACCESS_DENIED" });
  expect(await greet("/etc/passwd")).toMatchObject({ value: "ERR_ACCESS_DENIED" });
});

test("a child writes where it may, and only there", async () => {
  const outside = await makeFolder();
  await mkdir(join(outside, "granted"));
  const { greet } = await openGreeter(attempt("require('node:fs').writeFileSync(name, 'text')"), {
    capabilities: { ...nothingGranted, fs: { read: [], write: [join(outside, "granted")] } },
  });
  expect(await greet(join(outside, "granted/file"))).toMatchObject({ value: "undefined" });
  expect(existsSync(join(outside, "granted/file"))).toBe(true);
  expect(await greet(join(outside, "file"))).toMatchObject({ value: "ERR_ACCESS_DENIED" });
});

test.each([
  ["a program", "require('node:child_process').spawnSync('true')", "ERR_ACCESS_DENIED"],
  ["a thread", "new (require('node:worker_threads').Worker)('1', { eval: true })", "ERR_ACCESS_DENIED"],
  ["an addon", "process.dlopen({ exports: {} }, '/none.node')", "ERR_DLOPEN_DISABLED"],
  ["SQLite", "require('node:sqlite')", "MODULE_NOT_FOUND"],
  ["a debugger", "require('node:inspector').open(0)", "ERR_ACCESS_DENIED"],
  ["a signal to the host", "process.kill(process.ppid, 0)", "EPERM"],
  ["a signal to everybody", "process.kill(-1, 0)", "EPERM"],
  ["a prototype", "({}).__proto__", "ERR_PROTO_ACCESS"],
])("a child is denied %s", async (_what, code, denial) => {
  const { greet } = await openGreeter(attempt(code));
  expect(await greet("x")).toMatchObject({ type: "ok", value: denial });
});

test("a child may signal itself", async () => {
  const { greet } = await openGreeter(attempt("process.kill(process.pid, 0)"));
  expect(await greet("x")).toMatchObject({ value: "true" });
});

test("a child sees the environment it is given, without the host's", async () => {
  const { greet } = await openGreeter("return JSON.stringify([process.env, process.cwd() === __dirname])", {
    environment: { LANG: "C" },
  });
  expect(await greet("x")).toMatchObject({ value: '[{"LANG":"C"},true]' });
});

test("a child without a network reaches no port of the host, and one that may use it does", async () => {
  const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const body = `return new Promise((resolve) => {
  try {
    const socket = require("node:net").connect(Number(name), "127.0.0.1", () => resolve("connected"));
    socket.on("error", () => resolve("cut"));
  } catch { resolve("cut"); }
});`;
  const driver = aDriver(2 ** 30);
  const { network } = await driver.confinement();
  const cut = await openGreeter(body, { driver });
  expect(await cut.greet(String(port))).toMatchObject({ value: network === "none" ? "connected" : "cut" });
  const open = await openGreeter(body, { driver, capabilities: { ...nothingGranted, net: true } });
  expect(await open.greet(String(port))).toMatchObject({ value: "connected" });
});

test("a folder with a link that leads out is refused before anything runs", async () => {
  const folder = await makeFolder({ "extension.cjs": "" });
  await symlink("/etc/passwd", join(folder, "passwords"));
  await expect(openChild(folder)).rejects.toMatchObject({
    code: "RUNTIME_START_FAILED",
    details: { link: join(folder, "passwords"), target: "/etc/passwd" },
  });
});

test("a start that is no longer wanted leaves no process", async () => {
  const folder = await makeFolder({ "extension.cjs": "" });
  const reason = new Error("no longer wanted");
  await expect(openChild(folder, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test.each([
  ["process.exit(3)", "The process exited with code 3."],
  ["process.abort()", "The process was killed by SIGABRT."],
  [
    "setTimeout(() => { throw new TypeError('too late'); }); return new Promise(() => {})",
    "The process exited with code 1: TypeError: too late (extension.cjs:3:26).",
  ],
  [
    "void Promise.reject(new RangeError('unhandled')); return new Promise(() => {})",
    "The process exited with code 1: RangeError: unhandled (extension.cjs:3:21).",
  ],
])("the end of a child that runs %s is told with its cause", async (code, message) => {
  const { channel, greet } = await openGreeter(code);
  void greet("x");
  const end = await channel.closed;
  expect({ ...end, message: end.message.replace(/\(\/.*\//, "(") }).toEqual({ kind: "crashed", message });
});

test("the process id is the one that a person can kill", async () => {
  const { channel, greet } = await openGreeter("return String(process.pid)");
  expect(await greet("x")).toMatchObject({ value: String(channel.processId) });
  process.kill(channel.processId as number, "SIGKILL");
  expect(await channel.closed).toEqual({
    kind: "crashed",
    message: "The process was killed by SIGKILL.",
  });
});

test("a child that fills its heap is told apart from one that is killed", async () => {
  const { channel, greet } = await openGreeter("const all = []; for (;;) all.push({ each: [all.length] });", {
    driver: aDriver(128 * 1024 * 1024),
  });
  void greet("x");
  const { message } = await channel.closed;
  expect(message).toMatch(/^The process ran out of memory|^The process was ended because it took/);
});

test.runIf(process.platform === "linux")("a child that fills memory beyond its heap is ended", async () => {
  const body = `const all = [];
setInterval(() => all.push(Buffer.alloc(20e6, 1)), 10);
return new Promise(() => {});`;
  const { channel, greet } = await openGreeter(body, {
    driver: aDriver(256 * 1024 * 1024),
  });
  void greet("x");
  expect(await channel.closed).toMatchObject({
    kind: "crashed",
    message: expect.stringMatching(
      /^The process was ended because it took \d+ MB of memory; its limit is 256 MB/,
    ),
  });
});

test("a child that loops is ended at once, with all that it started", async () => {
  const body = `const { pid } = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], { stdio: "inherit" });
console.log(pid);
setTimeout(() => { for (;;); });
return pid;`;
  const { channel, greet } = await openGreeter(body, {
    capabilities: { ...nothingGranted, childProcess: true, net: true },
  });
  const answer = await greet("x");
  const started = (answer as { readonly value?: unknown }).value as number;
  expect(isRunning(started)).toBe(true);
  channel.close();
  expect(await channel.closed).toEqual({ kind: "disposed", message: "The process was ended." });
  expect(isRunning(channel.processId as number)).toBe(false);
  while (isRunning(started)) await wait(5);
});

test("a child that closes its pipe to the host is ended", async () => {
  const { channel, greet } = await openGreeter(
    "require('node:fs').closeSync(3); return new Promise(() => {});",
  );
  void greet("x");
  expect((await channel.closed).kind).toBe("crashed");
});

test("a child that sends no frames but noise is ended", async () => {
  const { channel, greet } = await openGreeter(
    "require('node:fs').writeSync(3, Buffer.alloc(64, 255)); return new Promise(() => {});",
  );
  void greet("x");
  const { kind, message } = await channel.closed;
  expect(kind).toBe("crashed");
  expect(message).toMatch(/^The process was ended because it sent what can't be read/);
});

test("a child that asks for the transformation of endless text is ended", async () => {
  const { channel, greet } = await openGreeter(
    "require('node:fs').writeSync(4, Buffer.alloc(64, 255)); return new Promise(() => {});",
  );
  void greet("x");
  expect((await channel.closed).kind).toBe("crashed");
});

test("lines arrive from both streams, and a flood is counted instead of told", async () => {
  const body = `console.error("careful");
if (name === "flood") process.stdout.write("line\\n".repeat(100_000));
else console.log("one");
return "printed";`;
  const { greet, lines } = await openGreeter(body);
  await greet("quietly");
  while (lines.length < 2) await wait(1);
  expect(lines).toContainEqual({ stream: "stdout", text: "one" });
  expect(lines).toContainEqual({ stream: "stderr", text: "careful" });
  await greet("flood");
  while (!lines.some(({ text }) => text.endsWith("left out)"))) await wait(10);
  const told = lines.filter(({ text }) => text === "line").length;
  expect(told).toBeLessThan(100_000);
  const { text } = lines.findLast((line) => line.text.endsWith("left out)")) ?? { text: "" };
  expect(Number(text.replaceAll(/\D/g, "")) + told).toBe(100_000);
});

test("memory is told while a child lives, and not after", async () => {
  const { channel, greet } = await openGreeter("return 1");
  await greet("x");
  const expected: unknown = process.platform === "linux" ? expect.any(Number) : undefined;
  expect(await channel.memory()).toEqual(expected);
  channel.close();
  await channel.closed;
  expect(await channel.memory()).toBeUndefined();
});

test("a path that would allow more than itself is refused", async () => {
  const parent = await makeFolder();
  const folder = join(parent, "all*");
  await mkdir(folder);
  await writeFile(join(folder, "extension.cjs"), "");
  await expect(openChild(folder)).rejects.toMatchObject({
    code: "RUNTIME_START_FAILED",
    details: { path: folder },
  });
});

test.runIf(process.platform === "linux")(
  "a child inherits no descriptor that the host got by accident",
  async () => {
    const folder = await makeFolder({ "extension.cjs": greeterModule("return 1") });
    const script = fileURLToPath(new URL("./host-process.mjs", import.meta.url));
    const given = openSync("/etc/group", "r");
    onTestFinished(() => closeSync(given));
    const host = spawn(process.execPath, [script, folder], {
      stdio: ["ignore", "pipe", "inherit", ...Array<"ignore">(37).fill("ignore"), given],
    });
    onTestFinished(() => void host.kill("SIGKILL"));
    const [line] = (await once(createInterface(host.stdout as Readable), "line")) as [string];
    const [child] = JSON.parse(line) as [number];
    const targets = readdirSync(`/proc/${child}/fd`).map((fd) => readlinkSync(`/proc/${child}/fd/${fd}`));
    expect(targets.filter((target) => target.startsWith("/etc"))).toEqual([]);
    expect(
      readdirSync(`/proc/${host.pid}/fd`).map((fd) => readlinkSync(`/proc/${host.pid}/fd/${fd}`)),
    ).toContain("/etc/group");
  },
);

test("the place of a child is unknown, and a child that is asked for it answers on", async () => {
  const { channel, greet } = await openGreeter("return name");
  await greet("x");
  expect(await channel.busyPlace()).toBeUndefined();
  expect(await greet("again")).toMatchObject({ value: "again" });
});

test("a process that was started ahead is refused for a folder into which a link came since", async () => {
  const outside = await makeFolder({ "secret.txt": "secret" });
  const folder = await makeFolder({ "extension.cjs": greeterModule("return name;") });
  const driver = aDriver(2 ** 29);
  const request = {
    extension: { id: "test.greeter", version: "1.0.0", path: folder },
    runtime: { kind: "process" },
    group: undefined,
    capabilities: nothingGranted,
    environment: {},
  };
  const context = { signal: new AbortController().signal };
  await expect(driver.checkSpare(request, context)).resolves.toBeUndefined();

  await symlink(join(outside, "secret.txt"), join(folder, "leak.txt"));
  await expect(driver.checkSpare(request, context)).rejects.toMatchObject({
    code: "RUNTIME_START_FAILED",
    message: expect.stringContaining("leak.txt") as unknown,
  });
});
