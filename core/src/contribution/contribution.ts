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
import { callOptionsOf } from "../common/call-options.js";
import { freezeDeeply } from "../common/freeze-deeply.js";
import type { InFlightCalls } from "./in-flight-calls.js";

/** A stub of any contract, as the inside of the host sees it. @internal */
export type AnyContract = Record<never, never>;

/** The generation that answers calls now. @internal */
export interface Connection {
  /** Its calls in flight. */
  readonly inFlight: InFlightCalls;
  /** The method of a contribution; undefined if it was not supplied. */
  handler(point: string, id: string, method: string): Handler | undefined;
}

/** A call on its way to an extension that can't answer it yet. @internal */
export interface QueuedTarget {
  readonly contribution: Contribution;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly options: CallOptions | undefined;
}

/** An extension that contributes, as the registry sees it. @internal */
export interface ContributionOwner {
  readonly id: string;
  /** Precedence of its folder; the least wins. */
  readonly rank: number;
  /** The generation that its contributions are listed for. */
  readonly generationNumber: number;
  /** The generation that answers calls; undefined while none does. */
  readonly connection: Connection | undefined;
  /** Takes a call until it can be answered. */
  queue(target: QueuedTarget): Promise<unknown>;
}

/** One owner's claim to a contribution. @internal */
export interface Claim {
  readonly owner: ContributionOwner;
  /** What the manifest says; its id is the one under which the author supplies it, the listed one may be longer. */
  readonly item: ContributionItem<AnyContract>;
  /** Place in the manifest. */
  readonly index: number;
}

const noRivals: readonly Claim[] = Object.freeze([]);

/** One contribution, listed as long as anybody claims it. Shows the claim of its owner, or of its last one. @internal */
export class Contribution implements Claim {
  readonly point: ContributionPoint<AnyContract>;
  readonly id: string;
  owner: ContributionOwner;
  item: ContributionItem<AnyContract>;
  index: number;
  /** Whether anybody claims it. */
  isListed = true;
  /** Whether anybody can know of it: the batch that made it is over. */
  isTold = false;
  /** Who answers calls at once; undefined while calls take the long way. */
  connection: Connection | undefined;
  /** Claims that come after the owner's, best first. */
  #rivals = noRivals;
  #handlers: Map<string, Handler> | undefined;
  #stub: Stub<AnyContract> | undefined;

  constructor(point: ContributionPoint<AnyContract>, id: string, { owner, item, index }: Claim) {
    this.point = point;
    this.id = id;
    this.owner = owner;
    this.item = item;
    this.index = index;
    this.connection = owner.connection;
  }

  /** What the owner claims here, whether it is in force or in the shadow of another claim. */
  claimOf(owner: ContributionOwner): Claim | undefined {
    return this.#claims.find((claim) => claim.owner === owner);
  }

  /** Takes the claim in, in the place of what its owner claimed before. */
  addClaim(claim: Claim): void {
    this.#settle([...this.#claims.filter(({ owner }) => owner !== claim.owner), claim].sort(compareClaims));
  }

  /** Takes out what the owner claims. */
  removeClaim(owner: ContributionOwner): void {
    this.#settle(this.#claims.filter((claim) => claim.owner !== owner));
  }

  /** Leads calls to the generation that its owner now serves with. */
  connect(): void {
    this.connection = this.isListed ? this.owner.connection : undefined;
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
  callAhead(connection: Connection, { method, args, options }: QueuedTarget): Promise<unknown> | undefined {
    const handler = this.#handlerOf(connection, method);
    return handler && connection.inFlight.call(handler, args, options);
  }

  #handlerOf(connection: Connection | undefined, method: string): Handler | undefined {
    return connection?.handler(this.point.id, this.item.id, method);
  }

  /** A line of the live collection, as of now. */
  entry(): ContributionEntry<AnyContract> {
    const { id, owner, item } = this;
    const contribution = this;
    return {
      id,
      extensionId: owner.id,
      generation: owner.generationNumber,
      item: freezeDeeply(item),
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
        return this.owner.queue({ contribution: this, method, args, options });
      return this.connection.inFlight.call(this.handler(method), args, options);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** The error of a call to a contribution that is no longer listed. */
  gone(): ExtensionError {
    const extensionId = this.owner.id;
    return new ExtensionError(
      "EXTENSION_GONE",
      `${this.point.id} "${this.id}" is gone: ${extensionId} no longer contributes it.`,
      { extensionId, details: { point: this.point.id, id: this.id } },
    );
  }

  /** The error of a call to a method that is not there. */
  unknownTarget(method: string): ExtensionError {
    const extensionId = this.owner.id;
    return new ExtensionError(
      "CALL_UNKNOWN_TARGET",
      method in this.point.methods
        ? `${extensionId} declares ${this.point.id} "${this.id}" but its activate did not supply ${method}.`
        : `${this.point.id} has no method ${method}; it has ${Object.keys(this.point.methods).join(", ") || "none"}.`,
      { extensionId, details: { point: this.point.id, id: this.id, method } },
    );
  }

  get #claims(): readonly Claim[] {
    if (!this.isListed) return noRivals;
    const { owner, item, index } = this;
    return [{ owner, item, index }, ...this.#rivals];
  }

  #settle([best, ...rivals]: readonly Claim[]): void {
    this.isListed = best !== undefined;
    this.owner = best?.owner ?? goneOwner(this.owner);
    this.item = best?.item ?? this.item;
    this.index = best?.index ?? this.index;
    this.#rivals = rivals.length === 0 ? noRivals : rivals;
  }
}

/** By folder precedence, extension id and order in the manifest. @internal */
export function compareClaims(left: Claim, right: Claim): number {
  if (left.owner !== right.owner) {
    if (left.owner.rank !== right.owner.rank) return left.owner.rank - right.owner.rank;
    return left.owner.id < right.owner.id ? -1 : 1;
  }
  return left.index - right.index;
}

/** What is left of an owner when it goes: whoever keeps the stub must not keep the extension. */
function goneOwner({ id, rank, generationNumber }: ContributionOwner): ContributionOwner {
  const hold = () =>
    Promise.reject(new ExtensionError("EXTENSION_GONE", `${id} is gone.`, { extensionId: id }));
  return { id, rank, generationNumber, connection: undefined, queue: hold };
}

/**
 * A stub is made from the point's methods and the item's fields, so that it prints, enumerates and
 * answers `typeof` like any object, and is never mistaken for a promise.
 */
function createStub(contribution: Contribution): Stub<AnyContract> {
  const stub: Record<string, unknown> = {};
  const field = (name: string) => (freezeDeeply(contribution.item) as Record<string, unknown>)[name];
  for (const name of new Set(["id", ...Object.keys(contribution.item)])) {
    if (name in contribution.point.methods || name === "then") continue;
    Object.defineProperty(stub, name, {
      enumerable: true,
      configurable: true,
      get: () => (name === "id" ? contribution.id : field(name)),
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
        return connection.inFlight.call0(contribution.handler(method));
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
        return connection.inFlight.call1(contribution.handler(method), argument);
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
