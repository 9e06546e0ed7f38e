/**
 * Built-in modules as the extension's code sees them: Node's own objects, except that `createRequire` of
 * `node:module` gives the loader's require, so that what it loads belongs to the generation as well, and that what
 * would change Node's own loader is refused: it loads nothing of an extension, but all of the application.
 */
import { ExtensionError } from "@plugboard/extension-api";

/** Makes a require function for a file path or URL. @internal */
export type CreateRequire = (file: string | URL) => unknown;

/** The value of a built-in module. @internal */
export function builtinValue(id: string, createRequire: CreateRequire): unknown {
  const value: unknown = process.getBuiltinModule(id);
  if (id !== "node:module") return value;
  const replaced: Readonly<Record<PropertyKey, unknown>> = {
    createRequire,
    register: () => refuse("module.register()"),
    registerHooks: () => refuse("module.registerHooks()"),
    _extensions: unchangeable("module._extensions", Reflect.get(value as object, "_extensions") as object),
  };
  return unchangeable("node:module", value as object, replaced);
}

/** The object as it is, but for some of its members; who assigns to it is told why that is in vain. @internal */
export function unchangeable(
  name: string,
  value: object,
  replaced: Readonly<Record<PropertyKey, unknown>> = {},
): object {
  return new Proxy(value, {
    get: (target, key) =>
      Object.hasOwn(replaced, key) ? replaced[key] : (Reflect.get(target, key) as unknown),
    set: (_target, key) => refuse(`${name}.${String(key)}`),
    defineProperty: (_target, key) => refuse(`${name}.${String(key)}`),
  });
}

function refuse(what: string): never {
  const hint = "The host loads an extension's modules by itself. Transform the files before they are loaded";
  throw new ExtensionError("MODULE_UNSUPPORTED", `${what} can't be used to change how modules are loaded`, {
    details: { hint },
  });
}
