/**
 * Ends what an extension was given together with its generation: whoever kept hold of it gets an error
 * that says so, instead of reaching a host that has moved on.
 */
import { ExtensionError } from "@plugboard/extension-api";

/** Whether a generation lives, and what to say when it does not. @internal */
export class Lifeline {
  readonly #extensionId: string;
  #isCut = false;

  constructor(extensionId: string) {
    this.#extensionId = extensionId;
  }

  /** Ends everything that was tied to it. */
  cut(): void {
    this.#isCut = true;
  }

  /** @throws ExtensionError `EXTENSION_GONE` once it is cut */
  assertWhole(): void {
    if (!this.#isCut) return;
    throw new ExtensionError(
      "EXTENSION_GONE",
      `This generation of ${this.#extensionId} is gone, and with it what it was given.`,
      {
        extensionId: this.#extensionId,
      },
    );
  }

  /** The same object, its functions dead once this is cut. */
  tie<T extends object>(value: T): T {
    const tied: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      tied[name] =
        typeof member === "function"
          ? this.#tieFunction(member as (...args: unknown[]) => unknown, value)
          : member;
    }
    return Object.freeze(tied) as T;
  }

  #tieFunction(
    call: (...args: unknown[]) => unknown,
    target: object,
  ): (...args: unknown[]) => Promise<unknown> {
    return async (...args) => {
      this.assertWhole();
      return call.apply(target, args);
    };
  }
}
