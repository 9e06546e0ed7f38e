/**
 * Ends a run with one plain line, `N passed, N failed`, that a program can read. Where the environment
 * names a file in PLUGBOARD_TEST_COUNTS, the figures are added to it, so that several runs can be summed.
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
        const { state } = test.result();
        if (state === "passed") count.passed++;
        else if (state === "failed") failures++;
        else count.skipped++;
      }
      count.failed += failures === 0 && module.state() === "failed" ? 1 : failures;
    }
    const sumFile = process.env["PLUGBOARD_TEST_COUNTS"];
    if (sumFile !== undefined) appendFileSync(sumFile, JSON.stringify(count) + "\n");
    if (count.skipped > 0) console.log(`${count.skipped} skipped (each says why)`);
    console.log(`${count.passed} passed, ${count.failed} failed`);
  }
}
