/**
 * What an extension gets of a host service: the methods that were offered, each returning a promise, as in
 * every other runtime. Nothing else of the application's object can be reached through it.
 */
import type { Arity } from "@plugboard/extension-api";

/** Makes the face of a service, with exactly the methods that are offered. @internal */
export function createServiceStub(value: object, methods: Readonly<Record<string, Arity>>): object {
  const stub: Record<string, unknown> = {};
  for (const [method, arity] of Object.entries(methods)) {
    stub[method] = async (...args: unknown[]) => {
      const target = value as Record<string, (...args: unknown[]) => unknown>;
      return target[method]?.(...(arity === "variadic" ? args : args.slice(0, arity)));
    };
  }
  return Object.freeze(stub);
}
