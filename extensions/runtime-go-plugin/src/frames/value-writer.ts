/**
 * Writes data of extensions as the `Value` of guest.proto: whatever structured clone carries. Changes nothing of it,
 * and never asks the same property twice.
 * Invariant: an object that is met twice is written once, however often it is shown.
 */
import { types } from "node:util";
import type protobuf from "protobufjs/minimal.js";
import { viewKindOf } from "./view-kinds.js";
import { tagOf } from "./wire-kinds.js";

/** How deep a value may nest. @internal */
export const deepestValue = 1_000;

/** Fields of `Value`, by what is in them. @internal */
export const valueTags = {
  null: tagOf(1, "varint"),
  boolean: tagOf(2, "varint"),
  number: tagOf(3, "double"),
  text: tagOf(4, "bytes"),
  list: tagOf(5, "bytes"),
  object: tagOf(6, "bytes"),
  bytes: tagOf(7, "bytes"),
  same: tagOf(8, "varint"),
  bigInt: tagOf(9, "bytes"),
  date: tagOf(10, "double"),
  map: tagOf(11, "bytes"),
  set: tagOf(12, "bytes"),
  view: tagOf(13, "bytes"),
  pattern: tagOf(14, "bytes"),
  error: tagOf(15, "bytes"),
  boxed: tagOf(16, "bytes"),
  utf16: tagOf(17, "bytes"),
  holes: tagOf(18, "varint"),
} as const;

const first = tagOf(1, "bytes");
const second = tagOf(2, "bytes");
const third = tagOf(3, "bytes");
const fourth = tagOf(4, "bytes");

/** Writes the values of one field of a frame. @internal */
export class ValueWriter {
  readonly #writer: protobuf.Writer;
  /** Numbers of the objects that were met. */
  #met: Map<object, number> | undefined;
  #count = 0;
  #depth = 0;

  constructor(writer: protobuf.Writer) {
    this.#writer = writer;
  }

  /** Forgets what was met: the next field begins. */
  begin(): void {
    this.#met = undefined;
    this.#count = 0;
    this.#depth = 0;
  }

  /** Writes what is in a `Value`. @throws TypeError for what can't be sent */
  value(value: unknown): void {
    switch (typeof value) {
      case "undefined":
        return;
      case "string":
        if (value.isWellFormed()) this.#writer.uint32(valueTags.text).string(value);
        else this.#writer.uint32(valueTags.utf16).bytes(Buffer.from(value, "utf16le"));
        return;
      case "number":
        this.#writer.uint32(valueTags.number).double(value);
        return;
      case "boolean":
        this.#writer.uint32(valueTags.boolean).bool(value);
        return;
      case "bigint":
        this.#bigInt(value);
        return;
      case "object":
        if (value === null) this.#writer.uint32(valueTags.null).bool(true);
        else this.#object(value);
        return;
      default:
        throw new TypeError(`A ${typeof value} can't be sent.`);
    }
  }

  /** Writes what is in an `ObjectValue` that stands in a field of its own. */
  outermostObject(source: object): void {
    this.#number(source);
    this.#properties(source);
  }

  #object(value: object): void {
    const number = this.#met?.get(value);
    if (number !== undefined) {
      this.#writer.uint32(valueTags.same).uint32(number);
      return;
    }
    if (this.#depth === deepestValue) {
      throw new TypeError(`A value that is nested deeper than ${String(deepestValue)} levels can't be sent.`);
    }
    this.#number(value);
    this.#depth++;
    if (Array.isArray(value)) this.#list(value);
    else {
      const prototype = Object.getPrototypeOf(value) as object | null;
      if (prototype === Object.prototype || prototype === null) this.#plain(value);
      else this.#instance(value);
    }
    this.#depth--;
  }

  #number(value: object): void {
    (this.#met ??= new Map()).set(value, this.#count++);
  }

  #plain(value: object): void {
    this.#writer.uint32(valueTags.object).fork();
    this.#properties(value);
    this.#writer.ldelim();
  }

  #properties(source: object): void {
    for (const name of Object.keys(source)) {
      this.#property(first, name, (source as Readonly<Record<string, unknown>>)[name]);
    }
  }

  #property(tag: number, name: string, value: unknown): void {
    const writer = this.#writer.uint32(tag).fork();
    if (name.isWellFormed()) writer.uint32(first).string(name);
    else writer.uint32(third).bytes(Buffer.from(name, "utf16le"));
    if (value !== undefined) this.#nested(second, value);
    writer.ldelim();
  }

  #nested(tag: number, value: unknown): void {
    this.#writer.uint32(tag).fork();
    this.value(value);
    this.#writer.ldelim();
  }

  #list(items: readonly unknown[]): void {
    const writer = this.#writer.uint32(valueTags.list).fork();
    const keys = Object.keys(items);
    const { length } = items;
    // Keys come in order, indices before names.
    if (keys.length === length && (length === 0 || keys[length - 1] === String(length - 1))) {
      for (let index = 0; index < length; index++) this.#nested(first, items[index]);
    } else this.#unevenList(items, keys);
    writer.ldelim();
  }

  /** A list with missing elements, or with names beside them. */
  #unevenList(items: readonly unknown[], keys: readonly string[]): void {
    let next = 0;
    for (const key of keys) {
      const index = Number(key);
      if (!isIndex(key, index)) break;
      this.#holes(index - next);
      this.#nested(first, items[index]);
      next = index + 1;
    }
    this.#holes(items.length - next);
    for (let at = keys.length - 1; at >= 0; at--) {
      const name = keys[at] ?? "";
      if (!isIndex(name, Number(name))) continue;
      keys = keys.slice(at + 1);
      break;
    }
    for (const name of keys) {
      this.#property(second, name, (items as unknown as Readonly<Record<string, unknown>>)[name]);
    }
  }

  #holes(count: number): void {
    if (count === 0) return;
    this.#writer.uint32(first).fork().uint32(valueTags.holes).uint32(count).ldelim();
  }

  #instance(value: object): void {
    if (types.isDate(value)) {
      this.#writer.uint32(valueTags.date).double(Date.prototype.getTime.call(value));
    } else if (types.isMap(value)) this.#map(value);
    else if (types.isSet(value)) {
      this.#writer.uint32(valueTags.set).fork();
      for (const one of [...Set.prototype.values.call(value)]) this.#nested(first, one);
      this.#writer.ldelim();
    } else if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) this.#memory(value);
    else if (types.isRegExp(value)) {
      this.#writer.uint32(valueTags.pattern).fork();
      this.#writer.uint32(first).string(value.source).uint32(second).string(value.flags).ldelim();
    } else if (types.isNativeError(value)) this.#error(value);
    else if (types.isBoxedPrimitive(value))
      this.#nested(valueTags.boxed, (value as { valueOf(): unknown }).valueOf());
    else if (
      types.isPromise(value) ||
      types.isProxy(value) ||
      types.isWeakMap(value) ||
      types.isWeakSet(value)
    ) {
      throw new TypeError("An object of this kind can't be sent.");
    } else this.#plain(value);
  }

  #map(map: ReadonlyMap<unknown, unknown>): void {
    this.#writer.uint32(valueTags.map).fork();
    for (const [key, value] of [...Map.prototype.entries.call(map)]) {
      this.#writer.uint32(first).fork();
      this.#nested(first, key);
      this.#nested(second, value);
      this.#writer.ldelim();
    }
    this.#writer.ldelim();
  }

  #memory(memory: ArrayBufferView | ArrayBufferLike): void {
    if (types.isSharedArrayBuffer(memory)) throw new TypeError("Shared memory can't be sent.");
    const bytes = ArrayBuffer.isView(memory)
      ? new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength)
      : new Uint8Array(memory);
    const kind = viewKindOf(memory);
    if (kind === undefined) this.#writer.uint32(valueTags.bytes).bytes(bytes);
    else {
      this.#writer.uint32(valueTags.view).fork();
      this.#writer.uint32(tagOf(1, "varint")).uint32(kind).uint32(second).bytes(bytes).ldelim();
    }
  }

  #error(error: Error): void {
    const { name, message, stack } = error;
    const writer = this.#writer.uint32(valueTags.error).fork();
    writer.uint32(first).string(typeof name === "string" ? name.toWellFormed() : "Error");
    writer.uint32(second).string(typeof message === "string" ? message.toWellFormed() : "");
    if (typeof stack === "string") writer.uint32(third).string(stack.toWellFormed());
    if (Object.hasOwn(error, "cause")) this.#nested(fourth, error.cause);
    writer.ldelim();
  }

  #bigInt(value: bigint): void {
    const writer = this.#writer.uint32(valueTags.bigInt).fork();
    if (value < 0n) writer.uint32(tagOf(1, "varint")).bool(true);
    if (value !== 0n) {
      const digits = (value < 0n ? -value : value).toString(16);
      writer.uint32(second).bytes(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex"));
    }
    writer.ldelim();
  }
}

/** Whether the key of a list stands for an element. */
function isIndex(key: string, number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number < 2 ** 32 - 1 && String(number) === key;
}
