/**
 * What a go-plugin host tells the program it starts, by its environment, and what that answers, in one line. Reads and
 * words; opens nothing.
 */
import type { GrpcAddress } from "../wire/grpc-client.js";

/** How host and plugin know that they mean each other: an environment variable with an agreed value. No secret. @public */
export interface HandshakeCookie {
  /** Name of the variable. */
  readonly key: string;
  /** What it has to hold. */
  readonly value: string;
}

/** An environment, as `process.env`. @public */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the host asks for. @internal */
export interface HostWishes {
  /** The version of the contract that both sides are to use. */
  readonly version: number;
  /** Its certificate, as PEM, if the connection is to be by mutual TLS. */
  readonly clientCertificate: string | undefined;
  /** Where sockets are to be made. */
  readonly socketFolder: string | undefined;
  /** Name or number of the group that may use them, beside the user. */
  readonly socketGroup: string | undefined;
  readonly minPort: number;
  readonly maxPort: number;
  /** Whether it understands the answer that connections can't be shared. */
  readonly asksForSharedConnection: boolean;
}

/** Whether the environment is that of a program started by a host with this cookie. @public */
export function isStartedByHost(environment: Environment, cookie: HandshakeCookie): boolean {
  return environment[cookie.key] === cookie.value;
}

/** Reads what the host asks for; the versions are those that are served here. @internal */
export function hostWishes(environment: Environment, versions: readonly number[]): HostWishes {
  return {
    version: chooseVersion(environment["PLUGIN_PROTOCOL_VERSIONS"], versions),
    clientCertificate: environment["PLUGIN_CLIENT_CERT"] || undefined,
    socketFolder: environment["PLUGIN_UNIX_SOCKET_DIR"] || undefined,
    socketGroup: environment["PLUGIN_UNIX_SOCKET_GROUP"] || undefined,
    minPort: portOf(environment["PLUGIN_MIN_PORT"], 10_000),
    maxPort: portOf(environment["PLUGIN_MAX_PORT"], 25_000),
    asksForSharedConnection: (environment["PLUGIN_MULTIPLEX_GRPC"] ?? "") !== "",
  };
}

/**
 * The line that tells the host where to connect: `CORE|APP|NETWORK|ADDRESS|PROTOCOL|CERT`. A host that does not ask
 * for shared connections would take a seventh field for part of the sixth.
 *
 * @internal
 */
export function handshakeLine(wishes: HostWishes, address: GrpcAddress, certificate?: Uint8Array): string {
  const fields = ["1", String(wishes.version), address.network, address.address, "grpc"];
  fields.push(certificate === undefined ? "" : unpaddedBase64(certificate));
  if (wishes.asksForSharedConnection) fields.push("false");
  return `${fields.join("|")}\n`;
}

/** The highest that both know; with none in common the lowest of ours, which the host then words its refusal with. */
function chooseVersion(hostVersions: string | undefined, versions: readonly number[]): number {
  const known = new Set((hostVersions ?? "").split(",").map(Number));
  const common = versions.filter((version) => known.has(version));
  return common.length > 0 ? Math.max(...common) : Math.min(...versions);
}

function portOf(text: string | undefined, otherwise: number): number {
  const port = Number(text);
  return text !== undefined && text !== "" && Number.isInteger(port) && port >= 0 && port < 65_536
    ? port
    : otherwise;
}

function unpaddedBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
