/** What the command line tells its caller in one number. */
import type { ErrorCode } from "@plugboard/extension-api";
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
