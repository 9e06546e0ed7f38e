/** Asks whoever sits at the terminal. */
import type { Readable, Writable } from "node:stream";
import type { CommandIo, StopReason } from "./command-io.js";
import { StoppedError } from "./exit-code.js";

/** Tells whether there is a person to ask. @internal */
export function canAsk({ stdin, stdout }: CommandIo): boolean {
  return (stdin as { readonly isTTY?: boolean }).isTTY === true && stdout.isTTY === true;
}

/**
 * Asks whether to go on; whoever only presses Enter does not.
 *
 * @throws StoppedError when the person leaves instead of answering
 * @internal
 */
export async function isAgreed(io: CommandIo, message: string): Promise<boolean> {
  const { confirm } = await import("@clack/prompts");
  const answer = await confirm({
    message,
    initialValue: false,
    // On a terminal these are the process's own.
    input: io.stdin as unknown as Readable,
    output: io.stdout as unknown as Writable,
    signal: io.signal,
  });
  if (typeof answer === "boolean") return answer;
  throw new StoppedError(io.signal.aborted ? (io.signal.reason as StopReason) : "SIGINT");
}
