/** The exit code that a failure comes to. */
import { isExtensionError, type ErrorCode } from "@plugboard/extension-api";
import type { StopReason } from "./command-io.js";
import { exitCode, InputError, StoppedError, UsageError } from "./exit-code.js";

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
