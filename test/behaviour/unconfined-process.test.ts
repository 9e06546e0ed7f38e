/** What nothing on the machine can hold back is told: an extension in a process keeps its network, and says so. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestHost } from "@plugboard/core/testing";
import { afterEach, expect, test, vi } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";

const cutsOffByItself = process.allowedNodeEnvironmentFlags.has("--allow-net");

afterEach(() => vi.unstubAllEnvs());

test("without a tool that cuts off the network an extension in a process runs, with a warning that says what to install", async () => {
  const empty = await mkdtemp(join(tmpdir(), "plugboard-no-tools-"));
  vi.stubEnv("PATH", empty);
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.english", manifest: { runtime: "process" } })],
  });
  expect(await greet(kit.host, "english")).toContain("World");

  const { problems } = info(kit.host, "acme.english");
  if (cutsOffByItself) expect(problems).toEqual([]);
  else
    expect(problems).toMatchObject([
      {
        code: "RUNTIME_UNCONFINED",
        severity: "warning",
        message: expect.stringContaining("network") as unknown,
      },
    ]);
  await rm(empty, { recursive: true });
});
