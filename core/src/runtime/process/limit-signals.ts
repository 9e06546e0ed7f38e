/**
 * Takes away the means to signal other processes, the host above all, which Node's permission model does not guard.
 * An extension that may start programs or threads has other means.
 */

/** Functions that Node keeps on `process` without documenting them; `process.kill` asks for the first each time. */
interface SignalFunctions {
  readonly pid: number;
  _kill?: (processId: number, signal: number) => number;
}

/** What the system answers to a signal that may not be sent: EPERM. */
const notPermitted = -1;

/** Leaves a process only itself to signal. @internal */
export function limitSignals(target: SignalFunctions): void {
  const { pid, _kill: kill } = target;
  // What the extension makes of the functions of functions must not hand it this one.
  const { apply } = Reflect;
  const guarded = (processId: number, signal: number): number =>
    kill === undefined || processId !== pid ? notPermitted : apply(kill, target, [processId, signal]);
  for (const [name, value] of [
    ["_kill", guarded],
    ["_debugProcess", undefined],
    ["_debugEnd", undefined],
  ] as const) {
    Object.defineProperty(target, name, { value, configurable: false, writable: false, enumerable: true });
  }
}
