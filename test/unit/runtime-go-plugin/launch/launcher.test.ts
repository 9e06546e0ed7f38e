import { copyFile, mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { aLauncher, freshFolder, idle, isAlive, writeProgram } from "./plugin-folder.js";

test("a plugin starts in its extension's folder, with a socket folder of its own, and leaves nothing behind", async () => {
  const { launch, temporary } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(
    folder,
    `console.log("1|1|unix|" + process.env.TMPDIR + "/s|grpc|");
     console.error([process.cwd(), process.argv[2], process.env.PLUGIN_UNIX_SOCKET_DIR === process.env.TMPDIR, process.env.HOME].join(" "));
     setInterval(() => {}, 1000);`,
  );
  const plugin = await launch(folder, { args: ["--deep"] });
  expect(plugin.handshake).toMatchObject({ version: 1, address: { address: `${plugin.folder.path}/s` } });
  await expect.poll(() => plugin.lines).toEqual([`stderr: ${folder} --deep true `]);
  expect((await stat(join(plugin.folder.path, ".."))).mode & 0o777).toBe(0o700);
  expect([...plugin.files.keys()]).toEqual([join(folder, "plugin")]);

  plugin.process.kill();
  expect(await plugin.process.exited).toMatchObject({ code: undefined, signal: "SIGKILL" });
  await expect.poll(() => readdir(join(plugin.folder.path, ".."))).toEqual([]);
  expect(await readdir(temporary)).toHaveLength(1);
});

test("stray prints before the handshake are shown, with standard error and the exit code", async () => {
  const { refusal } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(
    folder,
    `console.log("Loading…"); console.log("1|1|unix|/x|grpc|"); console.error("cfg ok"); process.exit(3);`,
  );
  const error = await refusal(folder);
  expect(error.code).toBe("RUNTIME_HANDSHAKE");
  expect(error.message).toBe(
    'The plugin plugin of acme.x said "Loading…" on its standard output, which is not a handshake. It exited with code 3. ' +
      "A plugin has to print its handshake before anything else on its standard output; logs belong on standard error. " +
      'On its standard error: "cfg ok"',
  );
  expect(error.details).toMatchObject({ stdout: ["Loading…", "1|1|unix|/x|grpc|"], stderr: ["cfg ok"] });
});

test("a plugin that ends without a word is told with its exit code, and one without its cookie by that", async () => {
  const { refusal } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(
    folder,
    `console.error("This binary is a plugin. These are not meant…"); process.exit(1);`,
  );
  const error = await refusal(folder);
  expect(error.code).toBe("RUNTIME_HANDSHAKE");
  expect(error.message).toMatch(
    /ended without a word .* exited with code 1\. It did not find its cookie: runtime.cookie is /,
  );
});

test("what a plugin logged before it gave up is told in words, without those that go-plugin has for everybody", async () => {
  const { refusal } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(
    folder,
    `console.error(JSON.stringify({ "@level": "error", "@message": "no settings", "@module": "x", "@timestamp": "now", file: "a.hcl", tries: 2 }));
     console.error("This binary is a plugin. These are not meant…\\nload any plugins automatically"); process.exit(1);`,
  );
  const error = await refusal(folder);
  expect(error.message).toMatch(/On its standard error: "no settings file=a.hcl tries=2"$/);
  expect(error.details["stderr"]).toHaveLength(3);
});

test("a plugin that says nothing is ended when its time is up", async () => {
  const { refusal, launcher } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(folder, `console.error("pid " + process.pid); setInterval(() => {}, 1000);`);
  const error = await refusal(folder, { startTimeoutMs: 1_000 });
  expect(error.code).toBe("RUNTIME_HANDSHAKE");
  expect(error.message).toContain("within 1000 ms");
  const [, id] = /pid (\d+)/.exec(String(error.details["stderr"])) ?? [];
  expect(isAlive(Number(id))).toBe(false);
  await launcher.dispose();
});

test("a version that the manifest does not offer is told with both sides' versions", async () => {
  const { refusal } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(folder, `console.log("1|7|unix|/x|grpc|"); setInterval(() => {}, 1000);`);
  const error = await refusal(folder, { versions: [1, 2] });
  expect(error.code).toBe("RUNTIME_VERSION");
  expect(error.message).toContain("picks version 7 of its protocol, and the manifest offers 1, 2");
});

test("the highest common version is what a plugin can pick from several sets", async () => {
  const { launch } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(
    folder,
    `const highest = Math.max(...process.env.PLUGIN_PROTOCOL_VERSIONS.split(",").filter((one) => one < 5));
     console.log("1|" + highest + "|tcp|127.0.0.1:" + process.env.PLUGIN_MIN_PORT + "|grpc|"); setInterval(() => {}, 1000);`,
  );
  const { handshake } = await launch(folder, { versions: [4, 6, 3], ports: [4321, 4330] });
  expect(handshake).toMatchObject({ version: 4, address: { network: "tcp", address: "127.0.0.1:4321" } });
});

test("what a plugin prints after its handshake is read for ever", async () => {
  const { launch } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(
    folder,
    `console.log("1|1|unix|/x|grpc|");
     process.stdout.write(("x".repeat(65535) + "\\n").repeat(64), () => console.error("done")); setInterval(() => {}, 1000);`,
  );
  const plugin = await launch(folder);
  await expect.poll(() => plugin.lines.at(-1)).toBe("stderr: done");
  expect(plugin.lines).toHaveLength(65);
});

test("what a plugin started in its group ends with it", async () => {
  const { launch } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(
    folder,
    `const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
     console.log("1|1|unix|/x|grpc|"); console.error(child.pid); setInterval(() => {}, 1000);`,
  );
  const plugin = await launch(folder);
  await expect.poll(() => plugin.lines.length).toBe(1);
  const child = Number(plugin.lines[0]?.split(" ")[1]);
  expect(isAlive(child)).toBe(true);
  process.kill(plugin.process.processId, "SIGKILL");
  await plugin.process.exited;
  // Whoever adopts it may take its time to collect what is left.
  await expect.poll(() => isAlive(child), { timeout: 5_000 }).toBe(false);
});

test("a plugin that ignores SIGTERM is killed when its grace is over; one that heeds it ends by itself", async () => {
  const { launch } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(
    folder,
    `process.on("SIGTERM", () => process.argv[2] === "heeds" && process.exit(5)); ${idle}`,
  );
  const [deaf, heeding] = await Promise.all([launch(folder), launch(folder, { args: ["heeds"] })]);
  await Promise.all([
    deaf.process.terminate({ graceMs: 300 }),
    heeding.process.terminate({ graceMs: 5_000 }),
  ]);
  expect(await deaf.process.exited).toMatchObject({ code: undefined, signal: "SIGKILL" });
  expect(await heeding.process.exited).toMatchObject({ code: 5, signal: undefined });
});

test("a launch that nobody wants any more leaves no process", async () => {
  const { launcher, launch, temporary } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(folder, "setInterval(() => {}, 1000);");
  const launching = launch(folder);
  launching.catch(() => undefined);
  await expect.poll(async () => (await readdir(temporary, { recursive: true })).length).toBeGreaterThan(2);
  await launcher.dispose();
  await expect(launching).rejects.toMatchObject({ code: /RUNTIME_/ });
  await expect(launch(folder)).rejects.toMatchObject({ code: "RUNTIME_START_FAILED" });
});

test("a socket that a plugin made elsewhere is removed when the plugin was killed", async () => {
  const { launch } = await aLauncher();
  const [folder, elsewhere] = [await freshFolder(), await freshFolder()];
  const path = join(elsewhere, "s");
  await writeProgram(
    folder,
    `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log("1|1|unix|${path}|grpc|"));`,
  );
  const plugin = await launch(folder);
  expect((await stat(path)).isSocket()).toBe(true);
  plugin.process.kill();
  await expect.poll(() => readdir(elsewhere)).toEqual([]);
});

test("a socket that somebody else listens on stays when a plugin named it and was killed", async () => {
  const { launcher, launch } = await aLauncher();
  const [folder, elsewhere] = [await freshFolder(), await freshFolder()];
  const path = join(elsewhere, "another");
  const another = createServer((socket) => void socket.destroy());
  await new Promise<void>((resolve) => another.listen(path, resolve));
  onTestFinished(() => new Promise<void>((resolve) => void another.close(() => resolve())));
  await writeProgram(folder, `console.log("1|1|unix|${path}|grpc|"); setInterval(() => {}, 1000);`);
  const plugin = await launch(folder);
  plugin.process.kill();
  await plugin.process.exited;
  // Settles when all that follows an end is done.
  await launcher.dispose();
  expect((await stat(path)).isSocket()).toBe(true);
});

test("a plugin starts again after the system has removed old temporary files", async () => {
  const { launch, temporary } = await aLauncher();
  const [folder, program] = [await freshFolder(), "cat"];
  await copyFile("/bin/cat", join(folder, program));
  await utimes(join(folder, program), 0, 0);
  const lines = join(folder, "line");
  await writeFile(lines, "1|1|unix|/x|grpc|\n");
  const runtime = { command: `./${program}`, args: [lines, "/dev/zero"] };
  const first = await launch(folder, runtime);
  first.process.kill();
  await first.process.exited;
  await rm(temporary, { recursive: true });
  await mkdir(temporary);
  const second = await launch(folder, runtime, { reuse: first.program });
  expect(second.handshake.version).toBe(1);
});

test("a folder for temporary files that can't be used is told in the error, with what helps", async () => {
  const file = join(await freshFolder(), "file");
  await writeFile(file, "");
  const { launch } = await aLauncher({ temporaryFolder: file });
  const folder = await freshFolder();
  await writeProgram(folder, idle);
  await expect(launch(folder)).rejects.toMatchObject({
    code: "RUNTIME_START_FAILED",
    extensionId: "acme.x",
    details: { hint: "Let TMPDIR name a folder in which files can be made." },
  });
});

test("a record of a process that can't be written ends neither the plugin nor the host", async () => {
  const { folders, launch } = await aLauncher();
  const folder = await freshFolder();
  await writeProgram(folder, idle);
  const create = folders.create.bind(folders);
  vi.spyOn(folders, "create").mockImplementation(async () => ({
    ...(await create()),
    belongsTo: () => Promise.reject(new Error("no space left on device")),
  }));
  const plugin = await launch(folder);
  expect(plugin.process.end).toBeUndefined();
  plugin.process.kill();
  await plugin.process.exited;
});

test("a launch that is still preparing leaves nothing when the launcher is disposed", async () => {
  const { launcher, launch, temporary } = await aLauncher();
  const folder = await freshFolder();
  await copyFile(process.execPath, join(folder, "plugin"));
  const launching = launch(folder);
  launching.catch(() => undefined);
  await launcher.dispose();
  await expect(launching).rejects.toMatchObject({ code: "RUNTIME_START_FAILED" });
  // Nothing but the folder that holds all of them.
  expect(await readdir(temporary, { recursive: true })).toHaveLength(1);
});
