/**
 * A binary that was made for another host, as a session: its services answer the contributions of a manifest, as the
 * manifest maps them. Names are settled when it starts; calls only run through what was worked out then.
 * Invariant: it ends when its plugin or the connection to it does, and everything that waits for it is told.
 */
import type {
  ActivateRequest,
  ActivateResult,
  CallContext,
  ExitReason,
  Handler,
  Heartbeat,
  RuntimeSession,
  SavedState,
  StartRequest,
} from "@plugboard/extension-api";
import { crashError, ExtensionError } from "@plugboard/extension-api";
import type { Root } from "protobufjs";
import type { GrpcHandlers } from "../wire/grpc-server.js";
import { GrpcError, grpcStatus } from "../wire/grpc-status.js";
import { MethodCompiler, type CompiledHostMethod, type CompiledMethod } from "./compiled-method.js";
import type { ContractPlugin } from "./contract-plugin.js";
import type { ContractSet, ContractSettings, ServiceMapping } from "../settings/contract-settings.js";
import { hostServiceHandlers } from "./host-service-handlers.js";
import { manifestFault, unknownName } from "../settings/manifest-fault.js";
import { methodHandler, type CallParts } from "./method-handler.js";
import { didYouMean, nearestName } from "../settings/nearest-name.js";
import type { ProtoFiles } from "./proto-files.js";
import { settledWithin } from "../process/settled-within.js";
import { reflectServices } from "./server-reflection.js";

/** The files of one start, each read once, be it before the plugin has answered. @internal */
export class ContractSchemas {
  readonly #files: ProtoFiles;
  readonly #request: Pick<StartRequest, "extension" | "onFile">;
  readonly #roots = new Map<ContractSet, Promise<Root>>();

  constructor(files: ProtoFiles, request: Pick<StartRequest, "extension" | "onFile">) {
    this.#files = files;
    this.#request = request;
  }

  /** Begins to read what is sure to be needed, whatever version is agreed on. */
  readAhead({ only }: ContractSettings): void {
    // Whoever asks for it is told of what is wrong.
    if (only !== undefined && only.proto !== "reflection") this.rootOf(only).catch(() => undefined);
  }

  /** What the set's file defines. */
  rootOf(set: ContractSet): Promise<Root> {
    let root = this.#roots.get(set);
    if (root === undefined) this.#roots.set(set, (root = this.#read(set)));
    return root;
  }

  async #read({ proto, key }: ContractSet): Promise<Root> {
    const { default: protobuf } = await import("protobufjs");
    const { extension, onFile } = this.#request;
    return this.#files.read({
      protobuf,
      extensionId: extension.id,
      folder: extension.path,
      file: proto,
      key: `${key}.proto`,
      onFile,
    });
  }
}

/**
 * Makes the session of a plugin whose services the settings map. Until it resolves, and if it rejects, the plugin is
 * the caller's to end; from then on the session's.
 *
 * @throws ExtensionError `MANIFEST_INVALID` with `details.key` for a name that the `.proto` does not have, and what
 *   reading the `.proto` throws
 * @internal
 */
export async function contractSession(
  plugin: ContractPlugin,
  {
    settings,
    schemas,
    request,
  }: {
    readonly settings: ContractSettings;
    readonly schemas: ContractSchemas;
    readonly request: StartRequest;
  },
): Promise<RuntimeSession> {
  const { id } = request.extension;
  const set = settings.setFor(plugin.version);
  if (set === undefined)
    throw manifestFault(
      id,
      "runtime.versions",
      `says nothing of version ${plugin.version}, which was agreed on.`,
    );
  const { default: protobuf } = await import("protobufjs");
  const strangers = set.proto === "reflection" ? [] : unservedServices(plugin, set);
  const root =
    set.proto === "reflection"
      ? await reflectServices({ plugin, extensionId: id, services: servicesOf(set), key: `${set.key}.proto` })
      : await schemas.rootOf(set);
  const compiler = new MethodCompiler(protobuf, root, id);
  const contributions = new Map<string, ReadonlyMap<string, CompiledMethod>>();
  for (const [point, mappings] of Object.entries(set.services))
    for (const [contribution, mapping] of Object.entries(mappings))
      contributions.set(keyOf(point, contribution), compiler.methods(mapping, set.hostServices));
  const hostServices = new Map(
    Object.entries(set.hostServices).map(([name, mapping]) => [name, compiler.hostMethods(mapping)]),
  );
  for (const { key, service } of await strangers)
    throw manifestFault(id, `${key}.service`, `names "${service}", which the plugin does not serve.`);
  return new ContractSession({ plugin, set, request, contributions, hostServices });
}

/** No plugin has a method of this name; what its server says of it tells whether it has the service. */
const noMethod = "PlugboardAsksWhetherThisServiceIsServed";
const answerMs = 2_000;

/** The services that the plugin says it does not have. Servers that are not made with gRPC for Go do not tell. */
async function unservedServices(
  { client }: ContractPlugin,
  { services }: ContractSet,
): Promise<readonly ServiceMapping[]> {
  const mappings = Object.values(services).flatMap((point) => Object.values(point));
  const first = [...new Map(mappings.map((mapping) => [mapping.service, mapping])).values()];
  const isUnserved = await Promise.all(
    first.map(({ service }) =>
      client.unary(`/${service}/${noMethod}`, new Uint8Array(), { timeoutMs: answerMs }).then(
        () => false,
        (error: unknown) =>
          error instanceof GrpcError &&
          error.statusName === "UNIMPLEMENTED" &&
          error.message.startsWith("unknown service "),
      ),
    ),
  );
  return first.filter((_mapping, index) => isUnserved[index]);
}

interface ContractSessionOptions {
  readonly plugin: ContractPlugin;
  readonly set: ContractSet;
  readonly request: StartRequest;
  /** Methods by contribution. */
  readonly contributions: ReadonlyMap<string, ReadonlyMap<string, CompiledMethod>>;
  readonly hostServices: ReadonlyMap<string, readonly CompiledHostMethod[]>;
}

class ContractSession implements RuntimeSession {
  readonly exports = {};
  readonly health: Heartbeat;
  readonly exited: Promise<ExitReason>;
  readonly #options: ContractSessionOptions;
  readonly #extensionId: string;
  readonly #exit = Promise.withResolvers<ExitReason>();
  readonly #handlers = new Map<string, Handler>();
  #ended: Error | undefined;
  #isStopping = false;

  constructor(options: ContractSessionOptions) {
    const { plugin, request } = options;
    this.#options = options;
    this.#extensionId = request.extension.id;
    this.exited = this.#exit.promise;
    this.health = request.heartbeat({
      child: plugin.child,
      // A no is an answer as well, if the plugin itself said it.
      ping: () =>
        plugin.health().catch((error: unknown) => {
          if (!isAnswer(error)) throw error;
        }),
    });
    void plugin.exited.then((reason) => {
      this.#end(reason);
    });
    void plugin.client.closed.then((error) => this.#lose(error));
  }

  activate(request: ActivateRequest): Promise<ActivateResult> {
    const startedAt = performance.now();
    return Promise.resolve().then(() => {
      if (this.#ended !== undefined) throw this.#ended;
      const parts = this.#callParts(request);
      const supplied: { point: string; id: string }[] = [];
      const findings: ActivateResult["findings"][number][] = [];
      for (const declared of request.contributions) {
        const { point, id } = declared;
        const methods = this.#options.contributions.get(keyOf(point, id));
        if (methods === undefined) {
          this.#throwIfMisspelt(point, id, request.contributions);
          findings.push({ code: "CONTRIBUTION_MISSING", point, id, message: this.#missing(point, id) });
          continue;
        }
        for (const [name, arity] of Object.entries(declared.methods)) {
          const method = methods.get(name);
          if (method === undefined) {
            const message = this.#unmapped(declared, name);
            findings.push({ code: "CONTRIBUTION_INCOMPLETE", point, id, message });
            continue;
          }
          if (typeof arity === "number" && method.argumentCount > arity) {
            const what = `fills ${method.argumentCount} fields, but ${name} of ${point} takes ${arity} arguments.`;
            throw manifestFault(this.#extensionId, `${method.key}.request`, what);
          }
          this.#handlers.set(
            targetOf(point, id, name),
            methodHandler(`${point}/${id}/${name}`, method, parts),
          );
        }
        supplied.push({ point, id });
      }
      const call = performance.now() - startedAt;
      return { supplied, findings, savesState: false, times: { call, settle: 0 } };
    });
  }

  handler(point: string, id: string, method: string): Handler | undefined {
    return this.#handlers.get(targetOf(point, id, method));
  }

  saveState(): Promise<SavedState | undefined> {
    return Promise.resolve(undefined);
  }

  async deactivate(context: CallContext): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#isStopping = true;
    const { plugin } = this.#options;
    const { signal } = context;
    const kill = () => {
      plugin.kill();
    };
    signal.addEventListener("abort", kill, { once: true });
    try {
      await plugin.stop();
    } finally {
      signal.removeEventListener("abort", kill);
    }
  }

  dispose(): void {
    if (this.#ended !== undefined) return;
    this.#end({ kind: "disposed", message: "The session was disposed." });
    this.#options.plugin.kill();
  }

  leftovers(): Readonly<Record<string, number>> {
    return {};
  }

  #callParts(request: ActivateRequest): CallParts {
    const { plugin, hostServices } = this.#options;
    const handlers = new Map<string, ReadonlyMap<string, GrpcHandlers>>();
    for (const [name, methods] of hostServices)
      handlers.set(name, hostServiceHandlers(this.#extensionId, methods, request.services));
    return {
      plugin,
      extensionId: this.#extensionId,
      callBytes: request.limits.callBytes,
      heartbeat: this.health,
      ended: () => this.#ended,
      endedSoon: () => settledWithin(this.exited, 2 * endingMs),
      hostServices: handlers,
    };
  }

  /** A mapping of what nobody declares is harmless, unless it was meant for what is declared. */
  #throwIfMisspelt(point: string, id: string, declared: ActivateRequest["contributions"]): void {
    const { services, key: setKey } = this.#options.set;
    for (const name of Object.keys(services)) {
      if (declared.some((one) => one.point === name) || nearestName(name, [point]) === undefined) continue;
      const what = `maps "${name}", which is no point that the manifest contributes to`;
      throw unknownName(this.#extensionId, `${setKey}.services.${name}`, { what, name, names: [point] });
    }
    for (const [name, { key }] of Object.entries(services[point] ?? {})) {
      if (declared.some((one) => one.point === point && one.id === name)) continue;
      if (nearestName(name, [id]) === undefined) continue;
      const what = `maps ${point} "${name}", which the manifest does not declare`;
      throw unknownName(this.#extensionId, key, { what, name, names: [id] });
    }
  }

  #missing(point: string, id: string): string {
    return `${this.#extensionId} declares ${point} "${id}" but ${this.#options.set.key}.services does not map it.`;
  }

  /** That a method is not mapped, with the mapping that was probably meant for it. */
  #unmapped({ point, id, methods }: ActivateRequest["contributions"][number], name: string): string {
    const mapped = this.#options.contributions.get(keyOf(point, id)) ?? new Map<string, CompiledMethod>();
    const strangers = [...mapped.keys()].filter((one) => !Object.hasOwn(methods, one));
    const slip = strangers.find((one) => nearestName(one, [name]) !== undefined);
    const said = `${this.#extensionId} maps ${point} "${id}" without the method ${name}.`;
    if (slip === undefined) return said;
    return `${said} ${mapped.get(slip)?.key ?? ""} is no method of ${point}.${didYouMean(slip, [name])}`;
  }

  /** The plugin itself may have more to say of its end, but only if it comes at once. */
  async #lose(error: Error | undefined): Promise<void> {
    if (this.#ended !== undefined) return;
    await settledWithin(this.exited, endingMs);
    const said = error === undefined ? "" : `: ${error.message}`;
    this.#end({ kind: "crashed", message: `the connection to its plugin was lost${said}` });
    this.#options.plugin.kill();
  }

  #end(reason: ExitReason): void {
    if (this.#ended !== undefined) return;
    const isWanted = this.#isStopping || reason.kind === "disposed";
    const extensionId = this.#extensionId;
    this.#ended = isWanted
      ? new ExtensionError("EXTENSION_GONE", `This generation of ${extensionId} is gone.`, { extensionId })
      : crashError(extensionId, reason.message);
    this.health.end();
    this.#handlers.clear();
    this.#exit.resolve(isWanted ? { kind: "disposed", message: reason.message } : reason);
  }
}

/** Whether the plugin itself said no, rather than nothing at all. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof GrpcError)) return false;
  const { CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE } = grpcStatus;
  return !new Set<number>([CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE]).has(error.status);
}

/** Milliseconds between a lost connection and the news of why, at most. */
const endingMs = 50;

function keyOf(point: string, id: string): string {
  return `${point}/${id}`;
}

function targetOf(point: string, id: string, method: string): string {
  return `${point}/${id}/${method}`;
}

/** The services that are named, each with the place. */
function servicesOf({ services, hostServices }: ContractSet): ReadonlyMap<string, string> {
  const mappings = [
    ...Object.values(services).flatMap((point) => Object.values(point)),
    ...Object.values(hostServices),
  ];
  return new Map(mappings.map(({ service, key }) => [service, key]));
}
