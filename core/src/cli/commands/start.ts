/** `start`: a host that runs and follows its folders until it is asked to stop. */
import { resolve } from "node:path";
import type { CommandContext } from "../command-context.js";
import { hostSetup, missingText, type HostSetup } from "../host-setup.js";
import { folderText } from "../output/path-text.js";
import { followHost } from "../start/follow-host.js";
import type { HostView } from "../start/host-event.js";
import { jsonView } from "../start/json-view.js";
import { liveView } from "../start/live-view.js";
import { plainView } from "../start/plain-view.js";

/** Runs until a signal, a `stop` command, or the end of standard input if that is asked for. @internal */
export async function startHost(
  context: CommandContext,
  { exitWithStdin }: { readonly exitWithStdin: boolean },
): Promise<number> {
  const setup = await hostSetup(context);
  return followHost(context, {
    hostOptions: { ...setup.hostOptions, watchdog: "print" },
    view: viewFor(context, setup),
    exitWithStdin,
  });
}

function viewFor(context: CommandContext, setup: HostSetup): HostView {
  const { io, output } = context;
  if (output.isJson) return jsonView(output, io.cwd);
  const [first = "extensions"] = setup.hostOptions.extensionFolders ?? [];
  const name = folderText(resolve(io.cwd, first), io.cwd);
  const hint = `Drop a folder into ${name} to add an extension, remove it to take it out. Ctrl-C stops.`;
  const folders = setup.folders.map((folder) => folderText(folder, io.cwd)).join(", ");
  return io.stdout.isTTY === true && io.env["TERM"] !== "dumb"
    ? liveView(io, output, { hint, folders })
    : plainView(output, { cwd: io.cwd, hint: missingHint(setup, io.cwd) + hint });
}

/** What a table shows for as long as it is so, and lines say once. */
function missingHint({ missingFolders }: HostSetup, cwd: string): string {
  return missingFolders.length === 0 ? "" : `${missingText(missingFolders, cwd)} Create it at any time. `;
}
