/**
 * Which addresses are asked for anything. Pure. Invariant: what goes over a network goes by https; plain http
 * stays on this machine, and nothing that began with https goes on without.
 */
import { sourceError } from "./source-error.js";

/**
 * The address, if it may be asked.
 *
 * @param from - the address that refers to it, if one does
 * @throws ExtensionError `SOURCE_INSECURE`, `SOURCE_WORDS`
 * @internal
 */
export function permittedAddress(address: string, from?: URL): URL {
  const url = URL.parse(address, from?.href);
  if (url === null) throw sourceError("SOURCE_WORDS", `${JSON.stringify(address)} is no address.`);
  if (url.username !== "" || url.password !== "") {
    const message = `The address on ${url.host} holds a user's name or password, which would be written down.`;
    throw sourceError("SOURCE_WORDS", message);
  }
  if (url.protocol === "https:") return url;
  const isPlain = url.protocol === "http:";
  if (isPlain && from?.protocol === "https:") {
    throw sourceError("SOURCE_INSECURE", `${addressText(from)} leads to plain http: ${addressText(url)}.`);
  }
  if (isPlain && isLoopback(url)) return url;
  throw sourceError("SOURCE_INSECURE", `${addressText(url)} is not an https address.`);
}

/** The address as people may see it: what follows `?` may be a secret. @internal */
export function addressText(url: URL): string {
  return `${url.origin === "null" ? url.protocol : url.origin}${url.pathname}`;
}

/** Whether an address is of this machine. */
function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
