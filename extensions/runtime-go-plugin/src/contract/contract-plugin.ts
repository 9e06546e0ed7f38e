/** What the calls of a contract need of a connected plugin. */
import type { Child, ExitReason } from "@plugboard/extension-api";
import type { GrpcDuplex } from "../wire/grpc-client.js";
import type { GrpcHandlers } from "../wire/grpc-server.js";

/** What one call may be told. @internal */
export interface ContractCallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** The connection to the plugin's services. @internal */
export interface ContractClient {
  unary(path: string, request: Uint8Array, options?: ContractCallOptions): Promise<Uint8Array>;
  serverStream(path: string, request: Uint8Array, options?: ContractCallOptions): AsyncIterable<Uint8Array>;
  duplex(path: string, options?: Pick<ContractCallOptions, "signal" | "maxBytes">): GrpcDuplex;
  /** Settles when the connection is over. */
  readonly closed: Promise<Error | undefined>;
}

/** A plugin that has been started and connected to. @internal */
export interface ContractPlugin {
  readonly client: ContractClient;
  readonly broker: {
    /** Offers the handlers under the id that it resolves with. */
    serve(handlers: ReadonlyMap<string, GrpcHandlers>): Promise<number>;
    /** Ends what is offered under the id, and calls of it that are under way. */
    close(id: number): Promise<void>;
  };
  /** Its process; undefined for one that somebody else started. */
  readonly child: Child | undefined;
  readonly exited: Promise<ExitReason>;
  /** The version of the application's protocol that both sides agreed on. */
  readonly version: number;
  /** Asks for the status of its health; any answer is a sign of life. */
  health(): Promise<string>;
  stop(): Promise<void>;
  kill(): void;
}
