/**
 * One contribution as the registry keeps it: who claims it, who serves it, and the stub that applications
 * hold. The stub is made when somebody first asks for it and stays the same while the contribution is listed.
 */
import {
  ExtensionError,
  type CallOptions,
  type ContributionEntry,
  type ContributionItem,
  type ContributionPoint,
  type Handler,
  type Stub,
} from "@plugboard/extension-api";
import { callOptionsOf, type CallBook } from "./call-book.js";

/** What a stub of any contract looks like from inside the host. @internal */
export type AnyContract = Record<never, never>;

/** The generation that answers calls now. @internal */
export interface Connection {
  /** Its calls in flight. */
  readonly book: CallBook;
  /** The method of a contribution; undefined if it was not supplied. */
  handler(point: string, id: string, method: string): Handler | undefined;
}

/** A call on its way to an extension that can't answer it yet. @internal */
export interface HeldTarget {
  readonly contribution: Contribution;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly options: CallOptions | undefined;
}

/** Who contributes: an extension, as the registry sees it. @internal */
export interface ContributionOwner {
  readonly id: string;
  /** Precedence of its folder; the least wins. */
  readonly rank: number;
  /** The generation that its contributions are listed for. */
  readonly generationNumber: number;
  /** The generation that answers calls; undefined while none does. */
  readonly connection: Connection | undefined;
  /** Takes a call until it can be answered. */
  hold(target: HeldTarget): Promise<unknown>;
}

/** What an extension claims. @internal */
export interface Claim {
  readonly owner: ContributionOwner;
  /** The id under which the author supplies it; the listed one may be longer. */
  readonly localId: string;
  readonly item: ContributionItem<AnyContract>;
  /** Place in the manifest. */
  readonly index: number;
}

/** One contribution, listed as long as anybody claims it. @internal */
export class Contribution {
  readonly point: ContributionPoint<AnyContract>;
  readonly id: string;
  /** Best first; the first one owns the contribution. Empty once it is gone. */
  claims: readonly Claim[] = [];
  /** Who answers calls at once; undefined while calls take the long way. */
  connection: Connection | undefined;
  #handlers: Map<string, Handler> | undefined;
  #stub: Stub<AnyContract> | undefined;
  #lastClaim: Claim | undefined;

  constructor(point: ContributionPoint<AnyContract>, id: string) {
    this.point = point;
    this.id = id;
  }

  /** Who owns it, or owned it last. */
  get claim(): Claim {
    const claim = this.claims[0] ?? this.#lastClaim;
    if (claim === undefined)
      throw new ExtensionError("INTERNAL", `Nobody claims ${this.point.id} ${this.id}.`);
    return claim;
  }

  /** Whether anybody claims it. */
  get isListed(): boolean {
    return this.claims.length > 0;
  }

  /** Puts the claims in force. */
  assign(claims: readonly Claim[]): void {
    const before = this.claims[0];
    if (claims.length === 0 && before !== undefined) this.#lastClaim = withoutOwner(before);
    this.claims = claims;
    this.connect();
  }

  /** Leads calls to the generation that its owner now serves with. */
  connect(): void {
    this.connection = this.claims[0]?.owner.connection;
    this.#handlers = undefined;
  }

  /** What applications hold. */
  get stub(): Stub<AnyContract> {
    return (this.#stub ??= createStub(this));
  }

  /** The method of the generation that answers now. */
  handler(method: string): Handler {
    this.#handlers ??= new Map();
    let handler = this.#handlers.get(method);
    if (handler === undefined) {
      handler = this.#handlerOf(this.connection, method);
      if (handler === undefined) throw this.unknownTarget(method);
      this.#handlers.set(method, handler);
    }
    return handler;
  }

  /** Calls a generation that does not serve yet; undefined if it is known to lack the method. */
  callAhead(connection: Connection, { method, args, options }: HeldTarget): Promise<unknown> | undefined {
    const handler = this.#handlerOf(connection, method);
    return handler && connection.book.call(handler, args, options);
  }

  #handlerOf(connection: Connection | undefined, method: string): Handler | undefined {
    return connection?.handler(this.point.id, this.claim.localId, method);
  }

  /** A line of the live collection, as of now. */
  entry(): ContributionEntry<AnyContract> {
    const { owner, item } = this.claim;
    const contribution = this;
    return {
      id: this.id,
      extensionId: owner.id,
      generation: owner.generationNumber,
      item,
      get stub() {
        return contribution.stub;
      },
    };
  }

  /** Takes a call the long way: with options, or to an extension that is not active. */
  invoke(method: string, args: readonly unknown[], given: CallOptions | undefined): Promise<unknown> {
    try {
      const options = callOptionsOf(given);
      if (!this.isListed) return Promise.reject(this.gone());
      if (this.connection === undefined)
        return this.claim.owner.hold({ contribution: this, method, args, options });
      return this.connection.book.call(this.handler(method), args, options);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** The error of a call to a contribution that is no longer listed. */
  gone(): ExtensionError {
    const extensionId = this.claim.owner.id;
    return new ExtensionError(
      "EXTENSION_GONE",
      `${this.point.id} "${this.id}" is gone: ${extensionId} no longer contributes it.`,
      { extensionId, details: { point: this.point.id, id: this.id } },
    );
  }

  /** The error of a call to a method that is not there. */
  unknownTarget(method: string): ExtensionError {
    const extensionId = this.claim.owner.id;
    return new ExtensionError(
      "CALL_UNKNOWN_TARGET",
      method in this.point.methods
        ? `${extensionId} declares ${this.point.id} "${this.id}" but its activate did not supply ${method}.`
        : `${this.point.id} has no method ${method}; it has ${Object.keys(this.point.methods).join(", ") || "none"}.`,
      { extensionId, details: { point: this.point.id, id: this.id, method } },
    );
  }
}

/** What is left of a claim when its owner goes: whoever keeps the stub must not keep the extension. */
function withoutOwner(claim: Claim): Claim {
  const { id, rank, generationNumber } = claim.owner;
  const gone = () =>
    Promise.reject(new ExtensionError("EXTENSION_GONE", `${id} is gone.`, { extensionId: id }));
  return { ...claim, owner: { id, rank, generationNumber, connection: undefined, hold: gone } };
}

/**
 * A stub is made from the point's methods and the item's fields, so that it prints, enumerates and
 * answers `typeof` like any object, and is never mistaken for a promise.
 */
function createStub(contribution: Contribution): Stub<AnyContract> {
  const stub: Record<string, unknown> = {};
  for (const field of new Set(["id", ...Object.keys(contribution.claim.item)])) {
    if (field in contribution.point.methods || field === "then") continue;
    Object.defineProperty(stub, field, {
      enumerable: true,
      configurable: true,
      get: () =>
        field === "id" ? contribution.id : (contribution.claim.item as Record<string, unknown>)[field],
    });
  }
  for (const [method, arity] of Object.entries(contribution.point.methods)) {
    Object.defineProperty(stub, method, {
      value: createMethod(contribution, method, arity),
      enumerable: true,
    });
  }
  // Consoles would show the getters, not what they get.
  Object.defineProperty(stub, Symbol.for("nodejs.util.inspect.custom"), { value: () => ({ ...stub }) });
  return stub as Stub<AnyContract>;
}

function createMethod(contribution: Contribution, method: string, arity: number | "variadic"): unknown {
  if (arity === "variadic") return (...args: unknown[]) => contribution.invoke(method, args, undefined);
  if (arity === 0) {
    return (options?: CallOptions) => {
      const { connection } = contribution;
      if (connection === undefined || options !== undefined) return contribution.invoke(method, [], options);
      try {
        return connection.book.call0(contribution.handler(method));
      } catch (error) {
        return Promise.reject(error as Error);
      }
    };
  }
  if (arity === 1) {
    return (argument: unknown, options?: CallOptions) => {
      const { connection } = contribution;
      if (connection === undefined || options !== undefined)
        return contribution.invoke(method, [argument], options);
      try {
        return connection.book.call1(contribution.handler(method), argument);
      } catch (error) {
        return Promise.reject(error as Error);
      }
    };
  }
  return (...given: unknown[]) => {
    const args = Array.from({ length: arity }, (_, index) => given[index]);
    return contribution.invoke(method, args, given[arity] as CallOptions | undefined);
  };
}
