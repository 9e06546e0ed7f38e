/**
 * The memory that a process takes, as the system counts it. Linux only: elsewhere nobody can tell.
 * Keeps a file open from the start on, so that it never tells of another process that got the same id.
 */
import { closeSync, openSync, readSync } from "node:fs";

/** The resident memory of one process; to be closed. @internal */
export class ResidentMemory {
  #statistics: number | undefined;

  constructor(processId: number) {
    this.#statistics = openStatistics(processId);
  }

  /** Bytes now; undefined where nobody can tell, and once it is closed. */
  bytes(): number | undefined {
    return this.#statistics === undefined ? undefined : residentBytes(this.#statistics);
  }

  close(): void {
    if (this.#statistics !== undefined) closeSync(this.#statistics);
    this.#statistics = undefined;
  }
}

function openStatistics(processId: number): number | undefined {
  try {
    return openSync(`/proc/${processId}/status`, "r");
  } catch {
    // another platform, or it has ended already
    return undefined;
  }
}

/** A process that has ended has no statistics left, though the file is open. */
function residentBytes(statistics: number): number | undefined {
  const text = Buffer.alloc(4_096);
  try {
    const length = readSync(statistics, text, 0, text.length, 0);
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(text.toString("latin1", 0, length))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
  } catch {
    return undefined;
  }
}
