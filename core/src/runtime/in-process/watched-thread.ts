/** What the host's thread and the one that watches it have in common. */
import type { BusyPlace } from "@plugboard/extension-api";

/** How often the host moves the counter, in milliseconds. @internal */
export const beatEveryMs = 250;
/** Where the counter stands. @internal */
export const beatIndex = 0;
/** Where it stands whether a debugger is attached. @internal */
export const debuggedIndex = 1;

/**
 * The diagnostics channel on which the host's own thread is told that it stands still: whoever subscribes runs in the middle
 * of the code that is to blame, and can do only what waits for nothing. Published to only where `watchdog: "print"` is set.
 *
 * @public
 */
export const blockedChannel = "plugboard:blocked";

/** What the thread is told. @internal */
export interface WatchdogSetup {
  readonly shared: Int32Array;
  readonly limitMs: number;
  readonly printsAtOnce: boolean;
}

/** That the host stood still. @internal */
export interface Blockage {
  readonly forMs: number;
  readonly place: BusyPlace | undefined;
}
