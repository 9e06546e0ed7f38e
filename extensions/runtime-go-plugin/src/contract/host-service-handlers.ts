/** What answers a plugin that calls back: the methods of host services, as rpcs of the plugin's own services. */
import { ExtensionError, type GrantedService } from "@plugboard/extension-api";
import type { GrpcHandlers } from "../wire/grpc-server.js";
import { GrpcError } from "../wire/grpc-status.js";
import { grpcErrorOf, mismatchError } from "./call-errors.js";
import type { CompiledHostMethod } from "./compiled-method.js";
import { unknownName } from "../settings/manifest-fault.js";
import { Mismatch } from "./mismatch.js";

/**
 * The handlers of the rpcs by path.
 *
 * @throws ExtensionError `CAPABILITY_DENIED` for a host service that the manifest does not list, `MANIFEST_INVALID` for
 *   a method that it does not have
 * @internal
 */
export function hostServiceHandlers(
  extensionId: string,
  methods: readonly CompiledHostMethod[],
  services: readonly GrantedService[],
): ReadonlyMap<string, GrpcHandlers> {
  return new Map(
    methods.map((method) => [
      method.path,
      handlersOf(extensionId, method, grantedService(extensionId, method, services)),
    ]),
  );
}

function grantedService(
  extensionId: string,
  { key, service: id, method: name }: CompiledHostMethod,
  services: readonly GrantedService[],
): GrantedService {
  const service = services.find((one) => one.id === id);
  if (service === undefined) {
    const add = `services: [${[...services.map((one) => one.id), id].map((one) => `"${one}"`).join(", ")}]`;
    throw new ExtensionError(
      "CAPABILITY_DENIED",
      `${key}.service of ${extensionId} names the host service "${id}", which its manifest does not list or the application does not offer. Add to plugin.json5: ${add}`,
      { extensionId, details: { key: `${key}.service`, service: id, add } },
    );
  }
  const names = Object.keys(service.methods);
  if (names.includes(name)) return service;
  const what = `names "${name}", which is no method of the host service "${id}"`;
  throw unknownName(extensionId, `${key}.method`, { what, name, names });
}

function handlersOf(
  extensionId: string,
  compiled: CompiledHostMethod,
  service: GrantedService,
): GrpcHandlers {
  const host = service.value as Readonly<Record<string, (...args: unknown[]) => unknown>>;
  const call = async (request: Uint8Array): Promise<unknown> => {
    let args: unknown[];
    try {
      args = compiled.decode(request);
    } catch {
      throw new GrpcError("INVALID_ARGUMENT", `the request of ${compiled.path} can't be read`);
    }
    return host[compiled.method]?.(...args);
  };
  const encode = (result: unknown) => {
    try {
      return compiled.encode(result);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      throw mismatchError(extensionId, `${compiled.service}.${compiled.method}`, "result", error);
    }
  };
  const refused = (error: unknown) => {
    throw grpcErrorOf(error);
  };
  if (!compiled.isStream) return { unary: (request) => call(request).then(encode).catch(refused) };
  return {
    async *serverStream(request) {
      try {
        const results = await call(request);
        for await (const one of isIterable(results) ? results : [results]) yield encode(one);
      } catch (error) {
        refused(error);
      }
    },
  };
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return (
    typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
  );
}
