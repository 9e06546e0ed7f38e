/** `uninstall` and `rollback`: undo what `install` did. */
import type { CommandContext } from "../command-context.js";
import { exitCode } from "../exit-code.js";
import { installFolders } from "../host-setup.js";
import { withProgress } from "../long-work.js";
import { trustInstalled } from "./trust.js";

/** Takes an extension out. @internal */
export async function uninstall(context: CommandContext, id: string): Promise<number> {
  const { output } = context;
  const { extensionFolder } = await installFolders(context);
  const { uninstallExtension } = await import("../../packaging.js");
  const removed = await withProgress(context, "uninstalling", ({ signal, onWait }) =>
    uninstallExtension(id, { extensionFolder, signal, onWait }),
  );
  if (output.isJson) output.json(removed);
  else output.line(`${output.style("green", "uninstalled")} ${removed.id} ${removed.version}`);
  return exitCode.done;
}

/** Puts the version before back. @internal */
export async function rollback(context: CommandContext, id: string): Promise<number> {
  const { output } = context;
  const { extensionFolder } = await installFolders(context);
  const { rollbackExtension } = await import("../../packaging.js");
  const back = await withProgress(context, "rolling back", ({ signal, onWait }) =>
    rollbackExtension(id, { extensionFolder, signal, onWait }),
  );
  // Who goes back means it: the older version runs, and no other by itself.
  const waiting = await trustInstalled(context, [id], { isYes: true, isPinned: true });
  if (output.isJson) output.json({ ...back, ...(waiting && { trusted: waiting.length === 0 }) });
  else output.line(`${output.style("green", "rolled back")} ${id} from ${back.replaced} to ${back.version}`);
  return exitCode.done;
}
