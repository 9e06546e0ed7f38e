/** A connection to a gRPC server as its users see it. */

/** Where a server listens. @internal */
export interface GrpcAddress {
  readonly network: "unix" | "tcp";
  /** A path, or `host:port`. */
  readonly address: string;
}

/** Both sides' certificates, as PEM; the name in them is `localhost`. @internal */
export interface GrpcTls {
  readonly key: string;
  readonly certificate: string;
  /** The only certificate that the other side may show. */
  readonly trusted: string;
}

/** A call in which both sides send any number of messages. @internal */
export interface GrpcDuplex {
  send(message: Uint8Array): void;
  /** Called once, before anything is sent. */
  receive(listener: (message: Uint8Array) => void): void;
  /** Settles when the call is over: undefined for status OK. */
  readonly closed: Promise<Error | undefined>;
  /** This side has nothing more to say. */
  end(): void;
  /** Ends the call at once. */
  close(): void;
}
