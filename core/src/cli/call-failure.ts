/** What went wrong in a call, as one kind of error: an in-process extension may throw anything. */
import { ExtensionError, isExtensionError } from "../index.js";

/** What was called. @internal */
export interface CalledMethod {
  readonly id: string;
  readonly method: string;
  readonly extensionId?: string | undefined;
}

/** The error itself if it tells what happened already, otherwise `CALL_FAILED` with it as cause. @internal */
export function callFailure(error: unknown, { id, method, extensionId }: CalledMethod): ExtensionError {
  if (isExtensionError(error)) return error;
  return new ExtensionError("CALL_FAILED", `${method} of ${id} failed`, { extensionId, cause: error });
}
