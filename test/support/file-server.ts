/** A server on this machine that hands out what a test puts there, and remembers what it was asked. */
import { createServer as createPlainServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createHash } from "node:crypto";
import { onTestFinished } from "vitest";
import type { ServerIdentity } from "./certificate.js";

/** What is answered: a body, or whatever a listener does. */
export type Answer = string | Buffer | RequestListener;

/** A server and what it knows. */
export interface FileServer {
  /** Where it is reached, with a slash at the end. */
  readonly address: string;
  /** Answers by path, without the slash in front; anything else is not found. */
  readonly answers: Map<string, Answer>;
  /** What it was asked, in turn. */
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
}

/** Serves until the test is over; over https if it is given a key and a certificate. */
export async function serveFiles(identity?: ServerIdentity): Promise<FileServer> {
  const answers = new Map<string, Answer>();
  const requests: { path: string; authorization: string | undefined }[] = [];
  const listener: RequestListener = (request, response) => {
    const path = pathOf(request);
    requests.push({ path, authorization: request.headers.authorization });
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === "function") answer(request, response);
    else response.end(answer);
  };
  const server =
    identity === undefined
      ? createPlainServer(listener)
      : createSecureServer({ key: identity.key, cert: identity.certificate }, listener);
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { address: `${identity === undefined ? "http" : "https"}://localhost:${port}/`, answers, requests };
}

/** Leads elsewhere. */
export function redirectTo(address: string): RequestListener {
  return (_request, response) => void response.writeHead(302, { location: address }).end();
}

/** What names the bytes. */
export function integrityOf(bytes: Buffer | string): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}

function pathOf({ url = "/" }: IncomingMessage): string {
  return decodeURIComponent(url.slice(1).replace(/\?.*/, ""));
}
