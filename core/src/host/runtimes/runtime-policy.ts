/** The application's policy of where extensions run: a function, or a table by extension id. */
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { HostOptions } from "../face/host-options.js";

/** The kind of runtime that a policy decides for. @internal */
export interface PolicyDecision {
  readonly kind: string;
  /** The key of the table that decided; undefined where a function did. */
  readonly pattern?: string;
}

/** Decides, or leaves it to the manifest. @internal */
export type RuntimePolicy = (description: ExtensionDescription) => PolicyDecision | undefined;

/**
 * The policy of the options. In a table an id, or the beginning of ids followed by `*`, gives the kind of runtime; the
 * longest key that matches decides, and without one the manifest does.
 *
 * @internal
 */
export function runtimePolicyOf(given: HostOptions["runtimePolicy"]): RuntimePolicy {
  if (typeof given === "function") return (description) => ({ kind: given(description) });
  if (given === undefined) return () => undefined;
  const patterns = Object.keys(given).sort((one, other) => other.length - one.length);
  return ({ id }) => {
    const pattern = Object.hasOwn(given, id) ? id : patterns.find((one) => matchesPattern(one, id));
    return pattern === undefined ? undefined : { kind: given[pattern] as string, pattern };
  };
}

/** Whether the key of a table is the id, or its beginning followed by `*`. @internal */
export function matchesPattern(pattern: string, id: string): boolean {
  return pattern === id || (pattern.endsWith("*") && id.startsWith(pattern.slice(0, -1)));
}
