/**
 * Answers the children's requests to transform, with one process for all of them, started when the
 * first one asks. A text that crashes or holds up that process fails for the child that sent it, and for no other.
 */
import { spawn, type ChildProcess } from "node:child_process";
import type { Duplex } from "node:stream";
import { transformMs } from "../../guest/loader/separate-transformer.js";
import type { OrphanWatcher } from "../child/orphan-watcher.js";
import { transformProgram } from "./child-transformer.js";
import { encodeMessage, TextSplitter, withLength } from "./text-pipe.js";
import { mostRequestBytes, type TransformAnswer } from "./transform-request.js";

interface Waiting {
  readonly request: Buffer;
  readonly answer: (message: Buffer) => void;
}

const idleMs = 10_000;

/** Transforms for the children of one driver. @internal */
export class TransformService {
  readonly #waiting: Waiting[] = [];
  readonly #orphans: OrphanWatcher;
  #process: ChildProcess | undefined;
  #isLate = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param orphans - sees to it that the process does not outlive the host */
  constructor(orphans: OrphanWatcher) {
    this.#orphans = orphans;
  }

  /** Serves the child at the other end of the pipe. @param refuse - is told what the child did, as a clause */
  serve(pipe: Duplex, refuse: (message: string) => void): void {
    const reader = new TextSplitter(mostRequestBytes);
    // It may go at any time; its process tells of that.
    pipe.on("error", () => {});
    pipe.on("data", (chunk: Buffer) => {
      let requests;
      try {
        requests = reader.push(chunk);
      } catch {
        refuse("was ended because it sent more text to be transformed than is allowed");
        return;
      }
      if (requests.length === 0) return;
      // It waits for each answer; whoever does not is made to.
      pipe.pause();
      let open = requests.length;
      for (const request of requests) {
        this.#ask(request, (message) => {
          if (pipe.writable) pipe.write(message);
          open -= 1;
          if (open === 0) pipe.resume();
        });
      }
    });
  }

  /** Ends the process; it comes again when somebody asks. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  #ask(request: Buffer, answer: (message: Buffer) => void): void {
    this.#waiting.push({ request, answer });
    if (this.#waiting.length === 1) this.#sendNext();
  }

  #sendNext(): void {
    clearTimeout(this.#timer);
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#timer = setTimeout(() => this.dispose(), idleMs).unref();
      return;
    }
    this.#process ??= this.#start();
    this.#isLate = false;
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      this.#process?.kill("SIGKILL");
    }, transformMs);
    this.#process.stdin?.write(withLength(next.request));
  }

  #settle(message: Buffer): void {
    this.#waiting.shift()?.answer(message);
    this.#sendNext();
  }

  #start(): ChildProcess {
    const child = spawn(
      process.execPath,
      [transformProgram()],
      // Whoever stops the host with a signal to its group does not mean this one to go first.
      { detached: true, env: {}, stdio: ["pipe", "pipe", "ignore"], windowsHide: true },
    );
    const { pid } = child;
    if (pid !== undefined) this.#orphans.add(pid);
    const reader = new TextSplitter(Infinity);
    child.stdout.on("data", (chunk: Buffer) => {
      if (this.#process !== child) return;
      for (const message of reader.push(chunk)) this.#settle(withLength(message));
    });
    let hasEnded = false;
    const end = (): void => {
      if (hasEnded) return;
      hasEnded = true;
      if (pid !== undefined) this.#orphans.remove(pid);
      if (this.#process !== child) return;
      this.#process = undefined;
      const answer: TransformAnswer = { ended: this.#isLate ? "slow" : "deep" };
      if (this.#waiting.length > 0) this.#settle(encodeMessage(answer));
    };
    child.once("error", end);
    child.once("exit", end);
    child.stdin.on("error", () => {});
    child.unref();
    for (const stream of [child.stdin, child.stdout]) (stream as { unref?(): void }).unref?.();
    return child;
  }
}
