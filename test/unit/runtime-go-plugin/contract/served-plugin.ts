/** A real gRPC server in the place of a plugin, whose services are written as functions of plain messages. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import protobuf from "protobufjs";
import type {
  ActivateRequest,
  Child,
  DeclaredContribution,
  ExitReason,
  FileStamp,
  GrantedService,
  HeartbeatOptions,
  Logger,
  RuntimeSession,
  StartRequest,
} from "@plugboard/extension-api";
import { CallHeartbeat } from "../../../../core/src/runtime/heartbeat.js";
import type { ContractPlugin } from "../../../../extensions/runtime-go-plugin/src/contract/contract-plugin.js";
import {
  contractSession,
  ContractSchemas,
} from "../../../../extensions/runtime-go-plugin/src/contract/contract-session.js";
import { ProtoFiles } from "../../../../extensions/runtime-go-plugin/src/contract/proto-files.js";
import { readContractSettings } from "../../../../extensions/runtime-go-plugin/src/settings/contract-settings.js";
import {
  connectGrpc,
  type GrpcClient,
} from "../../../../extensions/runtime-go-plugin/src/wire/grpc-client.js";
import {
  createGrpcServer,
  type GrpcHandlers,
  type GrpcServerCall,
} from "../../../../extensions/runtime-go-plugin/src/wire/grpc-server.js";

type Message = Record<string, unknown>;

/** What answers an rpc: a message, or for a stream several. */
export type Answer = (
  request: Message,
  call: GrpcServerCall,
) => Message | Promise<Message> | Iterable<Message> | AsyncIterable<Message>;

export interface ServedPluginOptions {
  /** Texts of files by path; the first is the plugin's own `.proto`. */
  readonly files?: Readonly<Record<string, string>>;
  /** What answers the rpcs, by `package.Service/Method`. */
  readonly answers?: Readonly<Record<string, Answer>>;
  /** What answers paths that the `.proto` does not have. */
  readonly handlers?: Readonly<Record<string, GrpcHandlers>>;
  /** The manifest's `runtime`, beside its kind. */
  readonly runtime: Readonly<Record<string, unknown>>;
  readonly version?: number;
  readonly health?: () => Promise<string>;
  readonly child?: Child;
}

export interface ServedPlugin {
  readonly folder: string;
  readonly client: GrpcClient;
  /** What was told through `onFile`. */
  readonly files: Map<string, FileStamp>;
  readonly told: string[];
  /** The ids under which something is served to the plugin now. */
  readonly served: Map<number, string>;
  readonly start: () => Promise<RuntimeSession>;
  /** Starts and activates; the declared contributions default to none. */
  readonly activate: (request?: Partial<ActivateRequest>) => Promise<RuntimeSession>;
  /** Ends the server, but not what it runs in. */
  readonly hangUp: () => Promise<void>;
  /** Ends the server as a crash would. */
  readonly crash: (message: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const silent = { error() {}, warn() {}, info() {}, debug() {}, trace() {} } as unknown as Logger;

export async function servedPlugin(options: ServedPluginOptions): Promise<ServedPlugin> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-contract-"));
  const { files: texts = {} } = options;
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const server = createGrpcServer();
  for (const [path, answer] of Object.entries(options.answers ?? {}))
    server.handle(
      `/${path}`,
      handlersOf(await rootOf(folder, Object.keys(texts)[0] as string), path, answer),
    );
  for (const [path, handlers] of Object.entries(options.handlers ?? {})) server.handle(`/${path}`, handlers);
  const address = await server.listen({ network: "unix", path: join(folder, "plugin.sock") });
  const client = await connectGrpc(address);
  const exited = Promise.withResolvers<ExitReason>();
  const told: string[] = [];
  const served = new Map<number, string>();
  const brokerServers = new Map<number, ReturnType<typeof createGrpcServer>>();
  let lastId = 40;
  const plugin: ContractPlugin = {
    client,
    broker: {
      async serve(handlers) {
        const id = ++lastId;
        const own = createGrpcServer();
        for (const [path, handler] of handlers) own.handle(path, handler);
        const { address: socket } = await own.listen({ network: "unix", path: join(folder, `b${id}.sock`) });
        brokerServers.set(id, own);
        served.set(id, socket);
        return id;
      },
      async close(id) {
        served.delete(id);
        await brokerServers.get(id)?.close({ graceMs: 0 });
        brokerServers.delete(id);
      },
    },
    child: options.child,
    exited: exited.promise,
    version: options.version ?? 1,
    health: options.health ?? (() => Promise.resolve("SERVING")),
    async stop() {
      told.push("stop");
      exited.resolve({ kind: "disposed", message: "It was stopped." });
      await server.close({ graceMs: 0 });
    },
    kill() {
      told.push("kill");
      exited.resolve({ kind: "disposed", message: "It was killed." });
    },
  };
  const files = new Map<string, FileStamp>();
  const start = () => {
    const settings = readContractSettings("acme.kv", options.runtime);
    if (settings === undefined) throw new Error("The runtime maps nothing.");
    const request = {
      extension: { id: "acme.kv", version: "1.0.0", path: folder },
      logger: silent,
      onFile: (path: string, stamp: FileStamp) => files.set(path, stamp),
      heartbeat: (parts: HeartbeatOptions) =>
        new CallHeartbeat(parts, { pingAfterMs: 1_000, unresponsiveMs: 3_000 }, (error) => {
          throw error;
        }),
    } as unknown as StartRequest;
    const schemas = new ContractSchemas(new ProtoFiles(), request);
    return contractSession(plugin, { settings, schemas, request });
  };
  return {
    folder,
    client,
    files,
    told,
    served,
    start,
    async activate(request = {}) {
      const session = await start();
      await session.activate(activateRequest(request));
      return session;
    },
    hangUp: () => server.close({ graceMs: 0 }),
    async crash(message) {
      exited.resolve({ kind: "crashed", message });
      await server.close({ graceMs: 0 });
    },
    async close() {
      client.close();
      await server.close({ graceMs: 0 });
      for (const one of brokerServers.values()) await one.close({ graceMs: 0 });
      await rm(folder, { recursive: true });
    },
  };
}

export function activateRequest(request: Partial<ActivateRequest>): ActivateRequest {
  return {
    contributions: [],
    services: [],
    limits: { callMs: 30_000, callBytes: 16_000_000 },
    logger: silent,
    signal: new AbortController().signal,
    ...request,
  } as unknown as ActivateRequest;
}

export function declared(
  point: string,
  id: string,
  methods: DeclaredContribution["methods"],
): DeclaredContribution {
  return { point, id, methods };
}

export function granted(id: string, value: object, methods: GrantedService["methods"]): GrantedService {
  return { id, value, methods };
}

/** The definitions as protobufjs itself loads them: what the server says is judged by the library alone. */
export async function rootOf(folder: string, file: string): Promise<protobuf.Root> {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (target.startsWith("google/") ? target : join(folder, target));
  await root.load(file, { keepCase: true });
  root.resolveAll();
  return root;
}

function handlersOf(root: protobuf.Root, path: string, answer: Answer): GrpcHandlers {
  const [serviceName = "", methodName = ""] = path.split("/");
  const method = root.lookupService(serviceName).methods[methodName];
  if (method === undefined) throw new Error(`There is no ${path}.`);
  method.resolve();
  const { resolvedRequestType: request, resolvedResponseType: response } = method;
  if (request === null || response === null) throw new Error(`${path} has no types.`);
  const read = (bytes: Uint8Array): Message =>
    request.toObject(request.decode(bytes), { longs: String, enums: String }) as Message;
  const write = (message: Message) => response.encode(response.fromObject(message)).finish();
  if (method.responseStream !== true)
    return { unary: async (bytes, call) => write((await answer(read(bytes), call)) as Message) };
  return {
    async *serverStream(bytes, call) {
      for await (const message of answer(read(bytes), call) as AsyncIterable<Message>) yield write(message);
    },
  };
}
