/** Stub. */
import type { BusyPlace } from "@plugboard/extension-api";
/** Stub. @internal */
export function findBusyPlace(_processId: number): Promise<BusyPlace | undefined> {
  return Promise.resolve(undefined);
}
