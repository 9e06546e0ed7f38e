/**
 * A quick check for the schemas that most contribution points have: an object of plain fields, lists and maps. It only
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

type FieldCheck = (value: unknown) => boolean;

interface Field {
  readonly name: string;
  readonly isRequired: boolean;
  readonly fits: FieldCheck;
}

const anyValue: FieldCheck = () => true;

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
    const fits = compileField(description);
    if (fits === undefined) return undefined;
    fields.push({ name, fits, isRequired: required.includes(name) });
  }
  for (const name of required) {
    if (name !== "id" && !Object.hasOwn(properties, name))
      fields.push({ name, fits: anyValue, isRequired: true });
  }
  const known = additionalProperties ? undefined : new Set(["id", ...Object.keys(properties)]);
  return (item) => {
    for (const { name, isRequired, fits } of fields) {
      if (Object.hasOwn(item, name) ? !fits(item[name]) : isRequired) return false;
    }
    return known === undefined || knowsAll(item, known);
  };
}

/** The host has checked that the id is there and has its form. */
function saysNoMoreThanHost(description: unknown): boolean {
  if (!isRecord(description) || !saysOnly(description, new Set(["type", "pattern"]))) return false;
  const { type = "string", pattern = identifierPattern.source } = description;
  return type === "string" && pattern === identifierPattern.source;
}

/** Of a plain value, a list or an object of such, or one of several; undefined for everything else. */
function compileField(description: unknown): FieldCheck | undefined {
  if (!isRecord(description)) return undefined;
  const { type, anyOf } = description;
  if (anyOf !== undefined) return saysOnly(description, new Set(["anyOf"])) ? compileAny(anyOf) : undefined;
  switch (type) {
    case undefined:
      return saysOnly(description, new Set()) ? anyValue : undefined;
    case "boolean":
      return saysOnly(description, new Set(["type"])) ? (value) => typeof value === type : undefined;
    case "number":
      return saysOnly(description, new Set(["type"])) ? Number.isFinite : undefined;
    case "string":
      return compileText(description);
    case "array":
      return compileList(description);
    case "object":
      return compileMap(description);
    default:
      return undefined;
  }
}

function compileAny(schemas: unknown): FieldCheck | undefined {
  const checks = Array.isArray(schemas) ? schemas.map(compileField) : [];
  if (checks.length === 0 || !checks.every((check) => check !== undefined)) return undefined;
  return (value) => checks.some((check) => check(value));
}

function compileText(description: Readonly<Record<string, unknown>>): FieldCheck | undefined {
  const { minLength = 0 } = description;
  // More than one is counted in characters, which takes longer than a look at the length.
  if (!saysOnly(description, new Set(["type", "minLength"])) || (minLength !== 0 && minLength !== 1))
    return undefined;
  return (value) => typeof value === "string" && value.length >= minLength;
}

function compileList(description: Readonly<Record<string, unknown>>): FieldCheck | undefined {
  const { items = {}, minItems = 0 } = description;
  const fits = compileField(items);
  if (!saysOnly(description, new Set(["type", "items", "minItems"])) || fits === undefined) return undefined;
  if (typeof minItems !== "number") return undefined;
  return (value) => Array.isArray(value) && value.length >= minItems && value.every(fits);
}

/** An object with any names, whose values are alike. */
function compileMap(description: Readonly<Record<string, unknown>>): FieldCheck | undefined {
  const { additionalProperties = {}, minProperties = 0 } = description;
  const fits = compileField(additionalProperties);
  const isPlain = saysOnly(description, new Set(["type", "additionalProperties", "minProperties"]));
  if (!isPlain || fits === undefined || typeof minProperties !== "number") return undefined;
  return (value) =>
    isRecord(value) && Object.keys(value).length >= minProperties && Object.values(value).every(fits);
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
