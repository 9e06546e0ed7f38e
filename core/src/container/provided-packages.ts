/**
 * The packages that the host gives to every extension, as one copy for all: its own copy wins, so that a
 * dropped folder of two files needs no packages of its own and a token or decorator means the same to all.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
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

/** Where packages of the application are, seen from its working directory, for runtimes that load them by themselves. @internal */
export function packageFiles(names: readonly string[]): Readonly<Record<string, string>> {
  // Where there are none, the working directory may have been removed.
  if (names.length === 0) return {};
  const require = createRequire(join(process.cwd(), "package.json"));
  return Object.fromEntries(
    names.flatMap((name) => {
      try {
        return [[name, require.resolve(name)]];
      } catch {
        // Made by the application in memory: only in-process extensions can have it.
        return [];
      }
    }),
  );
}
