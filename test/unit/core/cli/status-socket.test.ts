import { mkdtemp, rename, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { askStatus, openStatusSocket, type HostStatus } from "../../../../core/src/cli/status-socket.js";

const ready: HostStatus = { phase: "ready", extensions: { active: 2, failed: 1 } };

const folderOfState = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-status-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, ".plugboard");
};

test("a status is the one of the moment it is asked for, and none after the socket is closed", async () => {
  const folder = await folderOfState();
  let status: HostStatus = { phase: "starting", extensions: {} };
  const socket = await openStatusSocket(folder, () => status);
  expect(await askStatus(folder)).toEqual(status);
  status = ready;
  expect(await askStatus(folder)).toEqual(ready);
  socket.dispose();
  expect(await askStatus(folder)).toBeUndefined();
});

test("a folder of state that did not exist is made for its owner alone", async ({ skip }) => {
  skip(process.platform === "win32", "Windows has no such modes");
  const folder = await folderOfState();
  const socket = await openStatusSocket(folder, () => ready);
  expect((await stat(folder)).mode & 0o077).toBe(0);
  socket.dispose();
});

test("a path that is too long for a socket is said to be", async ({ skip }) => {
  skip(process.platform === "win32", "Windows names its pipes by hashes");
  const folder = join(await folderOfState(), "long".repeat(25));
  await expect(openStatusSocket(folder, () => ready)).rejects.toThrow("a socket's path may have 103");
  expect(await askStatus(folder)).toBeUndefined();
});

test("a second host leaves the socket to the first", async () => {
  const folder = await folderOfState();
  const socket = await openStatusSocket(folder, () => ready);
  await expect(openStatusSocket(folder, () => ({ phase: "starting", extensions: {} }))).rejects.toThrow(
    "another host",
  );
  expect(await askStatus(folder)).toEqual(ready);
  socket.dispose();
});

test("what a killed host left is replaced", async ({ skip }) => {
  skip(process.platform === "win32", "a pipe of Windows leaves with its process");
  const folder = await folderOfState();
  const killed = await openStatusSocket(folder, () => ready);
  // Closing removes the file by its name, so this one stays with nobody behind it.
  await rename(join(folder, "host.sock"), join(folder, "left"));
  killed.dispose();
  await rename(join(folder, "left"), join(folder, "host.sock"));
  expect(await askStatus(folder)).toBeUndefined();
  const socket = await openStatusSocket(folder, () => ready);
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
  (await openStatusSocket(folder, () => ready)).dispose();
  const server = createServer((connection) => connection.end(text));
  await new Promise<void>((resolve) => server.listen(join(folder, "host.sock"), resolve));
  expect(await askStatus(folder)).toBeUndefined();
  server.close();
});
