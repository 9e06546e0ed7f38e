/**
 * Tells what was thrown, in words. An extension may throw anything: a proxy, a getter that throws, an object
 * without a prototype, a text of any length, lists that hold each other. Invariant: nothing here ever throws, and no
 * text is longer than a message may be.
 */
import { inspect, types } from "node:util";
import { bigintBytes } from "./data-size.js";
import { cutMessage } from "./cut-message.js";

/** Bytes of a whole number that is shown: writing it with digits takes ever longer than it is long. */
const longestNumber = 1024;

/** Members of an object that are shown, and elements of a list. */
const mostMembers = 100;

/** The error's message; of anything else, how it looks. What is long is cut. @internal */
export function thrownText(thrown: unknown): string {
  try {
    const said: unknown = thrown instanceof Error ? thrown.message : thrown;
    return cutMessage(typeof said === "string" ? said : shown(said));
  } catch {
    return "something that can't be shown as text";
  }
}

/** The end of a chain of causes, as far as one goes. @internal */
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

function shown(value: unknown): string {
  if (typeof value === "bigint" && bigintBytes(value) > longestNumber) return "a bigint too long to be shown";
  const options = { depth: 0, maxArrayLength: mostMembers } as const;
  if (typeof value !== "object" || value === null || types.isProxy(value) || Array.isArray(value))
    return inspect(value, options);
  const names = Object.keys(value);
  if (names.length <= mostMembers) return inspect(value, options);
  const first = names.slice(0, mostMembers).map((name) => [name, (value as Record<string, unknown>)[name]]);
  return `${inspect(Object.fromEntries(first), options)} and ${String(names.length - mostMembers)} more`;
}
