/**
 * Says whether a value can leave this thread or process, before anything is sent: whatever structured clone
 * carries, without cycles and shared memory, up to a size. Changes nothing, and copies only what would take more
 * along than it shows. What occurs in several places counts in each of them: structured clone keeps it one, and whoever
 * writes it down on the other side, as JSON or for a person, does not.
 * Invariant: what passes here is refused by no runtime, unless a getter answers otherwise the next time.
 */
import { types } from "node:util";
import { ExtensionError } from "@plugboard/extension-api";
import { bigintBytes, wrappedText } from "../common/data-size.js";
import { withOwnBytes } from "./own-bytes.js";

/** Options of sending: the value, and for whom it is. @internal */
export interface SendableOptions {
  readonly what: "arguments" | "result" | "event" | "state" | "exports" | "configuration";
  readonly limitBytes: number;
  readonly extensionId: string;
}

/**
 * The value as it may be sent: itself, unless it shows a part of a larger buffer that is not moved along. That one
 * would be copied whole, with what others keep there, so a copy with bytes of its own takes its place.
 *
 * @param moved - buffers that are handed over with it
 * @throws ExtensionError `CALL_NOT_SERIALIZABLE` with `details.path` of the first offending value, a JSON
 *   Pointer; `CALL_TOO_LARGE` as soon as the limit is passed
 * @internal
 */
export function sendable<T>(value: T, options: SendableOptions, moved?: readonly ArrayBuffer[]): T {
  switch (typeof value) {
    case "string":
      if (value.length * 3 > options.limitBytes && Buffer.byteLength(value) > options.limitBytes)
        throw tooLarge(options);
      return value;
    case "object":
      if (value === null || isSmall(value, options.limitBytes)) return value;
      return showsPart(value, options, moved) ? (withOwnBytes(value) as T) : value;
    case "bigint":
      if (bigintBytes(value) > options.limitBytes) throw tooLarge(options);
      return value;
    case "function":
    case "symbol":
      throw refusal([], `a ${typeof value}`, options);
    default:
      return value;
  }
}

/**
 * The same for the arguments of a call, listed by the host itself: the list has no holes and no names.
 *
 * @internal
 */
export function sendableArguments(
  args: readonly unknown[],
  options: SendableOptions,
  moved?: readonly ArrayBuffer[],
): readonly unknown[] {
  let bytes = 0;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index];
    const size = smallItemSize(argument, 1);
    if (size === undefined || (bytes += size) > options.limitBytes)
      return showsPart(args, options, moved) ? args.map(withOwnBytes) : args;
  }
  return args;
}

/** Looks through the value. Whether it shows a part of a buffer that is not moved. */
function showsPart(
  value: object,
  options: SendableOptions,
  moved: readonly ArrayBuffer[] | undefined,
): boolean {
  const walk = new Walk(options);
  walk.walk(value);
  return walk.partlyShown.some((buffer) => moved?.includes(buffer as ArrayBuffer) !== true);
}

/** The depth to which a sent value may nest: structured clone recurses, and fails at twice as many plain objects. */
const deepest = 1_000;

/** Most elements of an array of which the fast path looks, and most keys of an object. */
const fewItems = 16;

/** Levels that the fast path looks into: arguments, an object among them, a list in it, its objects. */
const fewLevels = 4;

/** Most elements of an array of which it is worth listing the keys; holes after which it is, too. */
const manyElements = 1_024;

/** Whether the value is that little that no circle fits and nobody needs to remember what was seen. */
function isSmall(value: object, limitBytes: number): boolean {
  try {
    const bytes = smallSize(value, fewLevels);
    return bytes !== undefined && bytes <= limitBytes;
  } catch {
    // A getter threw. The walk asks it again and can say where it is.
    return false;
  }
}

/** At least the bytes of a small value; undefined if it is anything else. */
function smallSize(value: object, levels: number): number | undefined {
  if (types.isProxy(value)) return undefined;
  let bytes = 8;
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    if (items.length > fewItems) return undefined;
    for (let index = 0; index < items.length; index++) {
      const size = smallItemSize(items[index], levels);
      if (size === undefined) return undefined;
      bytes += size;
    }
    // Holes and names beside the elements are rare and the walk's.
    return isDense(items, Object.keys(items)) ? bytes : undefined;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const keys = Object.keys(value);
  if (keys.length > fewItems || isArguments(value, keys)) return undefined;
  for (const key of keys) {
    const size = smallItemSize((value as Record<string, unknown>)[key], levels);
    if (size === undefined) return undefined;
    bytes += size + key.length;
  }
  return bytes;
}

function smallItemSize(item: unknown, levels: number): number | undefined {
  switch (typeof item) {
    case "string":
      return item.length * 3;
    case "object":
      if (item === null) return 8;
      return levels > 1 ? smallSize(item, levels - 1) : undefined;
    case "bigint":
      return bigintBytes(item);
    case "function":
    case "symbol":
      return undefined;
    default:
      return 8;
  }
}

/** An object that is being looked through. */
interface Level {
  readonly source: object;
  /** The names of its values; undefined for the indices of an array. */
  names: readonly string[] | undefined;
  /** Its values, if they were read already. */
  readonly values: readonly unknown[] | undefined;
  /** How many values there are. */
  length: number;
  /** The one that is looked at next. */
  next: number;
  /** Elements that were missing. */
  holes: number;
  /** Bytes that were left before it. */
  before: number;
}

/** Looks through one value without recursion: it may be nested as deep as its author liked. */
class Walk {
  /** Buffers of which views show only a part. */
  readonly partlyShown: ArrayBufferLike[] = [];
  readonly #options: SendableOptions;
  readonly #levels: Level[] = [];
  /** The bytes of objects that were met, with all that they hold; undefined while that is looked through. */
  readonly #met = new Map<object, number | undefined>();
  /** The first instance of every class, by prototype: its kind shows only when it is cloned. */
  readonly #instances = new Map<object, { readonly instance: object; readonly path: readonly string[] }>();
  #left: number;
  /** Bytes that may be cloned to see what instances are: the one of each class may hold those of all others. */
  #clonedLeft: number;

  constructor(options: SendableOptions) {
    this.#options = options;
    this.#left = options.limitBytes;
    this.#clonedLeft = 4 * options.limitBytes;
  }

  walk(root: object): void {
    this.#look(root);
    for (let level = this.#levels.at(-1); level !== undefined; level = this.#levels.at(-1)) {
      if (level.next < level.length) this.#look(this.#read(level));
      else {
        this.#levels.pop();
        this.#met.set(level.source, level.before - this.#left);
      }
    }
    for (const { instance, path } of this.#instances.values()) this.#assertPlainInstance(instance, path);
  }

  #look(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.#take(value.length * 3 > this.#left ? Buffer.byteLength(value) : value.length);
        return;
      case "object":
        if (value === null) this.#take(8);
        else this.#meet(value);
        return;
      case "bigint":
        this.#take(bigintBytes(value));
        return;
      case "function":
      case "symbol":
        throw this.#refusal(`a ${typeof value}`);
      default:
        this.#take(8);
    }
  }

  #meet(value: object): void {
    const known = this.#met.get(value);
    if (known !== undefined) {
      this.#take(known);
      return;
    }
    if (this.#met.has(value)) {
      const depth = this.#levels.findIndex((level) => level.source === value);
      const place = pointer(this.#path().slice(0, depth));
      throw this.#refusal(`the same object as ${place === "" ? "the whole" : place}: a circle`);
    }
    const before = this.#left;
    this.#take(8);
    const level = this.#open(value);
    this.#met.set(value, level === undefined ? before - this.#left : undefined);
    if (level === undefined) return;
    level.before = before;
    if (this.#levels.length === deepest) throw this.#refusal(`nested deeper than ${String(deepest)} levels`);
    this.#levels.push(level);
  }

  /** The next value of the object. */
  #read(level: Level): unknown {
    const index = level.next++;
    if (level.values !== undefined) return level.values[index];
    const { source } = level;
    const name = level.names === undefined ? index : (level.names[index] ?? "");
    if (typeof name === "string") this.#take(name.length);
    let value: unknown;
    try {
      value = (source as Record<string | number, unknown>)[name];
    } catch (error) {
      throw this.#refusal("a getter that throws", error);
    }
    if (value !== undefined || level.names !== undefined || Object.hasOwn(source, index)) return value;
    if (++level.holes > manyElements) {
      // Nearly nothing may be in it, whatever its length says.
      level.names = Object.keys(source).filter((key) => !(Number(key) <= index));
      level.length = level.names.length;
      level.next = 0;
    }
    return value;
  }

  /** What is to be looked through in the object, if anything is. */
  #open(value: object): Level | undefined {
    if (types.isProxy(value)) throw this.#refusal("a Proxy");
    if (Array.isArray(value)) {
      const items = value as readonly unknown[];
      if (items.length > manyElements) return level(value, undefined, undefined, items.length);
      const keys = Object.keys(items);
      return isDense(items, keys) ? level(value, undefined, undefined, items.length) : level(value, keys);
    }
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype === Object.prototype) {
      const keys = Object.keys(value);
      if (isArguments(value, keys)) throw this.#refusal("an arguments object");
      return level(value, keys);
    }
    if (prototype === null) {
      if (types.isModuleNamespaceObject(value)) throw this.#refusal("a module");
      return level(value, Object.keys(value));
    }
    return this.#openInstance(value, prototype);
  }

  #openInstance(value: object, prototype: object): Level | undefined {
    if (types.isDate(value)) return undefined;
    if (types.isMap(value)) return this.#openMap(value);
    if (types.isSet(value)) {
      const values = [...Set.prototype.values.call(value)];
      return level(value, undefined, values);
    }
    if (types.isAnyArrayBuffer(value)) {
      this.#takeBytes(value, value);
      return undefined;
    }
    if (ArrayBuffer.isView(value)) {
      this.#takeBytes(value.buffer, value);
      return undefined;
    }
    const text = wrappedText(value);
    if (text !== undefined) this.#look(text);
    if (text !== undefined || types.isBoxedPrimitive(value)) {
      if (types.isSymbolObject(value)) throw this.#refusal("a symbol");
      return undefined;
    }
    if (types.isNativeError(value)) return this.#openError(value);
    const kind = unsendableKind(value);
    if (kind !== undefined) throw this.#refusal(kind);
    if (!this.#instances.has(prototype))
      this.#instances.set(prototype, { instance: value, path: this.#path() });
    return level(value, Object.keys(value));
  }

  #openMap(map: ReadonlyMap<unknown, unknown>): Level {
    const names: string[] = [];
    const values: unknown[] = [];
    for (const [key, value] of Map.prototype.entries.call(map)) {
      const index = String(values.length / 2);
      const isName = typeof key === "string" || typeof key === "number";
      names.push(`key ${index}`, isName ? String(key) : index);
      values.push(key, value);
    }
    return level(map, names, values);
  }

  /** Only message, stack and cause of an error are carried. */
  #openError(error: Error): Level {
    let values: readonly unknown[];
    try {
      values = [error.message, error.stack, Object.hasOwn(error, "cause") ? error.cause : undefined];
    } catch (thrown) {
      throw this.#refusal("an error with a getter that throws", thrown);
    }
    return level(error, ["message", "stack", "cause"], values);
  }

  #takeBytes(buffer: ArrayBufferLike, { byteLength }: { readonly byteLength: number }): void {
    if (types.isSharedArrayBuffer(buffer)) throw this.#refusal("shared memory, which a process can't share");
    if (buffer.detached) throw this.#refusal("a buffer that was transferred elsewhere");
    this.#take(byteLength);
    if (byteLength < buffer.byteLength) this.partlyShown.push(buffer);
  }

  #take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw tooLarge(this.#options);
  }

  /**
   * An object of a class loses its class. One of the platform's own would lose what it is about, or is
   * carried by threads alone, and only a clone shows that.
   */
  #assertPlainInstance(instance: object, path: readonly string[]): void {
    this.#clonedLeft -= this.#met.get(instance) ?? 0;
    if (this.#clonedLeft < 0) throw tooLarge(this.#options);
    let clone: object;
    try {
      clone = structuredClone(instance);
    } catch (cause) {
      throw refusal(path, className(instance), this.#options, cause);
    }
    if (Object.getPrototypeOf(clone) !== Object.prototype)
      throw refusal(path, className(instance), this.#options);
  }

  #path(): readonly string[] {
    return this.#levels.map(({ names, next }) => names?.[next - 1] ?? String(next - 1));
  }

  #refusal(found: string, cause?: unknown): ExtensionError {
    return refusal(this.#path(), found, this.#options, cause);
  }
}

function level(
  source: object,
  names: readonly string[] | undefined,
  values?: readonly unknown[],
  length = values?.length ?? names?.length ?? 0,
): Level {
  return { source, names, values, length, next: 0, holes: 0, before: 0 };
}

/** Whether the keys are just the indices from 0: keys come in order, indices before names. */
function isDense(items: readonly unknown[], keys: readonly string[]): boolean {
  const { length } = items;
  return keys.length === length && (length === 0 || keys[length - 1] === String(length - 1));
}

/** An `arguments` object looks like a plain one; only with such keys it is worth the closer look. */
function isArguments(value: object, keys: readonly string[]): boolean {
  return (keys.length === 0 || keys[0] === "0") && types.isArgumentsObject(value);
}

function unsendableKind(value: object): string | undefined {
  if (types.isPromise(value)) return "a Promise";
  if (types.isWeakMap(value)) return "a WeakMap";
  if (types.isWeakSet(value)) return "a WeakSet";
  if (value instanceof WeakRef) return "a WeakRef";
  if (types.isGeneratorObject(value)) return "a generator";
  return undefined;
}

function className(instance: object): string {
  try {
    const name: unknown = instance.constructor.name;
    if (typeof name === "string" && name !== "") return `an object of the class ${name}`;
  } catch {
    // Its class is no concern of ours.
  }
  return "an object of a class that can't be copied";
}

/** The JSON Pointer to a place. */
function pointer(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

const subjects = {
  arguments: "The arguments of the call hold",
  result: "The result of the call holds",
  event: "The event holds",
  state: "The state of the extension holds",
  exports: "The exports of the extension hold",
  configuration: "The configuration of the extension holds",
} as const satisfies Record<SendableOptions["what"], string>;

function refusal(
  names: readonly string[],
  found: string,
  { what, extensionId }: SendableOptions,
  cause?: unknown,
): ExtensionError {
  const path = pointer(names);
  return new ExtensionError(
    "CALL_NOT_SERIALIZABLE",
    `${subjects[what]} what can't be sent: ${path === "" ? "it" : path} is ${found}.`,
    { extensionId, details: { what, path, found }, ...(cause === undefined ? {} : { cause }) },
  );
}

function tooLarge({ what, limitBytes, extensionId }: SendableOptions): ExtensionError {
  return new ExtensionError("CALL_TOO_LARGE", `${subjects[what]} more than ${String(limitBytes)} bytes.`, {
    extensionId,
    details: { what, limitBytes },
  });
}
