/**
 * Ids in the application's settings that fit no extension. An extension may still come, so this is a note; where an
 * id is nearly that of an extension that is there, it is a warning.
 */
import type { Problem } from "@plugboard/extension-api";
import { nearest } from "../../common/nearest.js";
import { childPointer } from "../../manifest/locate.js";
import type { ConfigPlaces } from "../state/config-places.js";
import type { HostOptions } from "../face/host-options.js";
import { matchesPattern } from "../runtimes/runtime-policy.js";

interface NamedId {
  readonly id: string;
  readonly option: string;
  readonly pointer: string;
  readonly what: "key" | "value";
}

/** Tells which ids of the options no extension has. @internal */
export function unknownIds(
  options: HostOptions,
  known: ReadonlySet<string>,
  places: ConfigPlaces,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { id, option, pointer, what } of namedIds(options)) {
    if (known.has(id) || (id.endsWith("*") && matchesAny(id, known))) continue;
    const suggestion = id.endsWith("*") ? undefined : nearest(id, known);
    problems.push({
      code: "CONFIG_UNKNOWN_ID",
      severity: suggestion === undefined ? "info" : "warning",
      ...(places.at(pointer, what) ?? { file: "", path: pointer }),
      message: id.endsWith("*")
        ? `"${option}" has an entry for ${id}, and no extension here has such an id.`
        : `"${option}" names ${id}, and no extension here has that id.`,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
  return problems;
}

function* namedIds(options: HostOptions): Iterable<NamedId> {
  for (const option of ["enabled", "disabled"] as const) {
    for (const [index, id] of (options[option] ?? []).entries())
      yield { id, option, pointer: childPointer(`/${option}`, index), what: "value" };
  }
  for (const option of ["runtimePolicy", "grants", "settings"] as const) {
    const table = options[option];
    if (typeof table !== "object") continue;
    for (const id of Object.keys(table))
      yield { id, option, pointer: childPointer(`/${option}`, id), what: "key" };
  }
}

function matchesAny(pattern: string, known: ReadonlySet<string>): boolean {
  // Meant for all that may ever come.
  if (pattern === "*") return true;
  for (const id of known) if (matchesPattern(pattern, id)) return true;
  return false;
}
