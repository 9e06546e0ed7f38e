/**
 * Turns plain objects into the messages that protobufjs encodes, and what it decoded into plain objects. Made once
 * for a type; no name is looked up while values pass through.
 * Plain: 64-bit integers are numbers where these are exact and bigints beyond, bytes are Uint8Arrays, enums are
 * names, maps are objects, a Timestamp is a Date, Struct and its kin are the data they stand for, and the
 * wrappers of google.protobuf are the values in them.
 */
import type { Enum, Field, MapField, Type } from "protobufjs";
import { assertDepth, assertNoHole, inPart, kindOf, Mismatch, wrongKind } from "./mismatch.js";
import { didYouMean } from "../settings/nearest-name.js";
import { enumCodec, longValue, mapKeyCodec, scalarCodec, type LongBits } from "./scalar-codec.js";
import { structCodec } from "./struct-codec.js";
import {
  assertOneOf,
  canBeAbsent,
  fieldOf,
  ownFields,
  put,
  realOneofs,
  type ValueCodec,
  type WireMessage,
} from "./value-codec.js";

/** Makes the codecs of the types of one root, each once. @internal */
export class TypeCodecs {
  readonly #types = new Map<Type, ValueCodec>();
  readonly #enums = new Map<Enum, ValueCodec>();

  /** For all that a field holds: a list or a map as well. */
  ofField(field: Field): ValueCodec {
    field.resolve();
    const single = this.#ofSingle(field);
    if (field.map) return mapCodec((field as Field & Pick<MapField, "keyType">).keyType, single);
    return field.repeated ? listCodec(single) : single;
  }

  /** For a message as an object of its own. */
  ofType(type: Type): ValueCodec {
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    // Types refer to each other in circles: who needs this one meanwhile gets it through a reference.
    const later = new LaterCodec();
    this.#types.set(type, later);
    const made = this.#make(type);
    later.codec = made;
    this.#types.set(type, made);
    return made;
  }

  #ofSingle(field: Field): ValueCodec {
    const { resolvedType } = field;
    if (resolvedType === null) return scalarCodec(field.type);
    return "fields" in resolvedType ? this.ofType(resolvedType) : this.#ofEnum(resolvedType);
  }

  #ofEnum(type: Enum): ValueCodec {
    let codec = this.#enums.get(type);
    if (codec === undefined) this.#enums.set(type, (codec = enumCodec(type)));
    return codec;
  }

  #make(type: Type): ValueCodec {
    const name = type.fullName.replace(/^\./, "");
    if (name === "google.protobuf.Timestamp") return timestampCodec(type);
    if (wrapperTypes.has(name)) return wrapperCodec(type, this.ofField(fieldOf(type, 1)));
    return structCodec(name, type) ?? messageCodec(name, type, (field) => this.ofField(field));
  }
}

class LaterCodec implements ValueCodec {
  codec: ValueCodec | undefined;

  toWire(value: unknown, depth: number): unknown {
    return this.codec?.toWire(value, depth);
  }

  fromWire(value: unknown): unknown {
    return this.codec?.fromWire(value);
  }
}

function listCodec(item: ValueCodec): ValueCodec {
  return {
    toWire(value, depth) {
      if (!Array.isArray(value)) throw wrongKind(value, "a list");
      // `map` would leave holes out.
      return Array.from(value as readonly unknown[], (one, index) =>
        inPart(index, () => {
          if (one === undefined) assertNoHole(value, index);
          return item.toWire(one, depth);
        }),
      );
    },
    fromWire: (value) => (value as readonly unknown[]).map((one) => item.fromWire(one)),
  };
}

function mapCodec(keyType: string, item: ValueCodec): ValueCodec {
  const key = mapKeyCodec(keyType);
  return {
    toWire(value, depth) {
      if (kindOf(value) !== "an object") throw wrongKind(value, "an object");
      const entries = value instanceof Map ? [...value] : Object.entries(value as object);
      const wire = {};
      for (const [name, one] of entries as [unknown, unknown][]) {
        if (one === undefined) continue;
        const text = String(name);
        inPart(text, () => {
          key.check(text);
          put(wire, text, item.toWire(one, depth));
        });
      }
      return wire;
    },
    fromWire(value) {
      const plain = {};
      for (const [name, one] of Object.entries(value as object))
        put(plain, key.fromWire(name), item.fromWire(one));
      return plain;
    },
  };
}

function messageCodec(name: string, type: Type, codecOf: (field: Field) => ValueCodec): ValueCodec {
  const fields = ownFields(type).map((field) => ({
    name: field.name,
    codec: codecOf(field),
    isAlwaysThere: !canBeAbsent(field),
  }));
  const byName = new Map(fields.map((field) => [field.name, field]));
  const required = ownFields(type).filter((field) => field.required);
  const oneofs = realOneofs(type);
  return {
    toWire(value, depth) {
      if (kindOf(value) !== "an object") throw wrongKind(value, `an object of ${name}`);
      assertDepth(depth);
      const wire: WireMessage = {};
      for (const [key, one] of Object.entries(value as object) as [string, unknown][]) {
        if (one === undefined) continue;
        const codec = byName.get(key)?.codec;
        if (codec === undefined)
          throw new Mismatch(`has "${key}", which is no field of ${name}`, didYouMean(key, byName.keys()));
        if (one !== null || codec.hasNull === true)
          wire[key] = inPart(key, () => codec.toWire(one, depth + 1));
      }
      for (const field of required)
        if (wire[field.name] === undefined)
          throw new Mismatch(`lacks "${field.name}", which ${name} requires`);
      assertOneOf(wire, oneofs);
      return wire;
    },
    fromWire(value) {
      const message = value as WireMessage;
      const plain: WireMessage = {};
      for (const { name: key, codec, isAlwaysThere } of fields) {
        const one = message[key];
        if (isAlwaysThere || (Object.hasOwn(message, key) && one !== null && one !== undefined))
          plain[key] = codec.fromWire(one);
      }
      return plain;
    },
  };
}

function timestampCodec(type: Type): ValueCodec {
  const seconds = fieldOf(type, 1).name;
  const nanos = fieldOf(type, 2).name;
  return {
    toWire(value) {
      if (!(value instanceof Date)) throw wrongKind(value, "a Date");
      const milliseconds = value.getTime();
      if (Number.isNaN(milliseconds)) throw new Mismatch("is a Date of no time");
      const whole = Math.floor(milliseconds / 1_000);
      return { [seconds]: whole, [nanos]: Math.round((milliseconds - whole * 1_000) * 1e6) };
    },
    fromWire(value) {
      const message = value as WireMessage;
      const whole = Number(longValue(message[seconds] as number | LongBits));
      return new Date(whole * 1_000 + Math.floor((message[nanos] as number) / 1e6));
    },
  };
}

const wrapperTypes: ReadonlySet<string> = new Set(
  ["Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes"].map(
    (kind) => `google.protobuf.${kind}Value`,
  ),
);

function wrapperCodec(type: Type, inner: ValueCodec): ValueCodec {
  const { name } = fieldOf(type, 1);
  return {
    toWire: (value, depth) => ({ [name]: inner.toWire(value, depth) }),
    fromWire: (value) => inner.fromWire((value as WireMessage)[name]),
  };
}
