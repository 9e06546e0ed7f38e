/**
 * What a JSON Schema validator found, without what only that validator understands.
 * Knows no text and no places. Invariant: one mistake in the value gives one finding.
 */

/** One way in which a value does not fit its schema. @public */
export interface SchemaFinding {
  /** The keyword of JSON Schema that is not met, such as `required`. */
  readonly keyword: string;
  /** JSON Pointer to the value at fault; for a missing or unknown key, to the object around it. */
  readonly path: string;
  /**
   * Facts about the keyword, such as `missingProperty`. For an unknown key `knownProperties` lists the
   * known ones; for a key of a wrong form `propertyName` holds it.
   */
  readonly params: Readonly<Record<string, unknown>>;
  /** What is asked for, a clause without its subject: `has to be a semantic version`. */
  readonly message: string;
}

/** The part of ajv's errors, made with `verbose`, that {@link schemaFindings} reads. @internal */
export interface ValidatorError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: object;
  readonly message?: string;
  readonly propertyName?: string;
  readonly parentSchema?: object;
}

/** Keywords that only sum up what was found below them. */
const summaries: ReadonlySet<string> = new Set(["propertyNames", "if", "$ref", "$dynamicRef"]);

/** Keywords that fail when none of several ways fits. */
const alternatives: ReadonlySet<string> = new Set(["anyOf", "oneOf"]);

const definition = /^#\/(?:\$defs|definitions)\//;

/**
 * Turns the errors of one validation into findings: what the branches of an `anyOf` or `oneOf` say is
 * merged into one finding, the deepest that the branches agree on where there is one.
 *
 * @internal
 */
export function schemaFindings(errors: readonly ValidatorError[]): readonly SchemaFinding[] {
  const found: ValidatorError[] = [];
  for (const error of errors) {
    if (summaries.has(error.keyword)) continue;
    // What its branches said stands right before it.
    if (alternatives.has(error.keyword)) found.push(merged(branchesBefore(error, found), error));
    else found.push(error);
  }
  return found.map(asFinding);
}

/** Takes what the branches of the choice said off the end. */
function branchesBefore(choice: ValidatorError, found: ValidatorError[]): readonly ValidatorError[] {
  let first = found.length;
  while (first > 0 && isBelow(found[first - 1] as ValidatorError, choice)) first--;
  return found.splice(first);
}

function merged(branches: readonly ValidatorError[], choice: ValidatorError): ValidatorError {
  // What stands below the choice tells which branch the author meant; if all of it says one thing, that is it.
  const deeper = branches.filter((error) => error.instancePath !== choice.instancePath);
  return deeper[0] !== undefined && agree(deeper) ? deeper[0] : worded(choice, branches);
}

/** Errors of a branch stand at the choice's value or below it, and below it in the schema as well. */
function isBelow(error: ValidatorError, choice: ValidatorError): boolean {
  const inValue =
    error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`);
  if (!inValue) return false;
  // A branch behind a $ref is named by the place of its definition.
  return error.schemaPath.startsWith(`${choice.schemaPath}/`) || definition.test(error.schemaPath);
}

function agree(errors: readonly ValidatorError[]): boolean {
  return errors.every(
    (error) => error.instancePath === errors[0]?.instancePath && error.keyword === errors[0].keyword,
  );
}

/** A choice between types or fixed values can say what all of its branches allow. */
function worded(choice: ValidatorError, branches: readonly ValidatorError[]): ValidatorError {
  if (branches.length === 0) return choice;
  if (branches.every((error) => error.keyword === "type" && error.instancePath === choice.instancePath)) {
    const types = branches.flatMap((error) => (error.params as { type: string | string[] }).type);
    return { ...choice, keyword: "type", params: { type: [...new Set(types)] } };
  }
  if (branches.every((error) => error.keyword === "const" || error.keyword === "enum")) {
    const allowedValues = branches.flatMap((error) =>
      error.keyword === "const"
        ? [(error.params as { allowedValue: unknown }).allowedValue]
        : (error.params as { allowedValues: unknown[] }).allowedValues,
    );
    return { ...choice, keyword: "enum", params: { allowedValues } };
  }
  return choice;
}

function asFinding(error: ValidatorError): SchemaFinding {
  const parent = (error.parentSchema ?? {}) as { patternErrorMessage?: unknown; properties?: object };
  const params: Record<string, unknown> = { ...error.params };
  if (error.propertyName !== undefined) params.propertyName = error.propertyName;
  if (error.keyword === "additionalProperties" || error.keyword === "unevaluatedProperties") {
    params.knownProperties = Object.keys(parent.properties ?? {});
  }
  const own = error.keyword === "pattern" ? parent.patternErrorMessage : undefined;
  return {
    keyword: error.keyword,
    path: error.instancePath,
    params,
    message: typeof own === "string" ? own : (error.message ?? "does not fit its schema"),
  };
}
