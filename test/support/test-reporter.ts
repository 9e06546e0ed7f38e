/**
 * Ends a run with one plain line, `N passed, N failed`, that a program can read. Where the environment
 * names a file in PLUGBOARD_TEST_COUNTS, the figures are added to it, so that several runs can be summed.
 * Skipped tests are listed with their reasons.
 * A file that fails before its first test counts as one failure, and so does an error outside any test.
 */
import { appendFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      let failures = 0;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") count.passed++;
        else if (result.state === "failed") failures++;
        else {
          count.skipped++;
          const why = result.state === "skipped" ? result.note : undefined;
          console.log(`skipped: ${test.fullName} (${why ?? "no reason given"})`);
        }
      }
      count.failed += failures === 0 && module.state() === "failed" ? 1 : failures;
    }
    const sumFile = process.env["PLUGBOARD_TEST_COUNTS"];
    if (sumFile !== undefined) appendFileSync(sumFile, JSON.stringify(count) + "\n");
    console.log(`${count.passed} passed, ${count.failed} failed`);
  }
}
