import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import {
  checkNode,
  checkTemporaryFolder,
  sandboxChecks,
} from "../../../../core/src/doctor/machine-checks.js";

test.each([
  ["22.22.0", "ok"],
  ["24.1.0", "ok"],
  ["22.21.9", "problem"],
  ["20.99.0", "problem"],
])("Node %s is %s", (version, outcome) => {
  expect(checkNode(version)).toMatchObject([{ name: "node", outcome }]);
});

const facts = { platform: "linux", nodeVersion: "24.0.0" } as const;

test("bubblewrap that runs leaves nothing to do", () => {
  const tools = { bubblewrap: "works", unshare: "missing" } as const;
  expect(sandboxChecks({ ...facts, tools })).toMatchObject([{ outcome: "ok" }]);
});

test("an empty namespace is told apart from a sandbox, with what to install", () => {
  const tools = { bubblewrap: "missing", unshare: "works" } as const;
  const [check] = sandboxChecks({ ...facts, tools });
  expect(check).toMatchObject({ outcome: "warning", advice: expect.stringContaining("Install bubblewrap") });
  expect(check?.message).toContain("an empty network namespace works");
});

test("a tool that is there and may not work is told apart from one that is missing", () => {
  const tools = { bubblewrap: "refused", unshare: "refused" } as const;
  const [check] = sandboxChecks({ ...facts, tools });
  expect(check?.message).toContain("bubblewrap may not make a sandbox here");
  expect(check?.message).toContain("nothing cuts process extensions off");
  expect(check?.advice).toContain("user namespaces");
});

test("a Node that cuts the network off needs no tool", () => {
  const tools = { bubblewrap: "missing", unshare: "missing" } as const;
  expect(sandboxChecks({ ...facts, nodeVersion: "26.0.0", tools })).toMatchObject([{ outcome: "ok" }]);
});

test("a place for temporary files that can't be used is told with what to do in a container", () => {
  expect(checkTemporaryFolder(tmpdir())).toMatchObject([{ name: "temporary", outcome: "ok" }]);
  expect(checkTemporaryFolder("/nowhere/at all")).toMatchObject([
    {
      outcome: "warning",
      message: expect.stringContaining("ENOENT"),
      advice: expect.stringContaining("--tmpfs /tmp"),
    },
  ]);
});
