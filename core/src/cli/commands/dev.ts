/** `dev`: a host for whoever writes an extension. It runs what is saved at once and shows what is wrong with it. */
import { resolve } from "node:path";
import { Option } from "commander";
import type { ExtensionHost, HostLimits, HostOptions } from "../../index.js";
import type { CommandContext } from "../command-context.js";
import { withServices, type CommandDescription } from "../command.js";
import { activateAtOnce } from "../dev/activate-at-once.js";
import { promptHelp, readPrompt } from "../dev/dev-prompt.js";
import { devView } from "../dev/dev-view.js";
import { hostSetup } from "../host-setup.js";
import { noControlOption } from "../options.js";
import { folderText } from "../output/path-text.js";
import { followHost, type HostRun } from "../start/follow-host.js";
import { jsonView } from "../start/json-view.js";

/** What `dev` says of itself. @internal */
export const devCommand: CommandDescription<DevFlags> = {
  examples: [
    "dev ./english",
    "dev ./english ./french --extensions ./extensions",
    "dev ./english --inspect",
    "dev ./english --json",
  ],
  common: ["extensions", "config", "state"],
  options: [
    new Option(
      "--inspect [port]",
      "let a debugger attach; breakpoints are set in your own files (port: 9229)",
    ),
    new Option("--lazy", "activate it when it is needed, as start does, not at once"),
    new Option("--exit-with-stdin", "stop when standard input ends"),
    noControlOption,
  ],
  notes: `
A folder is one extension, the current directory unless given; one that isn't an extension yet is waited for.
Other extensions are there only with --extensions, or if the config file names their folders.
--inspect reaches extensions in this process, and in workers with a debugger that follows them; those of the
runtime process can't be debugged. With --json, events and commands are those of start: plugboard help start.`,
  action: async (surroundings, folders, flags) =>
    develop(await withServices(surroundings), devRequest(folders, flags)),
};

interface DevFlags {
  readonly inspect?: string | true;
  readonly lazy?: true;
  readonly exitWithStdin?: true;
}

function devRequest(folders: readonly string[], flags: DevFlags): DevRequest {
  const { inspect, lazy, exitWithStdin } = flags;
  const rest = { isLazy: lazy === true, exitWithStdin: exitWithStdin === true };
  if (typeof inspect !== "string")
    return { ...rest, folders, inspectPort: inspect === true ? inspectorPort : undefined };
  // The word after --inspect is a port only if it looks like one.
  return /^\d{1,5}$/.test(inspect) && Number(inspect) < 65_536
    ? { ...rest, folders, inspectPort: Number(inspect) }
    : { ...rest, folders: [inspect, ...folders], inspectPort: inspectorPort };
}

/** Where debuggers look for Node. */
const inspectorPort = 9229;

/** What `dev` is told. */
interface DevRequest {
  /** Folders that are one extension each, or are to become one; the current directory unless given. */
  readonly folders: readonly string[];
  /** Whether extensions wait for the event or call that needs them. */
  readonly isLazy: boolean;
  /** The port where debuggers are listened to, 0 for any; nobody listens unless given. */
  readonly inspectPort: number | undefined;
  readonly exitWithStdin: boolean;
}

/** A file that is being written is seen half; an author waits for what is wrong with it, so not for long. */
const authorLimits: Partial<HostLimits> = { incompleteMs: 200 };

/** While a debugger holds an extension, nothing of it is late. */
const debuggerLimits: Partial<HostLimits> = {
  activateMs: Infinity,
  deactivateMs: Infinity,
  callMs: 0,
  unresponsiveMs: Infinity,
};

/** Runs until a signal, `q`, a `stop` command, or the end of standard input if that is asked for. */
async function develop(context: CommandContext, request: DevRequest): Promise<number> {
  const { io, output } = context;
  const given = request.folders.length === 0 ? ["."] : request.folders;
  const setup = await hostSetup(context, {
    developmentFolders: given.map((folder) => resolve(io.cwd, folder)),
    usualFolders: [],
  });
  const folders = setup.hostOptions.developmentFolders ?? [];
  const isTerminal = io.stdout.isTTY === true;
  const isTypedAt = isTerminal && !output.isJson && "isTTY" in io.stdin && io.stdin.isTTY === true;
  const names = folders.map((folder) => folderText(folder, io.cwd)).join(", ");
  const hint = [
    `Following ${names}: what you save is ${request.isLazy ? "loaded when it is needed" : "run at once"}. Ctrl-C stops.`,
    ...(isTypedAt ? promptHelp : []),
  ];
  if (request.inspectPort !== undefined) io.openInspector(request.inspectPort);
  return followHost(context, {
    hostOptions: { ...setup.hostOptions, ...faultFinding(setup.hostOptions, request) },
    view: output.isJson
      ? jsonView(output, io.cwd)
      : devView(output, { cwd: io.cwd, folders, hint, hasTimes: isTerminal }),
    exitWithStdin: request.exitWithStdin,
    attend: (host, run) => {
      const attendances = [
        ...(request.isLazy ? [] : [activateAtOnce(host, folders)]),
        ...(request.inspectPort === undefined ? [] : [noteUninspected(context, host)]),
        ...(isTypedAt ? [promptOf(context, host, folders, run)] : []),
      ];
      return { dispose: () => attendances.forEach((attendance) => attendance.dispose()) };
    },
  });
}

function faultFinding({ limits }: HostOptions, { inspectPort }: DevRequest): HostOptions {
  return inspectPort === undefined
    ? { limits: { ...authorLimits, ...limits }, watchdog: "print" }
    : { limits: { ...authorLimits, ...limits, ...debuggerLimits } };
}

function promptOf(
  { io, output }: CommandContext,
  host: ExtensionHost,
  folders: readonly string[],
  { control, ready, stop }: HostRun,
) {
  return readPrompt(io.stdin, { host, control, output, cwd: io.cwd, folders, ready, stop });
}

/** Says once of each extension whose code no debugger sees why, and what to do. */
function noteUninspected({ output }: CommandContext, host: ExtensionHost) {
  const noted = new Set<string>();
  return host.extensions.onDidChange(({ id, kind }) => {
    const info = id === undefined ? undefined : host.extensions.get(id);
    if (kind !== "activated" || info?.processId === undefined || noted.has(info.folder)) return;
    noted.add(info.folder);
    output.note(
      `${info.id} runs in a process of its own, which no debugger reaches: Node's permission model shuts it. To debug it, run it in a worker: runtimePolicy: { "${info.id}": "worker" } in plugboard.config.json5.`,
    );
  });
}
