/**
 * Work that may take a while: it can be stopped, and after a while it says how far it is, on standard error
 * and only to people: on a terminal after a second, elsewhere, where each word is one more line, after five. For whom it
 * waits is told after a second anywhere.
 */
import type { ArchiveProgress } from "../packaging.js";
import type { CommandSurroundings } from "./command-context.js";
import type { StopReason } from "./command-io.js";
import { StoppedError } from "./exit-code.js";
import { sizeText } from "./output/size-text.js";

const quietMs = 1_000;
const onTerminalMs = 100;
const elsewhereMs = 5_000;
const clearLine = "\r\u001b[2K";

/** Progress of long work. @internal */
export interface WorkProgress extends ArchiveProgress {
  /** What is being done, if that changes on the way. */
  readonly doing?: string | undefined;
  /** How many bytes there are, where they are counted instead of files. */
  readonly totalBytes?: number | undefined;
}

/** That others have to be done first. @internal */
export interface WorkWait {
  /** What is waited for. */
  readonly waitingFor: string;
}

/** What the work is given. @internal */
export interface WorkOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: WorkProgress) => void;
  /** Told of another process that is to be done first. */
  readonly onWait: (processId: number) => void;
  /** Does something that has the terminal for itself, such as asking. */
  readonly aside: <T>(action: () => Promise<T>) => Promise<T>;
}

/** Does the work; rejects with {@link StoppedError} if the command is asked to stop meanwhile. @internal */
export async function withProgress<T>(
  { io, output }: CommandSurroundings,
  what: string,
  work: (options: WorkOptions) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const stopped = () => stop.abort(new StoppedError(io.signal.reason as StopReason));
  if (io.signal.aborted) stopped();
  else io.signal.addEventListener("abort", stopped, { once: true });
  const line = new ProgressLine(io, output, what);
  // Also while nothing comes.
  const ticking = io.stderr.isTTY === true ? setInterval(() => line.show(), onTerminalMs) : undefined;
  try {
    return await work({
      signal: stop.signal,
      onProgress: (progress) => line.show(progress),
      onWait: (processId) =>
        line.show({ waitingFor: `process ${processId}, which installs into the same folder` }),
      aside: (action) => line.aside(action),
    });
  } finally {
    clearInterval(ticking);
    io.signal.removeEventListener("abort", stopped);
    line.clear();
  }
}

/** The line that is drawn again and again. */
class ProgressLine {
  readonly #io: CommandSurroundings["io"];
  readonly #output: CommandSurroundings["output"];
  readonly #what: string;
  /** When to show something next, or before which nothing is. */
  #next: number;
  readonly #began = performance.now();
  #latest: WorkProgress | WorkWait | undefined;
  #isShown = false;
  #isAside = false;

  constructor(io: CommandSurroundings["io"], output: CommandSurroundings["output"], what: string) {
    this.#io = io;
    this.#output = output;
    this.#what = what;
    this.#next = performance.now() + quietMs;
  }

  /** Takes the latest word, and shows it if it is time. */
  show(progress: WorkProgress | WorkWait | undefined = this.#latest): void {
    this.#latest = progress;
    const now = performance.now();
    if (progress === undefined || this.#output.isJson || this.#isAside || now < this.#next) return;
    const isTerminal = this.#io.stderr.isTTY === true;
    const isEarly = !isTerminal && !("waitingFor" in progress) && now < this.#began + elsewhereMs;
    if (isEarly) return;
    this.#next = now + (isTerminal ? onTerminalMs : elsewhereMs);
    const line =
      "waitingFor" in progress
        ? `waiting for ${progress.waitingFor}`
        : `${progress.doing ?? this.#what}: ${progressText(progress)}`;
    if (isTerminal) this.#io.stderr.write(clearLine + line);
    else this.#output.note(line);
    this.#isShown = isTerminal;
  }

  async aside<T>(action: () => Promise<T>): Promise<T> {
    this.clear();
    this.#latest = undefined;
    this.#isAside = true;
    try {
      return await action();
    } finally {
      this.#isAside = false;
    }
  }

  clear(): void {
    if (this.#isShown) this.#io.stderr.write(clearLine);
    this.#isShown = false;
  }
}

function progressText({ files, totalFiles, bytes, totalBytes }: WorkProgress): string {
  if (totalBytes !== undefined) return `${sizeText(bytes)} of ${sizeText(totalBytes)}`;
  if (files === 0) return sizeText(bytes);
  const all = totalFiles === undefined ? "" : ` of ${totalFiles.toLocaleString("en")}`;
  return `${files.toLocaleString("en")}${all} files, ${sizeText(bytes)}`;
}
