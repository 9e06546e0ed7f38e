/**
 * The way to and from one child process: frames on its descriptor 3, and what its printed lines tell of its end. Owns the
 * child from its start on. Invariant: once `closed` has settled, the child, what it started, and their pipes are gone.
 */
import { isAbsolute } from "node:path";
import type { Socket } from "node:net";
import type { Channel, ChildEnd, ExitReason, Frame, OutputLine } from "@plugboard/extension-api";
import { mebibytesText } from "../../common/mebibytes-text.js";
import { pathOfFile, placeInStack } from "../../common/source-place.js";
import { encodeFrames, FrameReader } from "../../protocol/frame-bytes.js";
import type { SupervisedChild } from "../child/supervised-child.js";
import { FramePortions } from "./frame-portions.js";

/** A child and what is known of it. @internal */
export interface ProcessChannelOptions {
  /** Started, with frames on descriptor 3. */
  readonly child: SupervisedChild;
  /** What its lines have told so far. */
  readonly lastWords: LastWords;
  readonly heapBytes: number;
  /** Files and folders that it may read beside what the extension was granted. */
  readonly readable: readonly string[];
}

/** The most bytes of a message, either way; what is in it has its own, narrower limits. @internal */
export const messageLimitBytes = 64 * 1024 * 1024;
/** The most bytes that wait for a child that does not read. */
const unreadLimitBytes = 256 * 1024 * 1024;
/** Time for a child to end by itself after it has closed its descriptor. */
const farewellMs = 1_000;

/** What Node says on its standard error before it ends. @internal */
export class LastWords {
  ranOutOfHeap = false;
  /** Where the last error was thrown. */
  place: ReturnType<typeof placeInStack>;

  hear({ stream, text }: OutputLine): void {
    if (stream !== "stderr") return;
    if (text.includes("JavaScript heap out of memory")) this.ranOutOfHeap = true;
    if (/^(?:Uncaught )?\w*(?:Error|Exception)\b/.test(text)) this.place = undefined;
    this.place ??= placeInStack(text, (file) => isAbsolute(pathOfFile(file)));
  }
}

/** A channel to a child process. @internal */
export class ProcessChannel implements Channel {
  readonly closed: Promise<ExitReason>;
  readonly readable: readonly string[];
  readonly #options: ProcessChannelOptions;
  readonly #socket: Socket;
  #isOver = false;
  #isClosed = false;

  constructor(options: ProcessChannelOptions) {
    const { child, readable } = options;
    this.#options = options;
    this.readable = readable;
    this.#socket = child.pipes[0] as Socket;
    this.#socket.once("end", () => {
      const farewell = setTimeout(() => {
        this.fail("was ended because it closed its pipe to the host");
      }, farewellMs);
      void child.exited.then(() => clearTimeout(farewell));
    });
    this.closed = child.exited.then((end) => this.#reason(end));
  }

  get processId(): number {
    return this.#options.child.processId;
  }

  send(frames: readonly Frame[]): void {
    if (this.#isOver || this.#options.child.end !== undefined) return;
    this.#socket.write(encodeFrames(frames));
    if (this.#socket.writableLength > unreadLimitBytes) this.fail("was ended because it reads nothing");
  }

  receive(listener: (frames: readonly Frame[]) => void): void {
    const reader = new FrameReader({ limitBytes: messageLimitBytes });
    const portions = new FramePortions(this.#socket, listener);
    this.#socket.on("data", (chunk: Buffer) => {
      if (this.#isOver) return;
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
    this.#isClosed ||= !this.#isOver;
    this.#isOver = true;
    this.#options.child.kill();
  }

  memory(): Promise<number | undefined> {
    return Promise.resolve(this.#options.child.memory());
  }

  /** Unknown: a process that is held to its rights lets nobody look into it. */
  busyPlace(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Ends it for what it did; the clause follows "The process". */
  fail(what: string): void {
    if (this.#isClosed) return;
    this.#isOver = true;
    this.#options.child.kill(what);
  }

  #reason({ what }: ChildEnd): ExitReason {
    if (this.#isClosed) return { kind: "disposed", message: "The process was ended." };
    const { lastWords, heapBytes } = this.#options;
    if (lastWords.ranOutOfHeap) {
      const message = `The process ran out of memory: its heap may take ${mebibytesText(heapBytes)}.`;
      return { kind: "crashed", message };
    }
    const place = /^exited with code \S+: /.test(what) ? lastWords.place : undefined;
    const where = place === undefined ? "" : ` (${pathOfFile(place.file)}:${place.line}:${place.column})`;
    return { kind: "crashed", message: `The process ${what}${where}.` };
  }
}
