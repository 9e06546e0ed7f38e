/**
 * Runs the action of a command with the host that keeps its state here, if one runs, otherwise with a host of the command's
 * own that does not watch, and is stopped whatever happens.
 */
import { attachHost, hostControl } from "../control.js";
import type { HostControl } from "../control.js";
import type { StartOptions } from "../index.js";
import type { CommandSurroundings } from "./command-context.js";
import { hostSetup, reportMissingFolders, type HostSetup } from "./host-setup.js";
import { StoppedError } from "./exit-code.js";
import { strayText } from "./output/stray-text.js";
import { unlessStopped } from "./unless-stopped.js";

/** What an action is about. */
interface ActionOptions extends StartOptions {
  /** Whether the action shows what is wrong with the host's folders and state. */
  readonly showsProblems?: boolean;
}

type Action = (control: HostControl, setup: HostSetup) => Promise<number> | number;

/**
 * Does the action and gives its exit code. Whose host it was is told on standard error of a terminal; of a host of the
 * command's own also what is wrong with its folders and state, unless the action shows it.
 *
 * @internal
 */
export async function withHost(
  context: CommandSurroundings,
  action: Action,
  options: ActionOptions = {},
): Promise<number> {
  const { io, output } = context;
  const setup = await hostSetup(context);
  const { stateFolder } = setup.hostOptions;
  const isAlone = context.options.alone === true || stateFolder === undefined;
  const attached = isAlone ? undefined : await unlessStopped(attachHost(stateFolder), io);
  if (attached === undefined) return withOwnHost(context, setup, action, options);
  if (io.stderr.isTTY === true && !output.isJson)
    output.note(output.errorStyle("dim", `of the host that runs here, process ${attached.host.pid}`));
  try {
    return await unlessStopped(Promise.resolve(action(attached, setup)), io);
  } finally {
    attached.dispose();
  }
}

async function withOwnHost(
  context: CommandSurroundings,
  setup: HostSetup,
  action: Action,
  { showsProblems = false, until }: ActionOptions,
): Promise<number> {
  const { io, output } = context;
  await reportMissingFolders(setup, context);
  const services = await context.loadServices();
  const { inProcessScope } = io;
  const host = services.createHost({ ...setup.hostOptions, inProcessScope, watch: false });
  const stray = io.onStrayOutput((printed) => output.note(strayText(printed)));
  try {
    await unlessStopped(host.start(until === undefined ? {} : { until }), io);
    const control = hostControl(host);
    if (!showsProblems) await noteHostProblems(control, context);
    return await unlessStopped(Promise.resolve(action(control, setup)), io);
  } catch (error) {
    // The action goes on until the host has stopped, and what then fails is nobody's concern.
    if (error instanceof StoppedError) output.mute();
    throw error;
  } finally {
    await host.stop();
    stray.dispose();
  }
}

/** What no extension's own problems tell; missing folders are told before the start, and notes are list's. */
async function noteHostProblems(control: HostControl, { output }: CommandSurroundings): Promise<void> {
  const { problems } = await control.list();
  for (const problem of problems) {
    if (problem.code !== "DISCOVERY_FOLDER_MISSING" && problem.severity !== "info") output.problem(problem);
  }
}
