/**
 * What is wrong with a value that is to be sent: found deep inside it, told with the path from its top.
 */

/** How deep messages may nest: protobuf's own limit. */
const deepest = 100;

/** That a value can't be sent as what the `.proto` says. The path is completed on its way up. @internal */
export class Mismatch extends Error {
  readonly path: string[] = [];
  /** A question to add, or nothing. */
  readonly hint: string;

  constructor(what: string, hint = "") {
    super(what);
    this.hint = hint;
  }
}

/** What a value is, to say that it is not what it should be. @internal */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object") return typeof value === "undefined" ? "undefined" : `a ${typeof value}`;
  return value instanceof Date ? "a Date" : ArrayBuffer.isView(value) ? "bytes" : "an object";
}

/** Runs a part, and names it in what it throws. @internal */
export function inPart<T>(name: string | number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Mismatch) error.path.unshift(String(name));
    throw error;
  }
}

/** The mismatch of a value of another kind. @internal */
export function wrongKind(value: unknown, wanted: string): Mismatch {
  return new Mismatch(`is ${kindOf(value)} where ${wanted} belongs`);
}

/** Refuses text that the UTF-8 of a message can't carry as it is. @internal */
export function assertWellFormed(text: string, what = "is"): void {
  if (!text.isWellFormed())
    throw new Mismatch(`${what} text with half of a surrogate pair, which a message can't carry`);
}

/** Refuses a list without an element at one of its places, which no message has a place for. @internal */
export function assertNoHole(list: readonly unknown[], index: number): void {
  if (!Object.hasOwn(list, index)) throw new Mismatch("is missing: the list has a hole there");
}

/** Refuses what nests too deep, which is also what goes in circles. @internal */
export function assertDepth(depth: number): void {
  if (depth > deepest) throw new Mismatch(`nests deeper than ${deepest} messages`);
}
