/**
 * The packages that the host gives to every extension, as one copy for all: its own copy wins, so that a
 * dropped folder of two files needs no packages of its own and a token or decorator means the same to all.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { LazyPackages, type ProvidedPackages } from "../guest/lazy-packages.js";

/** The host's own, each loaded when the first extension asks for it, and what the application gives beside them. @internal */
export function providedPackages(given: Readonly<Record<string, object>>): ProvidedPackages {
  const own = new LazyPackages({});
  return {
    has: (name) => Object.hasOwn(given, name) || own.has(name),
    get: (name) => (Object.hasOwn(given, name) ? given[name] : own.get(name)),
  };
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
