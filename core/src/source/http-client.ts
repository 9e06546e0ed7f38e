/**
 * Fetches files over https. Owns the waits, the sizes and the redirects; what the files are is for others.
 * Invariant: every wait ends, no more is read than was allowed, and what one host may see is shown to no other.
 */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Agent as HttpAgent, get as getPlain, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, get as getSecure } from "node:https";
import { pipeline } from "node:stream/promises";
import { getCACertificates } from "node:tls";
import { isExtensionError } from "@plugboard/extension-api";
import { thrownText } from "../common/thrown-text.js";
import { addressText, permittedAddress } from "./address.js";
import type { NpmConfig } from "./npm-config.js";
import { sourceError } from "./source-error.js";

/** The progress of a download. @internal */
export interface DownloadProgress {
  readonly bytes: number;
  /** Where the server tells it. */
  readonly totalBytes?: number | undefined;
}

/** Timeouts of a request. @internal */
export interface HttpTimeouts {
  /** For the next sign of life. */
  readonly idleMs: number;
  /** For all of one file. */
  readonly wholeMs: number;
}

/** A request. @internal */
export interface FetchRequest {
  readonly address: URL;
  /** Kinds of content, as in the header `accept`. */
  readonly accept?: string;
  /** How many bytes are taken. */
  readonly limit: number;
}

/** Options of the client. @internal */
export interface HttpClientOptions {
  readonly config: NpmConfig;
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: HttpTimeouts | undefined;
}

const usualTimeouts: HttpTimeouts = { idleMs: 30_000, wholeMs: 600_000 };
const mostRedirects = 5;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Fetches over connections that it keeps until it is disposed of. @internal */
export class HttpClient {
  readonly #config: NpmConfig;
  readonly #signal: AbortSignal | undefined;
  readonly #timeouts: HttpTimeouts;
  readonly #plain: HttpAgent;
  readonly #secure: HttpsAgent;

  constructor({ config, signal, timeouts = usualTimeouts }: HttpClientOptions) {
    this.#config = config;
    this.#signal = signal;
    this.#timeouts = timeouts;
    this.#plain = new HttpAgent({ keepAlive: true });
    const extra = config.certificates();
    const secure = {
      keepAlive: true,
      proxyEnv: config.proxies(),
      // Naming any replaces those that Node trusts, NODE_EXTRA_CA_CERTS included.
      ...(extra.length === 0 ? {} : { ca: [...getCACertificates("default"), ...extra] }),
    };
    this.#secure = new HttpsAgent(secure);
  }

  /** The text at an address; undefined if there is none. */
  async text(request: FetchRequest): Promise<string | undefined> {
    const parts: Buffer[] = [];
    const isThere = await this.#fetch(request, async (chunks) => {
      for await (const chunk of chunks) parts.push(chunk);
    });
    return isThere ? Buffer.concat(parts).toString("utf8") : undefined;
  }

  /** Writes what is at the address into a new file, and gives its SHA-512 in base64. */
  async file(
    request: FetchRequest,
    file: string,
    onProgress?: (progress: DownloadProgress) => void,
  ): Promise<string> {
    const hash = createHash("sha512");
    const isThere = await this.#fetch(request, async (chunks, totalBytes) => {
      let bytes = 0;
      const hashed = async function* () {
        for await (const chunk of chunks) {
          hash.update(chunk);
          bytes += chunk.length;
          onProgress?.({ bytes, totalBytes });
          yield chunk;
        }
      };
      onProgress?.({ bytes, totalBytes });
      await pipeline(hashed, createWriteStream(file, { flags: "wx", mode: 0o600 }));
    });
    if (!isThere) throw sourceError("SOURCE_MISSING", `There is nothing at ${addressText(request.address)}.`);
    return hash.digest("base64");
  }

  /** Closes the connections. */
  dispose(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  /** Whether something is there; what it is has been taken then. */
  async #fetch(
    { address, accept = "*/*", limit }: FetchRequest,
    take: (chunks: AsyncIterable<Buffer>, totalBytes: number | undefined) => Promise<void>,
  ): Promise<boolean> {
    const whole = AbortSignal.timeout(this.#timeouts.wholeMs);
    const signal = AbortSignal.any([whole, ...(this.#signal === undefined ? [] : [this.#signal])]);
    let url = address;
    try {
      for (let hops = 0; ; hops++) {
        const response = await this.#request(url, accept, signal);
        const { statusCode: status = 0, headers } = response;
        if (redirects.has(status) && headers.location !== undefined) {
          response.destroy();
          if (hops === mostRedirects) {
            const message = `${addressText(address)} leads on more than ${mostRedirects} times.`;
            throw sourceError("SOURCE_REDIRECT", message);
          }
          url = permittedAddress(headers.location, url);
          continue;
        }
        if (status !== 200) response.destroy();
        if (status === 404 || status === 410) return false;
        if (status !== 200) throw refusal(status, url);
        const told = Number(headers["content-length"] ?? Number.NaN);
        const totalBytes = Number.isSafeInteger(told) ? told : undefined;
        await take(limited(response, { limit, totalBytes, url }), totalBytes);
        return true;
      }
    } catch (error) {
      this.#signal?.throwIfAborted();
      if (whole.aborted) throw tooSlow(url, this.#timeouts.wholeMs);
      throw asSourceError(error, url);
    }
  }

  #request(url: URL, accept: string, signal: AbortSignal): Promise<IncomingMessage> {
    const authorization = this.#config.authorization(url);
    const headers = {
      accept,
      // The bytes are counted and hashed as they were packed.
      "accept-encoding": "identity",
      "user-agent": "plugboard",
      ...(authorization === undefined ? {} : { authorization }),
    };
    const { idleMs: timeout } = this.#timeouts;
    const isSecure = url.protocol === "https:";
    const get = isSecure ? getSecure : getPlain;
    return new Promise((resolve, reject) => {
      const request = get(url, { headers, signal, timeout, agent: this.#agent(url) }, (response) => {
        // From here on whoever reads the answer waits, no longer whoever asked.
        request.on("timeout", () => response.destroy(tooSlow(url, timeout)));
        resolve(response);
      });
      request.on("error", reject);
      request.on("timeout", () => request.destroy(tooSlow(url, timeout)));
    });
  }

  #agent(url: URL): HttpAgent | HttpsAgent {
    return url.protocol === "https:" ? this.#secure : this.#plain;
  }
}

async function* limited(
  response: IncomingMessage,
  { limit, totalBytes = 0, url }: { limit: number; totalBytes: number | undefined; url: URL },
): AsyncGenerator<Buffer> {
  const tooLarge = () => {
    const most = Math.round(limit / 2 ** 20);
    return sourceError("SOURCE_TOO_LARGE", `${addressText(url)} holds more than ${most} MB.`);
  };
  try {
    if (totalBytes > limit) throw tooLarge();
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limit) throw tooLarge();
      yield chunk;
    }
  } finally {
    response.destroy();
  }
}

function refusal(status: number, url: URL) {
  if (status === 401 || status === 403) {
    return sourceError(
      "SOURCE_FORBIDDEN",
      `${url.host} does not let you have ${addressText(url)} (${status}).`,
    );
  }
  return sourceError("SOURCE_UNREACHABLE", `${addressText(url)} was answered with the status ${status}.`);
}

function tooSlow(url: URL, afterMs: number) {
  return sourceError("SOURCE_TIMEOUT", `${addressText(url)} took longer than ${afterMs / 1_000} s.`);
}

/** What Node says of a connection, or of the file, in our words. */
function asSourceError(error: unknown, url: URL): unknown {
  if (isExtensionError(error)) return error;
  const { code = "", syscall } = error as NodeJS.ErrnoException;
  if (syscall === "open" || code === "ENOSPC" || code === "EDQUOT") {
    return sourceError("SOURCE_UNWRITABLE", `What comes can't be written: ${thrownText(error)}.`, {
      cause: error,
    });
  }
  const isCertificate = /CERT|SIGNATURE|ISSUER/.test(code);
  const what = isCertificate ? "shows a certificate that isn't trusted" : "can't be fetched";
  // Of several ways that were tried Node tells the code only.
  const why = thrownText(error) || code;
  return sourceError(
    isCertificate ? "SOURCE_CERTIFICATE" : "SOURCE_UNREACHABLE",
    `${addressText(url)} ${what}: ${why}.`,
    { cause: error },
  );
}
