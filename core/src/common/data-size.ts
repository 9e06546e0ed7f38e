/**
 * Counts how much data a value holds, giving up as soon as a limit is passed. Objects of a class are
 * references to something that stays where it is and count as one; so do functions.
 */

/** Whether the value holds more than the bytes: strings count two a character, numbers eight. @internal */
export function exceeds(value: unknown, limit: number): boolean {
  switch (typeof value) {
    case "string":
      return value.length * 2 > limit && Buffer.byteLength(value) > limit;
    case "object":
      return value !== null && new Measure(limit).exceeds(value);
    default:
      return false;
  }
}

/** The bytes that the value holds, counted alike; Infinity as soon as they are more than the limit. @internal */
export function sizeUpTo(value: unknown, limit: number): number {
  return new Measure(limit).size(value);
}

class Measure {
  readonly #seen = new Set<object>();
  readonly #limit: number;
  #left: number;

  constructor(limit: number) {
    this.#limit = limit;
    this.#left = limit;
  }

  size(root: unknown): number {
    return this.exceeds(root) ? Infinity : this.#limit - this.#left;
  }

  /** Walks without recursion: what comes from an extension may be nested as deep as it likes. */
  exceeds(root: unknown): boolean {
    const open: unknown[] = [root];
    while (open.length > 0 && this.#left >= 0) this.#count(open.pop(), open);
    return this.#left < 0;
  }

  #count(value: unknown, open: unknown[]): void {
    if (typeof value === "string")
      this.#left -= value.length * 2 > this.#left ? Buffer.byteLength(value) : value.length;
    else if (typeof value !== "object" || value === null) this.#left -= 8;
    else if (!this.#seen.has(value)) {
      this.#seen.add(value);
      this.#left -= 8;
      this.#open(value, open);
    }
  }

  #open(value: object, open: unknown[]): void {
    if (Array.isArray(value)) for (const item of value as unknown[]) open.push(item);
    else if (ArrayBuffer.isView(value)) this.#left -= value.byteLength;
    else if (value instanceof ArrayBuffer) this.#left -= value.byteLength;
    else if (value instanceof Map) for (const [key, item] of value) open.push(key, item);
    else if (value instanceof Set) for (const item of value) open.push(item);
    else if (isPlain(value)) {
      for (const key in value) {
        this.#left -= key.length;
        open.push((value as Record<string, unknown>)[key]);
      }
    }
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
