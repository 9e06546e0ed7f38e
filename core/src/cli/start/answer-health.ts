/** Lets `plugboard health` ask the host that runs in its directory. A host that can't be asked runs all the same. */
import type { Disposable, ExtensionHost } from "../../index.js";
import { openStatusSocket, type HostStatus } from "../status-socket.js";
import type { HostEvent } from "./host-event.js";

/** How a host's health is found out, and who is told when it can't be. @internal */
export interface HealthSource {
  readonly host: ExtensionHost;
  phase(this: void): HostStatus["phase"];
  show(this: void, hostEvent: HostEvent): void;
}

/** Answers from the state folder. Never rejects; without a state folder there is nothing to dispose. @internal */
export async function answerHealth(
  stateFolder: string | undefined,
  { host, phase, show }: HealthSource,
): Promise<Disposable | undefined> {
  if (stateFolder === undefined) return undefined;
  return openStatusSocket(stateFolder, {
    status: () => ({ phase: phase(), extensions: countStates(host) }),
    onTrouble: (error) => {
      const why = error instanceof Error ? error.message : String(error);
      const message = `plugboard health can't ask this host: ${why}`;
      show({ kind: "log", level: "warn", message, fields: {} });
    },
  });
}

function countStates(host: ExtensionHost): HostStatus["extensions"] {
  const counts: Record<string, number> = {};
  for (const { state } of host.extensions) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
