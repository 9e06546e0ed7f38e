/**
 * Runs the tests of the packages on each Node that Plugboard promises to run on, or on the major versions
 * given: `npm run test:nodes -- 22 26`. A version that can't be had is named and left out. With `--quick` the
 * longest files and those of what no Node changes (single commands, manifests, archives, what plugins in Go rest
 * on) are left out as well, and that is said.
 */
import { spawnSync } from "node:child_process";
import { inRepository, repositoryRoot } from "./repository.ts";
import { nodeBinary, supportedNodes, withNode } from "./node-binaries.ts";

const projects = ["unit", "behaviour", "conformance", "regression"];
const leftOutWhenQuick = [
  ...[
    "calls",
    "context",
    "crashes",
    "dependencies",
    "errors",
    "faults",
    "forms",
    "generations",
    "sizes",
    "values",
  ].map((name) => `test/conformance/${name}.test.ts`),
  "test/behaviour/cli-!(greet).test.ts",
  ...[
    "doc-sessions",
    "hidden-characters",
    "hostile-extensions",
    "http-service",
    "live-model",
    "watchdog",
  ].map((name) => `test/behaviour/${name}.test.ts`),
  "test/unit/core/discovery/random-changes.test.ts",
  "test/unit/core/@(archive|cli|install|manifest|source|trust)/**",
  "test/unit/runtime-go-plugin/!(wire)/**",
  "test/unit/schemas/**",
];
const isQuick = process.argv.includes("--quick");
const wanted = process.argv.slice(2).filter((argument) => argument !== "--quick");

for (const version of supportedNodes) {
  if (wanted.length > 0 && !wanted.some((major) => version.startsWith(`${major}.`))) continue;
  const binary = await nodeBinary(version);
  if ("missing" in binary) {
    console.log(`skipped: the tests on Node ${version} (${binary.missing})`);
    continue;
  }
  console.log(`Node ${version}${isQuick ? `, without ${leftOutWhenQuick.join(", ")}` : ""}`);
  const { status } = spawnSync(
    binary.path,
    [
      inRepository("node_modules/vitest/vitest.mjs"),
      "run",
      "--config",
      "test/vitest.config.ts",
      ...projects.flatMap((name) => ["--project", name]),
      ...(isQuick ? leftOutWhenQuick.flatMap((file) => ["--exclude", file]) : []),
    ],
    { cwd: repositoryRoot, env: withNode(binary.path), stdio: "inherit" },
  );
  if (status !== 0) process.exitCode = 1;
}
