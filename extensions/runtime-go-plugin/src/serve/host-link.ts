/**
 * The way from extensions to services of the host: its broker tells where it serves them, its offer tells under which
 * id. Invariant: every call settles, also when the host never offers anything.
 */
import { connectGrpc, type GrpcClient, type GrpcTls } from "../wire/grpc-client.js";
import { decodeConnInfo, emptyMessage, type ConnInfo } from "../wire/control-messages.js";
import type { GrpcHandlers, GrpcServerDuplex } from "../wire/grpc-server.js";
import { GrpcError } from "../wire/grpc-status.js";
import { contractPaths, decodeOffer, decodeServiceResult, encodeServiceCall } from "./contract-messages.js";

/** How long go-plugin's own broker waits, and keeps what nobody asks for. */
const brokerMs = 5_000;

/** Joins the host's announcements, its offer and the calls of extensions. @internal */
export class HostLink {
  readonly #tls: GrpcTls | undefined;
  /** Where the host serves what, as far as nobody has asked for it yet. */
  readonly #announced = new Map<number, ConnInfo>();
  readonly #awaited = new Map<number, (info: ConnInfo) => void>();
  readonly #offered = Promise.withResolvers<void>();
  #client: Promise<GrpcClient> | undefined;
  #isOver = false;

  constructor(tls: GrpcTls | undefined) {
    this.#tls = tls;
    // Waited for by calls alone.
    this.#offered.promise.catch(() => undefined);
  }

  /** Hears the host's announcements on the stream of its broker. */
  listen(stream: GrpcServerDuplex): void {
    stream.receive((message) => {
      const info = decodeConnInfo(message);
      const awaited = this.#awaited.get(info.serviceId);
      if (awaited !== undefined) awaited(info);
      else {
        this.#announced.set(info.serviceId, info);
        setTimeout(() => this.#announced.delete(info.serviceId), brokerMs).unref();
      }
    });
  }

  /** Takes the offer of a host. */
  readonly offer: NonNullable<GrpcHandlers["unary"]> = async (request) => {
    const client = this.#dial(decodeOffer(request));
    await client;
    void this.#client?.then((former) => former.close());
    this.#client = client;
    this.#offered.resolve();
    return emptyMessage;
  };

  /** Calls a service of the host. */
  async call(service: string, method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#client === undefined) await this.#firstOffer(service);
    const client = await this.#client;
    if (client === undefined || this.#isOver) throw new Error("The connection to the Go host is over.");
    const answer = await client.unary(contractPaths.callHost, encodeServiceCall(service, method, args));
    return decodeServiceResult(answer);
  }

  /** Ends the connection to the host's services. */
  close(): void {
    this.#isOver = true;
    this.#offered.reject(new Error("The plugin is being stopped."));
    void this.#client?.then((client) => client.close());
  }

  async #firstOffer(service: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      const message = `The Go host has not offered its services within ${brokerMs} ms, so ${service} can't be called.`;
      timer = setTimeout(() => reject(new Error(message)), brokerMs);
    });
    try {
      await Promise.race([this.#offered.promise, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #dial(id: number): Promise<GrpcClient> {
    const { network, address } = await this.#announcement(id);
    if (network !== "unix" && network !== "tcp") {
      throw new GrpcError("INVALID_ARGUMENT", `the broker announced an address of unknown kind ${network}`);
    }
    const tls = this.#tls === undefined ? {} : { tls: this.#tls };
    return connectGrpc({ network, address }, { ...tls, timeoutMs: brokerMs });
  }

  #announcement(id: number): Promise<ConnInfo> {
    const info = this.#announced.get(id);
    this.#announced.delete(id);
    if (info !== undefined) return Promise.resolve(info);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#awaited.delete(id);
        reject(
          new GrpcError("DEADLINE_EXCEEDED", `the broker has not announced ${id} within ${brokerMs} ms`),
        );
      }, brokerMs);
      this.#awaited.set(id, (announced) => {
        clearTimeout(timer);
        this.#awaited.delete(id);
        resolve(announced);
      });
    });
  }
}
