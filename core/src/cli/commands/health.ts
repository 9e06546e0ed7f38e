/** `health`: asks the host that runs in the current directory how it is. Made for health checks of containers. */
import { join } from "node:path";
import type { CommandSurroundings } from "../command-context.js";
import { exitCode } from "../exit-code.js";
import { askStatus } from "../status-socket.js";

/**
 * Succeeds when a host answers and has listed its extensions. One that failed makes the host no less healthy: starting
 * the host again would not mend it. @internal
 */
export async function health({ io, output }: CommandSurroundings): Promise<number> {
  const status = await askStatus(join(io.cwd, ".plugboard"));
  const isHealthy = status?.phase === "ready";
  if (output.isJson) output.json({ healthy: isHealthy, ...status });
  else if (status === undefined)
    output.line("unhealthy: no host answers; plugboard start runs one in this directory");
  else {
    const states = Object.entries(status.extensions).map(([state, count]) => `${count} ${state}`);
    const verdict = output.style(isHealthy ? "green" : "red", isHealthy ? "healthy" : "unhealthy");
    const extensions = states.length === 0 ? "none" : states.join(", ");
    output.line(`${verdict}: the host is ${status.phase}; extensions: ${extensions}`);
  }
  return isHealthy ? exitCode.done : exitCode.atFault;
}
