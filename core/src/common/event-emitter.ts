/**
 * The sending half of an {@link Event}. A listener that throws is reported and never keeps the others
 * from being called, nor the sender from going on.
 */
import type { Event } from "@plugboard/extension-api";

/** Calls its listeners in the order they came. @internal */
export class EventEmitter<T> {
  readonly #report: (error: unknown) => void;
  #listeners: Set<{ readonly call: (event: T) => void }> | undefined;

  /** @param report - is told what a listener threw */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Registers a listener; the same function may be registered twice. */
  readonly event: Event<T> = (listener) => {
    const registration = { call: listener };
    (this.#listeners ??= new Set()).add(registration);
    return { dispose: () => void this.#listeners?.delete(registration) };
  };

  /** Whether anybody listens. */
  get hasListeners(): boolean {
    return this.#listeners !== undefined && this.#listeners.size > 0;
  }

  /** Calls those who listen now. */
  fire(event: T): void {
    if (this.#listeners === undefined) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener.call(event);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
