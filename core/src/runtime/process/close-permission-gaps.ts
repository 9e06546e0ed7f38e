/**
 * Takes away what Node's permission model forgets to guard: functions with which a process that may write nothing
 * writes files all the same, or reaches into the host's process. Each was tried under `--permission`.
 * Has to run before any code of an extension; what is taken can't be put back.
 */
import { nodeModule } from "../../common/node-module.js";

/** Closes them. @internal */
export function closePermissionGaps(): void {
  // V8's flags make it write files, wherever they say, and take the safety of memory from the code it compiles.
  refuse(process.getBuiltinModule("node:v8"), "setFlagsFromString");
  // Writes into the folder of the process when memory runs out; Node 22 asks nobody.
  refuse(process.getBuiltinModule("node:v8"), "setHeapSnapshotNearHeapLimit");
  // With it the host could be made the last to get a processor.
  refuse(process.getBuiltinModule("node:os"), "setPriority");
  // The report of a crash goes to any path that was named before.
  fix(process, "report", undefined);
  nodeModule().syncBuiltinESMExports();
}

function refuse(owner: object, name: string): void {
  fix(owner, name, () => {
    throw Object.assign(new Error(`${name} is not for extensions that run in a process of their own.`), {
      code: "ERR_ACCESS_DENIED",
    });
  });
}

function fix(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, configurable: false, writable: false, enumerable: true });
}
