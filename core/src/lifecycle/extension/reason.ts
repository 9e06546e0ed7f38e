/** Turns errors into reasons and back: a state carries a reason, a caller gets an error. */
import { errorTable, ExtensionError, isExtensionError, type ErrorCode } from "@plugboard/extension-api";
import { rootCause, thrownText } from "../../common/thrown-text.js";
import type { StateReason } from "./extension-state.js";

/** The error as an ExtensionError: its own, or one of the code with the error as its cause. @internal */
export function asExtensionError(
  error: unknown,
  code: ErrorCode,
  extensionId: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): ExtensionError {
  if (isExtensionError(error)) return error;
  const root = rootCause(error);
  const because = root === error ? "" : `, because of: ${thrownText(root)}`;
  return new ExtensionError(code, `${message}: ${thrownText(error)}${because}`, {
    extensionId,
    details,
    cause: error,
  });
}

/** The reason that a state shows for an error. @internal */
export function reasonOf(error: ExtensionError): StateReason {
  return { code: error.code, message: error.message, cause: error };
}

/** The error that a caller gets for a reason. @internal */
export function errorOf(reason: StateReason, extensionId: string): ExtensionError {
  if (isExtensionError(reason.cause)) return reason.cause;
  const code: ErrorCode = reason.code in errorTable ? (reason.code as ErrorCode) : codeOfReason(reason.code);
  return new ExtensionError(code, reason.message, { extensionId, details: { reason: reason.code } });
}

function codeOfReason(code: string): ErrorCode {
  if (code === "DISABLED") return "EXTENSION_DISABLED";
  if (code === "SHADOWED") return "DISCOVERY_DUPLICATE_ID";
  return "ACTIVATION_FAILED";
}
