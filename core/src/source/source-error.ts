/** Makes the errors of fetching extensions from where they come from. */
import { ExtensionError, type ErrorCode } from "@plugboard/extension-api";

/** An error about a source, or about what came out of it. @internal */
export function sourceError(
  code: Extract<ErrorCode, `SOURCE_${string}`>,
  message: string,
  options: { readonly cause?: unknown } = {},
): ExtensionError {
  return new ExtensionError(code, message, options);
}
