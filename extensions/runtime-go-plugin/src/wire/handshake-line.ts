/**
 * Reads the one line by which a plugin says how it is reached. Knows the form of the line, not the process that wrote
 * it. Invariant: what comes out is an address that can be dialled, of a version that was offered.
 */
import { X509Certificate } from "node:crypto";
import type { GrpcAddress } from "./grpc-client.js";

/** How a plugin is reached. @internal */
export interface Handshake {
  /** The version of the application's protocol that the plugin picked. */
  readonly version: number;
  readonly address: GrpcAddress;
  /** Its certificate as PEM, under AutoMTLS. */
  readonly certificate: string | undefined;
}

/** What was offered to the plugin. @internal */
export interface HandshakeTerms {
  readonly versions: readonly number[];
  readonly tls: "none" | "auto";
}

/** Why a line is none that this host can go on with. @internal */
export class HandshakeFault extends Error {
  override readonly name = "HandshakeFault";
  readonly kind: "form" | "version";
  /** What helps, where it is more than obvious. */
  readonly hint: string | undefined;

  constructor(message: string, options: { readonly kind?: "form" | "version"; readonly hint?: string } = {}) {
    super(message);
    this.kind = options.kind ?? "form";
    this.hint = options.hint;
  }
}

const coreVersion = "1";
/** Some old plugins put other, shorter things in the place of a certificate. */
const shortestCertificate = 51;

/** Reads a line. @throws HandshakeFault @internal */
export function parseHandshake(line: string, { versions, tls }: HandshakeTerms): Handshake {
  const fields = line.trim().split("|");
  const [
    core = "",
    version = "",
    network = "",
    address = "",
    protocol = "netrpc",
    certificate = "",
    multiplexed,
  ] = fields;
  if (fields.length < 4 || !/^\d+$/.test(core)) {
    throw new HandshakeFault("is not a handshake", {
      hint: "A plugin has to print its handshake before anything else on its standard output; logs belong on standard error.",
    });
  }
  if (core !== coreVersion) {
    throw new HandshakeFault(
      `is of version ${core} of go-plugin's own protocol; this host knows ${coreVersion}`,
      {
        kind: "version",
      },
    );
  }
  const picked = pickedVersion(version, versions);
  if (protocol !== "grpc") {
    throw new HandshakeFault(
      protocol === "netrpc" || protocol === ""
        ? "offers net/rpc, and this host speaks gRPC only"
        : `offers the protocol ${JSON.stringify(protocol)}, and this host speaks gRPC only`,
      { hint: "Serve the plugin with GRPCServer: plugin.DefaultGRPCServer." },
    );
  }
  if (multiplexed === "true") throw new HandshakeFault("asks for a multiplexed broker, which nobody offered");
  return {
    version: picked,
    address: dialable(network, address),
    certificate: tls === "auto" ? asPem(certificate) : undefined,
  };
}

function pickedVersion(text: string, versions: readonly number[]): number {
  if (!/^\d+$/.test(text)) {
    throw new HandshakeFault(`names ${JSON.stringify(text)} where the version of its protocol has to stand`);
  }
  const version = Number(text);
  if (versions.includes(version)) return version;
  const known = versions.join(", ");
  throw new HandshakeFault(`picks version ${version} of its protocol, and the manifest offers ${known}`, {
    kind: "version",
    hint: "Name under runtime.versions what the plugin serves, or build the plugin for one of these.",
  });
}

function dialable(network: string, address: string): GrpcAddress {
  if (network !== "unix" && network !== "tcp") {
    throw new HandshakeFault(`names the network ${JSON.stringify(network)}; unix and tcp are known`);
  }
  if (network === "unix" ? address === "" || address.includes("\0") : !isHostAndPort(address)) {
    throw new HandshakeFault(`names ${JSON.stringify(address)}, which is no address of ${network}`);
  }
  return { network, address };
}

/** Whether it is a host, with brackets round one of IPv6, and a port. @internal */
export function isHostAndPort(address: string): boolean {
  const match = /^(?:\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):(\d{1,5})$/.exec(address);
  const port = Number(match?.[1]);
  return port >= 1 && port <= 65_535;
}

function asPem(field: string): string {
  const text = field.trim();
  if (text.length < shortestCertificate) {
    throw new HandshakeFault("brings no certificate, though AutoMTLS was asked for", {
      hint: 'Set runtime.tls to "none", or build the plugin with go-plugin 1.0 or newer and without a TLSProvider of its own.',
    });
  }
  try {
    return new X509Certificate(Buffer.from(text, "base64")).toString();
  } catch (cause) {
    const fault = new HandshakeFault("brings a certificate that can't be read");
    fault.cause = cause;
    throw fault;
  }
}
