/** `uninstall` and `rollback`: undo what `install` did. */
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { exitCode } from "../exit-code.js";
import { hostFollows, hostHasVersions } from "../host-follows.js";
import { installFolders } from "../host-setup.js";
import { withProgress } from "../long-work.js";
import { trustInstalled } from "./trust.js";

/** What `uninstall` says of itself. @internal */
export const uninstallCommand: CommandDescription = {
  examples: ["uninstall acme.english"],
  common: ["extensions", "config", "state"],
  action: (surroundings, [id = ""]) => uninstall(surroundings, id),
};

/** What `rollback` says of itself. @internal */
export const rollbackCommand: CommandDescription = {
  examples: ["rollback acme.english"],
  common: ["extensions", "config", "state"],
  action: (surroundings, [id = ""]) => rollback(surroundings, id),
};

/** Takes an extension out. */
async function uninstall(context: CommandSurroundings, id: string): Promise<number> {
  const { output } = context;
  const { extensionFolder } = await installFolders(context);
  const { uninstallExtension } = await import("../../packaging.js");
  const removed = await withProgress(context, "uninstalling", ({ signal, onWait }) =>
    uninstallExtension(id, { extensionFolder, signal, onWait }),
  );
  await hostFollows(context, (extensions) => extensions.every((extension) => extension.id !== id));
  if (output.isJson) output.json(removed);
  else output.line(`${output.style("green", "uninstalled")} ${removed.id} ${removed.version}`);
  return exitCode.done;
}

/** Puts the version before back. */
async function rollback(context: CommandSurroundings, id: string): Promise<number> {
  const { output } = context;
  const { extensionFolder } = await installFolders(context);
  const { rollbackExtension } = await import("../../packaging.js");
  const back = await withProgress(context, "rolling back", ({ signal, onWait }) =>
    rollbackExtension(id, { extensionFolder, signal, onWait }),
  );
  // Who goes back means it: the older version runs, and no other by itself.
  const waiting = await trustInstalled(context, [id], { isYes: true, isPinned: true });
  await hostHasVersions(context, new Map([[id, back.version]]));
  if (output.isJson) output.json({ ...back, ...(waiting && { trusted: waiting.length === 0 }) });
  else output.line(`${output.style("green", "rolled back")} ${id} from ${back.replaced} to ${back.version}`);
  return exitCode.done;
}
