/**
 * Keeps extensions and the dependents that run with them to one task at a time. Who depends on whom may
 * change while a task waits for its turn: the lock is taken again until it covers everyone concerned.
 * Invariant: a task sees no running dependent of its extensions that is not among its members.
 */
import type { KeyedQueue } from "../common/keyed-queue.js";
import type { ExtensionSet } from "./extension-set.js";
import { superseded } from "./lifecycle-errors.js";
import type { ManagedExtension } from "./managed-extension.js";

interface ClosureLockParts {
  readonly queue: KeyedQueue;
  readonly set: ExtensionSet;
}

/** Locks extensions together with whoever runs on them. @internal */
export class ClosureLock {
  readonly #queue: KeyedQueue;
  readonly #set: ExtensionSet;

  constructor(parts: ClosureLockParts) {
    this.#queue = parts.queue;
    this.#set = parts.set;
  }

  /** Runs the task with the running dependents of the seeds locked as well, whoever they are by then. */
  async run<T>(
    seeds: readonly ManagedExtension[],
    task: (members: readonly ManagedExtension[]) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const keys = this.#set.runningClosure(seeds.map((seed) => seed.id));
      // Whatever is being prepared is made of something older than what is wanted now.
      for (const member of this.#set.known(keys)) member.candidate?.abort(superseded(member));
      const outcome = await this.#queue.run([...keys], async () => {
        const now = this.#set.runningClosure(seeds.map((seed) => seed.id));
        if ([...now].some((id) => !keys.has(id))) return undefined;
        const members = this.#set.graph
          .order(now)
          .flatMap((id) => seeds.find((seed) => seed.id === id) ?? this.#set.get(id) ?? []);
        return { value: await task(members) };
      });
      if (outcome !== undefined) return outcome.value;
    }
  }
}
