import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import {
  identify,
  processSpace,
  type ProcessIdentity,
} from "../../../../extensions/runtime-go-plugin/src/launch/process-identity.js";
import { sweepLeftovers } from "../../../../extensions/runtime-go-plugin/src/launch/sweep.js";
import { inRepository } from "../../../support/repository.js";
import { aLauncher, freshFolder, idle, isAlive, writeProgram } from "./plugin-folder.js";

/** A process at the head of its own group, killed when the test is over. */
function aProcess(): ChildProcess & { readonly pid: number } {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
    detached: true,
    stdio: "ignore",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child as ChildProcess & { readonly pid: number };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
}

/** Someone who has ended: no process has started then. */
const gone: ProcessIdentity = { id: process.pid, started: "0" };

async function leave(root: string, name: string, record: unknown): Promise<void> {
  await mkdir(join(root, name));
  await writeFile(join(root, name, "plugin123"), "");
  if (record !== undefined) await writeFile(join(root, `${name}.json`), JSON.stringify(record));
}

test("a sweep ends plugins and removes folders of hosts that are gone, and touches nothing else", async () => {
  const root = await freshFolder();
  const [orphan, reused, served] = [aProcess(), aProcess(), aProcess()];
  const [space, host, plugin] = [
    await processSpace(),
    await identify(process.pid),
    await identify(orphan.pid),
  ];
  const servedIdentity = await identify(served.pid);
  await leave(root, "orphan", { space, host: gone, plugin });
  await leave(root, "reused", { space, host: gone, plugin: { id: reused.pid, started: "1" } });
  await leave(root, "served", { space, host, plugin: servedIdentity });
  await leave(root, "elsewhere", {
    space: `${space.split(" ")[0]} pid:[1]`,
    host: gone,
    plugin: servedIdentity,
  });
  await leave(root, "before", { space: "another boot", host: gone, plugin: servedIdentity });
  await leave(root, "evil", { space, host: gone, plugin: { id: -1, started: "1" } });
  await leave(root, "unrecorded", undefined);
  await leave(root, "torn", undefined);
  await writeFile(join(root, "torn.json"), "{");
  await utimes(join(root, "unrecorded"), 0, 0);

  const { ended: killed, removed } = await sweepLeftovers(root);
  expect(killed).toEqual([orphan.pid]);
  await ended(orphan);
  expect(orphan.signalCode).toBe("SIGKILL");
  expect([isAlive(reused.pid), isAlive(served.pid)]).toEqual([true, true]);
  expect([...removed].sort()).toEqual(["before", "evil", "orphan", "reused"].map((name) => join(root, name)));
  // What has no record may belong to a host that is just making it.
  expect((await readdir(root)).sort()).toEqual([
    "elsewhere",
    "elsewhere.json",
    "served",
    "served.json",
    "torn",
    "torn.json",
    "unrecorded",
  ]);
});

test("a sweep of a folder that is not there finds nothing", async () => {
  expect(await sweepLeftovers(join(await freshFolder(), "no"))).toEqual({ ended: [], removed: [] });
});

test("a process is told from a later one by its start", async () => {
  const child = aProcess();
  const identity = await identify(child.pid);
  expect(identity).toEqual(await identify(child.pid));
  child.kill("SIGKILL");
  await ended(child);
  expect(await identify(child.pid)).toBeUndefined();
});

test("a plugin ends with a host that is killed, and the next host removes its folder", async () => {
  const [folder, temporary] = [await freshFolder(), await freshFolder()];
  await writeProgram(folder, idle);
  const built = (path: string) => pathToFileURL(inRepository(path)).href;
  const dist = (name: string) => built(`extensions/runtime-go-plugin/dist/${name}.js`);
  const host = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `const { Launcher } = await import(${JSON.stringify(dist("launch/launcher"))});
       const { readSettings } = await import(${JSON.stringify(dist("settings/settings"))});
       const { Children } = await import(${JSON.stringify(built("core/dist/runtime/child/children.js"))});
       const children = new Children(2 ** 30);
       const place = { platform: process.platform, arch: process.arch, environment: {} };
       const launcher = new Launcher({ environment: process.env, temporaryFolder: ${JSON.stringify(temporary)} });
       const { process: plugin } = await launcher.launch({
         extension: { id: "acme.x", version: "1.0.0", path: ${JSON.stringify(folder)} },
         settings: readSettings("acme.x", { kind: "go-plugin", command: "./plugin" }, place),
         granted: [], reuse: undefined, onFile() {}, onLine() {},
         startChild: ({ program, args, argv0, environment, onLine }) =>
           children.start({ program, args, argv0, folder: ${JSON.stringify(folder)}, environment, pipes: 0, onLine }),
       }, new AbortController().signal);
       console.log(plugin.processId);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const id = await new Promise<number>((resolve) => {
    host.stdout.once("data", (text: Buffer) => resolve(Number(text.toString())));
  });
  expect(isAlive(id)).toBe(true);
  host.kill("SIGKILL");
  // Whoever adopts it may take its time to collect what is left of it.
  await expect.poll(async () => (await identify(id)) === undefined, { timeout: 5_000 }).toBe(true);

  const { launcher } = await aLauncher();
  const root = join(temporary, (await readdir(temporary))[0] ?? "");
  expect(await readdir(root)).not.toEqual([]);
  await sweepLeftovers(root);
  expect(await readdir(root)).toEqual([]);
  expect((await stat(await launcher.folders.root())).mode & 0o777).toBe(0o700);
});
