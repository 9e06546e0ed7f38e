import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeSocketsLeft } from "../../../../extensions/runtime-go-plugin/src/serve/sockets-left.js";

test("a killed plugin's socket is removed; one in use, one to come and what is none of ours stay", async () => {
  const parent = await mkdtemp(join(tmpdir(), "sockets-"));
  const inUse = createServer();
  try {
    const folder = async (name: string) => (await mkdir(join(parent, name)), join(parent, name));
    const left = await folder("plugboard-plugin-left");
    const used = await folder("plugboard-plugin-used");
    const empty = await folder("plugboard-plugin-empty");
    const other = await folder("other");
    await writeFile(join(other, "file"), "");
    await killedListener(join(left, "plugin1"));
    inUse.listen(join(used, "plugin2"));
    await once(inUse, "listening");
    expect(existsSync(join(left, "plugin1"))).toBe(true);
    expect(await removeSocketsLeft(parent, left)).toBe(0);
    expect(await removeSocketsLeft(parent)).toBe(1);
    expect([left, used, empty, other].map((path) => existsSync(path))).toEqual([false, true, true, true]);
  } finally {
    inUse.close();
    await rm(parent, { recursive: true });
  }
});

test("a folder that is not there holds nothing", async () => {
  expect(await removeSocketsLeft(join(tmpdir(), "plugboard-absent"))).toBe(0);
});

async function killedListener(path: string): Promise<void> {
  const code = `require("node:net").createServer().listen(process.argv[1], () => console.log("listening"))`;
  const child = spawn(process.execPath, ["-e", code, path], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
}
