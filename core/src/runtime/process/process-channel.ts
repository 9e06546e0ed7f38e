/**
 * The way to and from one child process: frames on its descriptor 3, its printed lines, its end. Owns the child from
 * its start on. Invariant: once `closed` has settled, the child, what it started, and their pipes are gone.
 */
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { constants } from "node:os";
import { isAbsolute } from "node:path";
import type { Channel, ExitReason, Frame, OutputLine } from "@plugboard/extension-api";
import { mebibytesText } from "../../common/mebibytes-text.js";
import { pathOfFile, placeInStack } from "../../common/source-place.js";
import { encodeFrames, FrameReader } from "../../protocol/frame-bytes.js";
import { tellLines, type ToldLines } from "../tell-lines.js";
import { FramePortions } from "./frame-portions.js";
import { ResidentMemory } from "./resident-memory.js";

/** A child and what is known of it. @internal */
export interface ProcessChannelOptions {
  /** Started, with frames on descriptor 3, at the head of its own process group. */
  readonly child: ChildProcess;
  /** The process that runs the extension; the child itself unless that one only wraps it. */
  readonly processId: number;
  /** Whether the child only wraps the process that is meant, and tells of its end by its exit code. */
  readonly isWrapped: boolean;
  readonly heapBytes: number;
  /** Files and folders that it may read beside what the extension was granted. */
  readonly readable: readonly string[];
  readonly onOutput: (line: OutputLine) => void;
}

/** The most bytes of a message, either way; what is in it has its own, narrower limits. @internal */
export const messageLimitBytes = 64 * 1024 * 1024;
/** The most bytes that wait for a child that does not read. */
const unreadLimitBytes = 256 * 1024 * 1024;
/** Time for a child to end by itself after it has closed its descriptor, and for its last words to arrive. */
const farewellMs = 1_000;
const lastWordsMs = 50;
/** More than a pipe holds; somebody else goes on writing into it. */
const mostLastWordsBytes = 4 * 1024 * 1024;
/** Time for a wrapper to end after what it wraps. */
const wrapperMs = 200;
/** Lines on which it says why it ended. */
const longestLastLine = 500;

/** A channel to a child process. @internal */
export class ProcessChannel implements Channel {
  readonly closed: Promise<ExitReason>;
  readonly processId: number;
  readonly readable: readonly string[];
  readonly #options: ProcessChannelOptions;
  readonly #socket: Socket;
  readonly #memory: ResidentMemory;
  readonly #settle: (reason: ExitReason) => void;
  readonly #told: ToldLines[] = [];
  #end: ExitReason | undefined;
  #hasExited = false;
  #lastWordsStart: number | undefined;
  #ranOutOfHeap = false;
  #lastError: string | undefined;
  /** Where that was thrown. */
  #lastPlace: ReturnType<typeof placeInStack>;

  constructor(options: ProcessChannelOptions) {
    const { child, processId } = options;
    this.#options = options;
    this.processId = processId;
    this.readable = options.readable;
    const { promise, resolve } = Promise.withResolvers<ExitReason>();
    this.closed = promise;
    this.#settle = resolve;
    this.#socket = child.stdio[3] as Socket;
    this.#memory = new ResidentMemory(processId);
    this.#followOutput();
    this.#followEnd();
  }

  send(frames: readonly Frame[]): void {
    if (this.#end !== undefined || this.#hasExited) return;
    this.#socket.write(encodeFrames(frames));
    if (this.#socket.writableLength > unreadLimitBytes) this.fail("was ended because it reads nothing");
  }

  receive(listener: (frames: readonly Frame[]) => void): void {
    const reader = new FrameReader({ limitBytes: messageLimitBytes });
    const portions = new FramePortions(this.#socket, listener);
    this.#socket.on("data", (chunk: Buffer) => {
      if (this.#end !== undefined) return;
      try {
        portions.add(reader.push(chunk));
      } catch (error) {
        this.fail(
          `was ended because it sent what can't be read: ${(error as Error).message.replace(/\.$/, "")}`,
        );
      }
    });
  }

  close(): void {
    this.#end ??= { kind: "disposed", message: "The process was ended." };
    this.#endProcess();
  }

  memory(): Promise<number | undefined> {
    return Promise.resolve(this.#memory.bytes());
  }

  /** Unknown: a process that is held to its rights lets nobody look into it. */
  busyPlace(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  #followOutput(): void {
    const { child, onOutput } = this.#options;
    const { stdout, stderr } = child;
    if (stdout !== null) this.#told.push(tellLines(stdout, "stdout", onOutput));
    if (stderr === null) return;
    const told = tellLines(stderr, "stderr", (line) => {
      if (line.text.includes("JavaScript heap out of memory")) this.#ranOutOfHeap = true;
      if (/^(?:Uncaught )?\w*(?:Error|Exception)\b/.test(line.text)) {
        this.#lastError = line.text;
        this.#lastPlace = undefined;
      }
      this.#lastPlace ??= placeInStack(line.text, (file) => isAbsolute(pathOfFile(file)));
      onOutput(line);
    });
    this.#told.push(told);
  }

  #followEnd(): void {
    const { child } = this.#options;
    // What breaks the pipe also ends the process, which tells why.
    this.#socket.on("error", () => {});
    this.#socket.once("end", () => {
      const farewell = setTimeout(() => {
        this.fail("was ended because it closed its pipe to the host");
      }, farewellMs);
      child.once("exit", () => clearTimeout(farewell));
    });
    const exited = (code: number | null, signal: NodeJS.Signals | null): void => {
      this.#hasExited = true;
      this.#memory.close();
      // What it started must not outlive it, nor hold its pipes open.
      this.#killGroup();
      for (const told of this.#told) told.finish();
      const finish = (): void => {
        clearTimeout(timer);
        for (const stream of child.stdio) stream?.destroy();
        this.#settle(this.#end ?? { kind: "crashed", message: this.#describeExit(code, signal) });
      };
      const timer = setTimeout(() => this.#readArrived(finish), lastWordsMs);
      child.once("close", finish);
    };
    if (child.exitCode === null && child.signalCode === null) child.once("exit", exited);
    else exited(child.exitCode, child.signalCode);
  }

  /**
   * Somebody still holds the pipes of what has ended, or the application was busy and comes late to what has arrived
   * long ago. That is read first, as long as each turn of the event loop brings more.
   */
  #readArrived(done: () => void, before = -1): void {
    const { stdout, stderr } = this.#options.child;
    const read = [stdout, stderr].reduce(
      (sum, stream) => sum + ((stream as Socket | null)?.bytesRead ?? 0),
      0,
    );
    this.#lastWordsStart ??= read;
    if (read === before || read - this.#lastWordsStart > mostLastWordsBytes) done();
    else setImmediate(() => this.#readArrived(done, read));
  }

  /** Ends it for what it did; the clause follows "The process". */
  fail(what: string): void {
    this.#end ??= { kind: "crashed", message: `The process ${what}.` };
    this.#endProcess();
  }

  /**
   * A wrapper has to outlive what it wraps, for nobody else collects what is left of that; it is only ended itself
   * when it does not end soon after.
   */
  #endProcess(): void {
    const { child, isWrapped } = this.#options;
    if (this.#hasExited || child.pid === undefined) return;
    if (!isWrapped || this.processId === child.pid) {
      this.#killGroup();
      return;
    }
    signalUnlessGone(this.processId);
    const timer = setTimeout(() => this.#killGroup(), wrapperMs);
    child.once("exit", () => clearTimeout(timer));
  }

  #killGroup(): void {
    const { child } = this.#options;
    if (child.pid === undefined) return;
    if (process.platform === "win32") child.kill("SIGKILL");
    else signalUnlessGone(-child.pid);
  }

  #describeExit(code: number | null, signal: NodeJS.Signals | null): string {
    const { isWrapped, heapBytes } = this.#options;
    if (this.#ranOutOfHeap) {
      return `The process ran out of memory: its heap may take ${mebibytesText(heapBytes)}.`;
    }
    const killer = signal ?? (isWrapped ? signalOfExitCode(code) : undefined);
    if (killer !== undefined) return `The process was killed by ${killer}.`;
    if (this.#lastError === undefined) return `The process exited with code ${String(code)}.`;
    const place = this.#lastPlace;
    const where = place === undefined ? "" : ` (${pathOfFile(place.file)}:${place.line}:${place.column})`;
    return `The process exited with code ${String(code)}: ${this.#lastError.slice(0, longestLastLine)}${where}.`;
  }
}

function signalUnlessGone(target: number): void {
  try {
    process.kill(target, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A wrapper exits with 128 and the number of the signal that killed what it wraps. */
function signalOfExitCode(code: number | null): string | undefined {
  if (code === null || code <= 128) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}
