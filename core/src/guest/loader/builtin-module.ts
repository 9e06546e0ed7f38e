/**
 * Built-in modules as the extension's code sees them: Node's own objects, except that `createRequire` of
 * `node:module` gives the loader's require, so that what it loads belongs to the generation as well.
 */

/** Makes a require function for a file path or URL. @internal */
export type CreateRequire = (file: string | URL) => unknown;

/** The value of a built-in module. @internal */
export function builtinValue(id: string, createRequire: CreateRequire): unknown {
  const value: unknown = process.getBuiltinModule(id);
  if (id !== "node:module") return value;
  return new Proxy(value as object, {
    get: (target, key) => (key === "createRequire" ? createRequire : (Reflect.get(target, key) as unknown)),
  });
}
