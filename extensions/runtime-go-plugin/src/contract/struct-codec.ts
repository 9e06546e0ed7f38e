/** google.protobuf.Struct, Value and ListValue as the plain data that they stand for. */
import type { Type } from "protobufjs";
import { assertDepth, assertNoHole, assertWellFormed, inPart, kindOf, wrongKind } from "./mismatch.js";
import { fieldOf, put, type ValueCodec, type WireMessage } from "./value-codec.js";

/** The codec of one of the three; undefined for any other type. @internal */
export function structCodec(name: string, type: Type): ValueCodec | undefined {
  switch (name) {
    case "google.protobuf.Struct": {
      const { names } = new StructNames(fieldOf(type, 1).resolve().resolvedType as Type);
      return {
        toWire: (value, depth) => structToWire(value, names, depth),
        fromWire: (value) => structFromWire(value as WireMessage, names),
      };
    }
    case "google.protobuf.ListValue": {
      const { names } = new StructNames(fieldOf(type, 1).resolve().resolvedType as Type);
      return {
        toWire: (value, depth) => listToWire(value, names, depth),
        fromWire: (value) => listFromWire(value as WireMessage, names),
      };
    }
    case "google.protobuf.Value": {
      const { names } = new StructNames(type);
      return {
        hasNull: true,
        toWire: (value, depth) => valueToWire(value, names, depth),
        fromWire: (value) => valueFromWire(value as WireMessage, names),
      };
    }
    default:
      return undefined;
  }
}

interface Names {
  readonly null: string;
  readonly number: string;
  readonly string: string;
  readonly bool: string;
  readonly struct: string;
  readonly list: string;
  readonly structFields: string;
  readonly listValues: string;
}

/** A built-in definition and one that a server sends spell the fields differently; their numbers are the same. */
class StructNames {
  readonly names: Names;

  constructor(value: Type) {
    const struct = fieldOf(value, 5).resolve().resolvedType as Type;
    const list = fieldOf(value, 6).resolve().resolvedType as Type;
    this.names = {
      null: fieldOf(value, 1).name,
      number: fieldOf(value, 2).name,
      string: fieldOf(value, 3).name,
      bool: fieldOf(value, 4).name,
      struct: fieldOf(value, 5).name,
      list: fieldOf(value, 6).name,
      structFields: fieldOf(struct, 1).name,
      listValues: fieldOf(list, 1).name,
    };
  }
}

function valueToWire(value: unknown, names: Names, depth: number): WireMessage {
  if (value === null) return { [names.null]: 0 };
  switch (typeof value) {
    case "number":
      return { [names.number]: value };
    case "string":
      assertWellFormed(value);
      return { [names.string]: value };
    case "boolean":
      return { [names.bool]: value };
    case "object":
      return Array.isArray(value)
        ? { [names.list]: listToWire(value, names, depth + 1) }
        : { [names.struct]: structToWire(value, names, depth + 1) };
    default:
      throw wrongKind(value, "plain data");
  }
}

function structToWire(value: unknown, names: Names, depth: number): WireMessage {
  if (kindOf(value) !== "an object" || value instanceof Map || value instanceof Set)
    throw wrongKind(value, "a plain object");
  assertDepth(depth);
  const fields = {};
  for (const [name, one] of Object.entries(value as object) as [string, unknown][])
    if (one !== undefined)
      put(
        fields,
        name,
        inPart(name, () => {
          assertWellFormed(name, "is a key of");
          return valueToWire(one, names, depth + 1);
        }),
      );
  return { [names.structFields]: fields };
}

function listToWire(value: unknown, names: Names, depth: number): WireMessage {
  if (!Array.isArray(value)) throw wrongKind(value, "a list");
  assertDepth(depth);
  return {
    [names.listValues]: Array.from(value as readonly unknown[], (one, index) =>
      inPart(index, () => {
        if (one === undefined) assertNoHole(value, index);
        return valueToWire(one ?? null, names, depth + 1);
      }),
    ),
  };
}

function valueFromWire(value: WireMessage, names: Names): unknown {
  if (Object.hasOwn(value, names.struct)) return structFromWire(value[names.struct] as WireMessage, names);
  if (Object.hasOwn(value, names.list)) return listFromWire(value[names.list] as WireMessage, names);
  for (const name of [names.string, names.number, names.bool])
    if (Object.hasOwn(value, name)) return value[name];
  return null;
}

function structFromWire(value: WireMessage, names: Names): object {
  const plain = {};
  for (const [name, one] of Object.entries(value[names.structFields] as object) as [string, WireMessage][])
    put(plain, name, valueFromWire(one, names));
  return plain;
}

function listFromWire(value: WireMessage, names: Names): readonly unknown[] {
  return (value[names.listValues] as readonly WireMessage[]).map((one) => valueFromWire(one, names));
}
