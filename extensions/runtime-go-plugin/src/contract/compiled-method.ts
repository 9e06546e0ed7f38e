/**
 * A method of a contract, worked out from the manifest and the `.proto`: how its arguments become a request, which rpc
 * is called, and what of the answer is the result. Everything that can be wrong with the names is found here.
 */
import type { Method, Root, Service, Type } from "protobufjs";
import type Protobuf from "protobufjs";
import type { HostServiceMapping, MethodMapping, ServiceMapping } from "../settings/contract-settings.js";
import { manifestFault, unknownName } from "../settings/manifest-fault.js";
import {
  FieldFault,
  fieldsReader,
  messageBuilder,
  messageReader,
  numberSetter,
  placeOf,
  wholeMessageBuilder,
} from "./message-plan.js";
import { Mismatch } from "./mismatch.js";
import { TypeCodecs } from "./type-codecs.js";
import type { WireMessage } from "./value-codec.js";

/** A method, ready to be called. @internal */
export interface CompiledMethod {
  /** Where it stands in the manifest. */
  readonly key: string;
  /** `/package.Service/Method`. */
  readonly path: string;
  /** How many arguments it takes at most. */
  readonly argumentCount: number;
  /** Whether the answer is any number of messages. */
  readonly isStream: boolean;
  /** @throws Mismatch when an argument is not what its field holds */
  encode(args: readonly unknown[], ids: readonly number[]): Uint8Array;
  /** The result that one message holds. */
  readonly decode: (bytes: Uint8Array) => unknown;
  /** What the results of all messages of a stream are together. */
  readonly collect: (results: readonly unknown[]) => unknown;
  /** Host services that are offered during the call; their ids are handed to `encode`, in this order. */
  readonly hostServices: readonly string[];
}

/** An rpc that the plugin calls, ready to be answered. @internal */
export interface CompiledHostMethod {
  readonly key: string;
  readonly path: string;
  /** The id of the host service and its method. */
  readonly service: string;
  readonly method: string;
  readonly isStream: boolean;
  readonly decode: (bytes: Uint8Array) => unknown[];
  /** @throws Mismatch when the result is not what the response holds */
  readonly encode: (result: unknown) => Uint8Array;
}

/** Works out the methods of one plugin. @internal */
export class MethodCompiler {
  readonly #protobuf: typeof Protobuf;
  readonly #root: Root;
  readonly #extensionId: string;
  readonly #codecs = new TypeCodecs();

  constructor(protobuf: typeof Protobuf, root: Root, extensionId: string) {
    this.#protobuf = protobuf;
    this.#root = root;
    this.#extensionId = extensionId;
  }

  /** The methods by name. @throws ExtensionError `MANIFEST_INVALID` with the key of a name that is not there. */
  methods(
    mapping: ServiceMapping,
    hostServices: Readonly<Record<string, HostServiceMapping>>,
  ): ReadonlyMap<string, CompiledMethod> {
    const service = this.#service(mapping);
    return new Map(
      Object.entries(mapping.methods).map(([name, method]) => [
        name,
        this.#method(service, method, hostServices),
      ]),
    );
  }

  /** The rpcs that the plugin may call. @throws ExtensionError `MANIFEST_INVALID`, as `methods` does. */
  hostMethods(mapping: HostServiceMapping): readonly CompiledHostMethod[] {
    const service = this.#service(mapping);
    return Object.entries(mapping.methods).map(([rpcName, method]) => {
      const { key } = method;
      const rpc = this.#rpc(service, rpcName, key);
      const [request, response] = this.#types(rpc, key);
      const readArguments =
        method.request === "*"
          ? this.#at(`${key}.request`, () => {
              const read = messageReader(request, "*", this.#codecs);
              return (message: WireMessage) => [read(message)];
            })
          : this.#fields(request, method.request, key);
      const build = this.#response(response, method.response, `${key}.response`);
      return {
        key,
        path: pathOf(service, rpc),
        service: method.service,
        method: method.method,
        isStream: rpc.responseStream === true,
        decode: (bytes) => readArguments(request.decode(bytes) as unknown as WireMessage),
        encode: (result) => response.encode(build([result])).finish(),
      };
    });
  }

  #method(
    service: Service,
    mapping: MethodMapping,
    hostServices: Readonly<Record<string, HostServiceMapping>>,
  ): CompiledMethod {
    const { key } = mapping;
    const rpc = this.#rpc(service, mapping.rpc, `${key}.rpc`);
    const [request, response] = this.#types(rpc, key);
    const build = this.#request(request, mapping);
    const setters = Object.entries(mapping.hostServices).map(([field, name]) => {
      const at = `${key}.hostServices.${field}`;
      if (hostServices[name] === undefined) {
        const what = `names "${name}", which is not under hostServices`;
        throw unknownName(this.#extensionId, at, { what, name, names: Object.keys(hostServices) });
      }
      return this.#at(at, () => numberSetter(request, field, this.#codecs));
    });
    const result = mapping.response;
    const read =
      result === undefined
        ? undefined
        : this.#at(`${key}.response`, () => messageReader(response, result, this.#codecs));
    return {
      key,
      path: pathOf(service, rpc),
      argumentCount: mapping.request === "*" ? 1 : mapping.request.length,
      isStream: rpc.responseStream === true,
      encode(args, ids) {
        const message = build(args);
        for (let index = 0; index < setters.length; index++) setters[index]?.(message, ids[index] as number);
        return request.encode(message).finish();
      },
      decode:
        read === undefined
          ? () => undefined
          : (bytes) => read(response.decode(bytes) as unknown as WireMessage),
      collect: this.#collector(response, mapping),
      hostServices: Object.values(mapping.hostServices),
    };
  }

  #request(type: Type, { key, request, constants }: MethodMapping) {
    if (request !== "*")
      return this.#at(`${key}.request`, () =>
        messageBuilder(type, request, { codecs: this.#codecs, constants }),
      );
    if (Object.keys(constants).length > 0)
      throw manifestFault(this.#extensionId, `${key}.constants`, 'has no place beside the request "*".');
    return wholeMessageBuilder(type, this.#codecs);
  }

  #response(type: Type, path: string | undefined, key: string) {
    if (path === "*") return wholeMessageBuilder(type, this.#codecs);
    const paths = path === undefined ? [] : [path];
    return this.#at(key, () => messageBuilder(type, paths, { codecs: this.#codecs, constants: {} }));
  }

  #fields(type: Type, paths: readonly string[], key: string) {
    return this.#at(`${key}.request`, () => fieldsReader(type, paths, this.#codecs));
  }

  #collector(type: Type, { key, response, collect }: MethodMapping): CompiledMethod["collect"] {
    if (response === undefined) return () => undefined;
    if (collect === "array") return (results) => results;
    const field = response === "*" ? undefined : placeOf(type, response).field;
    if (field?.repeated === true) return (results) => results.flat();
    if (field?.type === "string") return (results) => results.join("");
    if (field?.type === "bytes") return (results) => joined(results as readonly Uint8Array[]);
    throw manifestFault(
      this.#extensionId,
      `${key}.collect`,
      "puts together what can't be: texts, bytes and lists can.",
    );
  }

  #service({ key, service: name }: { readonly key: string; readonly service: string }): Service {
    const found = this.#root.lookup(`.${name}`);
    if (found instanceof this.#protobuf.Service && found.fullName === `.${name}`) return found;
    const what = `names "${name}", which is no service of the .proto`;
    const names = this.#services().map((service) => service.fullName.slice(1));
    throw unknownName(this.#extensionId, `${key}.service`, { what, name, names });
  }

  #services(): readonly Service[] {
    const services: Service[] = [];
    const open: Protobuf.NamespaceBase[] = [this.#root];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const nested of next.nestedArray) {
        if (nested instanceof this.#protobuf.Service) services.push(nested);
        else if (nested instanceof this.#protobuf.Namespace) open.push(nested);
      }
    }
    return services;
  }

  #rpc(service: Service, name: string, key: string): Method {
    const rpc = Object.hasOwn(service.methods, name) ? service.methods[name] : undefined;
    if (rpc === undefined) {
      const what = `names "${name}", which is no rpc of ${service.fullName.slice(1)}`;
      throw unknownName(this.#extensionId, key, { what, name, names: Object.keys(service.methods) });
    }
    if (rpc.requestStream === true) {
      const what = `names "${name}", which takes a stream of requests: a method of a contract makes one.`;
      throw manifestFault(this.#extensionId, key, what);
    }
    return rpc;
  }

  #types(rpc: Method, key: string): readonly [Type, Type] {
    rpc.resolve();
    const { resolvedRequestType, resolvedResponseType } = rpc;
    if (resolvedRequestType === null || resolvedResponseType === null)
      throw manifestFault(this.#extensionId, `${key}.rpc`, `names "${rpc.name}", whose types are unknown.`);
    return [readyType(resolvedRequestType), readyType(resolvedResponseType)];
  }

  #at<T>(key: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof FieldFault) {
        const { message, field, known } = error;
        throw known.length > 0
          ? unknownName(this.#extensionId, key, { what: message, name: field, names: known })
          : manifestFault(this.#extensionId, key, `${message}.`);
      }
      if (error instanceof Mismatch) {
        const at = key.replace(/request$/, "constants");
        throw manifestFault(
          this.#extensionId,
          `${at}.${error.path.join(".")}`,
          `${error.message}.${error.hint}`,
        );
      }
      throw error;
    }
  }
}

/** Now rather than in the first call, and once: encoder and decoder are generated. */
function readyType(type: Type): Type {
  return Object.hasOwn(type, "encode") ? type : type.setup();
}

function pathOf(service: Service, rpc: Method): string {
  return `/${service.fullName.slice(1)}/${rpc.name}`;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
