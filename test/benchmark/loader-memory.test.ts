import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const script = join(import.meta.dirname, "reload-memory.mjs");

// the script runs what is published, in a process whose heap nothing else shares
beforeAll(async () => {
  const compiler = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");
  await run(process.execPath, [compiler, "--build", join(root, "core")]);
}, 120_000);

async function reloadMemory(
  ...options: readonly string[]
): Promise<{ reloads: number; bytesPerReload: number }> {
  const { stdout } = await run(process.execPath, [...options, script, "1500"]);
  return JSON.parse(stdout) as { reloads: number; bytesPerReload: number };
}

test("1,500 reloads of a 50 KB TypeScript extension survive an old space of 64 MB", async () => {
  expect(await reloadMemory("--max-old-space-size=64")).toMatchObject({ reloads: 1_500 });
}, 300_000);

test("a reload of a 50 KB TypeScript extension keeps at most 2 KB", async () => {
  expect((await reloadMemory("--expose-gc")).bytesPerReload).toBeLessThanOrEqual(2_048);
}, 300_000);
