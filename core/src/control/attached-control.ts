/** Steers a host of another process through the socket in its state folder. */
import { connect, type Socket } from "node:net";
import { ExtensionError, type CallOptions, type Disposable, type Problem } from "@plugboard/extension-api";
import { isRecord } from "../common/is-record.js";
import { controlFile, knownAddress } from "./control-place.js";
import { receivedError, type ErrorRecord } from "./error-record.js";
import type {
  ActivationRecord,
  ContributionRecord,
  ControlCall,
  ControlEvent,
  EventsOptions,
  ExplanationRecord,
  ExtensionListing,
  ExtensionRecord,
  HostControl,
  HostInfo,
  ListOptions,
} from "./host-control.js";
import { LineSplitter } from "./line-splitter.js";
import { longestLine, wireVersion } from "./wire.js";

/** The control of a host in another process, until it is disposed. @public */
export interface AttachedControl extends HostControl, Disposable {
  /** What the host told of itself when it was attached to. */
  readonly host: HostInfo;
  /** Does what `dispose` does, at the end of a block that begins with `using`. */
  [Symbol.dispose](): void;
}

/** Limits of {@link attachHost}. @public */
export interface AttachOptions {
  /** Milliseconds for connecting and the host's first line; 3,000 unless given. */
  readonly timeoutMs?: number;
}

/**
 * Attaches to the host that keeps its state in the folder; undefined when none runs there.
 *
 * @example
 * const control = await attachHost(".plugboard");
 * if (control !== undefined) {
 *   await control.reload("acme.english");
 *   control.dispose();
 * }
 *
 * @throws {@link ExtensionError} `CONTROL_FOREIGN` for another user's, `CONTROL_SILENT` for one that does not answer,
 *   `CONTROL_VERSION` for one of another version, `CONTROL_BUSY` for one with too many connections
 * @public
 */
export async function attachHost(
  stateFolder: string,
  { timeoutMs = usualTimeoutMs }: AttachOptions = {},
): Promise<AttachedControl | undefined> {
  const address = await knownAddress(stateFolder);
  if (address === undefined) return undefined;
  const open = (): Promise<Connection | undefined> => connectTo(address, stateFolder, timeoutMs);
  const connection = await open();
  return connection && new SocketControl(connection, open);
}

const usualTimeoutMs = 3_000;

/** A connection that has been greeted. */
interface Connection {
  readonly socket: Socket;
  readonly host: HostInfo;
  /** Lines after the first. */
  readonly lines: AsyncGenerator<Readonly<Record<string, unknown>>, void, undefined>;
}

class SocketControl implements AttachedControl {
  readonly host: HostInfo;
  readonly #connection: Connection;
  readonly #open: () => Promise<Connection | undefined>;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastRef = 0;
  #isClosed = false;

  constructor(connection: Connection, open: () => Promise<Connection | undefined>) {
    this.host = connection.host;
    this.#connection = connection;
    this.#open = open;
    void this.#read();
  }

  info(): Promise<HostInfo> {
    return this.#ask({ info: true });
  }

  list({ memory = false }: ListOptions = {}): Promise<ExtensionListing> {
    return this.#ask({ list: { memory } });
  }

  explain(subject: string): Promise<ExplanationRecord> {
    return this.#ask({ explain: subject });
  }

  problems(): Promise<readonly Problem[]> {
    return this.#ask({ problems: true });
  }

  contributions(point?: string): Promise<readonly ContributionRecord[]> {
    return this.#ask({ contributions: point ?? true });
  }

  points(): Promise<readonly string[]> {
    return this.#ask({ points: true });
  }

  call(call: ControlCall, { signal, timeoutMs }: CallOptions = {}): Promise<unknown> {
    return this.#ask({ call: { ...call, ...(timeoutMs !== undefined && { timeoutMs }) } }, signal);
  }

  fire(event: string): Promise<ActivationRecord> {
    return this.#ask({ fire: event });
  }

  activate(id: string): Promise<void> {
    return this.#order({ activate: id });
  }

  deactivate(id: string): Promise<void> {
    return this.#order({ deactivate: id });
  }

  reload(id: string): Promise<ExtensionRecord | null> {
    return this.#ask({ reload: id });
  }

  retry(id: string): Promise<void> {
    return this.#order({ retry: id });
  }

  enable(id: string): Promise<void> {
    return this.#order({ enable: id });
  }

  disable(id: string): Promise<void> {
    return this.#order({ disable: id });
  }

  trust(id: string, { isPinned = false }: { readonly isPinned?: boolean } = {}): Promise<void> {
    return this.#order({ trust: { id, isPinned } });
  }

  untrust(id: string): Promise<void> {
    return this.#order({ untrust: id });
  }

  configure(id: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#order({ configure: { id, settings } });
  }

  rescan(): Promise<void> {
    return this.#order({ rescan: true });
  }

  /** Over a connection of its own: who reads slowly holds up no answers. */
  async *events({ signal, ...options }: EventsOptions = {}): AsyncGenerator<ControlEvent, void, undefined> {
    if (this.#isClosed) throw closed();
    const connection = await this.#open();
    if (connection === undefined) throw closed();
    const { socket, lines } = connection;
    const end = (): void => void socket.destroy();
    signal?.addEventListener("abort", end, { once: true });
    try {
      if (signal?.aborted === true) return;
      socket.write(`${JSON.stringify({ events: options, ref: 0 })}\n`);
      for await (const { ref: _ref, ...line } of lines) {
        if ("error" in line && !("event" in line)) throw receivedError(line["error"] as ErrorRecord);
        if (!("event" in line)) return;
        yield line as unknown as ControlEvent;
      }
      throw closed();
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    } finally {
      signal?.removeEventListener("abort", end);
      socket.destroy();
    }
  }

  stop(): Promise<void> {
    return this.#order({ stop: true });
  }

  dispose(): void {
    this.#close();
    this.#connection.socket.destroy();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #order(command: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#ask(command);
  }

  async #ask<Result>(command: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw closed();
    const ref = ++this.#lastRef;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(ref, answer);
    const { socket } = this.#connection;
    socket.write(`${JSON.stringify({ ...command, ref })}\n`);
    // What comes of it, the host answers: the call may be over.
    const cancel = (): void => void socket.write(`${JSON.stringify({ cancel: ref })}\n`);
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return (await answer.promise) as Result;
    } finally {
      this.#waiting.delete(ref);
      signal?.removeEventListener("abort", cancel);
    }
  }

  async #read(): Promise<void> {
    try {
      for await (const { ref, result, error } of this.#connection.lines) {
        const answer = typeof ref === "number" ? this.#waiting.get(ref) : undefined;
        if (error === undefined) answer?.resolve(result);
        else answer?.reject(receivedError(error as ErrorRecord));
      }
    } catch {
      // What is no answer ends the connection, as a fault of it does.
    }
    this.#connection.socket.destroy();
    this.#close();
  }

  #close(): void {
    this.#isClosed = true;
    for (const answer of this.#waiting.values()) answer.reject(closed());
    this.#waiting.clear();
  }
}

function closed(): ExtensionError {
  return new ExtensionError("CONTROL_CLOSED", "The host, or the connection to it, has ended.");
}

/** Connects and reads the host's first line, both within the time; undefined when nobody listens. */
async function connectTo(
  address: string,
  stateFolder: string,
  timeoutMs: number,
): Promise<Connection | undefined> {
  const socket = connect(address).setEncoding("utf8").unref();
  const late = silent(stateFolder, timeoutMs);
  const timer = setTimeout(() => socket.destroy(late), timeoutMs);
  try {
    const lines = linesOf(socket);
    const { value: first } = await lines.next();
    if (first === undefined) throw closed();
    return { socket, lines, host: greeted(first, stateFolder) };
  } catch (error) {
    socket.destroy();
    const { code } = error as NodeJS.ErrnoException;
    // Left behind by a host that was killed, or removed meanwhile.
    if (code === "ECONNREFUSED" || code === "ENOENT") return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function greeted(first: Readonly<Record<string, unknown>>, stateFolder: string): HostInfo {
  const { plugboard, host, error } = first;
  if (isRecord(error)) throw receivedError(error as unknown as ErrorRecord);
  if (plugboard !== wireVersion || !isRecord(host)) {
    const what = typeof plugboard === "number" ? `speaks version ${plugboard}` : "does not speak";
    const message = `What answers in ${stateFolder} ${what} of the control protocol; this is version ${wireVersion}.`;
    throw new ExtensionError("CONTROL_VERSION", message);
  }
  return host as unknown as HostInfo;
}

function silent(stateFolder: string, timeoutMs: number): ExtensionError {
  const message = `The host in ${stateFolder} has not answered within ${timeoutMs / 1_000} s.`;
  return new ExtensionError("CONTROL_SILENT", message, { details: { path: controlFile(stateFolder) } });
}

async function* linesOf(socket: Socket): AsyncGenerator<Readonly<Record<string, unknown>>, void, undefined> {
  const lines = new LineSplitter(longestLine);
  for await (const piece of socket as AsyncIterable<string>) {
    for (const line of lines.split(piece)) {
      if (!("text" in line)) throw closed();
      yield recordIn(line.text);
    }
  }
}

/** What is no JSON says nothing. */
function recordIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
