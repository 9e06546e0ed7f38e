/** A guest whose code is entered through a scope, so that an application knows whose code runs. */
import type {
  ActivateRequest,
  ActivateResult,
  CallContext,
  Handler,
  SavedState,
} from "@plugboard/extension-api";
import { Guest } from "../../guest/guest.js";

/**
 * Runs an entry into the code of an extension that shares the application's process. `run` has to be called at once, and
 * what it returns handed on.
 *
 * @public
 */
export type InProcessScope = <T>(
  extension: { readonly id: string; readonly generation: number },
  run: () => T,
) => T;

/** The same for one generation. @internal */
export type GuestScope = <T>(run: () => T) => T;

/** Enters the code through its scope wherever the host calls it. @internal */
export class ScopedGuest extends Guest {
  readonly #scope: GuestScope;
  #exports: { readonly of: Guest["exports"]; readonly scoped: Guest["exports"] } | undefined;

  constructor(scope: GuestScope, ...guest: ConstructorParameters<typeof Guest>) {
    super(...guest);
    this.#scope = scope;
  }

  override get exports(): Guest["exports"] {
    const exports = super.exports;
    if (this.#exports?.of !== exports) {
      const scoped = Object.entries(exports).map(([name, value]) => [
        name,
        typeof value === "function" ? this.#scoped(value as Handler) : value,
      ]);
      this.#exports = { of: exports, scoped: Object.fromEntries(scoped) as Guest["exports"] };
    }
    return this.#exports.scoped;
  }

  override activate(request: ActivateRequest): Promise<ActivateResult> {
    const { configuration } = request;
    const scoped: ActivateRequest = Object.create(request, {
      configuration: {
        value: {
          values: () => configuration.values(),
          onDidChange: (listener: Parameters<typeof configuration.onDidChange>[0]) =>
            configuration.onDidChange((event) => this.#scope(() => listener(event))),
        },
      },
    }) as ActivateRequest;
    return this.#scope(() => super.activate(scoped));
  }

  override handler(point: string, id: string, method: string): Handler | undefined {
    const handler = super.handler(point, id, method);
    return handler && this.#scoped(handler);
  }

  override saveState(context: CallContext): Promise<SavedState | undefined> {
    return this.#scope(() => super.saveState(context));
  }

  override deactivate(context: CallContext): Promise<void> {
    return this.#scope(() => super.deactivate(context));
  }

  override dispose(): void {
    this.#scope(() => super.dispose());
  }

  #scoped(code: Handler): Handler {
    return (...args) => this.#scope(() => code(...args));
  }
}
