/**
 * Revokes what an extension was given together with its generation: whoever kept hold of it gets an error
 * that says so, instead of reaching a host that has moved on.
 */
import { ExtensionError } from "@plugboard/extension-api";

/** Whether a generation lives, and what to say when it does not. @internal */
export class Lease {
  readonly #extensionId: string;
  #isRevoked = false;

  constructor(extensionId: string) {
    this.#extensionId = extensionId;
  }

  /** Ends everything that is bound to it. */
  revoke(): void {
    this.#isRevoked = true;
  }

  /** @throws ExtensionError `EXTENSION_GONE` once it is revoked */
  assertValid(): void {
    if (!this.#isRevoked) return;
    throw new ExtensionError(
      "EXTENSION_GONE",
      `This generation of ${this.#extensionId} is gone, and with it what it was given.`,
      {
        extensionId: this.#extensionId,
      },
    );
  }

  /** The same object, its functions dead once this is revoked. */
  bind<T extends object>(value: T): T {
    const bound: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      bound[name] =
        typeof member === "function"
          ? this.#bindFunction(member as (...args: unknown[]) => unknown, value)
          : member;
    }
    return Object.freeze(bound) as T;
  }

  #bindFunction(
    call: (...args: unknown[]) => unknown,
    target: object,
  ): (...args: unknown[]) => Promise<unknown> {
    return async (...args) => {
      this.assertValid();
      return call.apply(target, args);
    };
  }
}
