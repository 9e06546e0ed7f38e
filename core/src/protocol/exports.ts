/** Exports of an extension, as they cross a channel: functions by name, to be called where they are; the rest as data. */
import { ExtensionError, isExtensionError, type Handler } from "@plugboard/extension-api";
import type { ExportDescriptor } from "@plugboard/schemas";
import { sendable } from "./sendable.js";
import type { ServedTarget } from "./session-peer.js";

type Exports = Readonly<Record<string, unknown>>;

/** Parts the functions from the data. @internal */
export function describeExports(exports: Exports): ExportDescriptor {
  const functions: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value === "function") functions.push(name);
    else values[name] = value;
  }
  return { functions, values };
}

/**
 * A copy of what an extension exports beside functions.
 *
 * @throws ExtensionError `CALL_NOT_SERIALIZABLE` or `CALL_TOO_LARGE`, which names the extension and the place
 * @internal
 */
export function copyExportedValues(values: Exports, extensionId: string, limitBytes: number): Exports {
  try {
    return structuredClone(sendable(values, { what: "exports", limitBytes, extensionId }));
  } catch (error) {
    if (!isExtensionError(error)) throw error;
    throw new ExtensionError(error.code, `${extensionId}: ${error.message}`, {
      extensionId,
      details: error.details,
      cause: error.cause,
    });
  }
}

/** The exports again, with functions that call to where they are. @internal */
export function reviveExports(
  { functions, values }: ExportDescriptor,
  call: (name: string, args: readonly unknown[]) => Promise<unknown>,
): Exports {
  const exports: Record<string, unknown> = { ...values };
  for (const name of functions) exports[name] = (...args: unknown[]) => call(name, args);
  return exports;
}

/** The target that answers calls of an exported function; undefined for anything else. @internal */
export function serveExport(exported: unknown): ServedTarget | undefined {
  if (typeof exported !== "function") return undefined;
  const call = exported as Handler;
  return (args) => call(...args);
}
