/**
 * The packages that the host gives to every extension, as one copy for all: its own copy wins, so that a
 * dropped folder of two files needs no packages of its own and a token or decorator means the same to all.
 */
import * as extensionApi from "@plugboard/extension-api";
import * as inversify from "inversify";
import "reflect-metadata";

/** Module namespaces by package name. @internal */
export function providedPackages(more: Readonly<Record<string, object>>): ReadonlyMap<string, object> {
  return new Map<string, object>([
    ["@plugboard/extension-api", extensionApi],
    ["inversify", inversify],
    ["reflect-metadata", {}],
    ...Object.entries(more),
  ]);
}
