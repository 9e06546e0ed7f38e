/**
 * Lets a plugin call the host, and the host what the plugin serves beside its own services: each side announces by one
 * stream where it serves what under which id. Owns the servers of this side.
 * Invariant: no server outlives the plugin, nor a call-back that nobody fetched.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@plugboard/extension-api";
import {
  controlMessageBytes,
  controlPaths,
  decodeConnInfo,
  encodeConnInfo,
  type ConnInfo,
} from "../wire/control-messages.js";
import { connectGrpc, type GrpcClient, type GrpcDuplex, type GrpcTls } from "../wire/grpc-client.js";
import {
  createGrpcServer,
  type GrpcHandlers,
  type GrpcListenAddress,
  type GrpcServer,
} from "../wire/grpc-server.js";
import { GrpcError } from "../wire/grpc-status.js";

/** Calls beside those that go from host to plugin. @internal */
export interface Broker {
  /**
   * Serves the paths until the plugin lets go of them, and tells under which id the plugin finds them: to be passed in
   * a request. What the plugin has not fetched within 10 s is given up.
   */
  serve(handlers: ReadonlyMap<string, GrpcHandlers>): Promise<number>;
  /** Ends what is served under the id, and calls of it that are under way. */
  close(id: number): Promise<void>;
  /** Connects to what the plugin serves under an id that came in a message. */
  dial(id: number, options?: { readonly signal?: AbortSignal }): Promise<GrpcClient>;
}

/** What a broker is made of. @internal */
export interface BrokerOptions {
  readonly client: GrpcClient;
  readonly tls: GrpcTls | undefined;
  /** Where sockets go. */
  readonly folder: string;
  readonly ports: { readonly minimum: number; readonly maximum: number };
  readonly logger: Logger;
}

/** Both sides wait as long for each other's announcements. */
const announcementMs = 5_000;
/** What a plugin may have announced that nobody has asked for. */
const mostAnnouncements = 1_000;
/** Longer than the plugin waits. */
const unfetchedMs = 10_000;
const closeGraceMs = 100;

interface Announcement {
  readonly found: PromiseWithResolvers<ConnInfo>;
  readonly timer: NodeJS.Timeout;
}

/** The host's end of a plugin's broker. @internal */
export class PluginBroker implements Broker {
  readonly #options: BrokerOptions;
  readonly #stream: GrpcDuplex;
  readonly #announcements = new Map<number, Announcement>();
  readonly #servers = new Map<number, GrpcServer>();
  readonly #clients = new Set<GrpcClient>();
  #lastId = 0;
  #end: Error | undefined;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#stream = options.client.duplex(controlPaths.broker, { maxBytes: controlMessageBytes });
    this.#stream.receive((message) => this.#hear(message));
    void this.#stream.closed.then((error) => {
      this.#finish(error ?? new GrpcError("UNAVAILABLE", "The plugin has closed its broker."));
    });
  }

  async serve(handlers: ReadonlyMap<string, GrpcHandlers>): Promise<number> {
    if (this.#end !== undefined) throw this.#end;
    const id = ++this.#lastId;
    const { tls, logger } = this.#options;
    let unfetched: NodeJS.Timeout | undefined = undefined;
    let wasReached = false;
    const server = createGrpcServer({
      ...(tls === undefined ? {} : { tls }),
      onConnections: (count) => {
        clearTimeout(unfetched);
        wasReached ||= count > 0;
        if (count === 0) void this.close(id);
      },
      onFault: (error) => {
        if (wasReached) {
          // Whoever drops a call-back may drop its connection with it.
          logger.debug(`A connection for call-backs was lost: ${error.message}.`);
          return;
        }
        const why =
          tls === undefined
            ? ""
            : ' Under AutoMTLS, plugins built with go-plugin before 1.4.4 can\'t call back: they look for another name in the certificate. Build with a newer one, or set runtime.tls to "none".';
        logger.warn(`The plugin could not connect to what it calls back: ${error.message}.${why}`);
      },
    });
    for (const [path, handler] of handlers) server.handle(path, handler);
    this.#servers.set(id, server);
    try {
      const { network, address } = await server.listen(this.#place(id));
      // The plugin may have ended while the server began to listen.
      const end = this.#isOver();
      if (end !== undefined) throw end;
      unfetched = setTimeout(() => void this.close(id), unfetchedMs).unref();
      this.#stream.send(encodeConnInfo({ serviceId: id, network, address }));
      return id;
    } catch (error) {
      void this.close(id);
      throw error;
    }
  }

  async dial(id: number, { signal }: { readonly signal?: AbortSignal } = {}): Promise<GrpcClient> {
    const { network, address } = await this.#announced(id, signal);
    if (network !== "unix" && network !== "tcp") {
      throw new GrpcError(
        "INTERNAL",
        `The plugin serves ${id} on the network ${JSON.stringify(network)}; unix and tcp are known.`,
      );
    }
    const { tls } = this.#options;
    const client = await connectGrpc(
      { network, address },
      {
        timeoutMs: announcementMs,
        ...(tls === undefined ? {} : { tls }),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    const end = this.#isOver();
    if (end !== undefined) {
      client.close();
      throw end;
    }
    this.#clients.add(client);
    void client.closed.then(() => this.#clients.delete(client));
    return client;
  }

  async close(id: number): Promise<void> {
    const server = this.#servers.get(id);
    if (server === undefined) return;
    this.#servers.delete(id);
    const place = this.#place(id);
    try {
      await server.close({ graceMs: closeGraceMs });
      if (place.network === "unix") await rm(place.path, { force: true });
    } catch (error) {
      this.#options.logger.debug(`A server for call-backs did not close: ${(error as Error).message}`);
    }
  }

  /** Ends everything of this side. */
  dispose(): void {
    this.#finish(new GrpcError("UNAVAILABLE", "The broker is closed."));
    this.#stream.close();
  }

  #isOver(): Error | undefined {
    return this.#end;
  }

  #hear(message: Uint8Array): void {
    let info: ConnInfo;
    try {
      info = decodeConnInfo(message);
    } catch (error) {
      this.#options.logger.warn(
        `The plugin announced something that can't be read: ${(error as Error).message}`,
      );
      return;
    }
    // Whoever asks for one that was left out is told that it has not come.
    if (this.#announcements.size >= mostAnnouncements && !this.#announcements.has(info.serviceId)) return;
    this.#announcement(info.serviceId).found.resolve(info);
  }

  async #announced(id: number, signal: AbortSignal | undefined): Promise<ConnInfo> {
    if (this.#end !== undefined) throw this.#end;
    signal?.throwIfAborted();
    const { found } = this.#announcement(id);
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      const info = await Promise.race([found.promise, aborted.promise]);
      // It is good for one connection.
      this.#forget(id);
      return info;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** What is or will be known of an id: whoever asks may come before the word, or after it. */
  #announcement(id: number): Announcement {
    let announcement = this.#announcements.get(id);
    if (announcement === undefined) {
      const found = Promise.withResolvers<ConnInfo>();
      found.promise.catch(() => undefined);
      const expire = (): void => {
        this.#announcements.delete(id);
        found.reject(
          new GrpcError(
            "DEADLINE_EXCEEDED",
            `The plugin has not said within ${announcementMs} ms where it serves ${id}.`,
          ),
        );
      };
      announcement = { found, timer: setTimeout(expire, announcementMs) };
      this.#announcements.set(id, announcement);
    }
    return announcement;
  }

  #forget(id: number): void {
    clearTimeout(this.#announcements.get(id)?.timer);
    this.#announcements.delete(id);
  }

  #place(id: number): GrpcListenAddress {
    const { folder, ports } = this.#options;
    return process.platform === "win32"
      ? { network: "tcp", minPort: ports.minimum, maxPort: ports.maximum }
      : { network: "unix", path: join(folder, `host${id}`) };
  }

  #finish(reason: Error): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    for (const [id, { found }] of [...this.#announcements]) {
      this.#forget(id);
      found.reject(reason);
    }
    for (const id of [...this.#servers.keys()]) void this.close(id);
    for (const client of this.#clients) client.close();
  }
}
