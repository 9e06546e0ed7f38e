/**
 * A plugin that can be called: its connection, the services that every plugin serves, its end in order. How it was
 * started, and what it serves beyond that, is not its matter.
 * Invariant: `exited` settles once, after which neither a process nor a connection of it is left.
 */
import {
  ExtensionError,
  type Child,
  type ExitReason,
  type ExtensionIdentity,
  type Logger,
  type StartRequest,
} from "@plugboard/extension-api";
import { readableLine } from "../launch/hclog-record.js";
import { exitsWithin } from "../process/settled-within.js";
import {
  controlMessageBytes,
  controlPaths,
  decodeHealthResponse,
  emptyMessage,
  encodeHealthRequest,
} from "../wire/control-messages.js";
import { connectGrpc, type GrpcAddress, type GrpcClient, type GrpcTls } from "../wire/grpc-client.js";
import { GrpcError } from "../wire/grpc-status.js";
import { PluginBroker, type Broker } from "./broker.js";
import { PluginLog } from "./plugin-log.js";
import { followPrinted } from "./printed-output.js";

/** A plugin that can be called. @internal */
export interface ConnectedPlugin {
  readonly client: GrpcClient;
  readonly broker: Broker;
  /** Undefined for one that is attached. */
  readonly child: Child | undefined;
  /** Settles when it is gone; of one that is attached, when the connection is. */
  readonly exited: Promise<ExitReason>;
  /** The version of the application's protocol that both agreed on. */
  readonly version: number;
  /** What it says of itself: `SERVING` if all is well, `UNIMPLEMENTED` if it says nothing. Rejects if it can't be asked. */
  health(): Promise<string>;
  /**
   * Asks it to end, then insists. Settles when it is gone. One that is attached is let go instead.
   *
   * @param options.because - why it ends though it is still wanted: then its end counts as a crash
   */
  stop(options?: { readonly because?: string }): Promise<void>;
  /** Ends it at once. One that is attached is let go instead. */
  kill(): void;
}

/** A plugin that is known and not connected yet. @internal */
export interface ReachablePlugin {
  readonly extension: ExtensionIdentity;
  readonly address: GrpcAddress;
  readonly tls: GrpcTls | undefined;
  readonly version: number;
  /** Undefined for one that is attached. */
  readonly process: Child | undefined;
  /** Where sockets of the host go. */
  readonly folder: string;
  readonly ports: { readonly minimum: number; readonly maximum: number };
  readonly stopGraceMs: number;
  /** Milliseconds that it may take to answer. */
  readonly connectMs: number;
  readonly log: PluginLog;
  readonly logger: Logger;
  readonly cutLines: StartRequest["cutLines"];
}

/** The name under which a plugin tells of its health. */
const healthService = "plugin";
const healthMs = 5_000;
/** Time that a plugin may take to end which has let go of its connection, and for SIGTERM to work. */
const farewellMs = 200;
const longestTermMs = 500;

/**
 * Connects to a plugin, and asks whether it serves. On failure the connection is gone; the process is the caller's.
 *
 * @throws ExtensionError `RUNTIME_UNREACHABLE`
 * @internal
 */
export async function connectPlugin(plugin: ReachablePlugin, signal: AbortSignal): Promise<ConnectedPlugin> {
  const { address, tls, connectMs, extension } = plugin;
  let client: GrpcClient | undefined;
  try {
    client = await connectGrpc(address, {
      signal,
      timeoutMs: connectMs,
      ...(tls === undefined ? {} : { tls }),
    });
    const status = await healthOf(client, connectMs, signal);
    if (status !== "SERVING" && status !== "UNIMPLEMENTED") {
      throw unreachable(extension.id, `says of its health that it is ${status}`, plugin, { status });
    }
    return new Connection(plugin, client);
  } catch (error) {
    client?.close();
    signal.throwIfAborted();
    if (!(error instanceof GrpcError)) throw error;
    const end = plugin.process?.end?.what;
    const what = end === undefined ? `can't be reached at ${address.network} ${address.address}` : end;
    throw unreachable(extension.id, `${what}: ${error.message}`, plugin, { status: error.statusName }, error);
  }
}

class Connection implements ConnectedPlugin {
  readonly client: GrpcClient;
  readonly broker: PluginBroker;
  readonly child: Child | undefined;
  readonly exited: Promise<ExitReason>;
  readonly version: number;
  readonly #plugin: ReachablePlugin;
  #isWanted = true;
  #because: string | undefined;
  #stopping: Promise<void> | undefined;

  constructor(plugin: ReachablePlugin, client: GrpcClient) {
    this.#plugin = plugin;
    this.client = client;
    this.version = plugin.version;
    this.child = plugin.process;
    const { tls, folder, ports, logger } = plugin;
    this.broker = new PluginBroker({ client, tls, folder, ports, logger });
    void followPrinted(client, plugin);
    this.exited = plugin.process === undefined ? this.#letGo() : this.#processGone(plugin.process);
  }

  health(): Promise<string> {
    return healthOf(this.client, healthMs);
  }

  stop({ because }: { readonly because?: string } = {}): Promise<void> {
    if (this.#isWanted) this.#because = because;
    this.#isWanted = false;
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  kill(): void {
    this.#isWanted = false;
    this.#close();
    this.#plugin.process?.kill();
  }

  async #stop(): Promise<void> {
    const { process: running, stopGraceMs } = this.#plugin;
    if (running !== undefined && running.end === undefined) {
      const since = performance.now();
      // The answer may be lost with the plugin; one that has no such service is told by a signal.
      const asked = this.client
        .unary(controlPaths.shutdown, emptyMessage, {
          timeoutMs: Math.max(1, stopGraceMs),
          maxBytes: controlMessageBytes,
        })
        .then(
          () => true,
          (error: unknown) => !(error instanceof GrpcError && error.statusName === "UNIMPLEMENTED"),
        );
      const isEnding = await Promise.race([asked, running.exited.then(() => true)]);
      const rest = isEnding ? stopGraceMs - (performance.now() - since) : 0;
      if (!(await exitsWithin(running, Math.max(0, rest)))) {
        await running.terminate({ graceMs: Math.min(stopGraceMs, longestTermMs) });
      }
    }
    this.#close();
  }

  #close(): void {
    this.broker.dispose();
    this.client.close();
  }

  async #processGone(running: Child): Promise<ExitReason> {
    void this.client.closed.then(async () => {
      // Whoever has let go of its only connection can't be reached any more.
      if (!(await exitsWithin(running, farewellMs))) this.#giveUp(running);
    });
    const { what } = await running.exited;
    this.#close();
    return this.#exitReason("The plugin was stopped.", `The plugin ${what}.`);
  }

  async #letGo(): Promise<ExitReason> {
    const error = await this.client.closed;
    this.#close();
    const why = error === undefined ? "" : `: ${error.message.replace(/\.$/, "")}`;
    return this.#exitReason("The plugin was let go.", `The connection to the attached plugin is lost${why}.`);
  }

  #giveUp(running: Child): void {
    // Whoever has asked it to end gives it the time for that.
    if (this.#isWanted) running.kill();
  }

  #exitReason(disposed: string, crashed: string): ExitReason {
    if (this.#because !== undefined) return { kind: "crashed", message: this.#because };
    return this.#isWanted ? { kind: "crashed", message: crashed } : { kind: "disposed", message: disposed };
  }
}

async function healthOf(client: GrpcClient, timeoutMs: number, signal?: AbortSignal): Promise<string> {
  const request = encodeHealthRequest(healthService);
  const options = { timeoutMs, maxBytes: controlMessageBytes, ...(signal === undefined ? {} : { signal }) };
  try {
    return decodeHealthResponse(await client.unary(controlPaths.health, request, options));
  } catch (error) {
    // Plugins in other languages may leave it out, or have it for the whole server only.
    if (error instanceof GrpcError && ["UNIMPLEMENTED", "NOT_FOUND"].includes(error.statusName))
      return "UNIMPLEMENTED";
    throw error;
  }
}

function unreachable(
  extensionId: string,
  what: string,
  { address, process: running }: ReachablePlugin,
  details: Readonly<Record<string, unknown>>,
  cause?: unknown,
): ExtensionError {
  const stderr = running?.lastLines("stderr") ?? [];
  const said =
    stderr.length === 0
      ? ""
      : ` On its standard error: ${stderr
          .slice(-3)
          .map((line) => JSON.stringify(readableLine(line)))
          .join(", ")}`;
  return new ExtensionError(
    "RUNTIME_UNREACHABLE",
    `The plugin of ${extensionId} ${what.replace(/\.$/, "")}.${said}`,
    {
      extensionId,
      details: { ...address, stderr, ...details },
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
