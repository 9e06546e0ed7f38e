/**
 * Regular expressions whose time is bounded. Patterns come from extensions, and so do the texts they are
 * held against: one that backtracks for years would stop the host. Invariant: all texts together cost a
 * pattern no more than its budget, beside those too short to take long.
 */
import { createContext, Script } from "node:vm";

/** Milliseconds for one text. */
const limitMs = 250;
/** Milliseconds for all texts that take long. */
const budgetMs = 2_000;
/** What a busy machine may add to any text; not the text's fault. */
const graceMs = 20;
/** A repeated group, or a reference to one: what can take more than polynomial time. */
const canExplode = /\)[*+{?]|\\[1-9k]/;
const shortText = 128;

interface Bench {
  readonly pattern: RegExp;
  text: string;
}

/** A regular expression as ajv uses one. @internal */
export class BoundedPattern {
  readonly #pattern: RegExp;
  readonly #isTame: boolean;
  #script: Script | undefined;
  #bench: Bench | undefined;
  #leftMs = budgetMs;

  constructor(source: string, flags: string) {
    this.#pattern = new RegExp(source, flags);
    this.#isTame = !canExplode.test(source) && (source.match(/[*+{]/g) ?? []).length < 3;
  }

  /** Whether the text fits; one that takes too long does not, nor does any other doubtful one once the budget is spent. */
  test(text: string): boolean {
    if (this.#isTame && text.length <= shortText) return this.#pattern.test(text);
    if (this.#leftMs <= 0) return false;
    // Only there can a regular expression be interrupted.
    this.#script ??= new Script("pattern.test(text)");
    this.#bench ??= createContext({ pattern: this.#pattern, text }) as Bench;
    this.#bench.text = text;
    const startedAt = performance.now();
    try {
      return this.#script.runInContext(this.#bench, { timeout: limitMs }) as boolean;
    } catch {
      return false;
    } finally {
      this.#leftMs -= Math.max(0, performance.now() - startedAt - graceMs);
    }
  }

  /** ajv tells patterns apart by this. */
  toString(): string {
    return String(this.#pattern);
  }
}
