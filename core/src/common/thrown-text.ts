/**
 * Tells what was thrown, in words. An extension may throw anything: a proxy, a getter that throws, an object
 * without a prototype. Invariant: nothing here ever throws.
 */
import { inspect } from "node:util";

/** The error's message; of anything else, how it looks. @internal */
export function thrownText(thrown: unknown): string {
  try {
    if (typeof thrown === "string") return thrown;
    const said: unknown = thrown instanceof Error ? thrown.message : inspect(thrown, { depth: 0 });
    return String(said);
  } catch {
    return "something that can't be shown as text";
  }
}

/** What is at the end of a chain of causes, as far as one goes. @internal */
export function rootCause(thrown: unknown): unknown {
  let root = thrown;
  try {
    for (let depth = 0; depth < 16 && root instanceof Error && root.cause !== undefined; depth++)
      root = root.cause;
  } catch {
    // What can't be looked into is where the chain ends.
  }
  return root;
}
