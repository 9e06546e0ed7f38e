/** What is made from the template go, built and run. What needs no Go of it is tested among the other templates. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished } from "vitest";
import { goTest } from "../support/go-test.js";
import { goOutput } from "../support/go-toolchain.js";
import { CommandFolder } from "../support/plugboard-process.js";
import { inRepository } from "../support/repository.js";

goTest("what is made from the template go passes its test and go vet, and answers in a host", async () => {
  await mkdir(goOutput, { recursive: true });
  const folder = new CommandFolder(await mkdtemp(join(goOutput, "created-")));
  onTestFinished(() => rm(folder.path, { recursive: true, force: true }));
  await folder.run(["create", "extensions/gopher", "--template", "go", "--name", "Go"]);
  const cwd = join(folder.path, "extensions/gopher");
  const env = { ...process.env, NODE_OPTIONS: undefined, GOCACHE: join(goOutput, "cache") };
  const node = (...words: string[]) => promisify(execFile)(process.execPath, words, { cwd, env });
  expect((await node("--test", "--test-reporter=tap")).stdout).toContain("# pass 1\n");
  expect(await node("go.js", "vet")).toEqual({ stdout: "", stderr: "" });
  await symlink(inRepository("extensions/runtime-go-plugin"), join(folder.path, "extensions/runtime"));
  expect(await folder.run(["greet", "World"])).toMatchObject({ stdout: "[Go] Hello from Go, World!\n" });
});
