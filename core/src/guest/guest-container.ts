/**
 * The container of one generation: host services that its manifest lists, and the classes it builds of
 * itself; nothing else. It has no parent, for a child container answers for all that its parent binds.
 */
import { ExtensionError, tokenId, type GrantedService } from "@plugboard/extension-api";
import { lazyRequire } from "../common/node-module.js";
import type { Lease } from "./lease.js";
import type { Container, Newable } from "inversify";

/** The parts of an extension's container. @internal */
export interface GuestContainerOptions {
  readonly extensionId: string;
  readonly services: readonly GrantedService[];
  /** Ids of services that the application offers and the manifest does not list. */
  readonly undeclaredServices: readonly string[];
  /** Ends the services together with the generation. */
  readonly lease: Lease;
}

const requirePackage = lazyRequire(import.meta.url);

/** Any class. @internal */
export type Constructor = Newable<object>;

/** Injects into one generation of an extension. @internal */
export class GuestContainer {
  readonly #options: GuestContainerOptions;
  #made: Container | undefined;

  constructor(options: GuestContainerOptions) {
    this.#options = options;
  }

  /** The service under the token. */
  service(token: symbol): unknown {
    try {
      return this.#container.get(token);
    } catch (error) {
      throw this.#explain(error, [token]);
    }
  }

  /** An instance of the extension's own class, with everything injected that it asks for. */
  build(constructor: Constructor): object {
    try {
      return this.#container.get<object>(constructor);
    } catch (error) {
      throw this.#explain(error, []);
    }
  }

  /** Lets go of everything it made. */
  dispose(): void {
    this.#made = undefined;
  }

  get #container(): Container {
    if (this.#made === undefined) {
      // Most extensions need none, and a guest has to start fast.
      const inversify = requirePackage("inversify") as typeof import("inversify");
      this.#made = new inversify.Container({ autobind: true, defaultScope: "Singleton" });
      for (const service of this.#options.services) {
        this.#made.bind(Symbol.for(service.id)).toConstantValue(this.#tied(service));
      }
    }
    return this.#made;
  }

  /** A service without methods is the application's own object, handed out as it is. */
  #tied({ value, methods }: GrantedService): unknown {
    return Object.keys(methods).length === 0 ? value : this.#options.lease.bind(value as object);
  }

  /** A service that exists but was not declared is a capability denied, with the line to add. */
  #explain(error: unknown, tokens: readonly symbol[]): unknown {
    if (!isBindingNotFound(error)) return error;
    const { extensionId, undeclaredServices, services } = this.#options;
    const asked = tokens.map(tokenId);
    const denied =
      undeclaredServices.find((id) => asked.includes(id) || error.message.includes(`Symbol(${id})`)) ??
      asked[0];
    if (denied === undefined) return error;
    const line = `services: [${[...services.map((service) => service.id), denied].map((id) => `"${id}"`).join(", ")}]`;
    const message = undeclaredServices.includes(denied)
      ? `${extensionId} asks for the host service "${denied}", which its manifest does not list. Add to plugin.json5: ${line}`
      : `${extensionId} asks for the host service "${denied}", which the application does not offer.`;
    return new ExtensionError("CAPABILITY_DENIED", message, {
      extensionId,
      details: { service: denied, add: line },
      cause: error,
    });
  }
}

/** inversify exports neither its error class nor the kinds; the brand and the number are what it promises. */
function isBindingNotFound(error: unknown): error is Error {
  return (
    error instanceof Error &&
    Symbol.for("@inversifyjs/core/InversifyCoreError") in error &&
    "kind" in error &&
    error.kind === 2
  );
}
