/** Tells those who wait for a session when what runs it is known not to answer: then there is nothing to wait for. */
import type { Disposable, SessionHealth } from "@plugboard/extension-api";

/** Watches one session from now until {@link end}. @internal */
export class UnresponsiveWatch {
  /** Settles when the session is known not to answer. */
  readonly begun: Promise<undefined>;
  readonly #health: SessionHealth | undefined;
  readonly #listener: Disposable | undefined;
  readonly #resolve: (value: undefined) => void;
  /** Whether it was ever known not to answer. */
  isBegun = false;

  constructor(health: SessionHealth | undefined) {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.begun = promise;
    this.#resolve = resolve;
    this.#health = health;
    this.#check();
    // Of what runs in this process silence is told only when it is over: it does not last until the next turn.
    this.#listener = health?.onDidChange(() => setImmediate(() => this.#check()));
  }

  end(): void {
    this.#listener?.dispose();
  }

  #check(): void {
    if (this.#health?.unresponsive === undefined) return;
    this.isBegun = true;
    this.#resolve(undefined);
  }
}
