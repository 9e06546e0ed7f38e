/**
 * How the tests run: one project a folder. What imports a package by name gets its built files, loaded by
 * Node itself, as a user's program would; unit tests import sources by path.
 */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./support/longest-first.ts";

const folders = ["unit", "behaviour", "architecture", "packaging", "regression", "conformance", "go"];

export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    reporters: [fileURLToPath(new URL("support/test-reporter.ts", import.meta.url))],
    silent: "passed-only",
    // `--mode javascript` leaves out what is written in Go.
    env: { PLUGBOARD_TEST_MODE: mode },
    // Tests wait for files and processes more than they compute.
    maxWorkers: availableParallelism() + 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    sequence: { sequencer: LongestFirst },
    // Tests that wait for limits to pass are made at once, and no more of them than the processors can serve in time.
    maxConcurrency: 3,
    // Files share a process: loading the host for each of them would take as long as most of them run.
    isolate: false,
    server: { deps: { external: [/\/(?:core|extension-api|schemas)\/(?:bundle|dist)\//] } },
    projects: [
      ...folders.map((name) => ({
        extends: true as const,
        test: { name, include: [`test/${name}/**/*.test.ts`] },
      })),
      {
        extends: true as const,
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ["test/types/**/*.test-d.ts"],
            tsconfig: "test/tsconfig.json",
          },
        },
      },
    ],
  },
}));
