/** Recognises the two forms in which authors write extensions, and gives them one face. */
import { ExtensionError, type Extension } from "@plugboard/extension-api";
import type { Constructor, GuestContainer } from "./guest-container.js";

/** The extension that a module is or makes; for the class form a new instance, built by its container. @internal */
export function findExtension(
  extensionId: string,
  namespace: Readonly<Record<string, unknown>>,
  container: GuestContainer,
): Extension {
  if (hasHook(namespace)) return namespace;
  const main = defaultOf(namespace);
  if (isExtensionClass(main)) return container.build(main);
  if (typeof main === "object" && main !== null && hasHook(main)) return main;
  throw new ExtensionError(
    "MODULE_EXPORT_MISSING",
    `The main module of ${extensionId} exports neither a function "activate" nor a class with a method "activate" as its default.`,
    { extensionId, details: { exports: Object.keys(namespace) } },
  );
}

/** CommonJS that was compiled from an ES module has its default export as a property. */
function defaultOf({ default: main }: Readonly<Record<string, unknown>>): unknown {
  const isCompiled = typeof main === "object" && main !== null && "__esModule" in main && "default" in main;
  return isCompiled ? main.default : main;
}

function hasHook(value: object): value is Extension {
  return typeof (value as Extension).activate === "function";
}

function isExtensionClass(value: unknown): value is Constructor {
  if (typeof value !== "function") return false;
  const prototype = value.prototype as unknown;
  return typeof prototype === "object" && prototype !== null && hasHook(prototype);
}
