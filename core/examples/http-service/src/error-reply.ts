/** What a caller over HTTP learns of an error: a status, and the code that programs can rely on. */
import { isExtensionError, type ErrorCode } from "@plugboard/core";

/** An error as JSON. */
export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  readonly extensionId?: string;
  readonly advice?: string;
}

/** Describes any error without its stack or cause: those are for the log. */
export function describeError(error: unknown): ErrorDescription {
  if (!isExtensionError(error))
    return { code: "INTERNAL", message: "The service made a mistake of its own." };
  return {
    code: error.code,
    message: error.message,
    ...(error.extensionId === undefined ? {} : { extensionId: error.extensionId }),
    advice: error.advice,
  };
}

/** The status for an error that keeps a request from being answered. */
export function statusOf(error: unknown): number {
  return (isExtensionError(error) && statuses[error.code]) || 500;
}

// An extension stands behind this service as an upstream stands behind a gateway; its faults are 502 to 504.
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  CALL_UNKNOWN_TARGET: 404,
  EXTENSION_UNKNOWN: 404,
  EXTENSION_GONE: 410,
  CALL_TOO_LARGE: 413,
  CALL_FAILED: 502,
  ACTIVATION_FAILED: 502,
  MODULE_NOT_FOUND: 502,
  MODULE_SYNTAX: 502,
  MODULE_EXPORT_MISSING: 502,
  MODULE_UNSUPPORTED: 502,
  MODULE_FAILED: 502,
  RUNTIME_UNKNOWN: 502,
  RUNTIME_START_FAILED: 502,
  CAPABILITY_DENIED: 502,
  CALL_CANCELLED: 503,
  CALL_QUEUE_FULL: 503,
  ACTIVATION_ABORTED: 503,
  DEPENDENCY_FAILED: 503,
  DEPENDENCY_MISSING: 503,
  DEPENDENCY_VERSION: 503,
  DEPENDENCY_CYCLE: 503,
  EXTENSION_DISABLED: 503,
  HOST_STOPPED: 503,
  ACTIVATION_TIMEOUT: 504,
  CALL_TIMEOUT: 504,
};
