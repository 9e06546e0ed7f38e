/**
 * Lets the code of an extension reach a value of the test: both run in one process, so a global is enough.
 * The code is an expression to be put into an extension's source.
 */
import { randomUUID } from "node:crypto";

/** A value and the expression that names it inside an extension. */
export interface Shared<Value> {
  readonly value: Value;
  readonly code: string;
}

/** Shares a value under a name nobody else has. */
export function shared<Value>(value: Value): Shared<Value> {
  const name = `plugboard.test.${randomUUID()}`;
  Object.defineProperty(globalThis, Symbol.for(name), { value });
  return { value, code: `globalThis[Symbol.for("${name}")]` };
}

/** A list of lines that extensions write to. */
export interface Journal {
  readonly lines: string[];
  /** A statement that adds a line, given as it is. */
  says(line: string): string;
  /** A statement that adds the value of an expression. */
  tells(expression: string): string;
}

/** Starts an empty journal. */
export function journal(): Journal {
  const lines = shared<string[]>([]);
  return {
    lines: lines.value,
    says: (line) => `${lines.code}.push(${JSON.stringify(line)});`,
    tells: (expression) => `${lines.code}.push(String(${expression}));`,
  };
}

/** Something extensions wait for until the test opens it. */
export interface Gate {
  /** A promise, as an expression. */
  readonly code: string;
  open(): void;
  fail(error: Error): void;
}

/** Makes a gate that is shut. */
export function gate(): Gate {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  promise.catch(() => undefined);
  return { code: shared(promise).code, open: () => resolve(undefined), fail: reject };
}
