/** What codecs of values have in common: how protobufjs holds a message, and what a codec does with it. */
import type { Field, Type } from "protobufjs";
import { Mismatch } from "./mismatch.js";

/** A message of one type, as protobufjs holds it. @internal */
export type WireMessage = Record<string, unknown>;

/** One field's values, in both directions. @internal */
export interface ValueCodec {
  /** @throws Mismatch when the value is none of its kind */
  toWire(value: unknown, depth: number): unknown;
  fromWire(value: unknown): unknown;
  /** Whether null is one of its values, and not the lack of one. */
  readonly hasNull?: true;
}

/** The fields that a message has of its own: extensions by others are not among them. @internal */
export function ownFields(type: Type): readonly Field[] {
  return type.fieldsArray.filter((field) => field.declaringField === null);
}

/** Whether the field can be absent, and not just empty: messages can, whatever else of their file can't. @internal */
export function canBeAbsent(field: Field): boolean {
  field.resolve();
  if (field.repeated || field.map) return false;
  return field.hasPresence || (field.resolvedType !== null && "fields" in field.resolvedType);
}

/** The groups of fields of which at most one is set. @internal */
export function realOneofs(type: Type): readonly (readonly string[])[] {
  return type.oneofsArray.filter((oneof) => !oneof.isProto3Optional).map(({ oneof }) => oneof);
}

/** The field of a number. @internal */
export function fieldOf(type: Type, number: number): Field {
  const field = type.fieldsById[number];
  if (field === undefined) throw new Error(`${type.fullName} has no field ${number}.`);
  return field;
}

/** Sets a property of any name: `__proto__` is one like others. @internal */
export function put(target: object, name: string, value: unknown): void {
  if (name === "__proto__")
    Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
  else (target as Record<string, unknown>)[name] = value;
}

/** Refuses a message with two fields of which only one can be sent. @internal */
export function assertOneOf(message: WireMessage, oneofs: readonly (readonly string[])[]): void {
  for (const oneof of oneofs) {
    const set = oneof.filter((name) => message[name] !== undefined);
    if (set.length > 1)
      throw new Mismatch(`has ${set.map((name) => `"${name}"`).join(" and ")}, of which only one can be set`);
  }
}
