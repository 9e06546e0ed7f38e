/** What the command line tells its caller in one number. */
import { isExtensionError, type ErrorCode } from "@plugboard/extension-api";
import type { StopReason } from "./command-io.js";

/** The exit codes of every command. @internal */
export const exitCode = Object.freeze({ done: 0, atFault: 1, wrongUsage: 2, hostFault: 3 });

/** The caller used the command line wrongly; the message says how to use it. @internal */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The input or an extension is at fault, in a way that has no row in the table of errors. @internal */
export class InputError extends Error {
  override readonly name = "InputError";
  /** Names the fault for programs. */
  readonly code: ErrorCode;
  /** What to do about it, in the words of the case at hand. */
  readonly advice: string | undefined;

  constructor(code: ErrorCode, message: string, advice?: string) {
    super(message);
    this.code = code;
    this.advice = advice;
  }
}

/** The command was asked to stop before it was done. @internal */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`stopped by ${reason}`);
    this.reason = reason;
  }
}

/** Exit codes as a shell gives them to what a signal ended; a reader that went away is no failure. */
const stoppedCode: Readonly<Record<StopReason, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
  EPIPE: 0,
};

/** Faults of the host or of the machine it runs on. */
const hostFaults: ReadonlySet<string> = new Set<ErrorCode>([
  "INTERNAL",
  "STATE_UNREADABLE",
  "STATE_UNWRITABLE",
  "CONTROL_BUSY",
  "CONTROL_CLOSED",
  "CONTROL_FOREIGN",
  "CONTROL_SILENT",
  "CONTROL_VERSION",
]);

/** The exit code that an error stands for. @internal */
export function exitCodeOf(error: unknown): number {
  if (error instanceof StoppedError) return stoppedCode[error.reason];
  if (error instanceof UsageError) return exitCode.wrongUsage;
  if (error instanceof InputError) return exitCode.atFault;
  if (isExtensionError(error) && !hostFaults.has(error.code)) return exitCode.atFault;
  return exitCode.hostFault;
}
