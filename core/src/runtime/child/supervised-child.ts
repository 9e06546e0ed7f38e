/**
 * One program, from its start to its end: what it prints, what it takes, why it ended, how it is ended. Knows nothing of
 * what is said to it. Invariant: once `exited` has settled, nothing runs any more that it started in its group, and its
 * output has always been read, so that it never waits for a reader.
 */
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Socket } from "node:net";
import { constants } from "node:os";
import { nodeChildProcess } from "../../common/late-builtins.js";
import type { Child, ChildEnd, OutputLine } from "@plugboard/extension-api";
import { inheritedDescriptors } from "./open-descriptors.js";
import { ResidentMemory } from "./resident-memory.js";
import { tellLines, type ToldLines } from "./tell-lines.js";

/** What is started, with everything said. @internal */
export interface Program {
  readonly program: string;
  readonly args: readonly string[];
  readonly argv0?: string | undefined;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly pipes: number;
  readonly onLine: (line: OutputLine) => void;
}

/** Time for the last words to arrive after the end. */
const lastWordsMs = 50;
/** More than a pipe holds; somebody else goes on writing into it. */
const mostLastWordsBytes = 4 * 1024 * 1024;
/** Time for a wrapper to end after what it wraps. */
const wrapperMs = 200;
/** Time that the system may take to end what nothing can survive. */
const killMs = 1_000;
/** What is kept for errors: the last lines, and as much of each. */
const mostKeptLines = 20;
const longestKeptLine = 500;
const standardStreams = 3;

/** Starts a program. Rejects with the error of the system that keeps it from starting. @internal */
export async function startProgram(program: Program): Promise<SupervisedChild> {
  const child = spawnChild(program);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("spawn", resolve);
  child.once("error", reject);
  await promise;
  return new SupervisedChild(child, program);
}

/** A program that runs. @internal */
export class SupervisedChild implements Child {
  readonly exited: Promise<ChildEnd>;
  readonly pipes: readonly Socket[];
  /** The head of its group. */
  readonly leader: number;
  readonly #child: ChildProcess;
  readonly #told: readonly ToldLines[];
  readonly #kept = { stdout: [] as string[], stderr: [] as string[] };
  readonly #settle: (end: ChildEnd) => void;
  #memory: ResidentMemory;
  #processId: number;
  #lastError: string | undefined;
  #why: string | undefined;
  #end: ChildEnd | undefined;
  #lastWordsStart: number | undefined;

  /** @param child - has just been spawned at the head of a group of its own */
  constructor(child: ChildProcess, { pipes, onLine }: Pick<Program, "pipes" | "onLine">) {
    this.#child = child;
    this.leader = child.pid as number;
    this.#processId = this.leader;
    this.pipes = child.stdio.slice(standardStreams, standardStreams + pipes) as Socket[];
    this.#memory = new ResidentMemory(this.leader);
    const { promise, resolve } = Promise.withResolvers<ChildEnd>();
    this.exited = promise;
    this.#settle = resolve;
    const tell = (line: OutputLine): void => {
      this.#keep(line);
      onLine(line);
    };
    this.#told = (["stdout", "stderr"] as const).flatMap((name) => {
      const stream = child[name];
      return stream === null ? [] : [tellLines(stream, name, tell)];
    });
    // What breaks a pipe also ends the process, which tells why.
    for (const pipe of this.pipes) pipe.on("error", () => undefined);
    // What can't be signalled has ended, and tells that by itself.
    child.on("error", () => undefined);
    const exited = (code: number | null, signal: NodeJS.Signals | null): void => {
      this.#exited(code, signal);
    };
    if (child.exitCode === null && child.signalCode === null) child.once("exit", exited);
    else exited(child.exitCode, child.signalCode);
  }

  get processId(): number {
    return this.#processId;
  }

  get end(): ChildEnd | undefined {
    return this.#end;
  }

  /** The child only wraps the process that is meant: that is the one whose memory counts and that is ended first. */
  wraps(processId: number): void {
    if (processId === this.leader || this.#end !== undefined) return;
    this.#processId = processId;
    this.#memory.close();
    this.#memory = new ResidentMemory(processId);
  }

  lastLines(stream: OutputLine["stream"]): readonly string[] {
    return [...this.#kept[stream]];
  }

  memory(): number | undefined {
    return this.#memory.bytes();
  }

  kill(what?: string): void {
    if (this.#end !== undefined) return;
    this.#why ??= what;
    if (this.#processId === this.leader) {
      this.#killGroup();
      return;
    }
    // A wrapper has to outlive what it wraps, for nobody else collects what is left of that.
    signalUnlessGone(this.#processId, "SIGKILL");
    const timer = setTimeout(() => this.#killGroup(), wrapperMs);
    this.#child.once("exit", () => clearTimeout(timer));
  }

  async terminate({ graceMs }: { readonly graceMs: number }): Promise<void> {
    if (this.#end !== undefined) return;
    // On Windows there is no asking: the same call ends it at once.
    this.#child.kill("SIGTERM");
    if (await this.#hasExitedWithin(graceMs)) return;
    this.kill();
    await this.#hasExitedWithin(killMs);
  }

  async #hasExitedWithin(milliseconds: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), milliseconds);
    void this.exited.then(() => resolve(true));
    const hasExited = await promise;
    clearTimeout(timer);
    return hasExited;
  }

  #keep({ stream, text }: OutputLine): void {
    const kept = this.#kept[stream];
    kept.push(text.slice(0, longestKeptLine));
    if (kept.length > mostKeptLines) kept.shift();
    if (stream === "stderr" && tellsWhy(text, this.#lastError)) this.#lastError = text;
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.#memory.close();
    // What it started must not outlive it, nor hold its pipes open.
    this.#killGroup();
    this.#end = this.#describe(code, signal);
    for (const told of this.#told) told.finish();
    const finish = (): void => {
      clearTimeout(timer);
      for (const stream of this.#child.stdio) stream?.destroy();
      for (const told of this.#told) told.end();
      // What it said last tells why it ended.
      this.#end = this.#describe(code, signal);
      this.#settle(this.#end);
    };
    const timer = setTimeout(() => this.#readArrived(finish), lastWordsMs);
    this.#child.once("close", finish);
  }

  /**
   * Somebody still holds the pipes of what has ended, or the application was busy and comes late to what has arrived
   * long ago. That is read first, as long as each turn of the event loop brings more.
   */
  #readArrived(done: () => void, before = -1): void {
    const { stdout, stderr } = this.#child;
    const read = [stdout, stderr].reduce(
      (sum, stream) => sum + ((stream as Socket | null)?.bytesRead ?? 0),
      0,
    );
    this.#lastWordsStart ??= read;
    if (read === before || read - this.#lastWordsStart > mostLastWordsBytes) done();
    else setImmediate(() => this.#readArrived(done, read));
  }

  #describe(code: number | null, signal: NodeJS.Signals | null): ChildEnd {
    const killer = signal ?? (this.#processId === this.leader ? undefined : signalOfExitCode(code));
    return { code: code ?? undefined, signal: killer, what: this.#why ?? this.#howItEnded(code, killer) };
  }

  #howItEnded(code: number | null, killer: string | undefined): string {
    if (killer !== undefined) return `was killed by ${killer}`;
    const exit = `exited with code ${code ?? "unknown"}`;
    return this.#lastError === undefined ? exit : `${exit}: ${this.#lastError.slice(0, longestKeptLine)}`;
  }

  #killGroup(): void {
    if (process.platform === "win32") this.#child.kill("SIGKILL");
    else signalUnlessGone(-this.leader, "SIGKILL");
  }
}

/** Whether the line says why a program ends. Go tells that first and where it was afterwards, all others tell it last. */
function tellsWhy(text: string, before: string | undefined): boolean {
  const isPanic = /^(?:panic|fatal error): /;
  if (before !== undefined && isPanic.test(before)) return false;
  return isPanic.test(text) || /^(?:Uncaught )?[\w.]*(?:Error|Exception)\b/.test(text);
}

function spawnChild({ program, args, argv0, folder, environment, pipes }: Program): ChildProcess {
  const own = standardStreams + pipes;
  const inherited = inheritedDescriptors(own);
  const nothing = inherited.length === 0 ? undefined : openSync("/dev/null", "r");
  try {
    return nodeChildProcess().spawn(program, args, {
      cwd: folder,
      env: { ...environment },
      // The head of a group of its own, by which all that it starts can be ended.
      detached: process.platform !== "win32",
      stdio: [
        "ignore",
        "pipe",
        "pipe",
        ...Array.from({ length: pipes }, () => "pipe" as const),
        ...covers(inherited, nothing, own),
      ],
      windowsHide: true,
      ...(argv0 === undefined ? {} : { argv0 }),
    });
  } finally {
    if (nothing !== undefined) closeSync(nothing);
  }
}

/** Puts nothing in the place of each descriptor that the child would inherit, wherever it is. */
function covers(
  inherited: readonly number[],
  nothing: number | undefined,
  own: number,
): ("ignore" | number)[] {
  const last = inherited.at(-1);
  if (last === undefined || nothing === undefined) return [];
  return Array.from({ length: last + 1 - own }, (_, index) =>
    inherited.includes(index + own) ? nothing : "ignore",
  );
}

function signalUnlessGone(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A wrapper exits with 128 and the number of the signal that killed what it wraps. */
function signalOfExitCode(code: number | null): string | undefined {
  if (code === null || code <= 128) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}
