/** Finds out what keeps a worker thread busy, by the debugging protocol that the engine offers for each thread. */
import { Session } from "node:inspector/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { BusyPlace } from "@plugboard/extension-api";
import { sampleBusyPlace, type DebuggerNotice, type ThreadDebugger } from "../sample-busy-place.js";

const attachMs = 1_000;

/** The place that keeps the thread busy; undefined if it can't be told. @internal */
export async function findBusyPlace(threadId: number): Promise<BusyPlace | undefined> {
  const session = new Session();
  session.connect();
  try {
    const thread = await attach(session, threadId);
    return thread === undefined ? undefined : await sampleBusyPlace(thread);
  } finally {
    session.disconnect();
  }
}

/** Undefined if the thread can't be reached, as from a host that is a thread itself. */
async function attach(session: Session, threadId: number): Promise<ThreadDebugger | undefined> {
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
  const sessionId = await Promise.race([attached, pause(attachMs)]);
  return sessionId === undefined ? undefined : debuggerOf(session, sessionId);
}

function debuggerOf(session: Session, sessionId: string): ThreadDebugger {
  let lastId = 0;
  return {
    post(method) {
      const message = JSON.stringify({ id: ++lastId, method });
      // Its answer comes as a message of its own; if the thread is gone, none does.
      session.post("NodeWorker.sendMessageToWorker", { sessionId, message }).catch(() => undefined);
    },
    listen(listener) {
      session.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
        if (params.sessionId === sessionId) listener(JSON.parse(params.message) as DebuggerNotice);
      });
    },
  };
}
