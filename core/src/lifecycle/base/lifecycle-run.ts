/**
 * Whether the lifecycle goes on, and what is under way in it: work that nobody waits for, and code that has
 * not been let go. The stop waits for the one and kills what is left of the other.
 */
import { isExtensionError, type ExtensionError } from "@plugboard/extension-api";
import type { Generation } from "../extension/generation.js";

/** Everything that a stop has to wait for or to end. @internal */
export class LifecycleRun {
  /** Generations whose code has not been let go. */
  readonly alive = new Set<Generation>();
  readonly #report: (error: unknown) => void;
  readonly #background = new Set<Promise<unknown>>();
  readonly #ended = Promise.withResolvers<void>();
  #stopReason: ExtensionError | undefined;

  /** @param report - hears of the host's own mistakes */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Why nothing begins any more; undefined while the lifecycle goes on. */
  get stopReason(): ExtensionError | undefined {
    return this.#stopReason;
  }

  /** Lets nothing begin any more. */
  end(reason: ExtensionError): void {
    this.#stopReason = reason;
    this.#ended.resolve();
  }

  /** Settles when nothing begins any more. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Throws the reason of the stop, if there is one. */
  assertGoingOn(): void {
    if (this.#stopReason !== undefined) throw this.#stopReason;
  }

  /** Keeps work in sight that goes on without anybody waiting for it. */
  inBackground(work: Promise<unknown>): void {
    const settled: Promise<unknown> = work.then(
      () => this.#background.delete(settled),
      (error: unknown) => {
        this.#background.delete(settled);
        this.#reportMistake(error);
      },
    );
    this.#background.add(settled);
  }

  /** Settles when all of the work in the background as of now has. */
  async backgroundSettled(): Promise<void> {
    await Promise.allSettled([...this.#background]);
  }

  /** Settles when all of the work has; what extensions are to blame for, they show themselves. */
  async settled(work: readonly Promise<unknown>[]): Promise<void> {
    for (const outcome of await Promise.allSettled(work)) {
      if (outcome.status === "rejected") this.#reportMistake(outcome.reason);
    }
  }

  #reportMistake(error: unknown): void {
    if (!isExtensionError(error) || error.code === "INTERNAL") this.#report(error);
  }
}
