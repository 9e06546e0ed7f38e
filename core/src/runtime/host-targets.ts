/**
 * What a guest may call at the host: services, exports, stores and contributions that its activation was given.
 * Which those are, the manifest and the application have decided before; a guest asks for whatever name it likes.
 */
import type { ActivateRequest, Arity } from "@plugboard/extension-api";
import { millisecondsUntil } from "../common/deadline.js";
import { serveExport } from "../protocol/exports.js";
import type { ServedTarget } from "../protocol/session-peer.js";

type Functions = Record<string, (...args: unknown[]) => unknown>;

const storeMethods: ReadonlySet<string> = new Set(["get", "set", "delete", "keys"]);

/** What answers calls of the target; undefined if the guest was not given such a thing. @internal */
export function hostTarget(request: ActivateRequest, target: string): ServedTarget | undefined {
  const [realm, first = "", second = "", third = ""] = target.split("/");
  switch (realm) {
    case "service":
      return serviceTarget(request, first, second);
    case "dependency":
      return serveExport(own(request.dependencies.get(first)?.current(), second));
    case "storage":
    case "secrets": {
      const store = request[realm] as unknown as Functions;
      return storeMethods.has(first) ? (args) => store[first]?.(...args) : undefined;
    }
    case "point":
      return contributionTarget(request, { point: first, id: second, method: third });
    default:
      return undefined;
  }
}

function serviceTarget(request: ActivateRequest, id: string, method: string): ServedTarget | undefined {
  const service = request.services.find((each) => each.id === id);
  if (service === undefined || !Object.hasOwn(service.methods, method)) return undefined;
  const call = (service.value as Functions)[method];
  const arity = service.methods[method];
  return call && ((args) => call(...asMany(args, arity)));
}

function contributionTarget(
  request: ActivateRequest,
  { point, id, method }: { readonly point: string; readonly id: string; readonly method: string },
): ServedTarget | undefined {
  const arity = own(request.points.find((each) => each.id === point)?.methods, method);
  if (arity === undefined) return undefined;
  const call = (request.collection(point)?.get(id) as Functions | undefined)?.[method];
  if (call === undefined) return undefined;
  if (arity === "variadic") return (args) => call(...args);
  return (args, { signal, deadline }) =>
    call(...asMany(args, arity), { signal, timeoutMs: millisecondsUntil(deadline) });
}

/** The arguments as many as were declared: what comes after them would be taken for something else. */
function asMany(args: readonly unknown[], arity: Arity | undefined): readonly unknown[] {
  if (arity === undefined || arity === "variadic" || args.length === arity) return args;
  return Array.from({ length: arity }, (_, index) => args[index]);
}

/** A member of the object itself: a guest names what it likes. */
function own<T>(object: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}
