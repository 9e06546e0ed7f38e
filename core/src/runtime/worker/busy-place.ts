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
/** For all looks: a thread that is seldom busy stops seldom. */
const limitMs = 2_000;

interface CallFrame {
  readonly functionName: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number };
}

interface Place {
  readonly url: string;
  readonly lineNumber: number;
  readonly functionName: string;
}

/** What the engine tells of by itself. */
interface Notice {
  readonly method?: string;
  readonly params?: {
    readonly scriptId?: string;
    readonly url?: string;
    readonly callFrames?: readonly CallFrame[];
  };
}

/** The place of the extension's code where the thread was most often; undefined if it was nowhere to be seen. @internal */
export async function findBusyPlace(threadId: number): Promise<BusyPlace | undefined> {
  const session = new Session();
  session.connect();
  try {
    const thread = await ThreadDebugger.attach(session, threadId);
    if (thread === undefined) return undefined;
    const places: Place[] = [];
    thread.post("Debugger.enable");
    const until = performance.now() + limitMs;
    for (let look = 0; look < looks && performance.now() < until; look++) {
      const stack = await thread.pause();
      if (stack === undefined) break;
      const place = stack.find(({ url }) => isExtensionCode(url));
      if (place !== undefined) places.push(place);
      thread.post("Debugger.resume");
      await pauseFor(lookEveryMs);
    }
    thread.post("Debugger.disable");
    return mostFrequent(places);
  } finally {
    session.disconnect();
  }
}

/** Speaks the engine's debugging protocol with one thread, through the session of this one. */
class ThreadDebugger {
  readonly #session: Session;
  readonly #sessionId: string;
  readonly #urls = new Map<string, string>();
  #onPaused: ((stack: readonly Place[]) => void) | undefined;
  #lastId = 0;

  constructor(session: Session, sessionId: string) {
    this.#session = session;
    this.#sessionId = sessionId;
    session.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
      if (params.sessionId !== sessionId) return;
      const { method, params: notice } = JSON.parse(params.message) as Notice;
      if (method === "Debugger.scriptParsed" && notice?.scriptId !== undefined)
        this.#urls.set(notice.scriptId, notice.url ?? "");
      else if (method === "Debugger.paused")
        this.#onPaused?.((notice?.callFrames ?? []).map((frame) => this.#place(frame)));
    });
  }

  /** Undefined if the thread can't be reached, as from a host that is a thread itself. */
  static async attach(session: Session, threadId: number): Promise<ThreadDebugger | undefined> {
    const attached = new Promise<string>((resolve) => {
      session.on("NodeWorker.attachedToWorker", ({ params }) => {
        // The engine numbers its sessions by itself; the thread's own number stands in the title.
        if (params.workerInfo.title.startsWith(`[worker ${threadId}]`)) resolve(params.sessionId);
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
  pause(): Promise<readonly Place[] | undefined> {
    const paused = new Promise<readonly Place[]>((resolve) => {
      this.#onPaused = resolve;
    });
    this.post("Debugger.pause");
    return Promise.race([paused, pauseFor(answerMs)]);
  }

  /** A frame names its script only by number. */
  #place({ functionName, location }: CallFrame): Place {
    const { scriptId, lineNumber } = location;
    return { functionName, lineNumber, url: this.#urls.get(scriptId) ?? "" };
  }

  post(method: string): void {
    const message = JSON.stringify({ id: ++this.#lastId, method });
    // Its answer comes as a message of its own; if the thread is gone, none does.
    this.#session
      .post("NodeWorker.sendMessageToWorker", { sessionId: this.#sessionId, message })
      .catch(() => undefined);
  }
}

function mostFrequent(places: readonly Place[]): BusyPlace | undefined {
  const counts = new Map<string, { readonly place: Place; count: number }>();
  for (const place of places) {
    const key = `${place.url}:${String(place.lineNumber)}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { place, count: 1 });
    else known.count++;
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  if (most === undefined) return undefined;
  const { url, lineNumber, functionName } = most.place;
  return {
    file: url.startsWith("file:") ? fileURLToPath(url) : url,
    line: lineNumber + 1,
    functionName: functionName === "" ? undefined : functionName,
    share: most.count / places.length,
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
