/** `reload`, `retry` and `stop`: what a running host is asked to do. */
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { exitCode } from "../exit-code.js";
import { recordDocument } from "../output/extension-document.js";
import { withRunningHost } from "../running-host.js";

/** What `reload` says of itself. @internal */
export const reloadCommand: CommandDescription = {
  examples: ["reload acme.english"],
  common: ["config", "state"],
  notes: `
The new generation is prepared beside the one that serves, with those that run on it. If any of them fails, nothing
changes, and why is told.`,
  action: (surroundings, [id = ""]) => reload(surroundings, id),
};

/** What `retry` says of itself. @internal */
export const retryCommand: CommandDescription = {
  examples: ["retry acme.english"],
  common: ["config", "state"],
  action: (surroundings, [id = ""]) => retry(surroundings, id),
};

/** What `stop` says of itself. @internal */
export const stopCommand: CommandDescription = {
  examples: ["stop", "stop --state /var/lib/plugboard"],
  common: ["config", "state"],
  action: (surroundings) => stop(surroundings),
};

function reload(surroundings: CommandSurroundings, id: string): Promise<number> {
  const { io, output } = surroundings;
  return withRunningHost(surroundings, async (control) => {
    const record = await control.reload(id);
    if (output.isJson) output.json({ extension: record && recordDocument(record, io.cwd) });
    else if (record === null) output.line(`${id} is gone`);
    else
      output.line(
        `${output.style("green", "reloaded")} ${id}: generation ${record.generation} is ${record.state}`,
      );
    return exitCode.done;
  });
}

function retry(surroundings: CommandSurroundings, id: string): Promise<number> {
  const { io, output } = surroundings;
  return withRunningHost(surroundings, async (control) => {
    await control.retry(id);
    const { extensions } = await control.list();
    const record = extensions.find((extension) => extension.id === id);
    if (output.isJson)
      output.json({ extension: record === undefined ? null : recordDocument(record, io.cwd) });
    else output.line(`${id} is ${record?.state ?? "gone"}`);
    return exitCode.done;
  });
}

function stop(surroundings: CommandSurroundings): Promise<number> {
  const { output } = surroundings;
  return withRunningHost(surroundings, async (control) => {
    const { pid, hostId } = control.host;
    await control.stop();
    if (output.isJson) output.json({ stopped: { hostId, pid } });
    else output.line(`${output.style("green", "stopped")} the host, process ${pid}`);
    return exitCode.done;
  });
}
