/** Tests that need Go: where it is absent they are reported as skipped, with the reason in their titles. */
import { test } from "vitest";
import { missingGo } from "./go-toolchain.ts";

const missing = await missingGo();

/** What a test's title says of why it is skipped; nothing if it is not. */
const reason = missing === undefined ? "" : ` (skipped: ${missing})`;

/** Declares a test that needs Go. The first to ask for a program waits until it is built. */
export function goTest(title: string, body: () => Promise<void>, timeoutMs = 120_000): void {
  test.skipIf(missing !== undefined)(`${title}${reason}`, { timeout: timeoutMs }, body);
}
