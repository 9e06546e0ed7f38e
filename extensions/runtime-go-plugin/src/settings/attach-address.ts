/** The address of a plugin that runs already, as a person gives it. */
import type { GrpcAddress } from "../wire/grpc-client.js";
import { isHostAndPort, parseHandshake } from "../wire/handshake-line.js";

/** Where a running plugin is, and what it speaks. @internal */
export interface AttachAddress {
  readonly address: GrpcAddress;
  readonly version: number;
}

/**
 * Reads `unix:/path`, `tcp:host:port` or the line of a handshake; undefined for anything else.
 *
 * @param version - what the plugin is taken to speak if the text does not say it
 * @internal
 */
export function readAttachAddress(text: string, version: number): AttachAddress | undefined {
  const at = text.indexOf(":");
  const [network, address] = [text.slice(0, at), text.slice(at + 1)];
  if (network === "unix" && address !== "") return { address: { network, address }, version };
  if (network === "tcp" && isHostAndPort(address)) return { address: { network, address }, version };
  const own = /^\d+\|(\d+)\|/.exec(text)?.[1];
  if (own === undefined) return undefined;
  try {
    const handshake = parseHandshake(text, { versions: [Number(own)], tls: "none" });
    return { address: handshake.address, version: handshake.version };
  } catch {
    return undefined;
  }
}

/** What {@link readAttachAddress} reads. @internal */
export function attachText({ network, address }: GrpcAddress): string {
  return `${network}:${address}`;
}
