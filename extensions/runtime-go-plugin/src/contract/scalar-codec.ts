/** Plain values of fields that hold neither messages nor more than one value, and the keys of maps. */
import type { Enum } from "protobufjs";
import { assertWellFormed, Mismatch, wrongKind } from "./mismatch.js";
import { didYouMean } from "../settings/nearest-name.js";
import type { ValueCodec } from "./value-codec.js";

/** The codec of a type that `.proto` files know by themselves. @internal */
export function scalarCodec(type: string): ValueCodec {
  switch (type) {
    case "string":
      return textCodec;
    case "bool":
      return checked((value) => typeof value === "boolean", "true or false");
    case "double":
      return checked((value) => typeof value === "number", "a number");
    case "float":
      return floatCodec;
    case "int32":
    case "sint32":
    case "sfixed32":
      return integerCodec(-(2 ** 31), 2 ** 31 - 1);
    case "uint32":
    case "fixed32":
      return integerCodec(0, 2 ** 32 - 1);
    case "int64":
    case "sint64":
    case "sfixed64":
      return longCodec(-(2n ** 63n), 2n ** 63n - 1n);
    case "uint64":
    case "fixed64":
      return longCodec(0n, 2n ** 64n - 1n);
    case "bytes":
      return bytesCodec;
    default:
      throw new Error(`There is no codec for ${type}.`);
  }
}

function checked(fits: (value: unknown) => boolean, wanted: string): ValueCodec {
  return {
    toWire(value) {
      if (!fits(value)) throw wrongKind(value, wanted);
      return value;
    },
    fromWire: asIs,
  };
}

const asIs = (value: unknown) => value;

const textCodec: ValueCodec = {
  toWire(value) {
    if (typeof value !== "string") throw wrongKind(value, "a text");
    assertWellFormed(value);
    return value;
  },
  fromWire: asIs,
};

const floatCodec: ValueCodec = {
  toWire(value) {
    if (typeof value !== "number") throw wrongKind(value, "a number");
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value)))
      throw new Mismatch(`is ${value}, which is more than a float holds`);
    return value;
  },
  fromWire: asIs,
};

function integerCodec(least: number, most: number): ValueCodec {
  return {
    toWire(value) {
      if (typeof value !== "number") throw wrongKind(value, "a whole number");
      if (!Number.isInteger(value) || value < least || value > most)
        throw new Mismatch(`is ${value}, which is no whole number from ${least} to ${most}`);
      return value;
    },
    fromWire: asIs,
  };
}

/** What protobufjs holds a 64-bit integer as; a plain number where it is a default. @internal */
export interface LongBits {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

function longCodec(least: bigint, most: bigint): ValueCodec {
  return {
    toWire(value) {
      if (typeof value === "number" && Number.isSafeInteger(value) && (value >= 0 || least < 0n))
        return value;
      if (typeof value !== "bigint" && typeof value !== "number")
        throw wrongKind(value, "a whole number or a bigint");
      if (typeof value === "number" || value < least || value > most)
        throw new Mismatch(`is ${value}, which is no exact whole number from ${least} to ${most}`);
      return bitsOf(value, least === 0n);
    },
    fromWire: (value) => longValue(value as number | LongBits),
  };
}

function bitsOf(value: bigint, unsigned: boolean): LongBits {
  return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)), unsigned };
}

/** A 64-bit integer: a number where that is exact, else a bigint. @internal */
export function longValue(value: number | LongBits): number | bigint {
  if (typeof value === "number") return value;
  const { low, high, unsigned } = value;
  const number = (unsigned ? high >>> 0 : high) * 2 ** 32 + (low >>> 0);
  if (Number.isSafeInteger(number)) return number;
  return (BigInt(unsigned ? high >>> 0 : high) << 32n) | BigInt(low >>> 0);
}

const bytesCodec: ValueCodec = {
  toWire(value) {
    if (value instanceof Uint8Array) return value;
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    throw wrongKind(value, "a Uint8Array");
  },
  // What was decoded is a part of the whole message, which must not live as long as the value.
  fromWire: (value) => new Uint8Array(value as Uint8Array),
};

/** The codec of an enum, whose values are names. @internal */
export function enumCodec(type: Enum): ValueCodec {
  const numbers = new Map(Object.entries(type.values));
  const names = new Map(Object.entries(type.valuesById).map(([number, name]) => [Number(number), name]));
  return {
    toWire(value) {
      if (typeof value === "string") {
        const number = numbers.get(value);
        if (number !== undefined) return number;
        throw new Mismatch(
          `is "${value}", which is no value of ${type.name}`,
          didYouMean(value, numbers.keys()),
        );
      }
      if (typeof value === "number" && (value | 0) === value) return value;
      throw wrongKind(value, `a name of ${type.name}`);
    },
    // One that a newer plugin knows and the .proto does not.
    fromWire: (value) => names.get(value as number) ?? value,
  };
}

/** Keys of objects are texts; protobufjs packs those of 64 bits into eight characters of its own. @internal */
export function mapKeyCodec(type: string): { check(text: string): void; fromWire(key: string): string } {
  if (type === "string")
    return { check: (key) => assertWellFormed(key, "is a key of"), fromWire: (key) => key };
  if (type === "bool") {
    return {
      check(text) {
        if (text !== "true" && text !== "false") throw new Mismatch("is a key where true or false belongs");
      },
      fromWire: (key) => key,
    };
  }
  const codec = scalarCodec(type);
  const isLong = type.endsWith("64");
  const unsigned = type.startsWith("u") || type.startsWith("f");
  return {
    check(text) {
      if (!/^-?\d{1,20}$/.test(text)) throw new Mismatch("is a key where a whole number belongs");
      codec.toWire(isLong ? BigInt(text) : Number(text), 0);
    },
    fromWire: (key) => (isLong && key.length === 8 ? String(longValue(packedBits(key, unsigned))) : key),
  };
}

function packedBits(key: string, unsigned: boolean): LongBits {
  const part = (at: number) =>
    key.charCodeAt(at) |
    (key.charCodeAt(at + 1) << 8) |
    (key.charCodeAt(at + 2) << 16) |
    (key.charCodeAt(at + 3) << 24);
  return { low: part(0), high: part(4), unsigned };
}
