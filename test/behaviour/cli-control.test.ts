/** Commands of a second terminal see and steer the host that runs in the same folder. */
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

async function runningFolder(...args: string[]) {
  const folder = await CommandFolder.create();
  await folder.write(greeterFiles("acme.english", "English", "`Hello, ${name}!`"));
  const host = folder.start(["start", "--json", ...args]);
  await host.line(({ event }) => event === "ready");
  return { folder, host };
}

async function states(folder: CommandFolder, ...args: string[]): Promise<unknown> {
  const { document } = await folder.runJson(["list", ...args]);
  const { extensions } = document as { extensions: { id: string; state: string; generation: number }[] };
  return extensions.map(({ id, state, generation }) => [id, state, generation]);
}

test("list, explain, greet, transform and call are those of the host that runs, unless --alone", async () => {
  const { folder, host } = await runningFolder();
  expect(await states(folder)).toEqual([["acme.english", "ready", 1]]);
  expect((await folder.run(["greet", "World"])).stdout).toBe("[English] Hello, World!\n");
  expect(await states(folder)).toEqual([["acme.english", "active", 1]]);
  expect(await states(folder, "--alone")).toEqual([["acme.english", "ready", 1]]);
  expect(await folder.run(["call", "greeters", "english", "greet", '"you"'])).toMatchObject({
    code: 0,
    stdout: "Hello, you!\n",
  });
  expect((await folder.run(["explain", "acme.english"])).stdout).toContain("is active, generation 1");
  const unknown = await folder.run(["call", "greeters", "englsh", "greet", '"you"']);
  expect(unknown).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Did you mean english?") as string,
  });
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
});

test("a running host is asked to reload, to retry and to stop, and says what came of it", async () => {
  const { folder, host } = await runningFolder();
  await folder.run(["greet", "World"]);
  expect((await folder.run(["reload", "acme.english"])).stdout).toBe(
    "reloaded acme.english: generation 2 is active\n",
  );
  expect(await folder.run(["reload", "acme.nobody"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("EXTENSION_UNKNOWN") as string,
  });
  await writeFile(join(folder.path, "extensions/english/extension.js"), "throw new Error('not today');");
  expect(await folder.run(["reload", "acme.english"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("not today") as string,
  });
  expect((await folder.run(["greet", "World"])).stdout).toBe("[English] Hello, World!\n");
  expect((await folder.run(["stop"])).stdout).toMatch(/^stopped the host, process \d+\n$/u);
  expect(await host.exit).toBe(0);
  for (const words of [["stop"], ["reload", "acme.english"], ["events"], ["logs"]])
    expect(await folder.run(words)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error CONTROL_MISSING No host runs/u) as string,
    });
});

test("events and logs show what has happened, and follow what happens", async () => {
  const { folder, host } = await runningFolder();
  await folder.run(["greet", "World"]);
  const told = await folder.run(["events"]);
  expect(told.stdout).toMatch(/added acme.english[^]*activated acme.english/u);
  expect((await folder.run(["events", "--since", "1d", "acme.nobody"])).stdout).not.toContain("english");
  expect(await folder.run(["events", "--since", "soon"])).toMatchObject({ code: 2 });

  const following = folder.start(["events", "--follow", "--json"]);
  await following.line(({ event }) => event === "activated");
  await folder.run(["reload", "acme.english"]);
  expect(
    await following.line(({ event, generation }) => event === "activated" && generation === 2),
  ).toMatchObject({
    id: "acme.english",
    extension: { state: "active", generation: 2 },
  });
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
  expect(await following.line(({ event, phase }) => event === "phase" && phase === "stopped")).toBeDefined();
  expect(await following.exit).toBe(0);
});

test("a host with --no-control is left alone by others", async () => {
  const { folder, host } = await runningFolder("--no-control");
  expect(await folder.run(["reload", "acme.english"])).toMatchObject({ code: 1 });
  expect(await states(folder)).toEqual([["acme.english", "ready", 1]]);
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
});

test.skipIf(process.platform === "win32")("a host that hangs is told within three seconds", async () => {
  const folder = await CommandFolder.create();
  await folder.write(greeterFiles("acme.english", "English", "`Hello, ${name}!`"));
  await mkdir(join(folder.path, ".plugboard"), { mode: 0o700 });
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(join(folder.path, ".plugboard/host.sock"), resolve));
  expect(await folder.run(["list"])).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^error CONTROL_SILENT .* has not answered within 3 s/u) as string,
  });
  expect(await folder.run(["list", "--alone"])).toMatchObject({ code: 0 });
  server.close();
});
