/**
 * Finds out what keeps a thread busy: stops it for a moment, a few times, and looks where it is. Works on a thread
 * that loops without end, since the engine itself stops it.
 */
import { Session } from "node:inspector/promises";
import { fileURLToPath } from "node:url";
import type { BusyPlace } from "@plugboard/extension-api";

const looks = 8;
const lookEveryMs = 25;
/** For each answer of the thread; one in a native call gives none. */
const answerMs = 1_000;

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly location: { readonly lineNumber: number };
}

/** The place of the extension's code where the thread was most often; undefined if it was nowhere to be seen. @internal */
export async function findBusyPlace(threadId: number): Promise<BusyPlace | undefined> {
  const session = new Session();
  session.connect();
  try {
    const thread = await ThreadDebugger.attach(session, threadId);
    if (thread === undefined) return undefined;
    const frames: CallFrame[] = [];
    thread.post("Debugger.enable");
    for (let look = 0; look < looks; look++) {
      const stack = await thread.pause();
      if (stack === undefined) break;
      const frame = stack.find(({ url }) => isExtensionCode(url));
      if (frame !== undefined) frames.push(frame);
      thread.post("Debugger.resume");
      await pauseFor(lookEveryMs);
    }
    thread.post("Debugger.disable");
    return mostFrequent(frames);
  } finally {
    session.disconnect();
  }
}

/** Speaks the engine's debugging protocol with one thread, through the session of this one. */
class ThreadDebugger {
  readonly #session: Session;
  readonly #sessionId: string;
  #onPaused: ((stack: readonly CallFrame[]) => void) | undefined;
  #lastId = 0;

  constructor(session: Session, sessionId: string) {
    this.#session = session;
    this.#sessionId = sessionId;
    session.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
      if (params.sessionId !== sessionId) return;
      const message = JSON.parse(params.message) as {
        readonly method?: string;
        readonly params?: { readonly callFrames: readonly CallFrame[] };
      };
      if (message.method === "Debugger.paused") this.#onPaused?.(message.params?.callFrames ?? []);
    });
  }

  /** Undefined if the thread can't be reached, as from a host that is a thread itself. */
  static async attach(session: Session, threadId: number): Promise<ThreadDebugger | undefined> {
    const attached = new Promise<string>((resolve) => {
      session.on("NodeWorker.attachedToWorker", ({ params }) => {
        if (params.workerInfo.workerId === String(threadId)) resolve(params.sessionId);
      });
    });
    try {
      await session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
    } catch {
      return undefined;
    }
    const sessionId = await Promise.race([attached, pauseFor(answerMs)]);
    return sessionId === undefined ? undefined : new ThreadDebugger(session, sessionId);
  }

  /** Stops the thread and gives its stack, innermost first; undefined if it would not stop. */
  pause(): Promise<readonly CallFrame[] | undefined> {
    const paused = new Promise<readonly CallFrame[]>((resolve) => {
      this.#onPaused = resolve;
    });
    this.post("Debugger.pause");
    return Promise.race([paused, pauseFor(answerMs)]);
  }

  post(method: string): void {
    const message = JSON.stringify({ id: ++this.#lastId, method });
    // Its answer comes as a message of its own; if the thread is gone, none does.
    this.#session
      .post("NodeWorker.sendMessageToWorker", { sessionId: this.#sessionId, message })
      .catch(() => undefined);
  }
}

function mostFrequent(frames: readonly CallFrame[]): BusyPlace | undefined {
  const counts = new Map<string, { readonly frame: CallFrame; count: number }>();
  for (const frame of frames) {
    const key = `${frame.url}:${String(frame.location.lineNumber)}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { frame, count: 1 });
    else known.count++;
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  if (most === undefined) return undefined;
  const { url, location, functionName } = most.frame;
  return {
    file: url.startsWith("file:") ? fileURLToPath(url) : url,
    line: location.lineNumber + 1,
    functionName: functionName === "" ? undefined : functionName,
    share: most.count / frames.length,
  };
}

/** Neither Node's own code nor the host's. */
function isExtensionCode(url: string): boolean {
  return url !== "" && !url.startsWith("node:") && !url.startsWith(ownFolder);
}

const ownFolder = new URL("../..", import.meta.url).href;

function pauseFor(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(undefined);
    }, milliseconds);
  });
}
