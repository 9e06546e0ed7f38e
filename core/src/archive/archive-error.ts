/** Makes the errors of archives, all alike: which entry of which archive. */
import { ExtensionError, type ErrorCode } from "@plugboard/extension-api";

/** Details that an archive's error may carry. @internal */
export interface ArchiveErrorOptions {
  /** The entry at fault, by its path in the archive. */
  readonly entry?: string | undefined;
  readonly cause?: unknown;
}

/** An error about an archive or about one entry of it. @internal */
export function archiveError(
  code: Extract<ErrorCode, `ARCHIVE_${string}`>,
  message: string,
  { entry, cause }: ArchiveErrorOptions = {},
): ExtensionError {
  return new ExtensionError(code, message, {
    ...(entry === undefined ? {} : { details: { entry } }),
    ...(cause === undefined ? {} : { cause }),
  });
}
