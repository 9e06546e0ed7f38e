/** How Node's permission model calls what a capability gives: whole capabilities, each by one flag. */
import type { CapabilitySwitch } from "@plugboard/extension-api";

/** A capability in Node's words. @internal */
export interface NodePermission {
  /** The flag that gives it. */
  readonly flag: string;
  /** What an error names that refuses it. */
  readonly permission: string;
  /** What can't be done without, a clause without its subject. */
  readonly what: string;
}

/** By capability. @internal */
export const nodePermissions: Readonly<Record<CapabilitySwitch, NodePermission>> = {
  childProcess: { flag: "--allow-child-process", permission: "ChildProcess", what: "start programs" },
  workers: { flag: "--allow-worker", permission: "WorkerThreads", what: "start threads" },
  addons: { flag: "--allow-addons", permission: "Addon", what: "load native addons" },
  wasi: { flag: "--allow-wasi", permission: "WASI", what: "use WASI" },
};
