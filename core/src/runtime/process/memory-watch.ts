/**
 * Looks at the memory of all children with one timer, and tells of those that take more than they may. Linux only:
 * elsewhere nobody is told, and a child's memory is unknown.
 */
import { closeSync, openSync, readSync } from "node:fs";

/** A child whose memory is watched. @internal */
export interface WatchedMemory {
  /** Resident bytes now; undefined where nobody can tell. */
  current(): number | undefined;
  /** Ends the watch. */
  stop(): void;
}

/** When someone is told. @internal */
export interface MemoryLimit {
  readonly bytes: number;
  /** Called once. */
  readonly onExceeded: (bytes: number) => void;
}

const intervalMs = 200;

/** One timer for all; none while there is nothing to watch. @internal */
export class MemoryWatch {
  readonly #checks = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  /** Watches a process until told to stop. */
  watch(processId: number, limit: MemoryLimit): WatchedMemory {
    const statistics = openStatistics(processId);
    if (statistics === undefined) return { current: () => undefined, stop: () => {} };
    let isOpen = true;
    const current = (): number | undefined => (isOpen ? residentBytes(statistics) : undefined);
    const stop = (): void => {
      if (!isOpen) return;
      isOpen = false;
      closeSync(statistics);
      this.#remove(check);
    };
    const check = (): void => {
      const bytes = current();
      if (bytes === undefined || bytes <= limit.bytes) return;
      this.#remove(check);
      limit.onExceeded(bytes);
    };
    this.#add(check);
    return { current, stop };
  }

  #add(check: () => void): void {
    this.#checks.add(check);
    this.#timer ??= setInterval(() => {
      for (const each of this.#checks) each();
    }, intervalMs).unref();
  }

  #remove(check: () => void): void {
    this.#checks.delete(check);
    if (this.#checks.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
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
