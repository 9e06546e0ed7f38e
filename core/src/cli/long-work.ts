/**
 * Work that may take a while: it can be stopped, and after a second it says how far it is, on standard error
 * and only to people.
 */
import type { ArchiveProgress } from "../packaging.js";
import type { CommandContext } from "./command-context.js";
import type { StopReason } from "./command-io.js";
import { StoppedError } from "./exit-code.js";
import { sizeText } from "./output/size-text.js";

const quietMs = 1_000;
const onTerminalMs = 100;
const elsewhereMs = 5_000;
const clearLine = "\r\u001b[2K";

/** What the work is given. @internal */
export interface WorkOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ArchiveProgress) => void;
}

/** Does the work; rejects with {@link StoppedError} if the command is asked to stop meanwhile. @internal */
export async function withProgress<T>(
  { io, output }: CommandContext,
  what: string,
  work: (options: WorkOptions) => Promise<T>,
): Promise<T> {
  const isTerminal = io.stderr.isTTY === true;
  const stop = new AbortController();
  const stopped = () => stop.abort(new StoppedError(io.signal.reason as StopReason));
  if (io.signal.aborted) stopped();
  else io.signal.addEventListener("abort", stopped, { once: true });
  let next = performance.now() + quietMs;
  let isShown = false as boolean;
  const onProgress = (progress: ArchiveProgress) => {
    const now = performance.now();
    if (output.isJson || now < next) return;
    next = now + (isTerminal ? onTerminalMs : elsewhereMs);
    const line = `${what}: ${progressText(progress)}`;
    if (isTerminal) io.stderr.write(clearLine + line);
    else output.note(line);
    isShown = isTerminal;
  };
  try {
    return await work({ signal: stop.signal, onProgress });
  } finally {
    io.signal.removeEventListener("abort", stopped);
    if (isShown) io.stderr.write(clearLine);
  }
}

function progressText({ files, totalFiles, bytes }: ArchiveProgress): string {
  const all = totalFiles === undefined ? "" : ` of ${totalFiles.toLocaleString("en")}`;
  return `${files.toLocaleString("en")}${all} files, ${sizeText(bytes)}`;
}
