/**
 * A quick check for the schemas that most contribution points have: an object of plain fields. It only
 * tells whether a value fits; ajv words what does not. A schema that says anything else is left to ajv.
 */

import { isRecord } from "../common/is-record.js";
import { identifierPattern } from "./identity.js";

/** Tells whether an object with an id of the right form fits. @internal */
export type FlatCheck = (item: Readonly<Record<string, unknown>>) => boolean;

/** Keywords that say nothing about what fits. */
const annotations = ["$schema", "$id", "$comment", "title", "description", "markdownDescription", "default"];
const moreAnnotations = ["examples", "deprecated", "readOnly", "patternErrorMessage"];
const silent: ReadonlySet<string> = new Set([...annotations, ...moreAnnotations]);

const objectKeywords: ReadonlySet<string> = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
]);

const fieldKeywords: ReadonlySet<string> = new Set(["type", "minLength"]);

type FieldType = "string" | "boolean" | "number";
const fieldTypes: ReadonlySet<unknown> = new Set<FieldType>(["string", "boolean", "number"]);

interface Field {
  readonly name: string;
  /** Absent when any value fits. */
  readonly type: FieldType | undefined;
  readonly isRequired: boolean;
  /** Whether an empty string does not fit. */
  readonly isFilled: boolean;
}

/**
 * Makes the quick check of a schema; `undefined` when the schema says more than the check understands.
 *
 * @internal
 */
export function compileFlatSchema(schema: object): FlatCheck | undefined {
  const {
    type,
    properties = {},
    required = [],
    additionalProperties = true,
  } = schema as Record<string, unknown>;
  if (!saysOnly(schema, objectKeywords) || type !== "object") return undefined;
  if (!isStringArray(required) || typeof additionalProperties !== "boolean") return undefined;
  if (!isRecord(properties)) return undefined;
  const fields: Field[] = [];
  for (const [name, description] of Object.entries(properties)) {
    if (name === "id" && saysNoMoreThanHost(description)) continue;
    if (!isRecord(description) || !saysOnly(description, fieldKeywords)) return undefined;
    const { type: fieldType, minLength = 0 } = description;
    if (fieldType !== undefined && !fieldTypes.has(fieldType)) return undefined;
    // More than one is counted in characters, which takes longer than a look at the length.
    if (minLength !== 0 && (minLength !== 1 || fieldType !== "string")) return undefined;
    const isRequired = required.includes(name);
    fields.push({ name, type: fieldType as FieldType | undefined, isRequired, isFilled: minLength === 1 });
  }
  for (const name of required) {
    if (name !== "id" && !Object.hasOwn(properties, name))
      fields.push({ name, type: undefined, isRequired: true, isFilled: false });
  }
  const known = additionalProperties ? undefined : new Set(["id", ...Object.keys(properties)]);
  return (item) => {
    for (const field of fields) if (!fits(item, field)) return false;
    return known === undefined || knowsAll(item, known);
  };
}

/** The host has checked that the id is there and has its form. */
function saysNoMoreThanHost(description: unknown): boolean {
  if (!isRecord(description) || !saysOnly(description, new Set(["type", "pattern"]))) return false;
  const { type = "string", pattern = identifierPattern.source } = description;
  return type === "string" && pattern === identifierPattern.source;
}

function fits(item: Readonly<Record<string, unknown>>, field: Field): boolean {
  const { name, type, isRequired, isFilled } = field;
  if (!Object.hasOwn(item, name)) return !isRequired;
  const value = item[name];
  if (isFilled && value === "") return false;
  return type === undefined || (typeof value === type && (type !== "number" || Number.isFinite(value)));
}

function knowsAll(item: object, known: ReadonlySet<string>): boolean {
  for (const key in item) if (!known.has(key)) return false;
  return true;
}

function saysOnly(schema: object, keywords: ReadonlySet<string>): boolean {
  return Object.keys(schema).every((key) => keywords.has(key) || silent.has(key));
}

function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
