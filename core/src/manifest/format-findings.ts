/**
 * Says in plain words what a JSON Schema finding means, and where an author has to look.
 * Serves manifests and the sections of contribution points alike; decides nothing about severity.
 */
import type { SchemaFinding } from "@plugboard/schemas";
import { childPointer, pointerSegments } from "./locate.js";
import { nearest } from "../common/nearest.js";

/** A finding for people. @internal */
export interface FormattedFinding {
  /** JSON Pointer to the value, or to the key that is not allowed. */
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string;
  /** The place is the key, not its value. */
  readonly key: boolean;
  /** The finding is about a key that nobody knows, which a host can live with. */
  readonly unknownKey: boolean;
}

/** The context that {@link formatFindings} needs beside the findings. @internal */
export interface FormatContext {
  /** The value that was validated. */
  readonly value: unknown;
  /** What the whole value is called, at the start of a sentence: `The manifest`. */
  readonly whole: string;
}

/**
 * Formats the findings of one validation, in their order. A misspelt key that is also missing under its right
 * name is one finding.
 *
 * @internal
 */
export function formatFindings(
  findings: readonly SchemaFinding[],
  context: FormatContext,
): readonly FormattedFinding[] {
  const first = firstOfEachKind(onePerValue(findings));
  const unknownByObject = Map.groupBy(first.filter(isUnknownKey), (finding) => finding.path);
  const misspelt = new Map<SchemaFinding, SchemaFinding>();
  for (const missing of first.filter((finding) => finding.keyword === "required")) {
    const name = String(missing.params.missingProperty);
    const unknown = unknownByObject
      .get(missing.path)
      ?.find((finding) => !misspelt.has(finding) && nearest(unknownKeyOf(finding), [name]) !== undefined);
    if (unknown !== undefined) misspelt.set(unknown, missing);
  }
  const merged = new Set(misspelt.values());
  return first.flatMap((finding) => {
    if (merged.has(finding)) return [];
    const missing = misspelt.get(finding);
    return [
      missing === undefined ? formatFinding(finding, context) : formatMisspelt(finding, missing, context),
    ];
  });
}

/** Findings of a kind that are formatted: whoever mends those is told of the next. @internal */
export const mostFindings = 100;

/** So many mistakes and so many unknown keys: neither kind hides the other. */
function firstOfEachKind(findings: readonly SchemaFinding[]): readonly SchemaFinding[] {
  if (findings.length <= mostFindings) return findings;
  const left = { mistakes: mostFindings, unknownKeys: mostFindings };
  return findings.filter((finding) => left[isUnknownKey(finding) ? "unknownKeys" : "mistakes"]-- > 0);
}

/** A value that breaks several rules is one mistake; the first rule tells about it. */
function onePerValue(findings: readonly SchemaFinding[]): readonly SchemaFinding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const { propertyName } = finding.params;
    if (finding.keyword === "required" || isUnknownKey(finding)) return true;
    const place = typeof propertyName === "string" ? `${finding.path}#${propertyName}` : finding.path;
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

function isUnknownKey(finding: SchemaFinding): boolean {
  return finding.keyword === "additionalProperties" || finding.keyword === "unevaluatedProperties";
}

function unknownKeyOf(finding: SchemaFinding): string {
  return String(finding.params.additionalProperty ?? finding.params.unevaluatedProperty);
}

function formatMisspelt(
  unknown: SchemaFinding,
  missing: SchemaFinding,
  context: FormatContext,
): FormattedFinding {
  const key = unknownKeyOf(unknown);
  const name = String(missing.params.missingProperty);
  return {
    path: childPointer(unknown.path, key),
    message: `${subject(unknown.path, context)} needs ${quote(name)}; ${quote(key)} is not known.`,
    suggestion: name,
    key: true,
    unknownKey: false,
  };
}

function formatFinding(finding: SchemaFinding, context: FormatContext): FormattedFinding {
  if (isUnknownKey(finding)) return formatUnknownKey(finding);
  const { propertyName } = finding.params;
  if (typeof propertyName === "string") {
    const message = `The key ${quote(propertyName)} ${clause(finding, propertyName)}.`;
    return { path: childPointer(finding.path, propertyName), message, key: true, unknownKey: false };
  }
  const value = valueAt(context.value, finding.path);
  const suggestion = nearestValue(finding, value);
  return {
    path: finding.path,
    message: `${subject(finding.path, context)} ${clause(finding, value)}.`,
    key: false,
    unknownKey: false,
    ...(suggestion === undefined ? undefined : { suggestion }),
  };
}

function formatUnknownKey(finding: SchemaFinding): FormattedFinding {
  const key = unknownKeyOf(finding);
  const { knownProperties } = finding.params;
  const suggestion = Array.isArray(knownProperties) ? nearest(key, knownProperties as string[]) : undefined;
  const where = finding.path === "" ? "" : ` in ${quote(dotted(finding.path))}`;
  return {
    path: childPointer(finding.path, key),
    message: `The key ${quote(key)}${where} is not known.`,
    key: true,
    unknownKey: true,
    ...(suggestion === undefined ? undefined : { suggestion }),
  };
}

/** What the finding asks for, without its subject. */
function clause(finding: SchemaFinding, value: unknown): string {
  const { params } = finding;
  switch (finding.keyword) {
    case "required":
      return `needs ${quote(String(params.missingProperty))}`;
    case "type":
      return `has to be ${typeNames(params.type)}, not ${kindOf(value)}`;
    case "const":
      return `has to be ${shown(params.allowedValue)}, not ${shown(value)}`;
    case "enum":
      return `has to be ${alternatives((params.allowedValues as unknown[]).map(shown))}, not ${shown(value)}`;
    case "minimum":
      return `has to be at least ${String(params.limit)}, not ${shown(value)}`;
    case "maximum":
      return `has to be at most ${String(params.limit)}, not ${shown(value)}`;
    case "minLength":
      return params.limit === 1
        ? "must not be empty"
        : `has to have at least ${String(params.limit)} characters`;
    case "maxLength":
      return `has to have at most ${String(params.limit)} characters`;
    case "minItems":
      return params.limit === 1 ? "must not be empty" : `has to have at least ${String(params.limit)} items`;
    case "maxItems":
      return `has to have at most ${String(params.limit)} items`;
    case "pattern":
      return finding.message.startsWith("must match")
        ? `has to match the pattern ${cut(String(params.pattern))}`
        : finding.message;
    case "anyOf":
    case "oneOf":
      return "fits none of the forms that its schema allows";
    default:
      return finding.message.replace(/^must NOT /, "must not ");
  }
}

function nearestValue(finding: SchemaFinding, value: unknown): string | undefined {
  if (finding.keyword !== "enum" || typeof value !== "string") return undefined;
  const allowed = (finding.params.allowedValues as unknown[]).filter((each) => typeof each === "string");
  return nearest(value, allowed);
}

function subject(path: string, context: FormatContext): string {
  return path === "" ? context.whole : quote(dotted(path));
}

/** Writes a JSON Pointer the way people write members: `contributes.points[0].id`. */
function dotted(path: string): string {
  return pointerSegments(path)
    .map((segment, index) => {
      if (/^\d+$/.test(segment)) return `[${segment}]`;
      if (!/^[$\w-]+$/.test(segment)) return `[${JSON.stringify(segment)}]`;
      return index === 0 ? segment : `.${segment}`;
    })
    .join("");
}

function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const segment of pointerSegments(path)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

function typeNames(type: unknown): string {
  const names = Array.isArray(type) ? type.map(String) : String(type).split(",");
  return alternatives(names.map(typeName));
}

function typeName(type: string): string {
  if (type === "integer") return "a whole number";
  if (type === "null") return "null";
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number" && !Number.isInteger(value)) return `the number ${String(value)}`;
  return typeName(typeof value);
}

function alternatives(words: readonly string[]): string {
  const few = words.slice(0, mostWords);
  if (words.length > mostWords) few.push(`one of ${String(words.length - mostWords)} more`);
  return few.length < 2 ? few.join("") : `${few.slice(0, -1).join(", ")} or ${String(few.at(-1))}`;
}

const longestShown = 60;

/** Alternatives that are listed. */
const mostWords = 20;

/** A value as it stands in a message, cut when it is long. */
function shown(value: unknown): string {
  const text =
    typeof value === "number"
      ? String(value)
      : typeof value === "string"
        ? JSON.stringify(value.slice(0, longestShown + 1))
        : ((JSON.stringify(value) as string | undefined) ?? "nothing");
  return cut(text);
}

function quote(text: string): string {
  return `"${cut(text)}"`;
}

function cut(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
