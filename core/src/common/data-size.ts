/**
 * Counts how much data a value holds, giving up as soon as a limit is passed. What occurs in several places counts in
 * each of them, as whoever writes the value out, copies it as JSON or prints it meets it there: a list that holds a
 * list twice, thirty times over, is a billion lists to them. Objects of a class, errors apart, are references to
 * something that stays where it is and count as one; so do functions.
 * Invariant: the work grows with the objects there are, and with the limit; never with what a value claims to hold.
 */
import { types } from "node:util";

/** Whether the value holds more than the bytes: strings count two a character, numbers eight. @internal */
export function exceeds(value: unknown, limit: number): boolean {
  switch (typeof value) {
    case "string":
      return value.length * 2 > limit && Buffer.byteLength(value) > limit;
    case "object":
      return value !== null && new Measure(limit).exceeds(value);
    case "bigint":
      return bigintBytes(value) > limit;
    default:
      return false;
  }
}

/** The bytes that the value holds, counted alike; Infinity as soon as they are more than the limit. @internal */
export function sizeUpTo(value: unknown, limit: number): number {
  return new Measure(limit).size(value);
}

/**
 * Whether writing out the value takes more than the bytes: objects of a class, which printing opens, are opened
 * here too.
 *
 * @throws what a getter throws
 * @internal
 */
export function writesMoreThan(value: unknown, limit: number): boolean {
  return new Measure(limit, { opensInstances: true }).exceeds(value);
}

/** Bytes of an object beside what it holds. */
const objectBytes = 8;

/** The bytes of a whole number of any length. @internal */
export function bigintBytes(value: bigint): number {
  return BigInt.asIntN(64, value) === value ? 8 : value.toString(16).length >> 1;
}

/** What a text, a number or a pattern in the clothes of an object holds; undefined for any other object. @internal */
export function wrappedText(value: object): string | bigint | undefined {
  if (types.isRegExp(value)) return value.source;
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  return types.isBigIntObject(value) ? BigInt.prototype.valueOf.call(value) : undefined;
}

class Measure {
  readonly #limit: number;
  readonly #opensInstances: boolean;
  /** What objects hold that were met, themselves included; while one is counted, only itself: it is in a circle. */
  readonly #sizes = new Map<object, number>();
  readonly #open: (object | Counting)[] = [];
  #left: number;

  constructor(
    limit: number,
    { opensInstances }: { readonly opensInstances: boolean } = { opensInstances: false },
  ) {
    this.#limit = limit;
    this.#left = limit;
    this.#opensInstances = opensInstances;
  }

  size(root: unknown): number {
    return this.exceeds(root) ? Infinity : this.#limit - this.#left;
  }

  /** Walks without recursion: what comes from an extension may be nested as deep as it likes. */
  exceeds(root: unknown): boolean {
    this.#take(root);
    for (let next = this.#open.pop(); next !== undefined && this.#left >= 0; next = this.#open.pop()) {
      if (next instanceof Counting) this.#sizes.set(next.source, next.before - this.#left);
      else this.#count(next);
    }
    return this.#left < 0;
  }

  /** Counts a value, or puts it off if it has to be looked into. */
  #take(value: unknown): void {
    if (typeof value === "string")
      this.#left -= value.length * 2 > this.#left ? Buffer.byteLength(value) : value.length;
    else if (typeof value === "object" && value !== null) this.#open.push(value);
    else if (typeof value === "bigint") this.#left -= bigintBytes(value);
    else this.#left -= 8;
  }

  #count(value: object): void {
    const known = this.#sizes.get(value);
    if (known !== undefined) {
      this.#left -= known;
      return;
    }
    const before = this.#left;
    const held = this.#open.length;
    this.#left -= objectBytes;
    this.#look(value);
    const first = this.#open[held];
    if (first === undefined) {
      this.#sizes.set(value, before - this.#left);
      return;
    }
    // Beneath what it holds, so that it is next when all of that is counted.
    this.#open[held] = new Counting(value, before);
    this.#open.push(first);
    this.#sizes.set(value, objectBytes);
  }

  #look(value: object): void {
    if (Array.isArray(value)) this.#takeItems(value);
    else if (isPlain(value)) this.#takeMembers(value);
    else if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) this.#left -= value.byteLength;
    else if (types.isMap(value)) {
      for (const [key, item] of Map.prototype.entries.call(value)) {
        this.#take(key);
        this.#take(item);
      }
    } else if (types.isSet(value)) for (const item of Set.prototype.values.call(value)) this.#take(item);
    else {
      const text = wrappedText(value);
      if (text !== undefined) this.#take(text);
      if (types.isNativeError(value)) for (const part of hiddenParts) this.#take(value[part as "cause"]);
      if (this.#opensInstances) this.#takeMembers(value);
    }
  }

  /** Holes count too, but no more of them than there is room for: an array may claim any length. */
  #takeItems(items: readonly unknown[]): void {
    for (let index = 0; index < items.length && this.#left >= 0; index++) {
      const item = items[index];
      this.#take(item);
    }
  }

  #takeMembers(value: object): void {
    for (const key in value) {
      this.#left -= key.length;
      this.#take((value as Record<string, unknown>)[key]);
      if (this.#left < 0) return;
    }
  }
}

/** Stands for an object until all that it holds is counted. */
class Counting {
  readonly source: object;
  /** What was left before it. */
  readonly before: number;

  constructor(source: object, before: number) {
    this.source = source;
    this.before = before;
  }
}

/** What an error holds and does not list. */
const hiddenParts = ["message", "stack", "cause", "errors"] as const;

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
