/**
 * Finds out what keeps a thread busy: stops it for a moment, a few times, and looks where it is. Works on a thread
 * that loops without end, since the engine itself stops it; one in a native call can't be stopped.
 */
import { fileURLToPath } from "node:url";
import type { BusyPlace } from "@plugboard/extension-api";

const looks = 8;
const lookEveryMs = 25;
/** For each answer of the thread; one in a native call gives none. */
const answerMs = 1_000;
/** For all looks: a thread that is seldom busy stops seldom. */
const limitMs = 2_000;

/** Speaks the engine's debugging protocol with one thread. @internal */
export interface ThreadDebugger {
  /** Asks for something; the answer does not matter. */
  post(method: string): void;
  /** Names who is told of what the thread tells by itself. */
  listen(listener: (notice: DebuggerNotice) => void): void;
}

/** What the engine tells of by itself. @internal */
export interface DebuggerNotice {
  readonly method?: string;
  readonly params?: {
    readonly scriptId?: string;
    readonly url?: string;
    readonly callFrames?: readonly CallFrame[];
  };
}

interface CallFrame {
  readonly functionName: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number };
}

interface Place {
  readonly url: string;
  readonly lineNumber: number;
  readonly functionName: string;
}

/** The place of an extension's code where the thread was most often; undefined if it was nowhere to be seen. @internal */
export async function sampleBusyPlace(thread: ThreadDebugger): Promise<BusyPlace | undefined> {
  const urls = new Map<string, string>();
  let onPaused: ((stack: readonly Place[]) => void) | undefined;
  thread.listen(({ method, params }) => {
    // A frame names its script only by number.
    if (method === "Debugger.scriptParsed" && params?.scriptId !== undefined)
      urls.set(params.scriptId, params.url ?? "");
    else if (method === "Debugger.paused")
      onPaused?.(
        (params?.callFrames ?? []).map(({ functionName, location: { scriptId, lineNumber } }) => ({
          functionName,
          lineNumber,
          url: urls.get(scriptId) ?? "",
        })),
      );
  });
  const places: Place[] = [];
  thread.post("Debugger.enable");
  const until = performance.now() + limitMs;
  for (let look = 0; look < looks && performance.now() < until; look++) {
    const paused = new Promise<readonly Place[]>((resolve) => {
      onPaused = resolve;
    });
    thread.post("Debugger.pause");
    const stack = await Promise.race([paused, pauseFor(answerMs)]);
    if (stack === undefined) break;
    const place = stack.find(({ url }) => isExtensionCode(url));
    if (place !== undefined) places.push(place);
    thread.post("Debugger.resume");
    await pauseFor(lookEveryMs);
  }
  thread.post("Debugger.disable");
  return mostFrequent(places);
}

/** Settles after so long. @internal */
export function pauseFor(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(undefined);
    }, milliseconds);
  });
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

const ownFolder = new URL("..", import.meta.url).href;
