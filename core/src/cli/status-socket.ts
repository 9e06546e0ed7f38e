/**
 * How a running host tells others of this machine how it is: whoever connects to the socket in its state folder gets one
 * line of JSON. Nothing is read from a connection, so asking can change nothing.
 */
import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { platform } from "node:os";
import { join } from "node:path";
import type { Disposable } from "../index.js";

/** How a host is. @internal */
export interface HostStatus {
  /** `ready` once everything present at start is listed. */
  readonly phase: "starting" | "ready" | "stopping";
  /** How many extensions are in which state. */
  readonly extensions: Readonly<Record<string, number>>;
}

/** Longer than that, nobody is kept waiting; a status is less than a packet. */
const connectionMs = 3_000;
const longestStatus = 65_536;
/** Bytes of a socket's path; Linux takes 107, others less. */
const longestPath = 103;

/** Answers who asks until it is closed; rejects when it can't, also when another host answers there. @internal */
export async function openStatusSocket(stateFolder: string, status: () => HostStatus): Promise<Disposable> {
  const address = addressIn(stateFolder);
  const length = Buffer.byteLength(address);
  if (length > longestPath)
    throw new Error(`${address} has ${length} bytes; a socket's path may have ${longestPath}`);
  const server = createServer((connection) => {
    connection.setTimeout(connectionMs, () => connection.destroy());
    connection.on("error", () => connection.destroy());
    connection.end(`${JSON.stringify(status())}\n`);
  });
  server.unref();
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  try {
    await listen(server, address);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    if ((await askStatus(stateFolder)) !== undefined)
      throw new Error(`another host keeps its state in ${stateFolder}`, { cause: error });
    // Left behind by a host that was killed.
    await rm(address, { force: true });
    await listen(server, address);
  }
  return { dispose: () => void server.close() };
}

/** How the host is that keeps its state in the folder; undefined when none answers within three seconds. @internal */
export function askStatus(stateFolder: string): Promise<HostStatus | undefined> {
  return new Promise((resolve) => {
    const connection = connect(addressIn(stateFolder)).setEncoding("utf8");
    let text = "";
    const settle = (): void => {
      clearTimeout(limit);
      connection.destroy();
      resolve(statusIn(text));
    };
    // One limit for connecting and answering; it is the whole question that has to be over in time.
    const limit = setTimeout(settle, connectionMs);
    connection.once("error", settle).once("close", settle);
    connection.on("data", (piece) => {
      text += String(piece);
      if (text.length > longestStatus) settle();
    });
  });
}

/** A file in the state folder; Windows has no sockets among its files. */
function addressIn(stateFolder: string): string {
  if (platform() !== "win32") return join(stateFolder, "host.sock");
  const name = createHash("sha256").update(stateFolder.toLowerCase()).digest("hex").slice(0, 32);
  return `\\\\.\\pipe\\plugboard-${name}`;
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => {
      server.off("error", reject);
      // What befalls a socket that listens costs the answer, not the host.
      server.on("error", () => undefined);
      resolve();
    });
  });
}

function statusIn(text: string): HostStatus | undefined {
  try {
    const status = JSON.parse(text) as Partial<HostStatus> | null;
    const isStatus = typeof status?.phase === "string" && typeof status.extensions === "object";
    return isStatus ? (status as HostStatus) : undefined;
  } catch {
    // Half an answer is none.
    return undefined;
  }
}
