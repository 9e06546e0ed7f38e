/** What the callers of a contract see of a gRPC call that failed, and what a plugin sees of a host service that did. */
import { ExtensionError, isExtensionError, type ErrorCode } from "@plugboard/extension-api";
import { GrpcError, grpcStatus, type GrpcStatusName } from "../wire/grpc-status.js";
import type { Mismatch } from "./mismatch.js";

/** Which call failed. @internal */
export interface FailedCall {
  readonly extensionId: string;
  /** `/package.Service/Method`. */
  readonly path: string;
  /** The call's own signal, once somebody has asked for it. */
  readonly signal: AbortSignal;
  /** Why the plugin is over; undefined while it runs. */
  readonly ended: Error | undefined;
}

/** The error of a call of a plugin. @internal */
export function callError(error: unknown, { extensionId, path, signal, ended }: FailedCall): Error {
  if (isExtensionError(error)) return error;
  if (signal.aborted) return cancelError(extensionId, signal);
  if (ended !== undefined) return ended;
  if (!(error instanceof GrpcError)) return failure(error, { extensionId, path });
  const details = { path, status: error.status, statusName: error.statusName };
  const options = { extensionId, details, cause: error };
  const said = error.message === "" ? "" : `: ${error.message}`;
  switch (error.status) {
    case grpcStatus.DEADLINE_EXCEEDED:
      return new ExtensionError(
        "CALL_TIMEOUT",
        `A call to ${extensionId} did not settle in time${said}`,
        options,
      );
    case grpcStatus.RESOURCE_EXHAUSTED:
      return new ExtensionError("CALL_TOO_LARGE", `A call to ${extensionId} is too large${said}`, options);
    case grpcStatus.UNIMPLEMENTED: {
      const message = `The plugin of ${extensionId} does not answer ${path}${said}`;
      return new ExtensionError("CALL_UNKNOWN_TARGET", message, options);
    }
    default:
      return failure(error, { extensionId, path });
  }
}

/** The error of a call that is too late before it begins. @internal */
export function lateError(extensionId: string): ExtensionError {
  return new ExtensionError("CALL_TIMEOUT", `A call to ${extensionId} came when its time was up.`, {
    extensionId,
  });
}

/** The error of arguments or a result that take more than they may. @internal */
export function tooLarge(
  extensionId: string,
  what: "arguments" | "result",
  limitBytes: number,
): ExtensionError {
  const message = `The ${what} of a call to ${extensionId} ${what === "result" ? "takes" : "take"} more than ${limitBytes} bytes.`;
  return new ExtensionError("CALL_TOO_LARGE", message, { extensionId, details: { what, limitBytes } });
}

/** The error of values that the `.proto` has no place for. @internal */
export function mismatchError(
  extensionId: string,
  method: string,
  what: "arguments" | "result",
  { path: parts, message, hint }: Mismatch,
): ExtensionError {
  const path = parts.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  const subject = path === "" ? `The ${what} of ${method}` : `${path} in the ${what} of ${method}`;
  return new ExtensionError("CALL_NOT_SERIALIZABLE", `${subject} ${message}.${hint}`, {
    extensionId,
    details: { what, path, found: message },
  });
}

/** The error of an answer that is no message of its type. @internal */
export function undecodable(extensionId: string, path: string, cause: unknown): ExtensionError {
  const message = `What ${extensionId} answered to ${path} is not what its .proto says.`;
  return new ExtensionError("RUNTIME_PROTOCOL", message, { extensionId, details: { path }, cause });
}

/** What a plugin is told of a host service that failed: a status and words, nothing of the host's inside. @internal */
export function grpcErrorOf(error: unknown): GrpcError {
  if (error instanceof GrpcError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const status = isExtensionError(error) ? statusOf[error.code] : undefined;
  return new GrpcError(status ?? "UNKNOWN", message);
}

/** The error of a call whose caller no longer waits. */
function cancelError(extensionId: string, signal: AbortSignal): Error {
  const { reason } = signal as { readonly reason: unknown };
  if (isExtensionError(reason)) return reason;
  return new ExtensionError("CALL_CANCELLED", `A call to ${extensionId} was cancelled.`, {
    extensionId,
    cause: reason,
  });
}

function failure(
  error: unknown,
  { extensionId, path }: { extensionId: string; path: string },
): ExtensionError {
  const isStatus = error instanceof GrpcError;
  const said = error instanceof Error ? error.message : String(error);
  const message = `A call to ${extensionId} failed: ${isStatus ? `${error.statusName}${said === "" ? "" : ` (${said})`}` : said}`;
  const status = isStatus ? { status: error.status, statusName: error.statusName } : {};
  return new ExtensionError("CALL_FAILED", message, {
    extensionId,
    details: { path, ...status },
    cause: error,
  });
}

const statusOf: Readonly<Partial<Record<ErrorCode, GrpcStatusName>>> = {
  CALL_TIMEOUT: "DEADLINE_EXCEEDED",
  CALL_CANCELLED: "CANCELLED",
  CALL_TOO_LARGE: "RESOURCE_EXHAUSTED",
  CALL_UNKNOWN_TARGET: "UNIMPLEMENTED",
  CALL_NOT_SERIALIZABLE: "INVALID_ARGUMENT",
  CAPABILITY_DENIED: "PERMISSION_DENIED",
  EXTENSION_GONE: "UNAVAILABLE",
  EXTENSION_CRASHED: "UNAVAILABLE",
  HOST_STOPPED: "UNAVAILABLE",
};
