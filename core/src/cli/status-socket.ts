/**
 * How a running host tells others of this machine how it is: whoever connects to the socket in its state folder gets one
 * line of JSON. Nothing is read from a connection, so asking can change nothing.
 */
import { createHash } from "node:crypto";
import { mkdir, rm, stat } from "node:fs/promises";
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
const usualLookAgainMs = 1_000;
/** Bytes of a socket's path; Linux takes 107, others less. */
const longestPath = 103;

/** What answering needs to know. @internal */
export interface StatusSource {
  status(this: void): HostStatus;
  /** Told once for each stretch of time in which nobody can ask, and why. */
  onTrouble(this: void, error: unknown): void;
  /** How long between two looks whether the place is still this host's. */
  readonly lookAgainMs?: number;
}

/**
 * Answers who asks until it is closed. Where another host answers, or the place can't be had, it tries again and again:
 * when the other one is gone, this one answers in its place. Resolves after the first attempt, and never rejects.
 *
 * @internal
 */
export async function openStatusSocket(stateFolder: string, source: StatusSource): Promise<Disposable> {
  const socket = new StatusSocket(stateFolder, source);
  await socket.attempt();
  return socket;
}

class StatusSocket implements Disposable {
  readonly #stateFolder: string;
  readonly #address: string;
  readonly #source: StatusSource;
  readonly #timer: NodeJS.Timeout;
  #server: Server | undefined;
  /** Which file the socket is; another one in its place is another host's. */
  #inode: bigint | undefined;
  #isTrying = false;
  #isTold = false;
  #isClosed = false;

  constructor(stateFolder: string, source: StatusSource) {
    this.#stateFolder = stateFolder;
    this.#address = addressIn(stateFolder);
    this.#source = source;
    this.#timer = setInterval(() => void this.attempt(), source.lookAgainMs ?? usualLookAgainMs).unref();
  }

  /** Makes sure that who asks is answered, by this host or by another. */
  async attempt(): Promise<void> {
    if (this.#isTrying) return;
    this.#isTrying = true;
    try {
      if (await this.#isOurs()) return;
      this.#server?.close();
      this.#server = undefined;
      await this.#open();
      this.#isTold = false;
    } catch (error) {
      if (!this.#isTold && !this.#isClosed) this.#source.onTrouble(error);
      this.#isTold = true;
    } finally {
      this.#isTrying = false;
      if (this.#isClosed) this.#server?.close();
    }
  }

  dispose(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    // While it is being opened, whoever opens it closes it.
    if (!this.#isTrying) this.#server?.close();
  }

  async #isOurs(): Promise<boolean> {
    if (this.#server === undefined || this.#inode === undefined) return this.#server !== undefined;
    return (await inodeOf(this.#address)) === this.#inode;
  }

  async #open(): Promise<void> {
    const length = Buffer.byteLength(this.#address);
    if (length > longestPath)
      throw new Error(`${this.#address} has ${length} bytes; a socket's path may have ${longestPath}`);
    await mkdir(this.#stateFolder, { recursive: true, mode: 0o700 });
    try {
      this.#server = await listening(this.#address, this.#source.status);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      if ((await askStatus(this.#stateFolder)) !== undefined)
        throw new Error(`another host keeps its state in ${this.#stateFolder}`, { cause: error });
      // Left behind by a host that was killed. Should two find it at once, the one that loses looks again.
      await rm(this.#address, { force: true });
      this.#server = await listening(this.#address, this.#source.status);
    }
    this.#inode = await inodeOf(this.#address);
  }
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

/** Which file lies at an address; undefined if none does, or if the system has no files for sockets. */
async function inodeOf(address: string): Promise<bigint | undefined> {
  if (platform() === "win32") return undefined;
  return stat(address, { bigint: true }).then(
    ({ ino }) => ino,
    () => undefined,
  );
}

function listening(address: string, status: () => HostStatus): Promise<Server> {
  const server = createServer((connection) => {
    connection.setTimeout(connectionMs, () => connection.destroy());
    connection.on("error", () => connection.destroy());
    connection.end(`${JSON.stringify(status())}\n`);
  });
  server.unref();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => {
      server.off("error", reject);
      // What befalls a socket that listens costs the answer, not the host.
      server.on("error", () => undefined);
      resolve(server);
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
