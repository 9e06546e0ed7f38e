/**
 * Opens a host to programs of its user: they connect to the socket in its state folder and speak lines of JSON.
 * Invariant: what happens on a connection harms neither the host nor other connections.
 */
import { createServer, type Server, type Socket } from "node:net";
import { ExtensionError, type Disposable } from "@plugboard/extension-api";
import { lookAtEntry } from "../common/look-at.js";
import type { ExtensionHost } from "../host/face/extension-host.js";
import { attachHost } from "./attached-control.js";
import { closeToOthers, controlFile, newAddress, removeStale } from "./control-place.js";
import { ControlSession } from "./control-session.js";
import { errorRecord } from "./error-record.js";
import type { HostControl } from "./host-control.js";
import { hostControl } from "./local-control.js";
import { wireVersion } from "./wire.js";

/** Options of {@link openControl}: where and how it listens. @public */
export interface OpenControlOptions {
  /** The host's state folder: whoever may use it may steer the host. */
  readonly stateFolder: string;
  /** The control that is opened, if there is one already; made for the host unless given. */
  readonly control?: HostControl;
  /** Told once for each stretch of time in which nobody can attach, and why. */
  onTrouble?(this: void, error: unknown): void;
  /** What `stop` does; stops the host unless given. */
  stop?(this: void): Promise<void>;
}

/** A host that can be attached to, until it is disposed. @public */
export interface OpenControl extends Disposable {
  /** The same control, in this process. */
  readonly control: HostControl;
  /** Does what `dispose` does, at the end of a block that begins with `using`. */
  [Symbol.dispose](): void;
}

/**
 * Lets programs of this user steer the host, until it is disposed or the host has stopped. Never rejects: where another
 * host answers in the folder, or the place can't be had, it tries again each second, and answers when the other one is gone.
 * At most 64 connect at once.
 *
 * @example
 * const host = createExtensionHost({ extensionFolders: ["./extensions"], stateFolder: ".plugboard" });
 * using open = await openControl(host, { stateFolder: ".plugboard" });
 * await host.start();
 *
 * @public
 */
export async function openControl(host: ExtensionHost, options: OpenControlOptions): Promise<OpenControl> {
  const socket = new ControlSocket(options.control ?? hostControl(host), host, options);
  await socket.attempt();
  return socket;
}

const lookAgainMs = 1_000;
const mostConnections = 64;
const hangUpMs = 1_000;

class ControlSocket implements OpenControl {
  readonly control: HostControl;
  readonly #host: ExtensionHost;
  readonly #options: OpenControlOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #connections = new Map<Socket, ControlSession>();
  readonly #stopped: Disposable;
  #server: Server | undefined;
  /** Which file the socket is; another one in its place is another host's. */
  #inode: number | undefined;
  #isTrying = false;
  #isTold = false;
  #isClosed = false;

  constructor(control: HostControl, host: ExtensionHost, options: OpenControlOptions) {
    this.control = control;
    this.#host = host;
    this.#options = options;
    this.#timer = setInterval(() => void this.attempt(), lookAgainMs).unref();
    this.#stopped = host.onDidChangePhase((phase) => {
      if (phase === "stopped") this.dispose();
    });
  }

  /** Makes sure that who asks is answered, by this host or by another. */
  async attempt(): Promise<void> {
    if (this.#isTrying || this.#isOver()) return;
    this.#isTrying = true;
    try {
      if (this.#server !== undefined && this.#inode === inodeOf(this.#options.stateFolder)) return;
      this.#server?.close();
      this.#server = undefined;
      await this.#open();
      this.#isTold = false;
    } catch (error) {
      if (!this.#isTold && !this.#isOver()) this.#options.onTrouble?.(error);
      this.#isTold = true;
    } finally {
      this.#isTrying = false;
      if (this.#isOver()) this.#server?.close();
    }
  }

  /** Also by what happens while something is waited for. */
  #isOver(): boolean {
    return this.#isClosed;
  }

  dispose(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#stopped.dispose();
    // While it is being opened, whoever opens it closes it.
    if (!this.#isTrying) this.#server?.close();
    for (const [connection, session] of this.#connections) void hangUp(connection, session);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #open(): Promise<void> {
    const { stateFolder } = this.#options;
    const address = await newAddress(stateFolder);
    try {
      this.#server = await listening(address, (connection) => this.#serve(connection));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      const other = await attachHost(stateFolder);
      if (other !== undefined) {
        other.dispose();
        throw new ExtensionError(
          "CONTROL_BUSY",
          `Another host keeps its state in ${stateFolder}, and answers there.`,
        );
      }
      // Left behind by a host that was killed. Should two find it at once, the one that loses looks again.
      await removeStale(stateFolder);
      this.#server = await listening(address, (connection) => this.#serve(connection));
    }
    await closeToOthers(address);
    this.#inode = inodeOf(stateFolder);
  }

  #serve(connection: Socket): void {
    connection.setEncoding("utf8").on("error", () => connection.destroy());
    if (this.#connections.size >= mostConnections) {
      const error = new ExtensionError(
        "CONTROL_BUSY",
        `${mostConnections} connections to this host are open.`,
      );
      // What it sends is not looked at; it is let go when it has taken the answer, or after a while.
      connection.resume().end(`${JSON.stringify({ error: errorRecord(error) })}\n`);
      setTimeout(() => connection.destroy(), hangUpMs).unref();
      return;
    }
    const session = new ControlSession({
      control: this.control,
      sink: {
        write: (line) => {
          if (connection.writable) connection.write(`${line}\n`);
        },
        drained: () => drained(connection),
      },
      ready: this.#host.listed,
      stop: this.#options.stop ?? (() => this.#host.stop()),
    });
    this.#connections.set(connection, session);
    connection.once("close", () => {
      this.#connections.delete(connection);
      session.close();
    });
    void this.#converse(connection, session);
  }

  async #converse(connection: Socket, session: ControlSession): Promise<void> {
    connection.write(`${JSON.stringify({ plugboard: wireVersion, host: await this.control.info() })}\n`);
    try {
      // What is asked for before the other end ends its half is still answered.
      const pieces = connection.iterator({ destroyOnReturn: false }) as AsyncIterable<string>;
      for await (const piece of pieces) await session.take(piece);
      session.end();
      await session.answered();
      connection.end();
    } catch {
      // The other end is gone.
      connection.destroy();
    }
  }
}

/** Lets the other end have what it has asked for, and ends; one that does not read is not waited for. */
async function hangUp(connection: Socket, session: ControlSession): Promise<void> {
  const timer = setTimeout(() => connection.destroy(), hangUpMs).unref();
  await session.answered();
  connection.end(() => clearTimeout(timer));
}

function listening(address: string, serve: (connection: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, serve);
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

function inodeOf(stateFolder: string): number | undefined {
  return lookAtEntry(controlFile(stateFolder)).found?.ino;
}

/** Resolves when the other end has read what was written, or is gone. */
async function drained(connection: Socket): Promise<void> {
  if (!connection.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      connection.off("drain", done).off("close", done);
      resolve();
    };
    connection.on("drain", done).on("close", done);
  });
}
