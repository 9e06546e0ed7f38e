/**
 * Joins the command line to its process: streams, signals, what extensions print and throw past the host,
 * and the exit code. Imported by bin/plugboard.js for its effect; nothing else imports it.
 */
import { Console } from "node:console";
import { readFileSync } from "node:fs";
import { Writable } from "node:stream";
import { createExtensionHost, validateExtensions } from "../index.js";
import type { CommandIo, StopReason, StrayOutput } from "./command-io.js";
import { run } from "./run.js";

const stop = new AbortController();
const strayListeners = new Set<(output: StrayOutput) => void>();

function stray(level: StrayOutput["level"], text: string): void {
  const line = text.replace(/\n$/, "");
  if (strayListeners.size === 0) process.stderr.write(`${line}\n`);
  for (const listener of strayListeners) listener({ level, text: line });
}

/** Standard output belongs to the command's result; what extensions print goes beside it. */
function redirectConsole(): void {
  const sink = (level: StrayOutput["level"]) =>
    new Writable({
      decodeStrings: false,
      write: (text: string | Buffer, _encoding, done) => {
        stray(level, String(text));
        done();
      },
    });
  globalThis.console = new Console({ stdout: sink("info"), stderr: sink("error") });
}

function obeySignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // A person who asks twice does not want to wait.
      if (stop.signal.aborted) leave(signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 129);
      stop.abort(signal satisfies StopReason);
    });
  }
}

/** A reader that has had enough, such as `head`, ends the command without a word. */
function obeyClosedPipes(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") stop.abort("EPIPE" satisfies StopReason);
    else stray("error", `standard output: ${error.message}`);
  });
  // Nobody is left to be told.
  process.stderr.on("error", () => undefined);
}

/** In this process extensions run beside each other: what one forgets to catch must not end all. */
function surviveExtensions(): void {
  const report = (error: unknown) =>
    stray(
      "error",
      `nobody caught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}

/** Ends the process although extensions may have left timers behind; gives a terminal its cursor back. */
function leave(code: number): never {
  if (process.stdout.isTTY) process.stdout.write("\u001b[?25h");
  process.exit(code);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.errored) resolve();
    else stream.write("", () => resolve());
  });
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

const io: CommandIo = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: stop.signal,
  onStrayOutput: (listener) => {
    strayListeners.add(listener);
    return { dispose: () => void strayListeners.delete(listener) };
  },
};

redirectConsole();
obeySignals();
obeyClosedPipes();
surviveExtensions();
const code = await run(process.argv.slice(2), {
  io,
  services: { createHost: createExtensionHost, validateExtensions },
  version: packageVersion(),
});
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
leave(code);
