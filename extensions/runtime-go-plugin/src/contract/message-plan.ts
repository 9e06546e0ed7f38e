/**
 * How plain values become a message of one type, and how a message becomes a plain value: worked out once from the
 * fields that a manifest names, so that a call only runs through it.
 */
import type { Field, Type } from "protobufjs";
import { inPart, Mismatch } from "./mismatch.js";
import type { TypeCodecs } from "./type-codecs.js";
import {
  assertOneOf,
  canBeAbsent,
  ownFields,
  realOneofs,
  type ValueCodec,
  type WireMessage,
} from "./value-codec.js";

/** That a manifest names a field that can't be meant. @internal */
export class FieldFault extends Error {
  readonly field: string;
  readonly known: readonly string[];

  /** @param options.known - the names that could have been meant, if the name is an unknown one */
  constructor(what: string, options: { readonly field: string; readonly known?: readonly string[] }) {
    super(what);
    this.field = options.field;
    this.known = options.known ?? [];
  }
}

/** Makes a message of plain values, one for each field; of undefined it makes nothing. @internal */
export type MessageBuilder = (values: readonly unknown[]) => WireMessage;

/** Reads a plain value out of a message. @internal */
export type FieldReader = (message: WireMessage) => unknown;

/** A field that a path leads to, through messages only. */
interface FieldPlace {
  readonly parents: readonly string[];
  readonly field: Field;
}

/**
 * Fills the fields that the paths name, in their order.
 *
 * @throws FieldFault when a path leads nowhere, or into what another path fills
 * @internal
 */
export function messageBuilder(
  type: Type,
  paths: readonly string[],
  {
    codecs,
    constants,
  }: { readonly codecs: TypeCodecs; readonly constants: Readonly<Record<string, unknown>> },
): MessageBuilder {
  const fixed = Object.keys(constants);
  assertApart([...paths, ...fixed]);
  const setters = paths.map((path) => setter(type, path, codecs));
  const fixers = fixed.map((path) => {
    const set = setter(type, path, codecs);
    const value = constants[path];
    // Found out now: what can't be sent once can't ever.
    inPart(path, () => {
      set({}, value);
    });
    return (message: WireMessage) => {
      set(message, value);
    };
  });
  const oneofs = realOneofs(type).filter((names) => names.filter((name) => paths.includes(name)).length > 1);
  return (values) => {
    const message: WireMessage = {};
    for (const fix of fixers) fix(message);
    for (let index = 0; index < setters.length; index++) {
      const value = values[index];
      if (value !== undefined) setAt(setters, index, message, value);
    }
    if (oneofs.length > 0) assertOneOf(message, oneofs);
    return message;
  };
}

/** Takes the only value for the message itself. @internal */
export function wholeMessageBuilder(type: Type, codecs: TypeCodecs): MessageBuilder {
  const codec = codecs.ofType(type);
  return ([value]) => (value === undefined ? {} : (inPart(0, () => codec.toWire(value, 0)) as WireMessage));
}

/** Sets a number that is no argument: the id of a broker. @throws FieldFault @internal */
export function numberSetter(
  type: Type,
  path: string,
  codecs: TypeCodecs,
): (message: WireMessage, value: number) => void {
  const { field } = placeOf(type, path);
  if (field.repeated || field.map || !/^(?:u?int|s?fixed)(?:32|64)$|^sint(?:32|64)$/.test(field.type))
    throw new FieldFault("is no whole number, as the id of a broker is", { field: path });
  return setter(type, path, codecs);
}

/** Reads the field that the path names; `"*"` is the whole message. @throws FieldFault @internal */
export function messageReader(type: Type, path: string, codecs: TypeCodecs): FieldReader {
  if (path === "*") {
    const codec = codecs.ofType(type);
    return (message) => codec.fromWire(message);
  }
  const { parents, field } = placeOf(type, path);
  const read = fieldReader(field, codecs.ofField(field));
  if (parents.length === 0) return read;
  return (message) => {
    let at: WireMessage | undefined = message;
    for (const parent of parents) at = at?.[parent] as WireMessage | undefined;
    return read(at ?? {});
  };
}

/** Reads each of the fields. @throws FieldFault @internal */
export function fieldsReader(
  type: Type,
  paths: readonly string[],
  codecs: TypeCodecs,
): (message: WireMessage) => unknown[] {
  const readers = paths.map((path) => messageReader(type, path, codecs));
  return (message) => readers.map((read) => read(message));
}

/** What a path leads to in a type. @throws FieldFault @internal */
export function placeOf(type: Type, path: string): FieldPlace {
  const names = path.split(".");
  const last = names.pop() as string;
  const parents: string[] = [];
  let at = type;
  for (const name of names) {
    const field = fieldNamed(at, name);
    const { resolvedType } = field;
    if (field.repeated || field.map || resolvedType === null || !("fields" in resolvedType))
      throw new FieldFault(`leads through "${name}", which is no single message`, { field: name });
    parents.push(name);
    at = resolvedType;
  }
  return { parents, field: fieldNamed(at, last) };
}

function fieldNamed(type: Type, name: string): Field {
  const fields = ownFields(type);
  const field = fields.find((one) => one.name === name);
  if (field === undefined) {
    const known = fields.map((one) => one.name);
    throw new FieldFault(`names "${name}", which is no field of ${type.fullName.slice(1)}`, {
      field: name,
      known,
    });
  }
  return field.resolve();
}

/** One path must not fill what another fills, or a part of it. */
function assertApart(paths: readonly string[]): void {
  for (const [index, path] of paths.entries())
    for (const other of paths.slice(index + 1))
      if (`${path}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${path}.`))
        throw new FieldFault(`fills "${path}" more than once`, { field: path });
}

type Setter = (message: WireMessage, value: unknown) => void;

function setter(type: Type, path: string, codecs: TypeCodecs): Setter {
  const { parents, field } = placeOf(type, path);
  const codec = codecs.ofField(field);
  const { name } = field;
  const hasNull = codec.hasNull === true;
  return (message, value) => {
    if (value === null && !hasNull) return;
    const wire = codec.toWire(value, parents.length + 1);
    let at = message;
    for (const parent of parents) at = (at[parent] ??= {}) as WireMessage;
    at[name] = wire;
  };
}

/** Apart, so that the loop around it stays free of a `try`. */
function setAt(setters: readonly Setter[], index: number, message: WireMessage, value: unknown): void {
  try {
    (setters[index] as Setter)(message, value);
  } catch (error) {
    if (error instanceof Mismatch) error.path.unshift(String(index));
    throw error;
  }
}

function fieldReader(field: Field, codec: ValueCodec): FieldReader {
  const { name } = field;
  const defaultValue: unknown = field.defaultValue;
  // Absent is not the same as empty where the field can tell.
  if (canBeAbsent(field))
    return (message) => (Object.hasOwn(message, name) ? codec.fromWire(message[name]) : undefined);
  return (message) => codec.fromWire(message[name] ?? defaultValue);
}
