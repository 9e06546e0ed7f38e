/**
 * Layouts of messages: which field of a message is which property of an object. A layout writes and reads objects of
 * its kind; guest.proto is the other half of each. Knows no kind of frame.
 * Invariant: a property that is required is there in whatever is read.
 */
import type protobuf from "protobufjs/minimal.js";
import { assertAt, endOfMessage, setProperty, type ValueReader } from "./value-reader.js";
import type { ValueWriter } from "./value-writer.js";
import { tagOf, type WireKind } from "./wire-kinds.js";

/** What a message is written to. @internal */
export interface LayoutWriter {
  readonly writer: protobuf.Writer;
  readonly values: ValueWriter;
}

/** What a message is read from. @internal */
export interface LayoutReader {
  readonly reader: protobuf.Reader;
  readonly values: ValueReader;
  /** Messages around the one that is read. */
  depth: number;
}

/** One field: how its property is written and read. @internal */
export interface FieldLayout {
  readonly number: number;
  readonly kind: WireKind;
  /** Writes the property with its tag. Never given undefined. */
  readonly write: (to: LayoutWriter, tag: number, property: unknown) => void;
  /** Reads the property, after its tag. `before` is what the property was, if the field is repeated. */
  readonly read: (from: LayoutReader, before: unknown) => unknown;
  /** Gives the property if no field comes; undefined if it is absent then. */
  readonly absent: (() => unknown) | undefined;
}

type Properties = Record<string, unknown>;

/** The most messages in each other, values aside: what is thrown has causes. */
const deepestMessage = 100;

/** A kind of message. @internal */
export class MessageLayout {
  readonly #writes: readonly { readonly name: string; readonly tag: number; readonly field: FieldLayout }[];
  readonly #reads: ReadonlyMap<number, { readonly name: string; readonly field: FieldLayout }>;
  readonly #absents: readonly { readonly name: string; readonly absent: () => unknown }[];

  /** @param fields - each with the name of its property */
  constructor(fields: readonly (readonly [name: string, field: FieldLayout])[]) {
    this.#writes = fields.map(([name, field]) => ({ name, tag: tagOf(field.number, field.kind), field }));
    this.#reads = new Map(this.#writes.map(({ name, tag, field }) => [tag, { name, field }]));
    this.#absents = fields.flatMap(([name, { absent }]) => (absent === undefined ? [] : [{ name, absent }]));
  }

  /** Writes the object with its length. */
  write(to: LayoutWriter, source: object): void {
    to.writer.fork();
    for (const { name, tag, field } of this.#writes) {
      const property = (source as Properties)[name];
      if (property !== undefined) field.write(to, tag, property);
    }
    to.writer.ldelim();
  }

  /** Reads a message with its length into the object. */
  read(from: LayoutReader, target: Properties = {}): Properties {
    const { reader } = from;
    if (++from.depth > deepestMessage) throw new RangeError("messages are nested too deep");
    const end = endOfMessage(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      const found = this.#reads.get(tag);
      if (found === undefined) reader.skipType(tag & 7);
      else target[found.name] = found.field.read(from, target[found.name]);
    }
    assertAt(reader, end);
    from.depth--;
    return this.complete(target);
  }

  /** Gives the object what it must have. */
  complete(target: Properties = {}): Properties {
    for (const { name, absent } of this.#absents) {
      if (target[name] === undefined) target[name] = absent();
    }
    return target;
  }
}

/** The same field, whose property is absent if it does not come. @internal */
export function optional(field: FieldLayout): FieldLayout {
  return { ...field, absent: undefined };
}

/** Text. @internal */
export function text(number: number): FieldLayout {
  return {
    number,
    kind: "bytes",
    write: ({ writer }, tag, property) => {
      if (typeof property === "string") writer.uint32(tag).string(property.toWellFormed());
    },
    read: ({ reader }) => reader.string(),
    absent: () => "",
  };
}

/** True or false. @internal */
export function flag(number: number): FieldLayout {
  return {
    number,
    kind: "varint",
    write: ({ writer }, tag, property) => writer.uint32(tag).bool(property === true),
    read: ({ reader }) => reader.bool(),
    absent: () => false,
  };
}

/** A number. @internal */
export function number(field: number): FieldLayout {
  return {
    number: field,
    kind: "double",
    write: ({ writer }, tag, property) => {
      if (typeof property === "number") writer.uint32(tag).double(property);
    },
    read: ({ reader }) => reader.double(),
    absent: () => 0,
  };
}

/** A whole number, not below zero. @internal */
export function whole(number: number): FieldLayout {
  return {
    number,
    kind: "varint",
    write: ({ writer }, tag, property) => {
      writeWhole(writer.uint32(tag), property as number);
    },
    read: ({ reader }) => readWhole(reader),
    absent: () => 0,
  };
}

/** One of a few words, which the field gives as their numbers. @internal */
export function choice(number: number, words: Readonly<Record<string, number>>): FieldLayout {
  const wordOf = new Map(Object.entries(words).map(([word, value]) => [value, word]));
  return {
    number,
    kind: "varint",
    write: ({ writer }, tag, property) => writer.uint32(tag).uint32(words[property as string] ?? 0),
    read: ({ reader }) => wordOf.get(reader.uint32()),
    // Nothing that would pass for one.
    absent: () => "",
  };
}

/** A message. @internal */
export function nested(number: number, layout: MessageLayout): FieldLayout {
  return {
    number,
    kind: "bytes",
    write: (to, tag, property) => {
      to.writer.uint32(tag);
      layout.write(to, property as object);
    },
    read: (from) => layout.read(from),
    absent: () => layout.complete(),
  };
}

/** A value; the property is there also if it is undefined. @internal */
export function value(number: number): FieldLayout {
  return {
    number,
    kind: "bytes",
    write: ({ writer, values }, tag, property) => {
      values.begin();
      writer.uint32(tag).fork();
      values.value(property);
      writer.ldelim();
    },
    read: ({ values }) => {
      values.begin();
      return values.value();
    },
    absent: () => undefined,
  };
}

/** A plain object of values. @internal */
export function valuesByName(number: number): FieldLayout {
  return {
    number,
    kind: "bytes",
    write: ({ writer, values }, tag, property) => {
      values.begin();
      writer.uint32(tag).fork();
      values.outermostObject(property as object);
      writer.ldelim();
    },
    read: ({ values }) => {
      values.begin();
      return values.outermostObject();
    },
    absent: () => ({}),
  };
}

/** A list of values. No other field of its message may hold any. @internal */
export function valueList(number: number): FieldLayout {
  return {
    number,
    kind: "bytes",
    write: ({ writer, values }, tag, property) => {
      values.begin();
      for (const one of property as readonly unknown[]) {
        writer.uint32(tag).fork();
        values.value(one);
        writer.ldelim();
      }
    },
    read: ({ values }, before) => {
      if (before === undefined) values.begin();
      return added(before, values.value());
    },
    absent: () => [],
  };
}

/** A list of what the field gives singly. @internal */
export function listOf(field: FieldLayout): FieldLayout {
  return {
    ...field,
    write: (to, tag, property) => {
      for (const one of property as readonly unknown[]) field.write(to, tag, one);
    },
    read: (from, before) => added(before, field.read(from, undefined)),
    absent: () => [],
  };
}

/** Properties of one kind by any name, which the field gives as a list of pairs. @internal */
export function byName(number: number, pair: MessageLayout): FieldLayout {
  return {
    number,
    kind: "bytes",
    write: (to, tag, property) => {
      for (const [name, one] of Object.entries(property as object)) {
        to.writer.uint32(tag);
        pair.write(to, { name, value: one as unknown });
      }
    },
    read: (from, before) => {
      const target = (before ?? {}) as object;
      const { name, value: one } = pair.read(from);
      setProperty(target, name as string, one);
      return target;
    },
    absent: () => ({}),
  };
}

function added(before: unknown, one: unknown): readonly unknown[] {
  if (before === undefined) return [one];
  (before as unknown[]).push(one);
  return before as readonly unknown[];
}

/** Above it a number can't be told from its neighbours. */
const largestWhole = Number.MAX_SAFE_INTEGER;

function writeWhole(writer: protobuf.Writer, value: number): void {
  if (value <= 0xffff_ffff) writer.uint32(value);
  else writer.uint64(value);
}

function readWhole(reader: protobuf.Reader): number {
  let value = 0;
  for (let factor = 1; factor <= 2 ** 63; factor *= 128) {
    const byte = reader.buf[reader.pos++];
    if (byte === undefined) break;
    value += (byte & 0x7f) * factor;
    if (byte >= 0x80) continue;
    if (value > largestWhole) throw new RangeError("a whole number is too large");
    return value;
  }
  throw new RangeError("a number does not end");
}
