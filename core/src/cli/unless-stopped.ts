/** Ends a wait as soon as the command is asked to stop. */
import type { CommandIo, StopReason } from "./command-io.js";
import { StoppedError } from "./exit-code.js";

/** The promise's outcome, or {@link StoppedError} if the command is asked to stop first. @internal */
export async function unlessStopped<T>(promise: Promise<T>, { signal }: CommandIo): Promise<T> {
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
