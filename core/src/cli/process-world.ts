/**
 * The process as a command's world: its streams, the signals that ask it to stop, and what extensions print
 * and throw past the host. Only the program itself makes one; it takes over the process it is in.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { Console } from "node:console";
import { subscribe } from "node:diagnostics_channel";
import { writeSync } from "node:fs";
import { dirname } from "node:path";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { exitCode, UsageError } from "./exit-code.js";
import type {
  CodeOwner,
  CommandIo,
  OutputStream,
  OwnStreams,
  PrintedPiece,
  StopReason,
  StrayOutput,
} from "./command-io.js";
import { pathText } from "./output/path-text.js";
import { strayText } from "./output/stray-text.js";
import { PrintedLines, type PrintedLine } from "./printed-lines.js";

/** About twelve days, nearly the longest interval that a timer takes. */
const heartbeatMs = 2 ** 30;

/** Joins a command to the process it runs in. @internal */
export class ProcessWorld {
  /** What the command reads, writes and obeys. */
  readonly io: CommandIo;
  readonly #stop = new AbortController();
  readonly #strayListeners = new Set<(output: StrayOutput) => void>();
  readonly #owners = new AsyncLocalStorage<CodeOwner>();
  readonly #lines = new PrintedLines((line) => this.#stray(printed(line)));
  readonly #stdout = ownStream(process.stdout);
  readonly #stderr = ownStream(process.stderr);
  #onPrinted: ((piece: PrintedPiece) => void) | undefined;
  #outputFault: NodeJS.ErrnoException | undefined;
  #isLeaving = false;
  #ignoresInterrupts = false;
  #hasInspector = false;

  constructor() {
    this.io = {
      get stdin() {
        return process.stdin;
      },
      stdout: this.#stdout,
      stderr: this.#stderr,
      env: process.env,
      cwd: currentFolder(),
      signal: this.#stop.signal,
      onStrayOutput: (listener) => {
        this.#strayListeners.add(listener);
        return { dispose: () => void this.#strayListeners.delete(listener) };
      },
      inProcessScope: ({ id, generation }, run) => this.#owners.run({ id, generation }, run),
      ignoreInterrupts: () => (this.#ignoresInterrupts = true),
      openInspector: (port) => {
        openInspector(port);
        this.#hasInspector = true;
      },
      takeStreams: (onPrinted) => this.#takeStreams(onPrinted),
    };
  }

  /** From now on the process is the command's. */
  takeOver(): void {
    // Whoever waits for an extension holds nothing open; the process ends when the command does, not before.
    setInterval(() => undefined, heartbeatMs);
    this.#obeySignals();
    this.#obeyClosedPipes();
    // Standard output belongs to the command's result; what extensions print goes beside it.
    redirect(process.stdout, (data) => this.#print("stdout", data));
    redirect(process.stderr, (data) => this.#print("stderr", data));
    globalThis.console = new Console({ stdout: this.#sink("stdout"), stderr: this.#sink("stderr") });
    // Extensions share this process: what one forgets to catch must not end all of them.
    process.on("uncaughtException", (error) => this.#thrown(`uncaught ${thrownText(error)}`));
    process.on("unhandledRejection", (error) => this.#thrown(`unhandled rejection: ${thrownText(error)}`));
    process.on("exit", (code) => this.#nameWhoExits(code));
  }

  /** Lets Ctrl-C end the process also while it stands still, of which the diagnostics channel tells. */
  endBlockedOnInterrupt(channel: string): void {
    subscribe(channel, () => this.#letInterruptsEnd());
  }

  /** Ends the process when all is written, although extensions may have left timers behind. */
  async leave(code: number): Promise<never> {
    this.#lines.end();
    await Promise.all([flushed(this.#stdout, process.stdout), flushed(this.#stderr, process.stderr)]);
    // Otherwise an attached debugger is waited for, which may never let go.
    if (this.#hasInspector) process.getBuiltinModule("node:inspector").close();
    return this.#exit(this.#outputFault === undefined ? code : exitCode.hostFault);
  }

  #exit(code: number): never {
    this.#isLeaving = true;
    return process.exit(code);
  }

  #obeySignals(): void {
    const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const satisfies Partial<
      Record<StopReason, number>
    >;
    for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (signal === "SIGINT" && this.#ignoresInterrupts) return;
        if (!this.#stop.signal.aborted) {
          this.#stop.abort(signal);
          return;
        }
        // Who asks twice does not want to wait; a live table has hidden the cursor.
        if (process.stdout.isTTY) this.#stdout.write("\u001b[?25h");
        this.#exit(codes[signal]);
      });
    }
  }

  /**
   * The event loop stands still, and signals that JavaScript listens to wait for it. As long as nobody listens to
   * Ctrl-C, it ends the process by itself, as it ends any other.
   */
  #letInterruptsEnd(): void {
    const listeners = process.rawListeners("SIGINT");
    if (listeners.length === 0 || this.#ignoresInterrupts) return;
    process.removeAllListeners("SIGINT");
    setImmediate(() =>
      listeners.forEach((listener) => process.on("SIGINT", listener as NodeJS.SignalsListener)),
    );
    const shown = process.stdout.isTTY ? "\u001b[?25h" : "";
    sayAtOnce(`${shown}plugboard: an extension keeps this process from going on; Ctrl-C ends it at once.\n`);
  }

  /** A reader that has had enough, such as `head`, ends the command without a word; any other fault makes it fail. */
  #obeyClosedPipes(): void {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") {
        this.#stop.abort("EPIPE" satisfies StopReason);
        return;
      }
      if (this.#outputFault === undefined)
        this.#stderr.write(`error: standard output can't be written: ${error.message}\n`);
      this.#outputFault = error;
    });
    // When standard error fails, nobody is left to be told.
    process.stderr.on("error", () => undefined);
  }

  #takeStreams(onPrinted: (piece: PrintedPiece) => void): OwnStreams {
    this.#onPrinted = onPrinted;
    return {
      stdout: (text) =>
        new Promise((resolve, reject) => {
          this.#stdout.write(text, (error) => (error ? reject(error) : resolve()));
        }),
      stderr: (text) => void this.#stderr.write(text),
      dispose: () => (this.#onPrinted = undefined),
    };
  }

  #print(stream: PrintedPiece["stream"], data: Uint8Array): void {
    if (this.#onPrinted === undefined) this.#lines.add(stream, data, this.#owners.getStore());
    else this.#onPrinted({ stream, data });
  }

  /** What one call of `console` prints is told in one piece. */
  #sink(stream: PrintedPiece["stream"]): Writable {
    return new Writable({
      decodeStrings: false,
      write: (text: string | Buffer, _encoding, done) => {
        if (this.#onPrinted !== undefined) this.#onPrinted({ stream, data: Buffer.from(text) });
        else {
          const owner = this.#owners.getStore();
          this.#stray(printed({ stream, text: String(text).replace(/\n$/, ""), owner }));
        }
        done();
      },
    });
  }

  #thrown(text: string): void {
    this.#stray({ level: "error", text, owner: this.#owners.getStore() });
  }

  #stray(output: StrayOutput): void {
    if (this.#strayListeners.size === 0) this.#stderr.write(`${strayText(output)}\n`);
    for (const listener of this.#strayListeners) listener(output);
  }

  /** Nobody but the command ends this process; when an extension does, that is the last that can be said. */
  #nameWhoExits(code: number): void {
    if (this.#isLeaving) return;
    const owner = this.#owners.getStore()?.id ?? "An extension";
    const place = callerOfExit(new Error().stack ?? "");
    const where = place === undefined ? "" : ` at ${pathText(place, this.io.cwd)}`;
    process.exitCode = exitCode.atFault;
    const shown = process.stdout.isTTY ? "\u001b[?25h" : "";
    sayAtOnce(
      `${shown}error: ${owner} called process.exit(${code})${where}, which ends this program and all extensions in it. Throw an error instead, or run the extension in a worker or a process.\n`,
    );
  }
}

/**
 * Leaves standard input to whoever started the program and reads it itself, as a Go host does whose plugin this is: the
 * first look at `process.stdin` makes it non-blocking for both, and a module that imports `node:process` takes that look.
 * What reads it here finds its end. @internal
 */
export function leaveStdinAlone(): void {
  const nothing = Readable.from([]);
  Object.defineProperty(process, "stdin", { configurable: true, enumerable: true, get: () => nothing });
}

function openInspector(port: number): void {
  // Of no use to any other command.
  const inspector = process.getBuiltinModule("node:inspector");
  inspector.open(port, "127.0.0.1");
  if (inspector.url() === undefined)
    throw new UsageError(`no debugger can attach on port ${port}; name another, or 0 for any: --inspect=0`);
}

/** A standard stream as the command itself writes it, whatever becomes of the method that extensions see. */
interface OwnStream extends OutputStream {
  write(text: string, done?: (error?: Error | null) => void): boolean;
}

function ownStream(stream: NodeJS.WriteStream): OwnStream {
  const write = stream.write.bind(stream) as OwnStream["write"];
  return {
    write: (text, done) => write(text, done),
    once: (event, listener) => stream.once(event, listener),
    on: (event, listener) => stream.on(event, listener),
    off: (event, listener) => stream.off(event, listener),
    get isTTY() {
      return stream.isTTY;
    },
    get writableNeedDrain() {
      return stream.writableNeedDrain;
    },
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
  };
}

/** Code of extensions has the stream itself in its hands, so its method is what has to be replaced. */
function redirect(stream: NodeJS.WriteStream, onWritten: (data: Uint8Array) => void): void {
  stream.write = (
    data: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ): boolean => {
    const isText = typeof data === "string";
    onWritten(isText ? Buffer.from(data, typeof encoding === "string" ? encoding : "utf8") : data);
    const whenDone = typeof encoding === "function" ? encoding : done;
    if (whenDone !== undefined) queueMicrotask(() => whenDone());
    return true;
  };
}

/** What a worker or process prints has these levels, too. */
function printed({ stream, text, owner }: PrintedLine): StrayOutput {
  return { level: stream === "stdout" ? "info" : "warn", stream, text, owner };
}

/** `file:line:column` of the code that called `process.exit`, if the stack tells it. */
function callerOfExit(stack: string): string | undefined {
  const lines = stack.split("\n");
  const exit = lines.findIndex((line) => /\bprocess\.(?:exit|reallyExit)\b/.test(line));
  const caller = lines.slice(exit + 1).find((line) => !line.includes("node:"));
  const place = /((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*:\d+:\d+)\)?$/.exec(caller ?? "")?.[1];
  if (exit === -1 || place === undefined) return undefined;
  return place.startsWith("file:") ? fileURLToPath(place) : place;
}

/** The process ends with this very turn. */
function sayAtOnce(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody is left to be told.
  }
}

/** The current directory, also when it has been removed: commands then find nothing in it. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return process.env["PWD"] ?? dirname(process.execPath);
  }
}

function thrownText(error: unknown): string {
  try {
    return String(error instanceof Error ? (error.stack ?? error.message) : error);
  } catch {
    // Extensions may throw what can't be looked at; this very function runs when nothing catches any more.
    return "something that can't be shown as text";
  }
}

function flushed(own: OwnStream, stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.errored !== null) {
      resolve();
      return;
    }
    stream.once("error", () => resolve());
    // A fault of what was written before is told in a turn of its own.
    own.write("", () => setImmediate(resolve));
  });
}
