/** Those who have nothing to do with an attack: they call their own extensions all the time, and wait for each answer. */

/** Calls until it is told to stop. */
export class Bystanders {
  /** Milliseconds that the slowest answer took. */
  worstMs = 0;
  /** Answers that came. */
  answers = 0;
  readonly #loops: readonly Promise<void>[];
  #isOver = false;

  /** @param calls - each makes one call, and rejects when the answer is wrong */
  constructor(calls: readonly (() => Promise<void>)[]) {
    this.#loops = calls.map((call) => this.#loop(call));
  }

  /** Resolves when the last answers have come; rejects if any was wrong. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
  }

  async #loop(call: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      const before = performance.now();
      await call();
      this.worstMs = Math.max(this.worstMs, performance.now() - before);
      this.answers++;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
