/**
 * Copies data that is to be kept as JSON, and refuses what JSON would leave out or turn into something else: what
 * comes out later is what went in. A member that is undefined is one that is absent.
 */
import { types } from "node:util";
import { ExtensionError } from "@plugboard/extension-api";

/** The depth to which data may nest; JSON's own writer recurses. */
const deepest = 1_000;

/** Bytes of a value, as many as a call may carry; an object counts as often as it occurs: JSON writes it as often. */
const mostBytes = 16 * 1024 * 1024;

/**
 * A copy of the value, made of nothing but JSON data.
 *
 * @throws ExtensionError `STATE_INVALID` with `details.path` of what is no such data
 * @internal
 */
export function jsonCopy(value: unknown, extensionId: string): unknown {
  return new Copier(extensionId).copy(value);
}

interface Copied {
  readonly copy: unknown;
  readonly bytes: number;
}

class Copier {
  readonly #extensionId: string;
  /** The objects that were met. One that occurs again is not copied again: its copy occurs again. */
  readonly #met = new Map<object, Copied | undefined>();
  /** The objects that are being copied, outermost first, and the names on the way to what is copied now. */
  readonly #open: object[] = [];
  readonly #path: string[] = [];
  #bytesLeft = mostBytes;

  constructor(extensionId: string) {
    this.#extensionId = extensionId;
  }

  copy(value: unknown): unknown {
    this.#take(typeof value === "string" ? value.length : 8);
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        if (!Number.isFinite(value)) throw this.#refusal(String(value));
        return value;
      case "object":
        return value === null ? value : this.#copyObject(value);
      case "undefined":
        throw this.#refusal("undefined");
      default:
        throw this.#refusal(`a ${typeof value}`);
    }
  }

  #copyObject(value: object): unknown {
    if (types.isProxy(value)) throw this.#refusal("a Proxy");
    const known = this.#met.get(value);
    if (known !== undefined) {
      this.#take(known.bytes);
      return known.copy;
    }
    if (this.#met.has(value)) throw this.#refusal("an object that holds itself: a circle");
    if (this.#open.length === deepest) throw this.#refusal(`nested deeper than ${String(deepest)} levels`);
    this.#met.set(value, undefined);
    this.#open.push(value);
    const before = this.#bytesLeft;
    const copy = Array.isArray(value) ? this.#copyArray(value) : this.#copyMembers(value);
    this.#open.pop();
    this.#met.set(value, { copy, bytes: before - this.#bytesLeft });
    return copy;
  }

  #take(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft < 0) throw this.#refusal(`beyond the limit of ${String(mostBytes)} bytes`);
  }

  #copyArray({ length }: readonly unknown[]): unknown {
    const copy: unknown[] = [];
    for (let index = 0; index < length; index++)
      copy.push(this.#member(String(index), (one) => this.copy(one)));
    return copy;
  }

  #copyMembers(value: object): unknown {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype)
      throw this.#refusal(`an object of the class ${className(value)}`);
    const members: [string, unknown][] = [];
    for (const name of Object.keys(value)) {
      const copied = this.#member(name, (one) => (one === undefined ? undefined : this.copy(one)));
      if (copied !== undefined) members.push([name, copied]);
      this.#bytesLeft -= name.length;
    }
    return Object.fromEntries(members);
  }

  #member(name: string, copy: (value: unknown) => unknown): unknown {
    this.#path.push(name);
    let value: unknown;
    try {
      value = (this.#open.at(-1) as Readonly<Record<string, unknown>>)[name];
    } catch (error) {
      throw this.#refusal("a getter that throws", error);
    }
    const copied = copy(value);
    this.#path.pop();
    return copied;
  }

  #refusal(found: string, cause?: unknown): ExtensionError {
    const extensionId = this.#extensionId;
    const path = this.#path.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
    return new ExtensionError(
      "STATE_INVALID",
      `${extensionId} stores what JSON can't carry: ${path === "" ? "it" : path} is ${found}.`,
      { extensionId, details: { path, found }, ...(cause === undefined ? {} : { cause }) },
    );
  }
}

function className(value: object): string {
  try {
    const { name } = value.constructor as { readonly name?: unknown };
    if (typeof name === "string" && name !== "") return name;
  } catch {
    // Its class is no concern of ours.
  }
  return "of no name";
}
