/**
 * Prints what fails, how far the run is, and at the end the skipped tests counted by reason. Files that pass say nothing;
 * `--reporter=verbose` lists every test. The last line is `N passed, N failed`, for programs. Where the environment
 * names a file in PLUGBOARD_TEST_COUNTS, the figures are added to it, so that several runs can be summed.
 * A file that fails before its first test counts as one failure, and so does an error outside any test.
 */
import { appendFileSync } from "node:fs";
import { DefaultReporter, type TestCase, type TestModule, type TestSpecification } from "vitest/node";

/** How often a run without a terminal says how far it is. */
const progressMs = 30_000;

export default class TestReporter extends DefaultReporter {
  #files = 0;
  #ended = 0;
  #passed = 0;
  #toldAt = Date.now();

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    super.onTestRunStart(specifications);
    this.#files = specifications.length;
  }

  override onTestModuleEnd(module: TestModule): void {
    super.onTestModuleEnd(module);
    this.#ended++;
    for (const test of module.children.allTests("passed")) if (test.ok()) this.#passed++;
    if (this.isTTY || Date.now() - this.#toldAt < progressMs) return;
    this.#toldAt = Date.now();
    this.log(`${this.#ended} of ${this.#files} files, ${this.#passed} tests passed`);
  }

  override printTestModule(module: TestModule): void {
    if (module.state() === "failed") super.printTestModule(module);
  }

  override printTestCase(moduleState: ReturnType<TestModule["state"]>, test: TestCase): void {
    if (test.result().state === "failed") super.printTestCase(moduleState, test);
  }

  override onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: Parameters<DefaultReporter["onTestRunEnd"]>[1],
    reason: Parameters<DefaultReporter["onTestRunEnd"]>[2],
  ): void {
    super.onTestRunEnd(modules, unhandledErrors, reason);
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const reasons = new Map<string, number>();
    for (const module of modules) {
      let failures = 0;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") count.passed++;
        else if (result.state === "failed") failures++;
        else {
          const note = result.state === "skipped" ? result.note : undefined;
          // Whoever names the tests to run has left the others out.
          if (note === undefined && this.ctx.config.testNamePattern !== undefined) continue;
          count.skipped++;
          const why = note ?? "no reason given";
          reasons.set(why, (reasons.get(why) ?? 0) + 1);
        }
      }
      count.failed += failures === 0 && module.state() === "failed" ? 1 : failures;
    }
    const sumFile = process.env["PLUGBOARD_TEST_COUNTS"];
    if (sumFile !== undefined) appendFileSync(sumFile, JSON.stringify(count) + "\n");
    for (const [why, number] of [...reasons].sort(([, one], [, other]) => other - one))
      console.log(`skipped ${number}: ${why}`);
    console.log(`${count.passed} passed, ${count.failed} failed`);
  }
}
