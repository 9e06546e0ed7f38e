/** The manifest's validator with a type; the check itself is generated from plugin.schema.json. */
import { validate } from "./manifest-validator.js";
import { schemaFindings, type SchemaFinding, type ValidatorError } from "./schema-finding.js";

/** The generated function keeps the errors of its last run as a property. */
const check = validate as ((value: unknown) => boolean) & { errors?: ValidatorError[] | null };

const none: readonly SchemaFinding[] = Object.freeze([]);

/**
 * Lists every way in which a value is not a manifest; none means that it is an `ExtensionManifest`.
 *
 * Unknown keys are found as well (`additionalProperties`); whether they matter is the caller's decision.
 * Sections of contribution points other than `points` are only checked to be arrays or objects.
 *
 * @public
 */
export function validateManifest(value: unknown): readonly SchemaFinding[] {
  if (check(value)) return none;
  const errors = check.errors ?? [];
  check.errors = null;
  return schemaFindings(errors);
}
