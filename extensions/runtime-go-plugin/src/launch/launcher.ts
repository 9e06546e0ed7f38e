/**
 * Starts plugins and hears their handshake: all or nothing. Owns what all plugins of a host share: private copies of
 * programs. What is said to a plugin afterwards is not its matter.
 * Invariant: what was started here is gone when {@link Launcher.dispose} has settled.
 */
import { basename, dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  ExtensionError,
  type Child,
  type ErrorCode,
  type ExtensionIdentity,
  type FileStamp,
  type GrantedCapabilities,
  type OutputLine,
  type PrivateFolder,
  type StartRequest,
} from "@plugboard/extension-api";
import { exitsWithin } from "../process/settled-within.js";
import type { GoPluginSettings } from "../settings/settings.js";
import { makeCertificate } from "../wire/certificate.js";
import type { GrpcTls } from "../wire/grpc-client.js";
import { HandshakeFault, parseHandshake, type Handshake } from "../wire/handshake-line.js";
import { readableLine } from "./hclog-record.js";
import { pluginEnvironment } from "./plugin-environment.js";
import { ProgramStore, type Program } from "./program-store.js";
import { removeLeftSocket } from "./left-socket.js";

/** What a plugin is started for. @internal */
export interface LaunchRequest {
  readonly extension: ExtensionIdentity;
  readonly settings: GoPluginSettings;
  readonly granted: GrantedCapabilities["env"];
  /** The SHA-256 of each file that was trusted, by path from the folder; undefined if any may run. */
  readonly trusted?: ReadonlyMap<string, string> | undefined;
  /** A program that was made ready before, to be used again as it was. */
  readonly reuse: Program | undefined;
  readonly onFile: (path: string, stamp: FileStamp) => void;
  /** Is told of each line of standard error, and of standard output after the first. */
  readonly onLine: (line: OutputLine) => void;
  readonly startChild: StartRequest["startChild"];
  readonly createFolder: StartRequest["createFolder"];
  /** Is told that its process has begun, and that there is time until it speaks. */
  readonly onBegin?: () => void;
}

/** A plugin that runs, and has said how it is reached. @internal */
export interface LaunchedPlugin {
  readonly process: Child;
  readonly program: Program;
  readonly handshake: Handshake;
  readonly tls: GrpcTls | undefined;
  /** Holds its sockets, and takes those of the host. Removed after its end. */
  readonly folder: PrivateFolder;
}

/** Where plugins are started. @internal */
export interface LauncherOptions {
  /** The host's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Time for the rest of what a plugin prints that said something wrong. */
const explanationMs = 200;
/** Bytes of a socket's path, as systems hold it in a fixed field. */
const longestSocketPath = process.platform === "linux" ? 107 : 103;
const mostBusyRetries = 5;
const busyPauseMs = 20;
const killMs = 1_000;
const shownLines = 6;

/** Starts plugins. @internal */
export class Launcher {
  readonly #environment: LauncherOptions["environment"];
  readonly #programs = new ProgramStore();
  readonly #processes = new Set<Child>();
  readonly #launches = new Set<Promise<unknown>>();
  readonly #cleanings = new Set<Promise<void>>();
  #isDisposed = false;

  constructor({ environment }: LauncherOptions) {
    this.#environment = environment;
  }

  /**
   * Starts a plugin and waits for its handshake. On failure nothing of it is left.
   *
   * @throws ExtensionError `MANIFEST_PATH`, `MODULE_UNFIT`, `MODULE_CHECKSUM`, `RUNTIME_START_FAILED`,
   *   `RUNTIME_HANDSHAKE` or `RUNTIME_VERSION`
   */
  async launch(request: LaunchRequest, signal: AbortSignal): Promise<LaunchedPlugin> {
    signal.throwIfAborted();
    this.#throwIfDisposed();
    const launching = this.#launch(request, signal);
    this.#launches.add(launching);
    try {
      return await launching;
    } catch (error) {
      throw isSystemError(error) ? noTemporaryFiles(request.extension, error) : error;
    } finally {
      this.#launches.delete(launching);
    }
  }

  async #launch(request: LaunchRequest, signal: AbortSignal): Promise<LaunchedPlugin> {
    const { settings } = request;
    const { program, folder } = await this.#prepare(request);
    let started: { readonly child: Child; readonly firstLine: Promise<string | undefined> };
    let own: ReturnType<typeof makeCertificate> | undefined;
    try {
      own = settings.tls === "auto" ? makeCertificate() : undefined;
      signal.throwIfAborted();
      this.#throwIfDisposed();
      const environment = pluginEnvironment({
        settings,
        granted: request.granted,
        environment: this.#environment,
        platform: process.platform,
        socketFolder: folder.path,
        certificate: own?.certificate,
      });
      started = await this.#spawn(program, request, environment);
    } catch (error) {
      program.release();
      await folder.remove();
      throw error;
    }
    const { child } = started;
    this.#follow(child, program, folder);
    request.onBegin?.();
    try {
      this.#throwIfDisposed();
      const handshake = await this.#shakeHands(started, request, signal);
      const { certificate: trusted } = handshake;
      const tls =
        own && trusted !== undefined ? { key: own.key, certificate: own.certificate, trusted } : undefined;
      if (handshake.address.network === "unix")
        this.#removeWithProcess(child, handshake.address.address, folder);
      return { process: child, program, handshake, tls, folder };
    } catch (error) {
      child.kill();
      await exitsWithin(child, killMs);
      throw error;
    }
  }

  /** Makes ready what is run, and where its sockets go, at once. */
  async #prepare({ extension, settings, trusted, onFile, reuse, createFolder }: LaunchRequest): Promise<{
    readonly program: Program;
    readonly folder: PrivateFolder;
  }> {
    const { command = "", sha256, inPlace } = settings;
    const [program, folder] = await Promise.allSettled([
      this.#programs.prepare({ extension, command, sha256, trusted, inPlace, reuse, onFile, createFolder }),
      createFolder(),
    ]);
    if (program.status === "fulfilled" && folder.status === "fulfilled")
      return { program: program.value, folder: folder.value };
    if (program.status === "fulfilled") program.value.release();
    if (folder.status === "fulfilled") await folder.value.remove();
    throw (program.status === "rejected" ? program : (folder as PromiseRejectedResult)).reason;
  }

  /** Ends everything that was started here, and removes what was made for it. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    for (const one of this.#processes) one.kill();
    await Promise.all([...this.#processes].map((one) => exitsWithin(one, killMs)));
    // Those that had no process yet see that they are too late, and remove what they have made.
    await Promise.allSettled(this.#launches);
    await Promise.all(this.#cleanings);
    await this.#programs.dispose();
  }

  async #spawn(
    program: Program,
    { extension, settings, onLine, startChild }: LaunchRequest,
    environment: Readonly<Record<string, string>>,
  ): Promise<{ readonly child: Child; readonly firstLine: Promise<string | undefined> }> {
    const first = Promise.withResolvers<string | undefined>();
    let hasFirst = false;
    const options = {
      args: settings.args,
      argv0: program.source,
      environment,
      onLine: (line: OutputLine) => {
        if (hasFirst || line.stream === "stderr") onLine(line);
        else first.resolve(line.text);
        hasFirst ||= line.stream === "stdout";
      },
    };
    for (let path = program.path, tries = 0; ; tries++) {
      try {
        const child = await startChild({ ...options, program: path });
        void child.exited.then(() => first.resolve(undefined));
        return { child, firstLine: first.promise };
      } catch (error) {
        const cause = error instanceof Error ? (error.cause ?? error) : error;
        if (!isSystemError(cause)) throw error;
        const { code } = cause;
        if (code === "ETXTBSY" && tries < mostBusyRetries) {
          // A process that another thread is just starting still has the copy open for writing.
          await pause(busyPauseMs);
        } else if (code === "EACCES" && path !== program.source && settings.sha256 === undefined) {
          // Folders for temporary files may be mounted so that nothing in them can be run.
          path = program.source;
        } else throw startFailed(extension, program, cause);
      }
    }
  }

  /** Takes charge of a child until it has ended. */
  #follow(child: Child, program: Program, folder: PrivateFolder): void {
    this.#processes.add(child);
    // Without the note it is only the host's own watch that ends it after a host that was killed.
    const noted = folder.belongsTo(child).catch(() => undefined);
    this.#inBackground(
      child.exited.then(async () => {
        this.#processes.delete(child);
        program.release();
        // A note that is still being written must not come after the removal.
        await noted;
        await folder.remove();
      }),
    );
  }

  /** Sockets that a plugin makes elsewhere are left behind when it is killed; it may also have named another's. */
  #removeWithProcess({ exited }: Child, path: string, folder: PrivateFolder): void {
    if (dirname(path) === folder.path) return;
    this.#inBackground(exited.then(() => removeLeftSocket(path)));
  }

  #inBackground(work: Promise<void>): void {
    const settled = work.finally(() => this.#cleanings.delete(settled));
    this.#cleanings.add(settled);
  }

  async #shakeHands(
    { child, firstLine }: { readonly child: Child; readonly firstLine: Promise<string | undefined> },
    request: LaunchRequest,
    signal: AbortSignal,
  ): Promise<Handshake> {
    const { settings } = request;
    const line = await firstWithin(firstLine, settings.startTimeoutMs, signal);
    if (line === "late") {
      const what = `did not say how it is reached within ${settings.startTimeoutMs} ms`;
      throw refused(child, request, what);
    }
    if (line === undefined) throw refused(child, request, "ended without a word on how it is reached");
    try {
      return parseHandshake(line, settings);
    } catch (error) {
      if (!(error instanceof HandshakeFault)) throw error;
      if (error.kind === "form") await exitsWithin(child, explanationMs);
      const what = `said ${shownText(line)} on its standard output, which ${error.message}`;
      throw refused(child, request, what, error);
    }
  }

  #throwIfDisposed(): void {
    if (this.#isDisposed)
      throw new ExtensionError("RUNTIME_START_FAILED", "The runtime go-plugin has been stopped.");
  }
}

/** The first line; `"late"` when the time is up. Rejects when nobody wants it any more. */
async function firstWithin(
  firstLine: Promise<string | undefined>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(() => resolve("late"), timeoutMs);
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  void firstLine.then(resolve);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

/** The error of a plugin for which neither a copy of its program nor a folder for its sockets could be made. */
function noTemporaryFiles({ id }: ExtensionIdentity, cause: NodeJS.ErrnoException): ExtensionError {
  const isFull = cause.code === "ENOSPC" || cause.code === "EDQUOT";
  const hint = isFull
    ? "Make room where temporary files go, or let TMPDIR name another folder."
    : "Let TMPDIR name a folder in which files can be made.";
  const message = `The plugin of ${id} could not be started: there is no place for its temporary files (${cause.message}). ${hint}`;
  return new ExtensionError("RUNTIME_START_FAILED", message, {
    extensionId: id,
    details: { hint },
    cause,
  });
}

function startFailed(
  { id, path }: ExtensionIdentity,
  program: Program,
  cause: NodeJS.ErrnoException,
): ExtensionError {
  const hint = {
    EACCES: `Programs can't be run in ${dirname(program.path)}: let TMPDIR name a folder where they can, or leave sha256 away.`,
    ENOENT: `Check that ${path} and what the program needs to start are there.`,
    ENOEXEC: "Its format is none that this system runs: build it for this machine.",
  }[cause.code ?? ""];
  const what = `The program ${basename(program.source)} of ${id} could not be started: ${cause.message}.`;
  return new ExtensionError("RUNTIME_START_FAILED", hint === undefined ? what : `${what} ${hint}`, {
    extensionId: id,
    details: { program: program.source, ...(hint === undefined ? {} : { hint }) },
    cause,
  });
}

/** The error of a plugin that did not shake hands, with all that it said. */
function refused(
  child: Child,
  { extension: { id }, settings }: LaunchRequest,
  what: string,
  fault?: HandshakeFault,
): ExtensionError {
  const stderr = child.lastLines("stderr");
  const stdout = child.lastLines("stdout");
  const end = child.end?.what;
  const hint = fault?.hint ?? hintOf(stderr, settings);
  const said = stderr.filter((line) => !ownWords.some((words) => line.startsWith(words)));
  const code: ErrorCode = fault?.kind === "version" ? "RUNTIME_VERSION" : "RUNTIME_HANDSHAKE";
  const sentences = [
    `The plugin ${settings.command ?? ""} of ${id} ${what}.`,
    end === undefined ? undefined : `It ${end}.`,
    hint,
    said.length === 0 ? undefined : `On its standard error: ${shownLinesOf(said)}`,
  ];
  return new ExtensionError(code, sentences.filter((sentence) => sentence !== undefined).join(" "), {
    extensionId: id,
    details: {
      stdout,
      stderr,
      ...(end === undefined ? {} : { end }),
      ...(hint === undefined ? {} : { hint }),
    },
    ...(fault?.cause === undefined ? {} : { cause: fault.cause }),
  });
}

/** What go-plugin prints when it does not find its cookie; the hint says the same for whoever writes manifests. */
const ownWords = [
  "This binary is a plugin",
  "Please execute the program that consumes these plugins",
  "load any plugins automatically",
];

function hintOf(stderr: readonly string[], { cookie }: GoPluginSettings): string | undefined {
  if (stderr.some((line) => /bind: (?:invalid argument|file name too long)/.test(line))) {
    return `The path of its socket is too long: systems take ${longestSocketPath} bytes. Let TMPDIR name a shorter folder.`;
  }
  if (!stderr.some((line) => line.includes("This binary is a plugin"))) return undefined;
  return `It did not find its cookie: runtime.cookie is ${cookie.key}=${cookie.value}, and the plugin expects another.`;
}

function shownLinesOf(lines: readonly string[]): string {
  return lines
    .slice(-shownLines)
    .map((line) => shownText(readableLine(line)))
    .join(", ");
}

function shownText(text: string): string {
  const longest = 200;
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
