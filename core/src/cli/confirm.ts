/** Asks a person a question with yes or no for an answer. */
import { createInterface } from "node:readline/promises";
import type { CommandIo, StopReason } from "./command-io.js";
import { StoppedError } from "./exit-code.js";

/** Whether a person is there to be asked. @internal */
export function canAsk({ stdin, stderr }: CommandIo): boolean {
  return stderr.isTTY === true && (stdin as { readonly isTTY?: boolean }).isTTY === true;
}

/** Asks on standard error; anything but yes is no. Rejects with {@link StoppedError} if the command is asked to stop. @internal */
export async function confirm({ stdin, stderr, signal }: CommandIo, question: string): Promise<boolean> {
  stderr.write(`${question} [y/N] `);
  const lines = createInterface({ input: stdin });
  try {
    return /^y(?:es)?$/i.test((await lines.question("", { signal })).trim());
  } catch (error) {
    if (!signal.aborted) throw error;
    stderr.write("\n");
    throw new StoppedError(signal.reason as StopReason);
  } finally {
    lines.close();
  }
}
