import { mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { askStatus, openStatusSocket, type HostStatus } from "../../../../core/src/cli/status-socket.js";

/** A host that answers so, and what troubles it. */
const source = (status: () => HostStatus) => {
  const troubles: string[] = [];
  const onTrouble = (error: unknown) => void troubles.push(String(error));
  return { status, onTrouble, troubles, lookAgainMs: 20 };
};

const ready: HostStatus = { phase: "ready", extensions: { active: 2, failed: 1 } };

const folderOfState = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-status-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, ".plugboard");
};

test("a status is the one of the moment it is asked for, and none after the socket is closed", async () => {
  const folder = await folderOfState();
  let status: HostStatus = { phase: "starting", extensions: {} };
  const socket = await openStatusSocket(
    folder,
    source(() => status),
  );
  expect(await askStatus(folder)).toEqual(status);
  status = ready;
  expect(await askStatus(folder)).toEqual(ready);
  socket.dispose();
  expect(await askStatus(folder)).toBeUndefined();
});

test("a folder of state that did not exist is made for its owner alone", async ({ skip }) => {
  skip(process.platform === "win32", "Windows has no such modes");
  const folder = await folderOfState();
  const socket = await openStatusSocket(
    folder,
    source(() => ready),
  );
  expect((await stat(folder)).mode & 0o077).toBe(0);
  socket.dispose();
});

test("a path that is too long for a socket is said to be, once", async ({ skip }) => {
  skip(process.platform === "win32", "Windows names its pipes by hashes");
  const folder = join(await folderOfState(), "long".repeat(25));
  const host = source(() => ready);
  const socket = await openStatusSocket(folder, host);
  await new Promise((resolve) => setTimeout(resolve, 5 * host.lookAgainMs));
  expect(host.troubles).toEqual([expect.stringContaining("a socket's path may have 103")]);
  expect(await askStatus(folder)).toBeUndefined();
  socket.dispose();
});

test("a second host leaves the socket to the first, and answers when that has gone", async () => {
  const folder = await folderOfState();
  const first = await openStatusSocket(
    folder,
    source(() => ready),
  );
  const starting: HostStatus = { phase: "starting", extensions: {} };
  const second = source(() => starting);
  const socket = await openStatusSocket(folder, second);
  expect(second.troubles).toEqual([expect.stringContaining("another host")]);
  expect(await askStatus(folder)).toEqual(ready);
  first.dispose();
  await vi.waitFor(async () => expect(await askStatus(folder)).toEqual(starting), { timeout: 20_000 });
  expect(second.troubles).toHaveLength(1);
  socket.dispose();
  // An attempt that is under way ends first.
  await vi.waitFor(async () => expect(await askStatus(folder)).toBeUndefined(), { timeout: 20_000 });
});

test("whose socket was removed, or taken by another who is gone, answers again", async ({ skip }) => {
  skip(process.platform === "win32", "a pipe of Windows can't be removed");
  const folder = await folderOfState();
  const socket = await openStatusSocket(
    folder,
    source(() => ready),
  );
  const answers = () =>
    vi.waitFor(async () => expect(await askStatus(folder)).toEqual(ready), { timeout: 20_000 });
  await rm(folder, { recursive: true });
  await answers();
  await rm(join(folder, "host.sock"));
  await writeFile(join(folder, "host.sock"), "");
  await answers();
  socket.dispose();
});

test("what a killed host left is replaced", async ({ skip }) => {
  skip(process.platform === "win32", "a pipe of Windows leaves with its process");
  const folder = await folderOfState();
  const killed = await openStatusSocket(
    folder,
    source(() => ready),
  );
  // Closing removes the file by its name, so this one stays with nobody behind it.
  await rename(join(folder, "host.sock"), join(folder, "left"));
  killed.dispose();
  await rename(join(folder, "left"), join(folder, "host.sock"));
  expect(await askStatus(folder)).toBeUndefined();
  const socket = await openStatusSocket(
    folder,
    source(() => ready),
  );
  expect(await askStatus(folder)).toEqual(ready);
  socket.dispose();
});

test.for([
  ["half a status", '{"phase": "rea'],
  ["something else", '"ready"\n'],
  ["nothing", ""],
] as const)("%s is no status", async ([, text], { skip }) => {
  skip(process.platform === "win32", "the socket is a pipe of another name there");
  const folder = await folderOfState();
  (
    await openStatusSocket(
      folder,
      source(() => ready),
    )
  ).dispose();
  const server = createServer((connection) => connection.end(text));
  await new Promise<void>((resolve) => server.listen(join(folder, "host.sock"), resolve));
  expect(await askStatus(folder)).toBeUndefined();
  server.close();
});
