/**
 * What a manifest asks for, as a list of short lines that people read and that two versions are compared by. Pure.
 * Invariant: whatever lets an extension reach more, run earlier or need another extension is a line of its own.
 */
import { capabilitySwitches } from "@plugboard/extension-api";
import { canonicalActivationEvent } from "./activation-event.js";
import { dependencyRanges, optionalDependencyRanges } from "./dependency-ranges.js";
import { runtimeKindOf } from "./identity.js";
import type { ManifestOutline } from "./manifest-outline.js";
import { isOwnKind, trustOfKind } from "./own-runtime-trust.js";

/** The rights that a manifest asks for, in order and each once: `net api.example.com:443`. @internal */
export function askedRights(manifest: ManifestOutline): readonly string[] {
  const { main, capabilities = {}, services, activationEvents } = manifest;
  const kind = runtimeKindOf(manifest);
  const hasCode = main !== undefined || !isOwnKind(kind);
  const { fs, net, env } = capabilities;
  const rights = [
    // Everything else is out of the way of what can do as it likes.
    ...(hasCode && trustOfKind(kind) === "full rights" ? ["full rights"] : []),
    ...lines("read", fs?.read),
    ...lines("write", fs?.write),
    ...lines("net", net),
    ...lines("env", env),
    ...capabilitySwitches.filter((name) => capabilities[name] === true),
    ...lines("service", services),
    ...lines("dependency", [...dependencyRanges(manifest).keys()]),
    ...lines("dependency", [...optionalDependencyRanges(manifest).keys()]),
    ...lines("event", activationEvents?.map(canonicalActivationEvent)),
  ];
  return [...new Set(rights)].sort();
}

function lines(word: string, names: readonly string[] | boolean | undefined): readonly string[] {
  if (names === true) return [`${word} all`];
  return names === undefined || names === false ? [] : names.map((name) => `${word} ${name}`);
}
