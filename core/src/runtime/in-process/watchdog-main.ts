/**
 * The thread that watches the host's event loop. While that stands still, nobody but this thread can look where it
 * is, or say anything. Run as a worker; nobody imports it.
 */
import { writeSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { BusyPlace } from "@plugboard/extension-api";
import { sampleBusyPlace, type DebuggerNotice } from "../sample-busy-place.js";
import {
  beatEveryMs,
  beatIndex,
  blockedChannel,
  debuggedIndex,
  type Blockage,
  type WatchdogSetup,
} from "./watched-thread.js";

/** Milliseconds of standing still after which that is told; whoever wants to end the process does not wait for the limit. */
const tellAfterMs = 1_000;

watch(workerData as WatchdogSetup);

function watch({ shared, limitMs, printsAtOnce }: WatchdogSetup): void {
  let beat = Atomics.load(shared, beatIndex);
  let since = performance.now();
  let lookedAt = since;
  let found: { place: BusyPlace | undefined } | undefined;
  let isTold = false;
  setInterval(() => {
    const now = performance.now();
    const current = Atomics.load(shared, beatIndex);
    const wasAsleep = now - lookedAt > 4 * beatEveryMs;
    lookedAt = now;
    if (current !== beat) {
      if (found !== undefined) {
        const blockage: Blockage = { forMs: Math.round(now - since), place: found.place };
        parentPort?.postMessage(blockage);
      }
      found = undefined;
      isTold = false;
      beat = current;
      since = now;
      return;
    }
    // A machine that was suspended, or a person at a breakpoint, is no fault of anybody's.
    if (wasAsleep || Atomics.load(shared, debuggedIndex) === 1) since = now;
    if (printsAtOnce && !isTold && now - since >= Math.min(tellAfterMs, limitMs)) {
      isTold = true;
      void tellHost();
    }
    if (now - since < limitMs || found !== undefined) return;
    const looking: { place: BusyPlace | undefined } = (found = { place: undefined });
    void busyPlaceOfHost().then((place) => {
      looking.place = place;
      if (printsAtOnce) print(limitMs, place);
    });
  }, beatEveryMs);
}

async function busyPlaceOfHost(): Promise<BusyPlace | undefined> {
  const session = new Session();
  try {
    session.connectToMainThread();
    return await sampleBusyPlace({
      post: (method) => {
        // The answer comes when the host goes on; nobody waits for it.
        session.post(method).catch(() => undefined);
      },
      listen: (listener) => {
        session.on("inspectorNotification", (notice) => {
          listener(notice as DebuggerNotice);
        });
      },
    });
  } catch {
    // The host is itself a thread, or there is no debugger in this Node: then nobody is named.
    return undefined;
  } finally {
    session.disconnect();
  }
}

/** Runs as soon as the host's code comes to a place where V8 can interrupt it, which a loop does in each round. */
async function tellHost(): Promise<void> {
  const session = new Session();
  const channels = `process.getBuiltinModule("node:diagnostics_channel")`;
  try {
    session.connectToMainThread();
    const expression = `${channels}.channel(${JSON.stringify(blockedChannel)}).publish({})`;
    await session.post("Runtime.evaluate", { expression });
  } catch {
    // Without a debugger in this Node nobody can be told.
  } finally {
    session.disconnect();
  }
}

function print(limitMs: number, place: BusyPlace | undefined): void {
  const where = place === undefined ? "" : ` It is busy in ${place.file}:${String(place.line)}.`;
  writeSync(
    2,
    `plugboard: nothing has gone on in this process for ${String(limitMs)} ms.${where} Code that runs in-process can't be interrupted: end the process (${String(process.pid)}), or run the extension in a worker or a process.\n`,
  );
}
