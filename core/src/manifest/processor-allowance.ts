/**
 * Runs synchronous work that somebody else has a say in, and gives up when it takes too long. Schemas, patterns in them
 * and what is held against them come from extensions: a pattern that backtracks, or a schema that refers to itself
 * twice over, would stop the host. Counted is time of the processor: what a busy machine adds is not the work's fault.
 */
import { createContext, Script } from "node:vm";

/** Milliseconds for all of it. */
const allowedMs = 40;

/** Work that is given up is run again when most of its time went to others; so often. */
const mostRuns = 20;

/** The work took more time than there was. @internal */
export class TooSlow extends Error {
  override readonly name = "TooSlow";
}

/** The time of the processor that is left for one manifest. @internal */
export class ProcessorAllowance {
  leftMs = allowedMs;
}

interface Bench {
  work: (() => unknown) | undefined;
}

/** A place for work that may be interrupted. @internal */
export class Workbench {
  #script: Script | undefined;
  #bench: Bench | undefined;

  /** @throws TooSlow when nothing is left of the allowance before it is done; whatever the work throws */
  run<T>(work: () => T, allowance: ProcessorAllowance): T {
    for (let run = 0; run < mostRuns && allowance.leftMs >= 1; run++) {
      const before = processorMs();
      try {
        return this.#run(work, Math.ceil(allowance.leftMs));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      } finally {
        allowance.leftMs -= processorMs() - before;
      }
    }
    throw new TooSlow("it takes too long");
  }

  /** Only a script in a context of its own can be interrupted; the functions that it calls are interrupted with it. */
  #run<T>(work: () => T, timeout: number): T {
    this.#script ??= new Script("work()");
    this.#bench ??= createContext({ work: undefined }) as Bench;
    this.#bench.work = work;
    try {
      return this.#script.runInContext(this.#bench, { timeout }) as T;
    } finally {
      this.#bench.work = undefined;
    }
  }
}

type Usage = Pick<NodeJS.CpuUsage, "user" | "system">;

/** Milliseconds that this thread has used; where Node can't tell, the process. */
function processorMs(): number {
  const { threadCpuUsage } = process as { readonly threadCpuUsage?: () => Usage };
  const { user, system } = threadCpuUsage === undefined ? process.cpuUsage() : threadCpuUsage.call(process);
  return (user + system) / 1_000;
}
