import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { GoPluginServing } from "../../../../core/src/cli/commands/serve-go-plugin.js";
import { run } from "../../../../core/src/cli/run.js";
import * as serving from "../../../../extensions/runtime-go-plugin/src/serve/index.js";
import { commandWorld } from "./command-world.js";

const cookie = { PLUGBOARD_PLUGIN: "plugboard-contract" };

test("the runtime package has what the command line uses of it", () => {
  // Core describes it by itself, as it can't depend on it: the compiler holds one against the other here.
  const used: GoPluginServing = serving;
  expect(used.servingCookie).toEqual({ key: "PLUGBOARD_PLUGIN", value: "plugboard-contract" });
  expect(used.isStartedByHost(cookie, used.servingCookie)).toBe(true);
});

async function serve(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const cwd = await mkdtemp(join(tmpdir(), "plugboard-"));
  try {
    const world = commandWorld({ cwd, env });
    const services = () => expect.unreachable("the command loaded a host");
    const code = await run([...words], { io: world.io, services, version: "1.2.3" });
    return { code, stdout: world.stdout.text, stderr: world.stderr.text };
  } finally {
    await rm(cwd, { recursive: true });
  }
}

test("serve-go-plugin by hand says what it is for, on standard error alone", async () => {
  const { code, stdout, stderr } = await serve(["serve-go-plugin"]);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain("This is a plugin: a Go program starts it");
  expect(stderr).toContain("PLUGBOARD_PLUGIN=plugboard-contract");
});

test("serve-go-plugin by hand gives a document to programs", async () => {
  const { code, stdout, stderr } = await serve(["--json", "serve-go-plugin"]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "RUNTIME_START_FAILED" } });
  expect(stderr).toBe("");
});

test("serve-go-plugin names the cookie that it was told to look for", async () => {
  const { code, stderr } = await serve(["serve-go-plugin", "--cookie", "MY_PLUGIN=a=b"], cookie);
  expect(code).toBe(1);
  expect(stderr).toContain("MY_PLUGIN=a=b");
});

test("serve-go-plugin refuses a folder that is not there before it shakes hands", async () => {
  const { code, stdout, stderr } = await serve(["serve-go-plugin", "missing"], cookie);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain("DISCOVERY_FOLDER_MISSING The folder ./missing does not exist.");
});

test.each([
  ["--cookie", "x"],
  ["--cookie", "=x"],
  ["--versions", "1,two"],
  ["--versions", ""],
  ["--service", "acme.orders"],
  ["--service", "acme.orders=find"],
  ["--service", "=find:1"],
])("serve-go-plugin tells how %s is used when it is given %j", async (option, value) => {
  const { code, stderr } = await serve(["serve-go-plugin", option, value], cookie);
  expect(code).toBe(2);
  expect(stderr).toContain(`${option} takes `);
});
