/** A disk under a process that is killed, or that refuses: real, up to a step of the test's choice. */
import * as disk from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { Disk } from "../../../../core/src/common/write-whole.js";

export interface Fault {
  /** The step that is not done, from 1; a write is done in part. */
  readonly step: number;
  /** How much of a write is done. */
  readonly bytes?: number;
  /** What the disk says. After a kill nothing is done any more; a disk that refuses goes on. */
  readonly error: Error;
  readonly isKill: boolean;
}

/** A disk with a fault, and how many steps were asked of it. */
export function faultyDisk({ step, bytes = 0, error, isKill }: Fault): {
  readonly disk: Disk;
  readonly steps: () => number;
} {
  let steps = 0;
  const take = <T>(work: () => Promise<T>, instead?: () => Promise<unknown>): Promise<T> => {
    steps += 1;
    if (steps === step) return (instead?.() ?? Promise.resolve()).then(() => Promise.reject(error));
    return steps > step && isKill ? Promise.reject(error) : work();
  };
  const wrap = (handle: FileHandle): FileHandle =>
    ({
      writeFile: (content: string) =>
        take(
          () => handle.writeFile(content),
          () => handle.writeFile(content.slice(0, bytes)),
        ),
      sync: () => take(() => handle.sync()),
      // A killed process's files are closed by the system.
      close: () => take(() => handle.close()).finally(() => handle.close().catch(() => undefined)),
    }) as unknown as FileHandle;
  const faulty = {
    mkdir: (...args: Parameters<typeof disk.mkdir>) => take(() => disk.mkdir(...args)),
    open: (...args: Parameters<typeof disk.open>) => take(async () => wrap(await disk.open(...args))),
    rename: (...args: Parameters<typeof disk.rename>) => take(() => disk.rename(...args)),
    rm: (...args: Parameters<typeof disk.rm>) => take(() => disk.rm(...args)),
  };
  return { disk: faulty as unknown as Disk, steps: () => steps };
}

/** What a disk without room says. */
export function diskFull(): Error {
  return Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    syscall: "write",
  });
}
