/** What an extension exports, as it crosses a channel: functions by name, to be called where they are; the rest as data. */
import type { Handler } from "@plugboard/extension-api";
import type { ExportDescriptor } from "@plugboard/schemas";
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

/** The exports again, with functions that call to where they are. @internal */
export function reviveExports(
  { functions, values }: ExportDescriptor,
  call: (name: string, args: readonly unknown[]) => Promise<unknown>,
): Exports {
  const exports: Record<string, unknown> = { ...values };
  for (const name of functions) exports[name] = (...args: unknown[]) => call(name, args);
  return exports;
}

/** What answers calls of an exported function; undefined for what is none. @internal */
export function serveExport(exported: unknown): ServedTarget | undefined {
  if (typeof exported !== "function") return undefined;
  const call = exported as Handler;
  return (args) => call(...args);
}
