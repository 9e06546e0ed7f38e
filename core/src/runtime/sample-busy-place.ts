/**
 * Finds out what keeps a thread busy: stops it for a moment, a few times, and looks where it is. Works on a thread
 * that loops without end, since the engine itself stops it; one in a native call can't be stopped.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { BusyPlace } from "@plugboard/extension-api";
import { busiestPlace, isExtensionCode, lookEveryMs, looks, type SeenPlace } from "./busy-place.js";

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

/** The place of an extension's code where the thread was most often; undefined if it was nowhere to be seen. @internal */
export async function sampleBusyPlace(thread: ThreadDebugger): Promise<BusyPlace | undefined> {
  const urls = new Map<string, string>();
  let onPaused: ((stack: readonly SeenPlace[]) => void) | undefined;
  thread.listen(({ method, params }) => {
    // A frame names its script only by number.
    if (method === "Debugger.scriptParsed" && params?.scriptId !== undefined)
      urls.set(params.scriptId, params.url ?? "");
    else if (method === "Debugger.paused")
      onPaused?.(
        (params?.callFrames ?? []).map(({ functionName, location: { scriptId, lineNumber } }) => ({
          file: urls.get(scriptId) ?? "",
          line: lineNumber + 1,
          functionName: functionName === "" ? undefined : functionName,
        })),
      );
  });
  const seen: SeenPlace[] = [];
  let taken = 0;
  thread.post("Debugger.enable");
  const until = performance.now() + limitMs;
  while (taken < looks && performance.now() < until) {
    const paused = new Promise<readonly SeenPlace[]>((resolve) => {
      onPaused = resolve;
    });
    thread.post("Debugger.pause");
    const stack = await Promise.race([paused, pause(answerMs)]);
    if (stack === undefined) break;
    taken++;
    const place = stack.find(({ file }) => isExtensionCode(file));
    if (place !== undefined) seen.push(place);
    thread.post("Debugger.resume");
    await pause(lookEveryMs);
  }
  thread.post("Debugger.disable");
  return busiestPlace(seen, taken);
}
