/** Makes the errors of installing. */
import { ExtensionError, isExtensionError, type ErrorCode } from "@plugboard/extension-api";
import { diskRefusal } from "../common/disk-refusal.js";

/** An error about what is, or is not, installed. @internal */
export function installError(
  code: Extract<ErrorCode, `INSTALL_${string}` | `TRUST_${string}`>,
  message: string,
  extensionId?: string,
): ExtensionError {
  return new ExtensionError(code, message, { extensionId });
}

/** What the disk refuses, in our words; anything else as it is. @internal */
export function asInstallError(error: unknown, folder: string): unknown {
  const why = diskRefusal(error);
  if (isExtensionError(error) || why === undefined) return error;
  return new ExtensionError("INSTALL_UNWRITABLE", `${folder} can't be changed: ${why}.`, { cause: error });
}
