/**
 * What a manifest's `runtime` says of a binary made for another host: which `.proto` it speaks, and which of its
 * rpcs answer which methods of which contributions. Shapes only: whether the names exist is seen when the
 * plugin is there.
 */
import { manifestFault, unknownName } from "./manifest-fault.js";

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

/**
 * Reads the mappings of a manifest's `runtime`; undefined if it has none.
 *
 * @throws ExtensionError `MANIFEST_INVALID` with `details.key`
 * @internal
 */
export function readContractSettings(
  extensionId: string,
  runtime: Readonly<Record<string, unknown>>,
): ContractSettings | undefined {
  const reader = new SettingsReader(extensionId);
  const { versions } = runtime;
  if (!isObject(versions)) {
    const set = reader.set(runtime, "runtime", {});
    return set && { only: set, setFor: () => set };
  }
  const sets = new Map<number, ContractSet>();
  for (const [version, value] of Object.entries(versions)) {
    const key = `runtime.versions.${version}`;
    if (!/^\d+$/.test(version)) throw reader.fault(key, "is not a number");
    const set = reader.set(reader.object(value, key), key, runtime);
    if (set !== undefined) sets.set(Number(version), set);
  }
  return sets.size === 0 ? undefined : { setFor: (version) => sets.get(version) };
}

class SettingsReader {
  readonly #extensionId: string;

  constructor(extensionId: string) {
    this.#extensionId = extensionId;
  }

  /** What it does not say itself is taken from the fallback. */
  set(
    source: Readonly<Record<string, unknown>>,
    key: string,
    fallback: Readonly<Record<string, unknown>>,
  ): ContractSet | undefined {
    const proto = source.proto ?? fallback.proto;
    const services = source.services ?? fallback.services;
    const hostServices = source.hostServices ?? fallback.hostServices ?? {};
    if (proto === undefined && services === undefined) return undefined;
    const owner = (name: string) => (name in source ? `${key}.${name}` : `runtime.${name}`);
    if (services === undefined) throw this.fault(owner("services"), "is missing, though proto is there");
    if (proto === undefined) throw this.fault(owner("proto"), "is missing, though services is there");
    return {
      key,
      proto: this.text(proto, owner("proto")),
      services: this.#record(services, owner("services"), (point, at) =>
        this.#record(point, at, (mapping, place) => this.#service(mapping, place)),
      ),
      hostServices: this.#record(hostServices, owner("hostServices"), (mapping, at) =>
        this.#hostService(mapping, at),
      ),
    };
  }

  object(value: unknown, key: string): Readonly<Record<string, unknown>> {
    if (!isObject(value)) throw this.fault(key, "is not an object");
    return value;
  }

  text(value: unknown, key: string): string {
    if (value === undefined) throw this.fault(key, "is missing");
    if (typeof value !== "string" || value === "") throw this.fault(key, "is not a text");
    return value;
  }

  fault(key: string, what: string): Error {
    return manifestFault(this.#extensionId, key, `${what}.`);
  }

  #service(value: unknown, key: string): ServiceMapping {
    const source = this.#known(value, key, ["service", "methods"]);
    return {
      key,
      service: this.text(source.service, `${key}.service`),
      methods: this.#record(source.methods, `${key}.methods`, (method, at) => this.#method(method, at)),
    };
  }

  #method(value: unknown, key: string): MethodMapping {
    const source = this.#known(value, key, [
      "rpc",
      "request",
      "constants",
      "response",
      "collect",
      "hostServices",
    ]);
    const { constants = {}, collect = "array", hostServices = {} } = source;
    if (collect !== "array" && collect !== "concatenation")
      throw this.fault(`${key}.collect`, 'is neither "array" nor "concatenation"');
    return {
      key,
      rpc: this.text(source.rpc, `${key}.rpc`),
      request: this.#request(source.request, `${key}.request`),
      constants: this.object(constants, `${key}.constants`),
      response: this.#response(source.response, `${key}.response`),
      collect,
      hostServices: this.#record(hostServices, `${key}.hostServices`, (name, at) => this.text(name, at)),
    };
  }

  #hostService(value: unknown, key: string): HostServiceMapping {
    const source = this.#known(value, key, ["service", "methods"]);
    return {
      key,
      service: this.text(source.service, `${key}.service`),
      methods: this.#record(source.methods, `${key}.methods`, (method, at) => this.#hostMethod(method, at)),
    };
  }

  #hostMethod(value: unknown, key: string): HostMethodMapping {
    const source = this.#known(value, key, ["service", "method", "request", "response"]);
    return {
      key,
      service: this.text(source.service, `${key}.service`),
      method: this.text(source.method, `${key}.method`),
      request: this.#request(source.request, `${key}.request`),
      response: this.#response(source.response, `${key}.response`),
    };
  }

  #request(value: unknown, key: string): "*" | readonly string[] {
    if (value === undefined) return [];
    if (value === "*") return "*";
    if (!Array.isArray(value)) throw this.fault(key, 'is neither "*" nor a list of fields');
    return value.map((field, index) => this.text(field, `${key}.${index}`));
  }

  #response(value: unknown, key: string): string | undefined {
    return value === undefined ? undefined : this.text(value, key);
  }

  #record<T>(
    value: unknown,
    key: string,
    read: (value: unknown, key: string) => T,
  ): Readonly<Record<string, T>> {
    if (value === undefined) throw this.fault(key, "is missing");
    // Without a prototype: what a manifest names is looked up here.
    const record = Object.create(null) as Record<string, T>;
    for (const [name, one] of Object.entries(this.object(value, key)))
      record[name] = read(one, `${key}.${name}`);
    return record;
  }

  /** A mistyped key must not be taken for one that is absent. */
  #known(value: unknown, key: string, names: readonly string[]): Readonly<Record<string, unknown>> {
    const source = this.object(value, key);
    for (const name of Object.keys(source)) {
      if (names.includes(name)) continue;
      throw unknownName(this.#extensionId, `${key}.${name}`, {
        what: "is not a key that is known",
        name,
        names,
      });
    }
    return source;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
