/** Turns errors into reasons and back: a state carries a reason, a caller gets an error. */
import { errorTable, ExtensionError, isExtensionError, type ErrorCode } from "@plugboard/extension-api";
import type { StateReason } from "./extension-state.js";

/** The error as an ExtensionError: its own, or one of the code with the error as its cause. @internal */
export function asExtensionError(
  error: unknown,
  code: ErrorCode,
  extensionId: string,
  message: string,
): ExtensionError {
  if (isExtensionError(error)) return error;
  const root = rootOf(error);
  const because = root === error ? "" : `, because of: ${messageOf(root)}`;
  return new ExtensionError(code, `${message}: ${messageOf(error)}${because}`, { extensionId, cause: error });
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

/** What an error says, whatever was thrown. @internal */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    // An extension may throw anything, an object without a prototype included.
    return "something that can't be shown as text";
  }
}

/** What is at the end of a chain of causes, as far as one goes. */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 16 && root instanceof Error && root.cause !== undefined; depth++)
    root = root.cause;
  return root;
}

function codeOfReason(code: string): ErrorCode {
  if (code === "DISABLED") return "EXTENSION_DISABLED";
  if (code === "SHADOWED") return "DISCOVERY_DUPLICATE_ID";
  return "ACTIVATION_FAILED";
}
