/** Reads what a caller put where the options of a call are; the same for every stub, wherever it is. */
import type { CallOptions } from "@plugboard/extension-api";

/** Nearly the longest time that a timer takes, in milliseconds: about 24 days. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * What a caller put where the options of a call are: an object, or nothing. `names.map(greeter.greet)` puts an
 * index there, which says nothing. A limit no timer can keep is none.
 *
 * @throws TypeError when an option is not of its kind
 * @internal
 */
export function callOptionsOf(given: unknown): CallOptions | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const { signal, timeoutMs, transfer } = given as { readonly [Key in keyof CallOptions]: unknown };
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError("The signal of a call is an AbortSignal.");
  if (transfer !== undefined && !isBufferList(transfer))
    throw new TypeError("The transfer of a call is a list of ArrayBuffers.");
  if (timeoutMs === undefined) return { signal, transfer };
  if (typeof timeoutMs !== "number" || !(timeoutMs >= 0))
    throw new TypeError("The timeoutMs of a call is a number of milliseconds, or 0 for no limit.");
  return { signal, timeoutMs: timeoutMs > longestTimeoutMs ? 0 : timeoutMs, transfer };
}

function isBufferList(value: unknown): value is readonly ArrayBuffer[] {
  return Array.isArray(value) && value.every((buffer) => buffer instanceof ArrayBuffer);
}
