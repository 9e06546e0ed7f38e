/**
 * Makes a running program the plugin of a go-plugin host: handshake, server, the host's end. The extension host starts
 * while the go-plugin host connects. Invariant: however it ends, no socket is left behind, and `closed` settles.
 */
import { randomInt } from "node:crypto";
import { chmod, chown, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LogLevel } from "@plugboard/extension-api";
import { settledWithin } from "../process/settled-within.js";
import { createGrpcServer, type GrpcServer } from "../wire/grpc-server.js";
import type { GrpcAddress, GrpcTls } from "../wire/grpc-client.js";
import type { ServedHost } from "./contract-services.js";
import {
  handshakeLine,
  hostWishes,
  isStartedByHost,
  type Environment,
  type HandshakeCookie,
  type HostWishes,
} from "./handshake.js";
import { HostWatch } from "./host-watch.js";
import { logLine } from "./log-line.js";
import type { PluginServices } from "./plugin-services.js";
import { socketFolderParent, socketFolderPrefix } from "./socket-folder.js";
import { StdioFeed, type PrintedStream } from "./stdio-feed.js";

/** The cookie that a Go host uses unless it agreed on another with the plugin. @public */
export const servingCookie: HandshakeCookie = Object.freeze({
  key: "PLUGBOARD_PLUGIN",
  value: "plugboard-contract",
});

/** The way to the Go host. @public */
export interface GoHostLink {
  /** Writes to the log that the Go host reads. */
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Calls a service that the Go host offered, with arguments that JSON can carry. */
  call(service: string, method: string, args: readonly unknown[]): Promise<unknown>;
}

/** What {@link serveGoPlugin} is told. @public */
export interface ServeGoPluginOptions {
  /** Starts the extension host; called after the handshake. Calls of the Go host wait for it. */
  readonly host: (link: GoHostLink) => Promise<ServedHost>;
  /** Writes the handshake to standard output, and resolves when it is written. Nothing else may be written there. */
  readonly handshake: (line: string) => Promise<void>;
  /** Writes a line of the log to standard error. */
  readonly log: (line: string) => void;
  /** {@link servingCookie} unless given. */
  readonly cookie?: HandshakeCookie;
  /** The versions of the contract that the Go host may choose from; 1 unless given. */
  readonly versions?: readonly number[];
  /** The variables by which the Go host says what it wants; `process.env` unless given. */
  readonly environment?: Environment;
  /** `unix`, and on Windows `tcp`, unless given. */
  readonly network?: "unix" | "tcp";
  /** Bytes that a message of the Go host may have; no limit unless given. */
  readonly maxBytes?: number;
}

/** A plugin that serves a Go host. @public */
export interface GoPluginServer {
  /** Where it listens. */
  readonly address: GrpcAddress;
  /** The version of the contract that both sides use. */
  readonly version: number;
  /** Settles when all is over, with the reason in words. */
  readonly closed: Promise<string>;
  /** Passes on what the program or its extensions printed. */
  print(stream: PrintedStream, data: Uint8Array): void;
  /** Writes to the log that the Go host reads. */
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Ends it, as the Go host's word would. */
  stop(reason: string): Promise<void>;
}

/** Hosts end a plugin the hard way two seconds after they asked it to end. */
const stopMs = 1_500;

/** What was sent last has this time to get to the host. */
const flushMs = 100;

/** After the start, which is to be quick. */
const tidyMs = 2_000;

/** A host that prints what its plugins print asks for it right after it has connected. */
const stdioMs = 1_000;

/**
 * Serves a Go host that started this program, until it says so, goes away, or `stop` is called.
 *
 * @throws Error if no host started this program; {@link isStartedByHost} tells beforehand
 * @throws ExtensionError `RUNTIME_START_FAILED` where it can't listen, for instance because the folder that the host
 *   names for sockets has too long a path
 * @public
 */
export async function serveGoPlugin(options: ServeGoPluginOptions): Promise<GoPluginServer> {
  const environment = options.environment ?? process.env;
  if (!isStartedByHost(environment, options.cookie ?? servingCookie)) {
    throw new Error("This program is a plugin: a host with the same cookie has to start it.");
  }
  const plugin = new ServedPlugin(options, hostWishes(environment, options.versions ?? [1]));
  await plugin.open();
  return plugin;
}

class ServedPlugin implements GoPluginServer {
  address: GrpcAddress = { network: "unix", address: "" };
  readonly version: number;
  readonly #options: ServeGoPluginOptions;
  readonly #wishes: HostWishes;
  readonly #closed = Promise.withResolvers<string>();
  readonly #services = Promise.withResolvers<PluginServices>();
  readonly #stopped = Promise.withResolvers<void>();
  readonly #starting = Promise.withResolvers<ServedHost>();
  readonly #stdio: StdioFeed;
  readonly #watch: HostWatch;
  #server: GrpcServer | undefined;
  #host: ServedHost | undefined;
  #socketFolder: string | undefined;
  #stopping: Promise<void> | undefined;
  #tidyTimer: NodeJS.Timeout | undefined;
  #stdioTimer: NodeJS.Timeout | undefined;

  constructor(options: ServeGoPluginOptions, wishes: HostWishes) {
    this.#options = options;
    this.#wishes = wishes;
    this.version = wishes.version;
    this.#stdio = new StdioFeed((bytes) =>
      this.log("warn", "what was printed is lost, the host does not read it", { bytes }),
    );
    this.#watch = new HostWatch({ onGone: (reason) => void this.stop(reason) });
    // Whoever needs them is told; it may be nobody.
    this.#services.promise.catch(() => undefined);
    this.#starting.promise.catch(() => undefined);
  }

  get closed(): Promise<string> {
    return this.#closed.promise;
  }

  async open(): Promise<void> {
    try {
      await this.#listen();
    } catch (error) {
      await this.stop("the plugin could not listen");
      throw error;
    }
  }

  print(stream: PrintedStream, data: Uint8Array): void {
    this.#stdio.print(stream, data);
    if (this.#stdio.isRead || this.#stdioTimer !== undefined) return;
    this.#stdioTimer = setTimeout(() => this.#logPrinted(), stdioMs);
    this.#stdioTimer.unref();
  }

  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#options.log(logLine(level, message, fields));
  }

  stop(reason: string): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #listen(): Promise<void> {
    const wishes = this.#wishes;
    const own = wishes.clientCertificate === undefined ? undefined : await this.#certificate();
    const tls = own && {
      key: own.key,
      certificate: own.certificate,
      trusted: wishes.clientCertificate ?? "",
    };
    this.#server = createGrpcServer({
      ready: this.#services.promise,
      onFault: (error) => this.log("warn", "a connection failed", { error: error.message }),
      ...(tls === undefined ? {} : { tls }),
      ...(this.#options.maxBytes === undefined ? {} : { maxBytes: this.#options.maxBytes }),
    });
    try {
      this.address = await this.#address(this.#server);
    } catch (error) {
      throw await unlistened(error as Error, wishes);
    }
    await this.#options.handshake(handshakeLine(wishes, this.address, own?.der));
    this.#start(this.#server, tls);
  }

  async #certificate() {
    const { makeCertificate } = await import("../wire/certificate.js");
    return makeCertificate();
  }

  async #address(server: GrpcServer): Promise<GrpcAddress> {
    const { minPort, maxPort, socketGroup } = this.#wishes;
    const network = this.#options.network ?? (process.platform === "win32" ? "tcp" : "unix");
    if (network === "tcp") return server.listen({ network, minPort, maxPort });
    const path = join(await this.#folder(), `plugin${randomInt(2 ** 32)}`);
    const address = await server.listen({ network, path });
    if (socketGroup !== undefined) await openToGroup(path, socketGroup);
    return address;
  }

  async #folder(): Promise<string> {
    if (this.#wishes.socketFolder !== undefined) return this.#wishes.socketFolder;
    this.#socketFolder = await mkdtemp(join(socketFolderParent(), socketFolderPrefix));
    return this.#socketFolder;
  }

  #start(server: GrpcServer, tls: GrpcTls | undefined): void {
    const services = import("./plugin-services.js").then(({ pluginServices }) => {
      const made = pluginServices({
        starting: this.#starting.promise,
        tls,
        stdio: this.#stdio,
        onShutdown: () => void this.stop("the host asked for it"),
        onHost: (stream) => {
          const lost = this.#watch.connected();
          void stream.closed.then(lost);
          void this.#stopped.promise.then(() => stream.end());
        },
      });
      for (const [path, handlers] of made.handlers) server.handle(path, handlers);
      return made;
    });
    services.then(this.#services.resolve, this.#services.reject);
    const link: GoHostLink = {
      log: (level, message, fields) => this.log(level, message, fields),
      call: async (service, method, args) => (await services).link.call(service, method, args),
    };
    this.#startHost(link).then(this.#starting.resolve, this.#starting.reject);
    const folder = this.#socketFolder;
    if (folder !== undefined) this.#tidyTimer = setTimeout(() => void tidy(folder), tidyMs).unref();
  }

  async #startHost(link: GoHostLink): Promise<ServedHost> {
    try {
      const host = await this.#options.host(link);
      if (this.#stopping === undefined) return (this.#host = host);
      await host.stop();
    } catch (error) {
      this.log("error", "the extension host could not start", { error });
      throw error;
    }
    throw new Error("The plugin is being stopped.");
  }

  async #stop(reason: string): Promise<void> {
    this.#watch.dispose();
    // What takes longer is left to itself.
    await settledWithin(this.#stopHost(), stopMs);
    this.#starting.reject(new Error("The plugin is being stopped."));
    this.#services.promise.then(({ link }) => link.close()).catch(() => undefined);
    clearTimeout(this.#tidyTimer);
    clearTimeout(this.#stdioTimer);
    if (!this.#stdio.isRead) this.#logPrinted();
    this.#stdio.end();
    this.#stopped.resolve();
    await this.#server?.close({ graceMs: flushMs });
    if (this.#socketFolder !== undefined) {
      await rm(this.#socketFolder, { recursive: true, force: true }).catch(() => undefined);
    }
    this.#closed.resolve(reason);
  }

  /** A host that has not started by now is stopped when it has. */
  async #stopHost(): Promise<void> {
    try {
      await this.#host?.stop();
    } catch (error) {
      this.log("error", "the extension host could not be stopped", { error });
    }
  }

  /** Old hosts don't ask for what is printed; it is not to be lost. */
  #logPrinted(): void {
    this.#stdioTimer = undefined;
    if (this.#stdio.isRead) return;
    const pieces = this.#stdio.take();
    for (const stream of ["stdout", "stderr"] as const) {
      const printed = pieces.filter((piece) => piece.stream === stream).map(({ data }) => data);
      for (const line of Buffer.concat(printed).toString().split("\n")) {
        if (line.trim() !== "") this.log("info", line, { stream });
      }
    }
  }
}

/** Those of plugins that a host had to kill are in nobody's way but the disk's: it waits for a quiet moment. */
async function tidy(own: string): Promise<void> {
  const { removeSocketsLeft } = await import("./sockets-left.js");
  await removeSocketsLeft(socketFolderParent(), own);
}

/** What a folder in which no socket can be made is answered with. */
const folderFaults: ReadonlySet<string | undefined> = new Set([
  "EACCES",
  "EDQUOT",
  "EEXIST",
  "ENAMETOOLONG",
  "ENOENT",
  "ENOSPC",
  "ENOTDIR",
  "EROFS",
]);

/** The error of a plugin that can't listen where its host wants it to. */
async function unlistened(cause: Error, { socketFolder }: HostWishes): Promise<Error> {
  const { ExtensionError } = await import("@plugboard/extension-api");
  const { code } = cause as NodeJS.ErrnoException;
  const said = `This plugin can't listen for the program that started it: ${cause.message.replace(/\.$/, "")}.`;
  const folder = socketFolder === undefined ? "TMPDIR" : "PLUGIN_UNIX_SOCKET_DIR";
  const hint =
    cause.message.includes("the path of the socket") || folderFaults.has(code)
      ? `Let ${folder} name a folder with a short path in which files can be made.`
      : undefined;
  return new ExtensionError("RUNTIME_START_FAILED", hint === undefined ? said : `${said} ${hint}`, {
    details: hint === undefined ? {} : { hint },
    // What is thrown here says all that it knows.
    ...(code === undefined ? {} : { cause }),
  });
}

async function openToGroup(path: string, group: string): Promise<void> {
  const groupId = /^\d+$/.test(group) ? Number(group) : await groupIdOf(group);
  await chown(path, process.getuid?.() ?? -1, groupId);
  await chmod(path, 0o660);
}

async function groupIdOf(name: string): Promise<number> {
  for (const line of (await readFile("/etc/group", "utf8")).split("\n")) {
    const [group, , id] = line.split(":");
    if (group === name) return Number(id);
  }
  throw new Error(`there is no group ${name}, which is to use the plugin's socket`);
}
