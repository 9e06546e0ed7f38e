/**
 * Tokens name what dependency injection hands out. They are `Symbol.for(id)`: identical in every copy of
 * this package, printable, and safe to send by name. The static type is a phantom that lets a container's
 * `get`, `getAll`, `@inject` and `@multiInject` infer what they return; no class stands behind it.
 */
import type { Remote } from "./remote.js";

declare const contract: unique symbol;

/** A symbol under which a container hands out a `Value`. @public */
// A container infers the type from a constructor, and only `any` arguments fit every container's typing.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Token<Value> = symbol & (abstract new (...args: any) => Value);

/**
 * Names a contract, host service or contributed kind of object. What is injected under it is
 * {@link Remote} of the contract, whatever runtime either side lives in.
 *
 * @public
 */
export type ServiceToken<Contract> = Token<Remote<Contract>> & { readonly [contract]?: Contract };

/**
 * Makes the token of a contract. The same id always gives the same token.
 *
 * @example
 * export interface Orders {
 *   find(id: string): Promise<string | undefined>;
 * }
 * export const Orders = serviceToken<Orders>("shop.orders");
 *
 * @public
 */
export function serviceToken<Contract>(id: string): ServiceToken<Contract> {
  return token<Remote<Contract>>(id);
}

/**
 * Makes the token of a value that is handed out as it is.
 *
 * @public
 */
export function token<Value>(id: string): Token<Value> {
  return Symbol.for(id) as Token<Value>;
}

/**
 * Tells a token's id: what an extension writes under `services` in its manifest.
 *
 * @public
 */
export function tokenId(token: symbol): string {
  return Symbol.keyFor(token) ?? token.description ?? "";
}
