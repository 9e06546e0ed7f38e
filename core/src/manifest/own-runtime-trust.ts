/** What extensions may reach in the runtimes that every host has: said once, for manifests and for what runs them. */
import type { RuntimeTrust } from "@plugboard/extension-api";

/** By kind. @internal */
export const ownRuntimeTrust = {
  "in-process": "full rights",
  worker: "full rights",
  process: "declared capabilities",
} as const satisfies Readonly<Record<string, RuntimeTrust>>;

/** What a manifest that asks for the runtime asks to reach; of one that somebody brings, the worst is assumed. @internal */
export function trustOfKind(kind: string): RuntimeTrust {
  return isOwnKind(kind) ? ownRuntimeTrust[kind] : "full rights";
}

/** Whether every host has it, and runs nothing in it for a manifest without a main. @internal */
export function isOwnKind(kind: string): kind is keyof typeof ownRuntimeTrust {
  return Object.hasOwn(ownRuntimeTrust, kind);
}
