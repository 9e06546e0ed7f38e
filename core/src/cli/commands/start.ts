/** `start`: a host that runs and follows its folders until it is asked to stop. */
import { resolve } from "node:path";
import { Option } from "commander";
import type { CommandContext } from "../command-context.js";
import { withServices, type CommandDescription } from "../command.js";
import { hostSetup, missingText, type HostSetup } from "../host-setup.js";
import { noControlOption } from "../options.js";
import { folderText } from "../output/path-text.js";
import { followHost } from "../start/follow-host.js";
import type { HostView } from "../start/host-event.js";
import { jsonView } from "../start/json-view.js";
import { liveView } from "../start/live-view.js";
import { plainView } from "../start/plain-view.js";

/** What `start` says of itself. @internal */
export const startCommand: CommandDescription<{ readonly exitWithStdin?: boolean }> = {
  examples: [
    "start",
    "start --extensions ./extensions --extensions ./more",
    "start --json",
    "start --json --exit-with-stdin < commands.jsonl",
  ],
  common: ["extensions", "config", "state"],
  options: [new Option("--exit-with-stdin", "stop when standard input ends"), noControlOption],
  notes: `
With --json each event is a line, and commands are read from standard input, a line each:
  {"call": {"point": "greeters", "id": "english", "method": "greet", "args": ["World"]}, "ref": 1}
  {"fire": "onOrder:paid", "ref": 2}   {"list": true, "ref": 3}   {"reload": "acme.english", "ref": 4}
  {"stop": true}

Each answer is a line {"ref": …, "result": …} or {"ref": …, "error": {"code": …, "message": …}}.`,
  action: async (surroundings, _operands, { exitWithStdin = false }) =>
    startHost(await withServices(surroundings), { exitWithStdin }),
};

/** Runs until a signal, a `stop` command, or the end of standard input if that is asked for. */
async function startHost(
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
