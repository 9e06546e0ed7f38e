/**
 * The process as a command's world: its streams, the signals that ask it to stop, and what extensions print
 * and throw past the host. Only the program itself makes one; it takes over the process it is in.
 */
import { Console } from "node:console";
import { dirname } from "node:path";
import { Readable, Writable } from "node:stream";
import { UsageError } from "./exit-code.js";
import type { CommandIo, OwnStreams, PrintedPiece, StopReason, StrayOutput } from "./command-io.js";

/** About twelve days, nearly the longest interval that a timer takes. */
const heartbeatMs = 2 ** 30;

/** Joins a command to the process it runs in. @internal */
export class ProcessWorld {
  /** What the command reads, writes and obeys. */
  readonly io: CommandIo;
  readonly #stop = new AbortController();
  readonly #strayListeners = new Set<(output: StrayOutput) => void>();
  #ignoresInterrupts = false;
  #hasInspector = false;

  constructor() {
    this.io = {
      get stdin() {
        return process.stdin;
      },
      stdout: process.stdout,
      stderr: process.stderr,
      env: process.env,
      cwd: currentFolder(),
      signal: this.#stop.signal,
      onStrayOutput: (listener) => {
        this.#strayListeners.add(listener);
        return { dispose: () => void this.#strayListeners.delete(listener) };
      },
      ignoreInterrupts: () => (this.#ignoresInterrupts = true),
      openInspector: (port) => {
        openInspector(port);
        this.#hasInspector = true;
      },
      takeStreams,
    };
  }

  /** From now on the process is the command's. */
  takeOver(): void {
    // Whoever waits for an extension holds nothing open; the process ends when the command does, not before.
    setInterval(() => undefined, heartbeatMs);
    this.#obeySignals();
    this.#obeyClosedPipes();
    // Standard output belongs to the command's result; what extensions print goes beside it.
    globalThis.console = new Console({ stdout: this.#sink("info"), stderr: this.#sink("error") });
    // Extensions share this process: what one forgets to catch must not end all of them.
    const report = (error: unknown) => this.#stray("error", `nobody caught ${thrownText(error)}`);
    process.on("uncaughtException", report);
    process.on("unhandledRejection", report);
  }

  /** Ends the process when all is written, although extensions may have left timers behind. */
  async leave(code: number): Promise<never> {
    await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
    // Otherwise an attached debugger is waited for, which may never let go.
    if (this.#hasInspector) process.getBuiltinModule("node:inspector").close();
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
        if (process.stdout.isTTY) process.stdout.write("\u001b[?25h");
        process.exit(codes[signal]);
      });
    }
  }

  /** A reader that has had enough, such as `head`, ends the command without a word. */
  #obeyClosedPipes(): void {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") this.#stop.abort("EPIPE" satisfies StopReason);
      else this.#stray("error", `standard output: ${error.message}`);
    });
    // When standard error fails, nobody is left to be told.
    process.stderr.on("error", () => undefined);
  }

  #sink(level: StrayOutput["level"]): Writable {
    return new Writable({
      decodeStrings: false,
      write: (text: string | Buffer, _encoding, done) => {
        this.#stray(level, String(text).replace(/\n$/, ""));
        done();
      },
    });
  }

  #stray(level: StrayOutput["level"], text: string): void {
    if (this.#strayListeners.size === 0) process.stderr.write(`${text}\n`);
    for (const listener of this.#strayListeners) listener({ level, text });
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

function takeStreams(onPrinted: (piece: PrintedPiece) => void): OwnStreams {
  const stdout = redirected(process.stdout, (data) => onPrinted({ stream: "stdout", data }));
  const stderr = redirected(process.stderr, (data) => onPrinted({ stream: "stderr", data }));
  const { console } = globalThis;
  globalThis.console = new Console({ stdout: process.stdout, stderr: process.stderr });
  return {
    stdout: (text) =>
      new Promise((resolve, reject) => {
        stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    stderr: (text) => void stderr.write(text),
    dispose: () => {
      globalThis.console = console;
      stdout.restore();
      stderr.restore();
    },
  };
}

/** Code of extensions has the stream itself in its hands, so its method is what has to be replaced. */
function redirected(stream: NodeJS.WriteStream, onWritten: (data: Uint8Array) => void) {
  const original = stream.write.bind(stream) as (
    text: string,
    done?: (error?: Error | null) => void,
  ) => boolean;
  const unbound = Object.getOwnPropertyDescriptor(stream, "write");
  const replaced = (
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
  stream.write = replaced;
  return {
    write: original,
    restore: () => {
      // The method is the prototype's, unless somebody has put another in its place before.
      if (unbound === undefined) Reflect.deleteProperty(stream, "write");
      else Object.defineProperty(stream, "write", unbound);
    },
  };
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

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.errored !== null) resolve();
    else stream.write("", () => resolve());
  });
}
