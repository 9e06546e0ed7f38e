import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { goTest } from "../support/go-test.js";
import { generateGo, goEnvironment, goFolder } from "../support/go-toolchain.js";

const run = promisify(execFile);

goTest("what is generated from each .proto is current; `npm run go:proto` makes it so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-go-"));
  try {
    for (const file of await generateGo(folder)) {
      const committed = await readFile(join(goFolder, "src", file), "utf8");
      expect(committed, file).toBe(await readFile(join(folder, file), "utf8"));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

goTest("the Go sources are formatted", async () => {
  const { stdout } = await run("gofmt", ["-l", join(goFolder, "src")]);
  expect(stdout).toBe("");
});

goTest(
  "go vet finds nothing, and the library's own tests pass",
  async () => {
    const env = goEnvironment();
    await run("go", ["vet", "plugboard.dev/..."], { env });
    const { stdout } = await run("go", ["test", "plugboard.dev/..."], { env });
    expect(stdout).toContain("ok  \tplugboard.dev/plugboard");
  },
  { timeoutMs: 600_000 },
);
