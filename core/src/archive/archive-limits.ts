/**
 * What an archive may cost whoever opens it. The reader holds to these while it reads, the writer makes
 * nothing that the reader would refuse.
 */

/** Limits of what an archive may hold. @public */
export interface ArchiveLimits {
  /** Files and folders. */
  readonly entries: number;
  /** Bytes of the unpacked archive, its headers included. */
  readonly bytes: number;
  /** How many bytes may come out of one that goes in. The first mebibyte is free: it harms nobody. */
  readonly ratio: number;
}

/** 10,000 entries, 200 MB, 100:1. @public */
export const defaultArchiveLimits: ArchiveLimits = Object.freeze({
  entries: 10_000,
  bytes: 200 * 2 ** 20,
  ratio: 100,
});

/** Below this an archive may be as well compressed as it likes. @internal */
export const bytesFreeOfRatio = 2 ** 20;
