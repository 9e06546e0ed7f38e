/** Says in words why a disk refuses to do something. */

const refusals: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EROFS: "the disk is read-only",
  EACCES: "its permissions don't allow it",
  EPERM: "its permissions don't allow it",
};

/** The reason why the disk refused, if the error is one of the disk; undefined otherwise. @internal */
export function diskRefusal(error: unknown): string | undefined {
  const { syscall, code = "" } = error as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : (refusals[code] ?? code);
}
