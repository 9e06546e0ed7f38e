import { createHash } from "node:crypto";
import { chmod, mkdtemp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createExtensionHost, greeters, type ExtensionHost, type Logger } from "@plugboard/core";
import { expect, onTestFinished } from "vitest";
import { greet, info } from "../support/extensions.js";
import { goTest } from "../support/go-test.js";
import { buildGo } from "../support/go-toolchain.js";
import { inRepository } from "../support/repository.js";

const id = "acme.gopher";
const greeting = "Hello, World! Greetings from a gopher.";

interface Setup {
  readonly host: ExtensionHost;
  readonly program: string;
  readonly bytes: Buffer;
  readonly changed: Buffer;
  readonly logged: readonly (readonly [string, unknown])[];
}

/** A host with one guest in Go. */
async function setUp(
  runtime: (bytes: Buffer) => Readonly<Record<string, unknown>> = () => ({}),
): Promise<Setup> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-go-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bytes = await readFile(await buildGo("gopher"));
  const changed = Buffer.from(
    // As long as before: the rest of the program stays where it is.
    bytes.toString("latin1").replaceAll("Greetings from a gopher.", "Regards, from a gopher!!"),
    "latin1",
  );
  const extension = join(folder, "gopher");
  await mkdir(extension);
  const program = join(extension, "gopher");
  await writeFile(program, bytes);
  await chmod(program, 0o755);
  const manifest = {
    manifestVersion: 1,
    id,
    version: "1.0.0",
    runtime: { kind: "go-plugin", command: "./gopher", ...runtime(bytes) },
    contributes: { greeters: [{ id: "gopher", lang: "Go" }] },
  };
  await writeFile(join(extension, "plugin.json5"), JSON.stringify(manifest));
  const logged: (readonly [string, unknown])[] = [];
  const take = (message: string, fields?: unknown): void => void logged.push([message, fields]);
  const logger: Logger = { debug: take, info: take, warn: take, error: take };
  const host = createExtensionHost({
    extensionFolders: [folder],
    developmentFolders: [inRepository("extensions/runtime-go-plugin")],
    points: [greeters],
    watch: true,
    logger,
  });
  onTestFinished(() => host.stop());
  await host.start();
  return { host, program, bytes, changed, logged };
}

/** Whether the process is there. */
function isAlive(processId: number | undefined): boolean {
  try {
    return process.kill(processId ?? 0, 0);
  } catch {
    return false;
  }
}

goTest("a binary is written over while it runs, and no call is lost", async () => {
  const { host, program, changed } = await setUp();
  expect(await greet(host, "gopher")).toBe(greeting);
  const first = info(host, id).processId;
  let isDone = false;
  const answers: string[] = [];
  const calling = (async () => {
    while (!isDone) answers.push(await greet(host, "gopher"));
  })();
  // Written in place: the system refuses that for a file that is executed itself.
  await writeFile(program, changed);
  await expect.poll(() => info(host, id).generation, { timeout: 20_000 }).toBeGreaterThan(1);
  await expect.poll(() => answers.at(-1), { timeout: 20_000 }).toContain("Regards");
  isDone = true;
  await calling;
  const firstNew = answers.findIndex((answer) => answer !== greeting);
  expect(answers.slice(0, firstNew).every((answer) => answer === greeting)).toBe(true);
  expect(answers.slice(firstNew).every((answer) => answer.includes("Regards"))).toBe(true);
  await expect.poll(() => isAlive(first), { timeout: 10_000 }).toBe(false);
});

goTest(
  "the extension that runs binaries is reloaded while they are called, and no call is lost",
  async () => {
    const { host } = await setUp();
    await greet(host, "gopher");
    const first = info(host, id).processId;
    let isDone = false;
    const answers: string[] = [];
    // Several at a time, so that some are always under way.
    const calling = Array.from({ length: 8 }, async () => {
      while (!isDone) answers.push(await greet(host, "gopher"));
    });
    await host.reload("plugboard.runtime-go-plugin");
    await expect.poll(() => info(host, id).generation, { timeout: 20_000 }).toBeGreaterThan(1);
    const before = answers.length;
    await expect.poll(() => answers.length, { timeout: 20_000 }).toBeGreaterThan(before);
    isDone = true;
    await Promise.all(calling);
    expect(new Set(answers)).toEqual(new Set([greeting]));
    expect(info(host, id).processId).not.toBe(first);
    await expect.poll(() => isAlive(first), { timeout: 10_000 }).toBe(false);
  },
);

goTest("a binary that is replaced by something else leaves the old one serving", async () => {
  const { host, program, bytes } = await setUp();
  await greet(host, "gopher");
  const { processId } = info(host, id);
  await writeFile(program, "not a program");
  await expect
    .poll(() => JSON.stringify(info(host, id).candidate ?? ""), { timeout: 20_000 })
    .toContain("neither a program that this system knows");
  expect(await greet(host, "gopher")).toBe(greeting);
  expect(info(host, id).processId).toBe(processId);
  await writeFile(program, bytes);
  await expect.poll(() => info(host, id).candidate, { timeout: 20_000 }).toBeUndefined();
  expect(await greet(host, "gopher")).toBe(greeting);
});

goTest("a checksum holds for the binary that is run, and a wrong one for none", async () => {
  const sum = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  const right = await setUp((bytes) => ({ sha256: sum(bytes) }));
  expect(await greet(right.host, "gopher")).toBe(greeting);
  const wrong = await setUp(() => ({ sha256: "0".repeat(64) }));
  await expect(greet(wrong.host, "gopher")).rejects.toMatchObject({ code: "MODULE_CHECKSUM" });
});

goTest(
  "a guest answers under AutoMTLS, and its records of hclog reach the log with their fields",
  async () => {
    const { host, logged } = await setUp(() => ({ tls: "auto" }));
    expect(await greet(host, "gopher")).toBe(greeting);
    const [, fields] = logged.find(([message]) => message === "plugin address") ?? [];
    expect(fields).toMatchObject({
      network: "unix",
      address: expect.stringContaining("/plugboard-") as string,
    });
    expect(logged.map(([message]) => message)).toContain("configuring server automatic mTLS");
  },
);

goTest("a stopped host leaves neither a process nor a socket", async () => {
  const { host, logged } = await setUp();
  await greet(host, "gopher");
  const { processId } = info(host, id);
  const [, fields] = logged.find(([message]) => message === "plugin address") ?? [];
  const socket = (fields as { address: string }).address;
  expect(isAlive(processId)).toBe(true);
  await host.stop();
  expect(isAlive(processId)).toBe(false);
  const folders = await readdir(join(tmpdir(), `plugboard-${userInfo().uid}`));
  expect(
    folders.filter((name) => socket.includes(`/${name}/`) || name.startsWith(socket.split("/").at(-2) ?? "")),
  ).toEqual([]);
});

goTest("a plugin of another cookie says so in the error", async () => {
  const { host } = await setUp(() => ({ cookie: { key: "OTHER", value: "cookie" } }));
  await expect(greet(host, "gopher")).rejects.toMatchObject({
    code: "RUNTIME_HANDSHAKE",
    message: expect.stringContaining("It did not find its cookie") as string,
  });
});

goTest("a plugin that runs already is attached to, and lives on when its host has stopped", async () => {
  const { host, logged } = await setUp();
  await greet(host, "gopher");
  const [, fields] = logged.find(([message]) => message === "The plugin has started.") ?? [];
  const { attach } = fields as { attach: string };
  const other = await setUp(() => ({ attach }));
  expect(await greet(other.host, "gopher")).toBe(greeting);
  expect(info(other.host, id).processId).toBeUndefined();
  await other.host.stop();
  expect(await greet(host, "gopher")).toBe(greeting);
});
