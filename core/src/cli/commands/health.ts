/** `health`: asks the host that keeps its state here how it is. Made for health checks of containers. */
import { isExtensionError } from "@plugboard/extension-api";
import { attachHost } from "../../control.js";
import type { HostInfo } from "../../control.js";
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { exitCode } from "../exit-code.js";
import { folderText } from "../output/path-text.js";
import { stateFolderHere } from "../running-host.js";

/** What `health` says of itself. @internal */
export const healthCommand: CommandDescription = {
  examples: ["health", "health --state /var/lib/plugboard --json"],
  common: ["config", "state"],
  notes: `
Exits with 0 when it answers within three seconds and has listed its extensions, otherwise with 1. An extension that
failed is counted and makes the host no less healthy.`,
  action: (surroundings) => health(surroundings),
};

/**
 * Succeeds when a host answers and has listed its extensions. One that failed makes the host no less healthy: starting
 * the host again would not mend it.
 */
async function health(surroundings: CommandSurroundings): Promise<number> {
  const { io, output } = surroundings;
  const folder = await stateFolderHere(surroundings);
  const { status, why = `no host answers that keeps its state in ${folderText(folder, io.cwd)}` } =
    await statusIn(folder);
  const isHealthy = status?.phase === "ready";
  if (output.isJson)
    output.json({
      healthy: isHealthy,
      ...(status && { phase: status.phase, extensions: status.extensions }),
    });
  else if (status === undefined) output.line(`unhealthy: ${why}`);
  else {
    const states = Object.entries(status.extensions).map(([state, count]) => `${count} ${state}`);
    const verdict = output.style(isHealthy ? "green" : "red", isHealthy ? "healthy" : "unhealthy");
    const extensions = states.length === 0 ? "none" : states.join(", ");
    output.line(`${verdict}: the host is ${status.phase}; extensions: ${extensions}`);
  }
  return isHealthy ? exitCode.done : exitCode.atFault;
}

/** What the host tells of itself when it is attached to. One that can't be is not healthy, whatever the reason. */
async function statusIn(stateFolder: string): Promise<{ readonly status?: HostInfo; readonly why?: string }> {
  try {
    const control = await attachHost(stateFolder);
    control?.dispose();
    return control === undefined ? {} : { status: control.host };
  } catch (error) {
    if (!isExtensionError(error)) throw error;
    return { why: error.message };
  }
}
