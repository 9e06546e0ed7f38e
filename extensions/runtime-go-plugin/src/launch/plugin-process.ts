/**
 * One process of a plugin, from its start to its end: what it prints, why it ended, how it is ended. Knows nothing of
 * what is said to it. Invariant: once `exited` has settled, nothing runs any more that it started in its group, and
 * its output is always read, so that it never waits for a reader.
 */
import type { ChildProcess } from "node:child_process";
import { OutputLines, type TextLine } from "./output-lines.js";

/** How a process ended. @internal */
export interface ProcessEnd {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

/** Who is told of a process. @internal */
export interface PluginProcessOptions {
  /** Is told of each line of standard error, and of standard output after the first. */
  readonly onLine: (stream: "stdout" | "stderr", line: TextLine) => void;
  /** Is told that it has ended, before anybody else. */
  readonly onEnd: () => void;
}

/** Time for the last words to arrive after the end. */
const lastWordsMs = 50;
/** What is kept for errors: the last lines, and as much of each. */
const mostKeptLines = 20;
const longestKeptLine = 500;
/** Time that the system may take to end what nothing can survive. */
const killMs = 1_000;

/** A process that was started at the head of its own group. @internal */
export class PluginProcess {
  readonly id: number;
  readonly exited: Promise<ProcessEnd>;
  /** The first line of standard output; undefined if it ended without one. */
  readonly firstLine: Promise<string | undefined>;
  readonly #child: ChildProcess;
  readonly #options: PluginProcessOptions;
  readonly #exit = Promise.withResolvers<ProcessEnd>();
  readonly #first = Promise.withResolvers<string | undefined>();
  readonly #kept = { stdout: [] as string[], stderr: [] as string[] };
  #hasFirst = false;
  #fatal: string | undefined;
  #end: ProcessEnd | undefined;

  /** @param child - has been spawned just now */
  constructor(child: ChildProcess, options: PluginProcessOptions) {
    this.#child = child;
    this.#options = options;
    this.id = child.pid as number;
    this.exited = this.#exit.promise;
    this.firstLine = this.#first.promise;
    this.#follow("stdout", (line) => this.#hearOutput(line));
    this.#follow("stderr", (line) => this.#hearError(line));
    child.stdout?.once("close", () => this.#first.resolve(undefined));
    child.once("exit", (code, signal) =>
      this.#ended({ code: code ?? undefined, signal: signal ?? undefined }),
    );
    // What can't be signalled has ended, and tells that by itself.
    child.on("error", () => undefined);
  }

  /** The last lines of a stream, the oldest first. */
  lastLines(stream: "stdout" | "stderr"): readonly string[] {
    return [...this.#kept[stream]];
  }

  /** Whether it has ended. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** How it ended, as the rest of a sentence; undefined while it runs. */
  describeEnd(): string | undefined {
    const end = this.#end;
    if (end === undefined) return undefined;
    if (end.signal !== undefined) return `was killed by ${end.signal}`;
    const exit = `exited with code ${end.code ?? "unknown"}`;
    return this.#fatal === undefined ? exit : `${exit}: ${this.#fatal}`;
  }

  /** Ends it and its group at once. */
  kill(): void {
    if (this.#end === undefined) this.#signalGroup("SIGKILL");
  }

  /** Asks it to end, and ends it when it has not within the grace. Settles when it is gone. */
  async terminate({ graceMs }: { readonly graceMs: number }): Promise<void> {
    if (this.#end !== undefined) return;
    // On Windows there is no asking: the same call ends it at once.
    this.#child.kill("SIGTERM");
    if (await this.hasExitedWithin(graceMs)) return;
    this.kill();
    await this.hasExitedWithin(killMs);
  }

  /** Whether it is gone when it is, or when the time is up. */
  async hasExitedWithin(milliseconds: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), milliseconds);
    void this.exited.then(() => resolve(true));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #follow(name: "stdout" | "stderr", tell: (line: TextLine) => void): void {
    const stream = this.#child[name];
    if (stream === null) return;
    const lines = new OutputLines(tell);
    stream.on("data", (chunk: Buffer) => lines.push(chunk));
    stream.on("error", () => undefined);
    stream.once("close", () => lines.end());
  }

  #hearOutput(line: TextLine): void {
    this.#keep("stdout", line);
    if (this.#hasFirst) {
      this.#options.onLine("stdout", line);
      return;
    }
    this.#hasFirst = true;
    this.#first.resolve(line.text);
  }

  #hearError(line: TextLine): void {
    this.#keep("stderr", line);
    if (/^(?:panic|fatal error): /.test(line.text)) this.#fatal ??= line.text.slice(0, longestKeptLine);
    this.#options.onLine("stderr", line);
  }

  #keep(stream: "stdout" | "stderr", { text }: TextLine): void {
    const kept = this.#kept[stream];
    kept.push(text.slice(0, longestKeptLine));
    if (kept.length > mostKeptLines) kept.shift();
  }

  #ended(end: ProcessEnd): void {
    this.#end = end;
    this.#options.onEnd();
    // What it started must not outlive it, nor hold its pipes open.
    this.#signalGroup("SIGKILL");
    const finish = (): void => {
      clearTimeout(timer);
      for (const stream of this.#child.stdio) stream?.destroy();
      this.#exit.resolve(end);
    };
    const timer = setTimeout(finish, lastWordsMs);
    this.#child.once("close", finish);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (process.platform === "win32") {
      this.#child.kill(signal);
      return;
    }
    try {
      process.kill(-this.id, signal);
    } catch {
      // Nobody is left in it.
    }
  }
}
