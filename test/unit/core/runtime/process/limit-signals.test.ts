import { expect, test } from "vitest";
import { limitSignals } from "../../../../../core/src/runtime/process/limit-signals.js";

function limited() {
  const sent: [number, number][] = [];
  const target = {
    pid: 42,
    _kill: (processId: number, signal: number): number => sent.push([processId, signal]) * 0,
    _debugProcess: (): void => undefined,
  };
  limitSignals(target);
  return { target, sent };
}

test("a process may signal itself and nobody else", () => {
  const { target, sent } = limited();
  expect(target._kill(42, 15)).toBe(0);
  for (const other of [1, 0, -1, -42, 43]) expect(target._kill(other, 9)).toBe(-1);
  expect(target._kill({ valueOf: () => 1 } as unknown as number, 9)).toBe(-1);
  expect(sent).toEqual([[42, 15]]);
});

test("what was taken away can't be put back", () => {
  const { target } = limited();
  expect(target._debugProcess).toBeUndefined();
  expect(() => {
    target._debugProcess = () => undefined;
  }).toThrow(TypeError);
  expect(() => {
    target._kill = () => 0;
  }).toThrow(TypeError);
});

test("functions that are changed later don't give the means away", () => {
  const { target, sent } = limited();
  const originals = Object.getOwnPropertyDescriptors(Function.prototype);
  const seen: unknown[] = [];
  try {
    Function.prototype.call = function () {
      seen.push(this);
    };
    Function.prototype.apply = function () {
      seen.push(this);
    };
    target._kill(42, 0);
  } finally {
    Object.defineProperties(Function.prototype, { call: originals.call, apply: originals.apply });
  }
  expect(seen).toEqual([]);
  expect(sent).toEqual([[42, 0]]);
});
