import { frameFault, type Frame } from "@plugboard/schemas";
import { describe, expect, it } from "vitest";
import { packFrames, unpackFrames } from "../../../../core/src/protocol/packed-frames.js";

const call = (args: readonly unknown[], more: { readonly timeoutMs?: number } = {}): Frame => ({
  type: "call",
  session: 3,
  id: 7,
  target: "contribution/greeters/english/greet",
  args,
  ...more,
});

describe("packed frames", () => {
  it.each<[string, readonly Frame[]]>([
    ["nothing", []],
    ["a call without arguments", [call([])]],
    ["a call with a few", [call(["World", undefined, null, { a: [1] }])]],
    ["a call with more than fit", [call(Array.from({ length: 256 }, (_, index) => index))]],
    ["a call with a limit", [call([1], { timeoutMs: 0 })]],
    ["an answer", [{ type: "ok", session: 3, id: 7, value: "Hello" }]],
    ["an answer that is null", [{ type: "ok", session: 3, id: 7, value: null }]],
    ["an answer without a value", [{ type: "ok", session: 3, id: 7 }]],
    ["a number as an answer", [{ type: "ok", session: 3, id: 7, value: -1 }]],
    [
      "all of it in one batch",
      [
        { type: "emit", session: 0, event: "ping", args: [] },
        call([-1, 2]),
        { type: "ok", session: 1, id: 1, value: 5 },
        call([1], { timeoutMs: 5 }),
        { type: "bye", session: 3, deactivate: false, timeoutMs: 0 },
        call([]),
      ],
    ],
  ])("come out as they went in: %s", (_name, frames) => {
    expect(unpackFrames(packFrames(frames))).toStrictEqual(frames);
  });

  it.each<[string, readonly unknown[]]>([
    ["a number that begins nothing", [-2, 1, 1, "x"]],
    ["a fraction of arguments", [0.5, 1, 1, "x"]],
    ["more arguments than there are", [2, 1, 1, "x", "one"]],
    ["more arguments than anybody has", [4_000_000_000, 1, 1, "x"]],
    ["an answer that is cut off", [-1, 1]],
    ["a call that is cut off", [0, 1]],
    ["text", ["x"]],
    ["nothing at all", [undefined]],
    ["a list of any length without elements", new Array<unknown>(2 ** 32 - 1)],
  ])("are no sound frames, and told at once, if they hold %s", (_name, packed) => {
    const faults = unpackFrames(packed).map((frame) => frameFault(frame));
    expect(faults.some((fault) => fault !== undefined)).toBe(true);
  });
});
