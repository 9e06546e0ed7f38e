/** `enable` and `disable`: who may run is kept in the state folder, which running hosts follow. */
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { requireCurrentFolder } from "../current-folder.js";
import { exitCode, InputError } from "../exit-code.js";
import { hostFollows } from "../host-follows.js";
import { hostSetup } from "../host-setup.js";

/** What `enable` says of itself. @internal */
export const enableCommand: CommandDescription = {
  examples: ["enable acme.english"],
  common: ["extensions", "config", "state"],
  action: (surroundings, [id = ""]) => enable(surroundings, id),
};

/** What `disable` says of itself. @internal */
export const disableCommand: CommandDescription = {
  examples: ["disable acme.english"],
  common: ["extensions", "config", "state"],
  action: (surroundings, [id = ""]) => disable(surroundings, id),
};

/** Lets an extension run again. */
function enable(context: CommandSurroundings, id: string): Promise<number> {
  return change(context, id, { isEnabled: true });
}

/** Keeps an extension from running. */
function disable(context: CommandSurroundings, id: string): Promise<number> {
  return change(context, id, { isEnabled: false });
}

async function change(
  context: CommandSurroundings,
  id: string,
  { isEnabled }: { readonly isEnabled: boolean },
): Promise<number> {
  const { io, output } = context;
  requireCurrentFolder(io);
  const { hostOptions } = await hostSetup(context);
  const { stateFolder = "", extensionFolders = [], developmentFolders = [] } = hostOptions;
  const { enabled = [], disabled = [] } = hostOptions;
  if (isEnabled ? disabled.includes(id) : enabled.includes(id)) {
    const list = isEnabled ? "disabled" : "enabled";
    const message = `The config file lists ${id} as ${list}, which has the last word when a host starts.`;
    throw new InputError("CONFIG_INVALID", message, `Take ${id} from "${list}" in the config file.`);
  }
  const { switchExtension } = await import("../../index.js");
  const switched = await switchExtension(id, {
    isEnabled,
    stateFolder,
    extensionFolders,
    developmentFolders,
  });
  await hostFollows(context, (extensions) => {
    const own = extensions.filter((extension) => extension.id === id);
    return own.length === 0 || own.some(({ reason }) => reason?.code === "DISABLED") !== isEnabled;
  });
  const word = isEnabled ? "enabled" : "disabled";
  if (output.isJson) output.json(switched);
  else if (switched.changed) output.line(`${output.style("green", word)} ${id}`);
  else if (isEnabled) output.line(`${id} is enabled already; a running host starts it again if it crashed`);
  else output.line(`${id} is disabled already; nothing has changed`);
  return exitCode.done;
}
