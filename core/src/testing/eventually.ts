/**
 * Waits for what a host does by itself. The wait is bounded and ends as soon as the assertion holds, so a
 * test needs no sleep and a failure shows the assertion's own message.
 */
import { setTimeout as sleep } from "node:timers/promises";

/** Limits of {@link eventually}. @public */
export interface EventuallyOptions {
  /** Milliseconds in all; 8,000 unless given. */
  readonly timeoutMs?: number;
  /** Milliseconds between two tries; 5 unless given. */
  readonly intervalMs?: number;
}

/**
 * Resolves with what the assertion returns as soon as it neither throws nor rejects; rejects with its
 * last error when the time is up.
 *
 * @example
 * await eventually(() => assert.equal(host.extensions.get("acme.english")?.state, "active"));
 *
 * @public
 */
export async function eventually<Result>(
  assertion: () => Result | Promise<Result>,
  options: EventuallyOptions = {},
): Promise<Result> {
  const { timeoutMs = 8_000, intervalMs = 5 } = options;
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() >= end) throw error;
    }
    await sleep(intervalMs);
  }
}
