/**
 * The short form of a batch: calls and answers, which are nearly all there is, laid flat into one list instead of an
 * object each. Half as much to write and to read, for structured clone as well as for JSON.
 * Invariant: what comes out of the short form is what went in; what was no short form comes out as no frame.
 */
import type { CallFrame, Frame, OkFrame } from "@plugboard/schemas";

/** Most arguments of a call in the short form: nobody has more, and a list without elements may claim any length. */
const mostArguments = 255;

/** Elements of the longest short form of one frame. @internal */
export const longestPacked = mostArguments + 4;

/** Begins an answer: session, id and value follow. A number of arguments begins a call. */
const answer = -1;

/** Lays frames flat. What is rare stands there as it is. @internal */
export function packFrames(frames: readonly Frame[]): unknown[] {
  const packed: unknown[] = [];
  for (const frame of frames) {
    if (frame.type === "call" && frame.timeoutMs === undefined && frame.args.length <= mostArguments) {
      const { args } = frame;
      packed.push(args.length, frame.session, frame.id, frame.target);
      for (let index = 0; index < args.length; index++) packed.push(args[index]);
    } else if (frame.type === "ok" && frame.value !== undefined)
      packed.push(answer, frame.session, frame.id, frame.value);
    else packed.push(frame);
  }
  return packed;
}

/** The frames again. Whoever takes them from somebody who is not trusted has still to look at each. @internal */
export function unpackFrames(packed: readonly unknown[]): Frame[] {
  const frames: Frame[] = [];
  let at = 0;
  while (at < packed.length) {
    const head = packed[at];
    if (typeof head === "object") {
      frames.push(head as Frame);
      at++;
      continue;
    }
    const session = packed[at + 1] as number;
    const id = packed[at + 2] as number;
    if (head === answer) {
      frames.push({ type: "ok", session, id, value: packed[at + 3] } satisfies OkFrame);
      at += 4;
    } else {
      // What begins nothing is no frame, and nobody knows where the next would begin.
      if (!isArgumentCount(head, packed.length - at - 4)) return [...frames, head as never];
      const end = at + 4 + head;
      const args = packed.slice(at + 4, end);
      frames.push({ type: "call", session, id, target: packed[at + 3] as string, args } satisfies CallFrame);
      at = end;
    }
  }
  return frames;
}

function isArgumentCount(head: unknown, left: number): head is number {
  return Number.isInteger(head) && (head as number) >= 0 && (head as number) <= Math.min(left, mostArguments);
}
