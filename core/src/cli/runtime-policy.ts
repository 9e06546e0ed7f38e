/** The runtime policy of a config file as the function that the host asks. */
import type { HostOptions } from "../index.js";

/**
 * A policy from a table: an id, or its beginning followed by `*`, gives the kind of runtime. The longest
 * match has the last word over the manifest; without one the manifest is followed.
 *
 * @internal
 */
export function runtimePolicyOf(
  table: Readonly<Record<string, string>>,
): NonNullable<HostOptions["runtimePolicy"]> {
  const rules = Object.entries(table).sort(([one], [other]) => other.length - one.length);
  return ({ id, manifest }) => {
    const exact = Object.hasOwn(table, id) ? table[id] : undefined;
    if (exact !== undefined) return exact;
    const rule = rules.find(([pattern]) => pattern.endsWith("*") && id.startsWith(pattern.slice(0, -1)));
    return rule?.[1] ?? kindIn(manifest["runtime"]);
  };
}

function kindIn(runtime: unknown): string {
  if (typeof runtime === "string") return runtime;
  const kind =
    typeof runtime === "object" && runtime !== null && "kind" in runtime ? runtime.kind : undefined;
  return typeof kind === "string" ? kind : "in-process";
}
