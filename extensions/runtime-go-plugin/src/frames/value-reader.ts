/**
 * Reads the `Value` of guest.proto. What comes from a guest is not trusted: whatever the bytes are, reading gives a
 * value without circles and of bounded depth, or throws.
 */
import { types } from "node:util";
import type protobuf from "protobufjs/minimal.js";
import { deepestValue, valueTags } from "./value-writer.js";
import { viewOfKind } from "./view-kinds.js";
import { tagOf } from "./wire-kinds.js";

const flag = tagOf(1, "varint");
const first = tagOf(1, "bytes");
const second = tagOf(2, "bytes");
const third = tagOf(3, "bytes");
const fourth = tagOf(4, "bytes");

/** Stands for an object that has begun and not ended. */
const unfinished = Symbol("unfinished");

/** Reads the values of one field of a frame. @internal */
export class ValueReader {
  readonly #reader: protobuf.Reader;
  /** The objects that were met, by number. */
  #met: unknown[] = [];
  #depth = 0;

  constructor(reader: protobuf.Reader) {
    this.#reader = reader;
  }

  /** Forgets what was met: the next field begins. */
  begin(): void {
    if (this.#met.length > 0) this.#met = [];
    this.#depth = 0;
  }

  /** Reads a `Value` with its length. */
  value(): unknown {
    const end = endOfMessage(this.#reader);
    let value: unknown;
    while (this.#reader.pos < end) value = this.#kind(this.#reader.uint32());
    assertAt(this.#reader, end);
    return value;
  }

  /** Reads an `ObjectValue` with its length, which stands in a field of its own. */
  outermostObject(): Record<string, unknown> {
    return this.#object();
  }

  #kind(tag: number): unknown {
    const reader = this.#reader;
    switch (tag) {
      case valueTags.text:
        return reader.string();
      case valueTags.number:
        return reader.double();
      case valueTags.boolean:
        return reader.bool();
      case valueTags.null:
        reader.bool();
        return null;
      case valueTags.utf16:
        return this.#utf16();
      case valueTags.bigInt:
        return this.#bigInt();
      case valueTags.same:
        return this.#same();
      case valueTags.object:
        return this.#object();
      case valueTags.list:
        return this.#list();
      case valueTags.bytes:
        return this.#keep(ownBytes(reader));
      case valueTags.date:
        return this.#keep(new Date(reader.double()));
      case valueTags.map:
        return this.#map();
      case valueTags.set:
        return this.#set();
      case valueTags.view:
        return this.#view();
      case valueTags.pattern:
        return this.#pattern();
      case valueTags.error:
        return this.#error();
      case valueTags.boxed:
        return this.#boxed();
      case valueTags.holes:
        throw new TypeError("elements are missing where there is no list");
      default:
        reader.skipType(tag & 7);
        return undefined;
    }
  }

  #keep<T>(value: T): T {
    this.#met.push(value);
    return value;
  }

  /** An object begins, whose number comes before those of what is in it. */
  #open(): number {
    if (++this.#depth > deepestValue) {
      throw new TypeError(`a value is nested deeper than ${String(deepestValue)} levels`);
    }
    return this.#met.push(unfinished) - 1;
  }

  #close(number: number, value: unknown): void {
    this.#depth--;
    this.#met[number] = value;
  }

  #same(): unknown {
    const number = this.#reader.uint32();
    if (number >= this.#met.length)
      throw new TypeError(`there is no object ${String(number)} to be the same as`);
    const value = this.#met[number];
    if (value === unfinished) throw new TypeError("a value contains itself");
    return value;
  }

  #object(): Record<string, unknown> {
    const reader = this.#reader;
    const number = this.#open();
    const object: Record<string, unknown> = {};
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === first) this.#property(object);
      else reader.skipType(tag & 7);
    }
    assertAt(reader, end);
    this.#close(number, object);
    return object;
  }

  #property(target: object): void {
    const reader = this.#reader;
    let name = "";
    let value: unknown;
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === first) name = reader.string();
      else if (tag === second) value = this.value();
      else if (tag === third) name = this.#utf16();
      else reader.skipType(tag & 7);
    }
    assertAt(reader, end);
    setProperty(target, name, value);
  }

  #list(): readonly unknown[] {
    const reader = this.#reader;
    const number = this.#open();
    const list: unknown[] = [];
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === first) this.#item(list);
      else if (tag === second) this.#property(list);
      else reader.skipType(tag & 7);
    }
    assertAt(reader, end);
    this.#close(number, list);
    return list;
  }

  #item(list: unknown[]): void {
    const reader = this.#reader;
    const start = reader.pos;
    const end = endOfMessage(reader);
    if (reader.pos < end && reader.uint32() === valueTags.holes) {
      list.length += reader.uint32();
      assertAt(reader, end);
    } else {
      reader.pos = start;
      list.push(this.value());
    }
  }

  #map(): ReadonlyMap<unknown, unknown> {
    const reader = this.#reader;
    const number = this.#open();
    const map = new Map<unknown, unknown>();
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === first) this.#entry(map);
      else reader.skipType(tag & 7);
    }
    assertAt(reader, end);
    this.#close(number, map);
    return map;
  }

  #entry(map: Map<unknown, unknown>): void {
    const reader = this.#reader;
    let key: unknown;
    let value: unknown;
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === first) key = this.value();
      else if (tag === second) value = this.value();
      else reader.skipType(tag & 7);
    }
    assertAt(reader, end);
    map.set(key, value);
  }

  #set(): ReadonlySet<unknown> {
    const reader = this.#reader;
    const number = this.#open();
    const set = new Set<unknown>();
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === first) set.add(this.value());
      else reader.skipType(tag & 7);
    }
    assertAt(reader, end);
    this.#close(number, set);
    return set;
  }

  #view(): unknown {
    const reader = this.#reader;
    let kind = 0;
    let bytes = new Uint8Array(0);
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === flag) kind = reader.uint32();
      else if (tag === second) bytes = ownBytes(reader);
      else reader.skipType(tag & 7);
    }
    assertAt(reader, end);
    return this.#keep(viewOfKind(kind, bytes));
  }

  #pattern(): RegExp {
    const reader = this.#reader;
    let source = "";
    let flags = "";
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === first) source = reader.string();
      else if (tag === second) flags = reader.string();
      else reader.skipType(tag & 7);
    }
    assertAt(reader, end);
    return this.#keep(new RegExp(source, flags));
  }

  #error(): Error {
    const reader = this.#reader;
    const number = this.#open();
    let name = "";
    let message = "";
    let stack = "";
    let options: ErrorOptions | undefined;
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === first) name = reader.string();
      else if (tag === second) message = reader.string();
      else if (tag === third) stack = reader.string();
      else if (tag === fourth) options = { cause: this.value() };
      else reader.skipType(tag & 7);
    }
    assertAt(reader, end);
    const error = new (errorClasses.get(name) ?? Error)(message, options);
    const value = stack === "" ? `${error.name}: ${message}` : stack;
    Object.defineProperty(error, "stack", { value, configurable: true, enumerable: false, writable: true });
    this.#close(number, error);
    return error;
  }

  #boxed(): unknown {
    const number = this.#open();
    const boxed: unknown = Object(this.value());
    if (!types.isBoxedPrimitive(boxed)) throw new TypeError("what is boxed is no simple value");
    this.#close(number, boxed);
    return boxed;
  }

  #bigInt(): bigint {
    const reader = this.#reader;
    let isNegative = false;
    let digits = "";
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === flag) isNegative = reader.bool();
      else if (tag === second) digits = Buffer.from(ownBytes(reader)).toString("hex");
      else reader.skipType(tag & 7);
    }
    assertAt(reader, end);
    const magnitude = digits === "" ? 0n : BigInt(`0x${digits}`);
    return isNegative ? -magnitude : magnitude;
  }

  #utf16(): string {
    const bytes = ownBytes(this.#reader);
    if (bytes.length % 2 !== 0) throw new TypeError("half a UTF-16 code unit");
    return Buffer.from(bytes.buffer).toString("utf16le");
  }
}

/** Reads the length of a message and gives where it ends. @throws if that is beyond the whole @internal */
export function endOfMessage(reader: protobuf.Reader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError("a message goes beyond the one around it");
  return end;
}

/** @throws unless the reader has read just what belongs to a message @internal */
export function assertAt(reader: protobuf.Reader, end: number): void {
  if (reader.pos !== end) throw new RangeError("a field goes beyond its message");
}

/** Sets a property of any name: `__proto__` is one like others. @internal */
export function setProperty(target: object, name: string, value: unknown): void {
  if (name === "__proto__" || Array.isArray(target)) {
    Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
  } else (target as Record<string, unknown>)[name] = value;
}

/** A copy: its receiver may keep it, or transfer its buffer, without the message around it. */
function ownBytes(reader: protobuf.Reader): Uint8Array<ArrayBuffer> {
  return new Uint8Array(reader.bytes());
}

const errorClasses: ReadonlyMap<string, new (message: string, options?: ErrorOptions) => Error> = new Map(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((one) => [one.name, one]),
);
