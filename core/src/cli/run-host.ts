/**
 * Runs one deed of a command with a started host that does not watch, and stops the host whatever happens.
 * Invariant: when this settles, the host has been stopped.
 */
import type { ExtensionHost, StartOptions } from "../index.js";
import type { CommandContext } from "./command-context.js";
import type { CommandIo, StopReason } from "./command-io.js";
import { hostSetup, reportMissingFolders, type HostSetup } from "./host-setup.js";
import { StoppedError } from "./exit-code.js";
import { strayText } from "./output/stray-text.js";

/** What a deed is about. */
interface DeedOptions extends StartOptions {
  /** Whether the deed shows what is wrong with the host's folders and state. */
  readonly showsProblems?: boolean;
}

/**
 * Starts a host, does the deed and gives its exit code. What is wrong with the host's folders and state is told on
 * standard error, unless the deed shows it.
 *
 * @internal
 */
export async function withHost(
  context: CommandContext,
  deed: (host: ExtensionHost, setup: HostSetup) => Promise<number> | number,
  { showsProblems = false, until }: DeedOptions = {},
): Promise<number> {
  const { io, output, services } = context;
  const setup = await hostSetup(context);
  await reportMissingFolders(setup, context);
  const { inProcessScope } = io;
  const host = services.createHost({ ...setup.hostOptions, inProcessScope, watch: false });
  const stray = io.onStrayOutput((printed) => output.note(strayText(printed)));
  try {
    await unlessStopped(host.start(until === undefined ? {} : { until }), io);
    if (!showsProblems) noteHostProblems(host, context);
    return await unlessStopped(Promise.resolve(deed(host, setup)), io);
  } catch (error) {
    // The deed goes on until the host has stopped, and what then fails is nobody's concern.
    if (error instanceof StoppedError) output.mute();
    throw error;
  } finally {
    await host.stop();
    stray.dispose();
  }
}

/** What no extension's own problems tell; missing folders are told before the start, and notes are list's. */
function noteHostProblems(host: ExtensionHost, { output }: CommandContext): void {
  for (const problem of host.problems) {
    if (problem.code !== "DISCOVERY_FOLDER_MISSING" && problem.severity !== "info") output.problem(problem);
  }
}

/** The promise's outcome, or {@link StoppedError} if the command is asked to stop first. */
async function unlessStopped<T>(promise: Promise<T>, { signal }: CommandIo): Promise<T> {
  let listener: (() => void) | undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    listener = () => reject(new StoppedError(signal.reason as StopReason));
    if (signal.aborted) listener();
    else signal.addEventListener("abort", listener, { once: true });
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    if (listener !== undefined) signal.removeEventListener("abort", listener);
  }
}
