/**
 * Finds out what keeps a child busy, also one that loops without end: stops it for a moment, a few times, and reads
 * from its memory which function it is in. Asks nothing of the child, which has no debugger to be opened by anyone,
 * and takes nothing from it while nobody looks. Linux on processors of 64 bits; elsewhere the place is unknown.
 */
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { BusyPlace } from "@plugboard/extension-api";
import { busiestPlace, isExtensionCode, lookEveryMs, looks, type SeenPlace } from "../busy-place.js";
import { readEngineSymbols, type EngineSymbols } from "./engine-layout.js";
import { EngineMemory } from "./engine-memory.js";

/** For a signal to stop the process; longer than it takes, shorter than anyone else notices. */
const stopMs = 20;
const wordBytes = 8;
/** How much of the stack is looked at, from its innermost end, and how far a frame may be from the next. */
const stackBytes = 512 * 1024;
const farthestFrame = 8 * 1024 * 1024;
/** Candidates of frames that are looked at in one stack. */
const mostCandidates = 4_000;

/** Looks at children that run the same Node as this process. @internal */
export class BusyPlaceFinder {
  #symbols: EngineSymbols | undefined;

  /** The function of the extension's code where the process was most often; undefined if it was nowhere to be seen. */
  async find(processId: number): Promise<BusyPlace | undefined> {
    if (process.platform !== "linux") return undefined;
    let memory;
    try {
      this.#symbols ??= readEngineSymbols(process.execPath);
      if (this.#symbols.size === 0) return undefined;
      memory = new EngineMemory(processId, this.#symbols);
    } catch {
      // it is gone, or the system keeps its memory from us
      return undefined;
    }
    const seen: SeenPlace[] = [];
    let taken = 0;
    try {
      for (; taken < looks; taken++) {
        if (taken > 0) await pause(lookEveryMs);
        const place = whileStopped(processId, (top) => innermost(top, memory));
        if (place !== undefined) seen.push(place);
      }
    } catch (error) {
      if (!hasEnded(error)) throw error;
    } finally {
      memory.close();
    }
    return busiestPlace(seen, taken);
  }
}

/** Lets a process that somebody else has stopped stay so. Hands on where its stack ends. */
function whileStopped<Value>(processId: number, look: (top: number) => Value): Value | undefined {
  const wasStopped = isStopped(processId);
  if (!wasStopped) process.kill(processId, "SIGSTOP");
  try {
    const until = performance.now() + stopMs;
    do {
      const top = isStopped(processId) ? stackTop(processId) : undefined;
      if (top !== undefined) return look(top);
    } while (performance.now() < until);
    return undefined;
  } finally {
    if (!wasStopped) process.kill(processId, "SIGCONT");
  }
}

function isStopped(processId: number): boolean {
  return /\) [Tt] /.test(readFileSync(`/proc/${processId}/stat`, "latin1"));
}

/** Undefined until the process has come to rest. */
function stackTop(processId: number): number | undefined {
  const registers = readFileSync(`/proc/${processId}/syscall`, "latin1").trim().split(" ");
  const top = Number(registers.at(-2));
  return Number.isSafeInteger(top) && top > 0 ? top : undefined;
}

/** A frame's base holds the address of the next one's, which tells it from other words of the stack. */
function innermost(top: number, memory: EngineMemory): SeenPlace | undefined {
  const stack = memory.read(top, stackBytes);
  let candidates = 0;
  for (let at = 0; at + wordBytes <= stack.length && candidates < mostCandidates; at += wordBytes) {
    const next = Number(stack.readBigUInt64LE(at));
    const distance = next - (top + at);
    if (distance <= 0 || distance > farthestFrame || next % wordBytes !== 0) continue;
    candidates += 1;
    const found = memory.functionOfFrame(stack, at);
    if (found !== undefined && isExtensionCode(found.file)) return found;
  }
  return undefined;
}

function hasEnded(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ESRCH" || code === "ENOENT" || code === "EIO";
}
