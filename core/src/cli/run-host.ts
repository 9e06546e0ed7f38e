/**
 * Runs one deed of a command with a started host that does not watch, and stops the host whatever happens.
 * Invariant: when this settles, the host has been stopped.
 */
import type { ExtensionHost } from "../index.js";
import type { CommandContext } from "./command-context.js";
import type { CommandIo, StopReason } from "./command-io.js";
import { hostSetup, reportMissingFolders, type HostSetup } from "./host-setup.js";
import { StoppedError } from "./exit-code.js";

/** Starts a host, does the deed and gives its exit code. @internal */
export async function withHost(
  context: CommandContext,
  deed: (host: ExtensionHost, setup: HostSetup) => Promise<number> | number,
): Promise<number> {
  const { io, output, services } = context;
  const setup = await hostSetup(context);
  await reportMissingFolders(setup, context);
  const host = services.createHost({ ...setup.hostOptions, watch: false });
  const stray = io.onStrayOutput(({ text }) => output.note(text));
  try {
    await unlessStopped(host.start(), io);
    return await unlessStopped(Promise.resolve(deed(host, setup)), io);
  } finally {
    await host.stop();
    stray.dispose();
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
