/**
 * Says what to do about errors of the engine and of Node that an author can't make much of: names that an ES module
 * does not have, and what Node's permission model refuses.
 */
import { capabilitySwitches, type CapabilitySwitch } from "@plugboard/extension-api";
import { nodePermissions } from "./node-permissions.js";

/** Advice about a thrown error; undefined where its own message says enough. @internal */
export function adviceOn(thrown: unknown): string | undefined {
  try {
    if (thrown instanceof ReferenceError)
      return adviceOnName(/^(\w+) is not defined$/.exec(thrown.message)?.[1]);
    if (thrown instanceof Error) return adviceOnRefusal(thrown as RefusedAccess);
  } catch {
    // an extension may throw what throws when it is looked at
  }
  return undefined;
}

/** Adds the advice to the message of what was thrown, once. @internal */
export function adviseAuthor(thrown: unknown): void {
  const advice = adviceOn(thrown);
  if (advice === undefined) return;
  const error = thrown as Error;
  const { message, stack } = error;
  try {
    error.message = `${message.replace(/\.$/, "")}. ${advice}`;
    if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
  } catch {
    // frozen: then it stays as it is
  }
}

function adviceOnName(name: string | undefined): string | undefined {
  switch (name) {
    case "require":
      return 'An ES module has no require: write import … from "…" instead, use createRequire of node:module, or name the file .cjs';
    case "module":
    case "exports":
      return `An ES module has no ${name}: write export instead, or name the file .cjs`;
    case "__filename":
    case "__dirname":
      return `An ES module has no ${name}: write import.meta.${name.slice(2)} instead, or context.extension.path for the extension's folder`;
    default:
      return undefined;
  }
}

/** What Node throws where its permission model refuses. */
interface RefusedAccess extends Error {
  readonly code?: unknown;
  readonly permission?: unknown;
  readonly resource?: unknown;
}

function adviceOnRefusal({ code, permission, resource }: RefusedAccess): string | undefined {
  if (code === "ERR_DLOPEN_DISABLED") return adviceOnSwitch("addons");
  if (code !== "ERR_ACCESS_DENIED") return undefined;
  const what = typeof resource === "string" ? resource : "";
  switch (permission) {
    case "FileSystemRead":
      return advice(`read ${what}`, `fs: { read: [${JSON.stringify(what)}] }`);
    case "FileSystemWrite":
      return advice(`write ${what}`, `fs: { write: [${JSON.stringify(what)}] }`);
    case "Net":
      return advice(`use the network`, `net: [${JSON.stringify(what || "host:port")}]`);
    default: {
      const refused = capabilitySwitches.find((name) => nodePermissions[name].permission === permission);
      return refused === undefined ? undefined : adviceOnSwitch(refused);
    }
  }
}

function adviceOnSwitch(name: CapabilitySwitch): string {
  return advice(nodePermissions[name].what, `${name}: true`);
}

function advice(what: string, capability: string): string {
  return `The extension may not ${what}: declare capabilities: { ${capability} } in plugin.json5, and have it granted under "grants" of the host's configuration`;
}
