/**
 * The memory that a process takes, as Linux counts it; elsewhere nobody can tell. Keeps the file open, so that it
 * never tells of another process that got the same id.
 */
import { closeSync, openSync, readSync } from "node:fs";

/** Bytes that hold all of what is told of a process, and more. */
const statusBytes = 8_192;

/** The resident memory of one process; to be closed. @internal */
export class ProcessMemory {
  #file: number | undefined;

  constructor(processId: number | undefined) {
    if (processId !== undefined && process.platform === "linux")
      this.#file = open(`/proc/${processId}/status`);
  }

  /** Bytes in use now; undefined where nobody can tell. */
  bytes(): number | undefined {
    if (this.#file === undefined) return undefined;
    const status = Buffer.alloc(statusBytes);
    try {
      readSync(this.#file, status, 0, statusBytes, 0);
    } catch {
      // It has just ended.
      return undefined;
    }
    const kibibytes = /^VmRSS:\s*(\d+)/m.exec(status.toString("latin1"))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
  }

  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
  }
}

function open(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    // It has ended, or it is not ours to look at.
    return undefined;
  }
}
