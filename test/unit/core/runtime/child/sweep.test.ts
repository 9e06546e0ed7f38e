import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PrivateFolders } from "../../../../../core/src/runtime/child/private-folders.js";
import {
  identify,
  processSpace,
  type ProcessIdentity,
} from "../../../../../core/src/runtime/child/process-identity.js";
import { sweepLeftovers } from "../../../../../core/src/runtime/child/sweep.js";
import { isRunning, makeFolder } from "../process/child-harness.js";

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

test("a sweep ends children and removes folders of hosts that are gone, and touches nothing else", async () => {
  const root = await makeFolder();
  const [orphan, reused, served] = [aProcess(), aProcess(), aProcess()];
  const [space, host, child] = [
    await processSpace(),
    await identify(process.pid),
    await identify(orphan.pid),
  ];
  const servedIdentity = await identify(served.pid);
  await leave(root, "orphan", { space, host: gone, child });
  await leave(root, "reused", { space, host: gone, child: { id: reused.pid, started: "1" } });
  await leave(root, "served", { space, host, child: servedIdentity });
  await leave(root, "elsewhere", {
    space: `${space.split(" ")[0]} pid:[1]`,
    host: gone,
    child: servedIdentity,
  });
  await leave(root, "before", { space: "another boot", host: gone, child: servedIdentity });
  await leave(root, "evil", { space, host: gone, child: { id: -1, started: "1" } });
  await leave(root, "unrecorded", undefined);
  await leave(root, "torn", undefined);
  await writeFile(join(root, "torn.json"), "{");
  await utimes(join(root, "unrecorded"), 0, 0);

  const { ended: killed, removed } = await sweepLeftovers(root);
  expect(killed).toEqual([orphan.pid]);
  await ended(orphan);
  expect(orphan.signalCode).toBe("SIGKILL");
  expect([isRunning(reused.pid), isRunning(served.pid)]).toEqual([true, true]);
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
  expect(await sweepLeftovers(join(await makeFolder(), "no"))).toEqual({ ended: [], removed: [] });
});

test("a process is told from a later one by its start", async () => {
  const child = aProcess();
  const identity = await identify(child.pid);
  expect(identity).toEqual(await identify(child.pid));
  child.kill("SIGKILL");
  await ended(child);
  expect(await identify(child.pid)).toBeUndefined();
});

test("a folder for temporary files that is too long for sockets is replaced by a shorter one", async () => {
  const long = join(await makeFolder(), "x".repeat(100));
  const folder = await new PrivateFolders(long).create();
  const path = join(folder.path, "plugin4294967295");
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  await new Promise((resolve) => server.close(resolve));
  await folder.remove();
  await expect(stat(folder.path)).rejects.toThrow("ENOENT");
  await rm(long, { recursive: true, force: true });
});
