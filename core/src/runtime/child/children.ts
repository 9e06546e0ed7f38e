/**
 * Starts the programs of one host and looks after all of them: that none outlives the host, nor takes more memory than it
 * may. Invariant: when the last one has ended, nothing is left that was started to look after them.
 */
import { MemoryWatch } from "../memory-watch.js";
import { OrphanWatcher } from "./orphan-watcher.js";
import { startProgram, type Program, type SupervisedChild } from "./supervised-child.js";

/** The children of one host. @internal */
export class Children {
  /** Sees to it that none outlives the host, also for what is no extension's. */
  readonly orphans = new OrphanWatcher();
  readonly #memory: MemoryWatch;
  readonly #running = new Set<SupervisedChild>();

  /** @param memoryBytes - that one may take */
  constructor(memoryBytes: number) {
    this.#memory = new MemoryWatch(memoryBytes);
  }

  /** Starts one. Rejects with the error of the system that keeps it from starting. */
  async start(program: Program): Promise<SupervisedChild> {
    const child = await startProgram(program);
    if (child.end !== undefined) return child;
    this.#running.add(child);
    this.orphans.add(child.leader);
    this.#memory.add({
      closed: child.exited,
      memory: () => Promise.resolve(child.memory()),
      fail: (what) => {
        child.kill(what);
      },
    });
    void child.exited.then(() => {
      this.orphans.remove(child.leader);
      this.#running.delete(child);
    });
    return child;
  }

  /** Ends all that still run; settles when none does. */
  async dispose(): Promise<void> {
    const running = [...this.#running];
    for (const child of running) child.kill();
    await Promise.all(running.map(({ exited }) => exited));
  }
}
