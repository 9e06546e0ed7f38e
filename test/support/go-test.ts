/** Tests that need Go: where it is absent they are reported as skipped, with the reason in their titles. */
import { test, type TaskMeta } from "vitest";
import { missingGo } from "./go-toolchain.ts";

const missing = await missingGo();

/** What a test's title says of why it is skipped; nothing if it is not. */
const reason = missing === undefined ? "" : ` (skipped: ${missing})`;

/** How a test is declared. */
interface GoTestOptions {
  readonly timeoutMs?: number;
  /** What a reporter finds at the test. */
  readonly meta?: TaskMeta;
}

/** Declares a test that needs Go. The first to ask for a program waits until it is built. */
export function goTest(
  title: string,
  body: () => Promise<void>,
  { timeoutMs = 120_000, meta = {} }: GoTestOptions = {},
): void {
  test.skipIf(missing !== undefined)(`${title}${reason}`, { timeout: timeoutMs, meta }, body);
}
