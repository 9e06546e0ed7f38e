/**
 * What a manifest's `runtime` says of a binary made for another host: which `.proto` it speaks, and which of its
 * rpcs answer which methods of which contributions. The host has checked its form against `runtime.schema.json`; whether
 * the names exist is seen when the plugin is there.
 */
import { manifestFault } from "./manifest-fault.js";

/** How a method of a contract is answered by an rpc. @internal */
export interface MethodMapping {
  /** Where it stands in the manifest. */
  readonly key: string;
  readonly rpc: string;
  /** The request's fields that the arguments fill, one each; `"*"` if the only argument is the request itself. */
  readonly request: "*" | readonly string[];
  /** Fields of the request that are the same in every call. */
  readonly constants: Readonly<Record<string, unknown>>;
  /** The field of the response that is the result; `"*"` for all of it, undefined for none. */
  readonly response: string | undefined;
  /** What becomes of the messages of a stream: a list of their results, or these put together. */
  readonly collect: "array" | "concatenation";
  /** Fields of the request that carry the id of a broker, with the host service served under it. */
  readonly hostServices: Readonly<Record<string, string>>;
}

/** How a contribution is answered by a service of the plugin. @internal */
export interface ServiceMapping {
  readonly key: string;
  /** Full name, with the package. */
  readonly service: string;
  readonly methods: Readonly<Record<string, MethodMapping>>;
}

/** How an rpc that the plugin calls is answered by a host service. @internal */
export interface HostMethodMapping {
  readonly key: string;
  /** The id of the host service, which the manifest lists under `services`. */
  readonly service: string;
  readonly method: string;
  /** The request's fields that become the arguments; `"*"` if the request itself is the only one. */
  readonly request: "*" | readonly string[];
  /** The field of the response that the result fills; `"*"` if the result is the response, undefined for none. */
  readonly response: string | undefined;
}

/** A service that the plugin calls back. @internal */
export interface HostServiceMapping {
  readonly key: string;
  /** Full name of the service in the `.proto`. */
  readonly service: string;
  /** By the rpc's name. */
  readonly methods: Readonly<Record<string, HostMethodMapping>>;
}

/** What is spoken in one version of the application's protocol. @internal */
export interface ContractSet {
  /** Where it stands in the manifest. */
  readonly key: string;
  /** A `.proto` file of the extension's folder, or `"reflection"`. */
  readonly proto: string;
  /** By point, then by id. */
  readonly services: Readonly<Record<string, Readonly<Record<string, ServiceMapping>>>>;
  readonly hostServices: Readonly<Record<string, HostServiceMapping>>;
}

/** The mappings of a manifest. @internal */
export interface ContractSettings {
  /** What it speaks in every version; undefined if that differs. */
  readonly only?: ContractSet;
  /** What the binary speaks in the version; undefined if it is one of those written for Plugboard. */
  setFor(version: number): ContractSet | undefined;
}

/** What fits the parts of `runtime.schema.json` that map services. @internal */
export interface WrittenContract extends WrittenSet {
  readonly versions?: readonly number[] | Readonly<Record<string, WrittenSet>>;
}

interface WrittenSet {
  readonly proto?: string;
  readonly services?: Named<
    Named<Written<Omit<ServiceMapping, "methods">> & { readonly methods: WrittenMethods }>
  >;
  readonly hostServices?: Named<
    Written<Omit<HostServiceMapping, "methods">> & {
      readonly methods: Named<Written<HostMethodMapping, "request">>;
    }
  >;
}

type WrittenMethods = Named<Written<MethodMapping, "request" | "constants" | "collect" | "hostServices">>;
type Named<T> = Readonly<Record<string, T>>;
/** As somebody writes it: without its place, and without what may be left away. */
type Written<T, Optional extends keyof T = never> = Omit<T, "key" | Optional> & Partial<Pick<T, Optional>>;

/**
 * Reads the mappings of a manifest's `runtime`; undefined if it has none.
 *
 * @throws ExtensionError `MANIFEST_INVALID` with `details.key`
 * @internal
 */
export function readContractSettings(
  extensionId: string,
  runtime: WrittenContract,
): ContractSettings | undefined {
  const { versions = [] } = runtime;
  if (isList(versions)) {
    const set = readSet(extensionId, runtime, "runtime", {});
    return set && { only: set, setFor: () => set };
  }
  const sets = new Map<number, ContractSet>();
  for (const [version, written] of Object.entries(versions)) {
    const set = readSet(extensionId, written, `runtime.versions.${version}`, runtime);
    if (set !== undefined) sets.set(Number(version), set);
  }
  return sets.size === 0 ? undefined : { setFor: (version) => sets.get(version) };
}

/** Whether versions are listed, rather than told apart by what is spoken in each. @internal */
export function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Reads one set. What it does not say itself is taken from the fallback. */
function readSet(
  extensionId: string,
  source: WrittenSet,
  key: string,
  fallback: WrittenSet,
): ContractSet | undefined {
  const { proto, services, hostServices = {} } = { ...fallback, ...source };
  if (proto === undefined && services === undefined) return undefined;
  const owner = (name: string) => (name in source ? `${key}.${name}` : `runtime.${name}`);
  // Each may be said in another place.
  if (services === undefined)
    throw manifestFault(extensionId, owner("services"), "is missing, though proto is there.");
  if (proto === undefined)
    throw manifestFault(extensionId, owner("proto"), "is missing, though services is there.");
  return {
    key,
    proto,
    services: placed(services, owner("services"), (point, at) =>
      placed(point, at, ({ service, methods }, place) => ({
        key: place,
        service,
        methods: placed(methods, `${place}.methods`, methodMapping),
      })),
    ),
    hostServices: placed(hostServices, owner("hostServices"), ({ service, methods }, at) => ({
      key: at,
      service,
      methods: placed(methods, `${at}.methods`, (method, place) => ({ request: [], ...method, key: place })),
    })),
  };
}

function methodMapping(written: WrittenMethods[string], key: string): MethodMapping {
  return { request: [], constants: {}, collect: "array", hostServices: {}, ...written, key };
}

/** Each value with the place where it stands. */
function placed<From, To>(
  values: Named<From>,
  key: string,
  read: (value: From, key: string) => To,
): Readonly<Record<string, To>> {
  // Without a prototype: what a manifest names is looked up here.
  const record = Object.create(null) as Record<string, To>;
  for (const [name, value] of Object.entries(values)) record[name] = read(value, `${key}.${name}`);
  return record;
}
