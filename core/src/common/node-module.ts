/** Node's own module system, loaded on first use: what starts a guest needs nothing of it. */
import type NodeModule from "node:module";

/** The built-in `node:module`. @internal */
export function nodeModule(): typeof NodeModule {
  return process.getBuiltinModule("node:module");
}

/** The `require` of the file at the URL. @internal */
export function lazyRequire(url: string): (specifier: string) => unknown {
  let require: NodeJS.Require | undefined;
  return (specifier): unknown => (require ??= nodeModule().createRequire(url))(specifier);
}
