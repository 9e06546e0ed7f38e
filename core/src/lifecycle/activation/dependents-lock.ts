/**
 * Keeps extensions and the dependents that run with them to one task at a time. Who depends on whom may
 * change while a task waits for its turn: the lock is taken again until it covers everyone concerned.
 * Invariant: a task sees no running dependent of its extensions that is not among its members.
 */
import type { KeyedQueue } from "../../common/keyed-queue.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { ManagedExtension } from "../extension/managed-extension.js";

interface DependentsLockParts {
  readonly queue: KeyedQueue;
  readonly extensions: ExtensionRegistry;
}

/** Locks extensions together with whoever runs on them. @internal */
export class DependentsLock {
  readonly #parts: DependentsLockParts;
  /** The task that has an extension in hand, by its id. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(parts: DependentsLockParts) {
    this.#parts = parts;
  }

  /**
   * Runs the task with the running dependents of the seeds locked as well, whoever they are by then. `interrupt` is
   * called for each before: what is under way need not be waited for if it is of no use any more.
   */
  async run<T>(
    seeds: readonly ManagedExtension[],
    interrupt: (member: ManagedExtension) => void,
    task: (members: readonly ManagedExtension[]) => Promise<T>,
  ): Promise<T> {
    const { extensions, queue } = this.#parts;
    for (;;) {
      const keys = extensions.runningClosure(seeds.map((seed) => seed.id));
      for (const member of extensions.known(keys)) interrupt(member);
      const outcome = await queue.run([...keys], async () => {
        const now = extensions.runningClosure(seeds.map((seed) => seed.id));
        if ([...now].some((id) => !keys.has(id))) return undefined;
        const members = extensions.graph
          .order(now)
          .flatMap((id) => seeds.find((seed) => seed.id === id) ?? extensions.get(id) ?? []);
        const underWay = task(members);
        for (const { id } of members) this.#underWay.set(id, underWay);
        try {
          return { value: await underWay };
        } finally {
          for (const { id } of members) this.#underWay.delete(id);
        }
      });
      if (outcome !== undefined) return outcome.value;
    }
  }

  /**
   * Settles when the tasks have that hold any of the ids now. Who begins to run on an extension waits for them: they
   * do not have it among their members, and later ones do.
   */
  async settled(ids: Iterable<string>): Promise<void> {
    const tasks = new Set<Promise<unknown>>();
    for (const id of ids) {
      const task = this.#underWay.get(id);
      if (task !== undefined) tasks.add(task);
    }
    if (tasks.size > 0) await Promise.allSettled(tasks);
  }
}
